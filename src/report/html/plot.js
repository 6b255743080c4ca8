// Plots: a small one for a row of the table, a large one with everything that is known of a series.

/** The values of a list that holds the first and then the differences. */
const sums = (list) => { let sum = 0; return list.map((difference) => (sum += difference)); };

/** A curve as the file has it, made numbers again (src/report/html/curve.rs). */
function unpack(curve, positions) {
  const bytes = sums(curve.bytes).map((steps) => steps * curve.step);
  const places = curve.at ? sums(curve.at) : bytes.map((_, i) => i);
  const fit = curve.fit;
  const pair = (from) => (fit.length > from ? [fit[from] * curve.step, fit[from + 1] * curve.step] : null);
  return {
    at: places.map((place) => positions[place]),
    bytes,
    half: curve.half ? sums(curve.half).map((steps) => steps * curve.step) : null,
    restarts: (curve.restarts ?? []).map((place) => positions[place]),
    fit: fit && { at: [positions[fit[0]], positions[fit[1]]], bytes: pair(2), low: pair(4), high: pair(6) },
    corner: curve.corner === undefined ? null : positions[curve.corner],
    samples: curve.samples,
    counts: curve.counts ?? false,
  };
}

/** An element of an SVG. */
function draw(name, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** A path through points. */
const path = (points) => points.map(([x, y], i) => `${i ? "L" : "M"}${x} ${y}`).join("");

/** The range of some numbers. */
function range(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) { if (value < low) low = value; if (value > high) high = value; }
  return [low, high];
}

/** A series in the size of a word. The row says in words what it shows. */
function smallPlot(series, [begin, end], verdict) {
  const [low, high] = range(series.bytes);
  const x = straight([begin, end], [2, 94]);
  const y = high > low ? straight([low, high], [21, 3]) : () => 12;
  const points = series.at.map((at, i) => [x(at), y(series.bytes[i])]);
  const last = points.at(-1);
  return draw("svg", { class: `small ${verdict}`, viewBox: "0 0 96 24", "aria-hidden": "true" },
    draw("path", { d: path(points) }), draw("circle", { cx: last[0], cy: last[1], r: 2 }));
}

/** What a large plot covers: the samples, or with `far` all time until the limit is reached. */
function extent(series, options) {
  let [begin, end] = range(series.at);
  const sizes = [...series.bytes];
  const until = options.reach?.[2] ?? options.reach?.[1] ?? options.reach?.[0];
  if (options.far && until) { end = Math.max(end, until); sizes.push(options.limit); }
  series.half?.forEach((half, i) => sizes.push(series.bytes[i] - half, series.bytes[i] + half));
  if (series.fit) sizes.push(...series.fit.bytes);
  let [low, high] = range(sizes);
  const air = (high - low) * 0.06 || Math.max(Math.abs(high) * 0.01, 1);
  if (options.limit && options.limit > high && options.limit < high + (high - low) * 0.5) high = options.limit;
  if (begin === end) { begin -= 1; end += 1; }
  return { x: [begin, end], y: [low >= 0 ? Math.max(0, low - air) : low - air, high + air] };
}

/** A large plot for a width in pixels. */
function largePlot(series, options, width) {
  const height = width < 500 ? 220 : 280;
  const { x: times, y: sizes } = extent(series, options);
  const marksOfSize = sizeMarks(...sizes, 5, series.counts);
  const left = 14 + 7 * Math.max(...marksOfSize.map((mark) => mark.text.length), 4);
  const [right, top, bottom] = [width - 14, 14, height - 30];
  const x = straight(times, [left, right]);
  const y = straight(sizes, [bottom, top]);
  const gap = options.axis === "seconds" ? 105 : 55;
  const most = Math.max(2, Math.floor((right - left) / gap));
  const start = series.at[0];
  const marksOfTime = options.axis === "seconds" ? timeMarks(...times, most, start) : countMarks(...times, most);
  const svg = draw("svg", { class: `large ${options.verdict}`, role: "img", "aria-label": options.label, width, height, viewBox: `0 0 ${width} ${height}` });
  const line = (kind, x1, y1, x2, y2) => svg.append(draw("line", { class: kind, x1, y1, x2, y2 }));
  const text = (kind, at, down, said, anchor) => svg.append(draw("text", { class: kind, x: at, y: down, "text-anchor": anchor }, said));

  for (const mark of marksOfSize) {
    line("grid", left, y(mark.at), right, y(mark.at));
    text("mark", left - 8, y(mark.at) + 4, mark.text, "end");
  }
  for (const mark of marksOfTime) {
    line("tick", x(mark.at), bottom, x(mark.at), bottom + 5);
    const anchor = x(mark.at) > right - 30 ? "end" : x(mark.at) < left + 20 ? "start" : "middle";
    text("mark", x(mark.at), bottom + 20, mark.text, anchor);
  }
  line("axis", left, bottom, right, bottom);
  for (const at of series.restarts) line("restart", x(at), top, x(at), bottom);
  if (series.corner !== null) line("corner", x(series.corner), top, x(series.corner), bottom);

  const clip = `clip-${(largePlot.count = (largePlot.count ?? 0) + 1)}`;
  svg.append(draw("clipPath", { id: clip }, draw("rect", { x: left - 4, y: top - 6, width: right - left + 10, height: bottom - top + 8 })));
  const inside = draw("g", { "clip-path": `url(#${clip})` });
  svg.append(inside);
  const stroke = (kind, d) => inside.append(draw("path", { class: kind, d }));
  const fit = series.fit;
  if (fit) {
    const at = (k, ends) => [x(fit.at[k]), y(ends[k])];
    if (fit.low) stroke("band", `${path([at(0, fit.low), at(1, fit.low), at(1, fit.high), at(0, fit.high)])}Z`);
    if (options.far) ahead(stroke, at(1, fit.bytes), options, x, y, times[1]);
  }
  if (series.half) {
    stroke("rounding", series.at.map((at, i) => path([[x(at), y(series.bytes[i] - series.half[i])], [x(at), y(series.bytes[i] + series.half[i])]])).join(""));
  }
  // A restart is no fall of memory: the line begins anew there.
  const lives = new Set(series.restarts);
  stroke("course", series.at.map((at, i) => `${i && !lives.has(at) ? "L" : "M"}${x(at)} ${y(series.bytes[i])}`).join(""));
  stroke(series.at.length <= width / 6 ? "samples" : "samples many", series.at.map((at, i) => `M${x(at)} ${y(series.bytes[i])}h0`).join(""));
  if (fit) stroke("fit", path([[x(fit.at[0]), y(fit.bytes[0])], [x(fit.at[1]), y(fit.bytes[1])]]));
  if (options.limit && options.limit <= sizes[1]) {
    line("limit", left, y(options.limit), right, y(options.limit));
    text("limit-word", left + 6, y(options.limit) + 15, `limit ${size(options.limit)}`, "start");
  }
  pointAt(svg, series, options, x, y, { left, top, bottom, right, height });
  return svg;
}

/** From the end of what was measured on to the limit: at the estimated rate, and between the highest and the lowest. */
function ahead(stroke, from, options, x, y, end) {
  const [early, middle, late] = options.reach.map((at) => [x(at ?? end), y(options.limit)]);
  stroke("band", `${path([from, early, late])}Z`);
  stroke("ahead", path([from, middle]));
  stroke("reach", path([early, late]));
}

/** Shows the sample under the pointer: a dot, and its time and size in the readout. */
function pointAt(svg, series, options, x, y, box) {
  const dot = draw("circle", { class: "pointed", r: 4.5, visibility: "hidden" });
  svg.append(dot);
  svg.addEventListener("pointermove", (event) => {
    const bounds = svg.getBoundingClientRect();
    const at = ((event.clientX - bounds.left) / bounds.width) * (svg.viewBox.baseVal.width || bounds.width);
    let nearest = 0;
    series.at.forEach((other, i) => { if (Math.abs(x(other) - at) < Math.abs(x(series.at[nearest]) - at)) nearest = i; });
    dot.setAttribute("cx", x(series.at[nearest]));
    dot.setAttribute("cy", y(series.bytes[nearest]));
    dot.setAttribute("visibility", "visible");
    const half = series.half?.[nearest];
    const rounding = half ? ` ± ${size(half, series.counts)}` : "";
    options.readout.textContent = `${position(series.at[nearest], options.axis, series.at[0])}: ${size(series.bytes[nearest], series.counts)}${rounding}`;
  });
  svg.addEventListener("pointerleave", () => {
    dot.setAttribute("visibility", "hidden");
    options.readout.textContent = "";
  });
}
