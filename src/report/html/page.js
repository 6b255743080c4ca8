// The page: plots in their places, the table in place of the first sites, dark or light.

/** A sign of the legend. */
function key(kind, d, text) {
  return make("span", {}, draw("svg", { viewBox: "0 0 22 12", "aria-hidden": "true" }, draw("path", { class: kind, d })), text);
}

/** What the signs of a plot mean; only those that it has. */
function legend(series, options) {
  const keys = [key("samples", "M11 6h0", series.samples ? `${grouped(series.at.length)} of ${grouped(series.samples)} samples, the lowest and highest of each stretch` : "samples")];
  if (series.fit) keys.push(key("fit", "M1 9L21 3", "rate"));
  if (series.fit?.low) keys.push(key("band", "M1 1L21 4V8L1 11Z", "its interval"));
  if (series.half) keys.push(key("rounding", "M11 1V11", "rounding"));
  if (series.restarts.length) keys.push(key("restart", "M11 0V12", series.restarts.length === 1 ? "restart" : "restarts"));
  if (series.corner !== null) keys.push(key("corner", "M11 0V12", options.verdict === "growing" ? "growth began" : "growth ended"));
  if (options.reach) keys.push(key("ahead", "M1 9L21 3", "if nothing changes"));
  return make("div", { class: `legend large ${options.verdict}` }, ...keys);
}

/** All samples that are drawn, as a table, for those who cannot see the plot or want the numbers. */
function valueTable(series, options) {
  const details = make("details", {}, make("summary", {}, "Values"));
  details.addEventListener("toggle", () => {
    if (details.childElementCount > 1) return;
    const rounded = series.half ? [make("th", { scope: "col" }, "±")] : [];
    const head = make("tr", {}, make("th", { scope: "col" }, "at"), make("th", { scope: "col" }, "size"), ...rounded);
    const rows = series.at.map((at, i) => make("tr", {}, make("td", {}, position(at, options.axis, series.at[0])), make("td", {}, size(series.bytes[i], series.counts)),
      ...(series.half ? [make("td", {}, size(series.half[i], series.counts))] : [])));
    details.append(make("div", { class: "scroll values", role: "region", "aria-label": `Values: ${options.label}`, tabindex: "0" }, make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows))));
  });
  return details;
}

/** Draws when it is visible, and again when its width changes: what is folded away is not drawn. */
const watcher = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) target.redraw?.(Math.floor(contentRect.width));
});

/** A large plot with its legend, filling a figure. */
function plotFigure(series, options, figure = make("figure")) {
  const readout = make("p", { class: "readout" });
  const all = { ...options, readout };
  const place = make("div");
  let drawn = 0;
  place.redraw = (width) => {
    if (width < 50 || width === drawn) return;
    drawn = width;
    place.replaceChildren(largePlot(series, all, width));
  };
  figure.append(place, readout, legend(series, options));
  if (options.limit && options.reach) {
    const far = make("button", { type: "button", class: "plain far", "aria-pressed": "false", onclick: () => {
      all.far = !all.far;
      far.setAttribute("aria-pressed", String(all.far));
      far.textContent = all.far ? "Only what was measured" : "On to the limit";
      drawn = 0;
      place.redraw(Math.floor(place.clientWidth));
    } }, "On to the limit");
    figure.append(far);
  }
  figure.append(valueTable(series, options));
  watcher.observe(place);
  return figure;
}

for (const figure of document.querySelectorAll("[data-process]")) {
  const process = data.processes[figure.dataset.process];
  if (process.curve) plotFigure(unpack(process.curve, process.positions), process, figure);
}

const table = document.getElementById("table");
if (table && sites.names.length) buildTable(table);

// Dark or light as the system has it, until the reader says otherwise; remembered where the browser lets a file remember.
const theme = document.getElementById("theme");
const system = matchMedia("(prefers-color-scheme: dark)");
const remembered = (() => { try { return localStorage.getItem("leakdiff-theme"); } catch { return null; } })();
const isDark = () => (document.documentElement.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
const nameTheme = () => { theme.textContent = isDark() ? "Light" : "Dark"; theme.setAttribute("aria-label", `${theme.textContent} colours`); };
if (remembered === "dark" || remembered === "light") document.documentElement.dataset.theme = remembered;
theme.className = "plain";
theme.hidden = false;
theme.addEventListener("click", () => {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  try { localStorage.setItem("leakdiff-theme", document.documentElement.dataset.theme); } catch { /* Then it is not remembered. */ }
  nameTheme();
});
system.addEventListener("change", nameTheme);
nameTheme();
document.documentElement.dataset.ready = "";
