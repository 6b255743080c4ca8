// The table of sites: sorted, searched and filtered as a whole, shown a page at a time.

const ROWS_A_PAGE = 100;
const sites = data.sites;
const of = (texts, row) => texts.texts[texts.of[row]];
const verdictOf = (row) => of(sites.verdicts, row);
const wholeTime = sites.positions.length ? range(sites.positions) : [0, 1];

/** An element; strings become text, never markup. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

/** What can be sorted by: each column's numbers, and the sites' names. */
const columns = [
  ...sites.columns.map(({ heading, right, cells, numbers }) => ({
    heading, right, cells, compare: (a, b) => numbers[a] - numbers[b], unknown: (row) => numbers[row] === null,
    // Ranks and words are read from the first, amounts from the largest.
    falling: heading !== "#" && heading !== "verdict",
  })),
  { heading: "site", compare: (a, b) => (sites.names[a] < sites.names[b] ? -1 : Number(sites.names[a] > sites.names[b])), unknown: () => false, falling: false },
];

const view = { query: "", verdict: "", column: 0, falling: false, page: 0, rows: [], open: new Set() };

/** The rows that are wanted, in the order that is wanted; unknown ones last. */
function chosen() {
  const words = view.query.toLowerCase().split(/\s+/).filter(Boolean);
  const column = columns[view.column];
  const rows = sites.names.map((_, row) => row).filter((row) => {
    if (view.verdict && verdictOf(row) !== view.verdict) return false;
    if (!words.length) return true;
    const text = `${sites.names[row]} ${of(sites.sources, row)}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const sign = view.falling ? -1 : 1;
  return rows.sort((a, b) => column.unknown(a) - column.unknown(b) || sign * column.compare(a, b) || a - b);
}

/** The cells of a row. */
function cellsOf(row) {
  const cells = sites.columns.map(({ heading, right, cells: texts }) => {
    const cell = make("td", { role: "cell", "data-heading": heading, class: right ? "right" : undefined });
    const text = of(texts, row);
    if (heading === "verdict") cell.append(make("span", { class: `badge ${verdictOf(row)}` }, text));
    else if (heading === "trend") cell.append(...(sites.curves[row] ? [smallPlot(unpack(sites.curves[row], sites.positions), wholeTime, verdictOf(row))] : [text]));
    else cell.append(text);
    return cell;
  });
  const opened = view.open.has(row);
  const button = make("button", { type: "button", class: "name", "aria-expanded": String(opened), "aria-controls": opened ? `opening-${row}` : undefined });
  if (sites.groups[row] !== null) button.append(`[${sites.groups[row]}] `);
  if (of(sites.sources, row)) button.append(make("span", { class: "source" }, `${of(sites.sources, row)}: `));
  // The end of a path matters most: its folders step back.
  const frames = framesOf(row);
  const own = of(sites.owners, row);
  const name = frames.length > 1 ? `${own && own !== frames[0] ? `${own} \u2192 ` : ""}${frames[0]}` : sites.names[row];
  const folders = frames.length > 1 ? 0 : name.lastIndexOf("/") + 1;
  if (folders && folders < name.length) button.append(make("span", { class: "source" }, name.slice(0, folders)), make("span", { class: "file" }, name.slice(folders)));
  else button.append(name);
  cells.push(make("th", { role: "rowheader", scope: "row", "data-heading": "site" }, button));
  return cells;
}

/** The frames of a site, innermost first. */
const framesOf = (row) => sites.names[row].split(" < ");

/** What stands below a row that is open. */
function opening(row) {
  const facts = make("dl", { class: "facts" });
  for (const [what, texts] of sites.facts) {
    const text = of(texts, row);
    if (text) facts.append(make("dt", {}, what), make("dd", {}, what === "code" ? make("code", {}, text) : text));
  }
  const frames = framesOf(row);
  if (frames.length > 1) facts.append(make("dt", {}, "frames"), make("dd", {}, make("ol", { class: "frames" }, ...frames.map((frame) => make("li", { class: frame === of(sites.owners, row) ? "file" : "source" }, make("code", {}, frame))))));
  const group = sites.groups[row];
  if (group !== null) facts.append(make("dt", {}, "group"), make("dd", {}, make("a", { href: `#group-${group}` }, `grows in lockstep with others, [${group}]`)));
  const content = make("div", { class: "opened-to" }, facts);
  if (sites.curves[row]) {
    const rate = of(sites.facts[0][1], row);
    const label = `${sites.names[row]}: ${verdictOf(row)}${rate ? `, ${rate}` : ""}`;
    content.prepend(plotFigure(unpack(sites.curves[row], sites.positions), { axis: sites.axis, verdict: verdictOf(row), label }));
  }
  return make("tr", { role: "row", class: "opening", id: `opening-${row}` }, make("td", { role: "cell", colspan: columns.length }, content));
}

function toggle(row, place) {
  if (view.open.delete(row)) place.nextElementSibling?.remove();
  else { view.open.add(row); place.after(opening(row)); }
  const button = place.querySelector(".name");
  const opened = view.open.has(row);
  place.classList.toggle("opened", opened);
  button.setAttribute("aria-expanded", String(opened));
  if (opened) button.setAttribute("aria-controls", `opening-${row}`);
  else button.removeAttribute("aria-controls");
}

/** Builds the table once; afterwards only its rows change. */
function buildTable(place) {
  const status = make("p", { role: "status" });
  const body = make("tbody", { role: "rowgroup" });
  const heads = columns.map(({ heading, right, falling }, column) => make("th", { role: "columnheader", scope: "col", class: right ? "right" : undefined, "data-heading": heading },
    make("button", { type: "button", onclick: () => {
      view.falling = view.column === column ? !view.falling : falling;
      view.column = column;
      show(0);
    } }, heading)));
  const table = make("table", { role: "table", "aria-label": "Sites, ranked" }, make("thead", { role: "rowgroup" }, make("tr", { role: "row", "aria-rowindex": 1 }, ...heads)), body);
  const turn = (text, to) => make("button", { type: "button", class: "plain", onclick: () => { show(to()); place.scrollIntoView({ block: "start" }); } }, text);
  const last = () => Math.max(0, Math.ceil(view.rows.length / ROWS_A_PAGE) - 1);
  const before = turn("Previous", () => view.page - 1);
  const after = turn("Next", () => view.page + 1);
  const where = make("p");
  const pages = make("nav", { class: "pages", "aria-label": "Pages of sites" }, before, where, after);

  function show(page) {
    view.rows = chosen();
    view.page = Math.min(Math.max(page, 0), last());
    const from = view.page * ROWS_A_PAGE;
    const shown = view.rows.slice(from, from + ROWS_A_PAGE);
    body.replaceChildren(...shown.flatMap((row, i) => {
      const opened = view.open.has(row);
      const line = make("tr", { role: "row", class: `row${opened ? " opened" : ""}`, "aria-rowindex": from + i + 2, onclick: (event) => {
        if (event.target.closest(".name") || !getSelection().toString()) toggle(row, line);
      } }, ...cellsOf(row));
      return opened ? [line, opening(row)] : [line];
    }));
    if (!shown.length) body.append(make("tr", { role: "row" }, make("td", { role: "cell", class: "none", colspan: columns.length }, "No site matches.")));
    heads.forEach((head, column) => {
      if (column === view.column) head.setAttribute("aria-sort", view.falling ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    table.setAttribute("aria-rowcount", view.rows.length + 1);
    status.textContent = `${grouped(view.rows.length)} of ${grouped(sites.names.length)} sites`;
    where.textContent = shown.length ? `${grouped(from + 1)} to ${grouped(from + shown.length)} of ${grouped(view.rows.length)}` : "";
    pages.hidden = last() === 0;
    before.disabled = view.page === 0;
    after.disabled = view.page === last();
  }

  const search = make("input", { type: "search", id: "search", placeholder: "Search sites", autocomplete: "off", spellcheck: "false", oninput: () => { view.query = search.value; show(0); } });
  const label = make("label", { class: "hidden", for: "search" }, "Search sites");
  const tools = make("div", { class: "tools" }, label, search, choices(() => show(0)), status);
  place.replaceChildren(tools, make("div", { class: "scroll sorted", role: "region", "aria-label": "Sites, ranked", tabindex: "0" }, table), pages);
  show(0);
}

/** One choice for each verdict that occurs, and how many sites have it. */
function choices(changed) {
  const counts = sites.verdicts.texts.map(() => 0);
  for (const place of sites.verdicts.of) counts[place] += 1;
  const choice = (value, text, count) => make("label", {},
    make("input", { type: "radio", name: "verdict", value, checked: value === "", onchange: () => { view.verdict = value; changed(); } }),
    make("span", {}, `${text} ${grouped(count)}`));
  return make("fieldset", { class: "choices" }, make("legend", { class: "hidden" }, "Verdict"), choice("", "all", sites.names.length),
    ...sites.verdicts.texts.map((word, i) => choice(word, word, counts[i])));
}
