// The map itself: a table of buttons, of which one at a time can be reached by Tab and the others by arrows.

let shown = null; // the map that is shown
let spot = [0, 0]; // row and column of the cell that Tab reaches

const headOf = (axis, name) => (name === ALL ? `All ${axis.dimension.many}`
  : axis.values.find((value) => value.name === name).label);
const placeOf = (down, across) => `${headOf(shown.down, down)} × ${headOf(shown.across, across)}`;

function cellOf(down, across, most, row, column) {
  const numbers = numbersOf(shown.at(down, across));
  const total = [down, across].includes(ALL), gap = !numbers.findings;
  const marks = `${numbers.moderator_only ? "m" : ""}${numbers.reviews ? "r" : ""}`;
  let inside = ["·"];
  if (!gap && total) inside = [put("b", {}, `${numbers.studies || ""}${marks}`)];
  else if (!gap) {
    inside = [
      put("span", { class: "top" }, numbers.studies ? bubble(partsOf(numbers), radiusOf(numbers.studies, most)) : "",
        put("b", {}, String(numbers.studies))),
      put("span", { class: "signs" }, ...inSigns(numbers).map((text) => put("span", {}, text))),
    ];
  }
  const button = put("button", {
    type: "button", tabindex: "-1", "data-row": row, "data-column": column, "data-down": down, "data-across": across,
  }, put("span", { class: "face", "aria-hidden": "true", title: inWords(numbers) }, ...inside),
  put("span", { class: "said" }, `${placeOf(down, across)}: ${inWords(numbers)}`));
  return put("td", { class: gap ? "gap" : total ? "total" : "cell" }, button);
}

function drawTable(state) {
  shown = makeMap(state);
  const downs = [ALL, ...shown.down.values.map((value) => value.name)];
  const acrosses = [ALL, ...shown.across.values.map((value) => value.name)];
  let most = 1;
  for (const down of downs.slice(1)) {
    for (const across of acrosses.slice(1)) most = Math.max(most, numbersOf(shown.at(down, across)).studies);
  }
  const heads = acrosses.map((name) => put("th", { scope: "col" }, name === ALL ? "All" : headOf(shown.across, name)));
  const title = `${shown.down.dimension.many} by ${shown.across.dimension.many}`;
  byId("title").textContent = `gap map, ${title}`;
  byId("map").replaceChildren(
    put("caption", {}, `Number of studies and directions of their findings, ${title}`),
    put("thead", {}, put("tr", {}, put("th", { scope: "col" }, shown.down.dimension.label), ...heads)),
    put("tbody", {}, ...downs.map((down, row) => put("tr", {}, put("th", { scope: "row" }, headOf(shown.down, down)),
      ...acrosses.map((across, column) => cellOf(down, across, most, row, column))))),
  );
  spot = [Math.min(spot[0], downs.length - 1), Math.min(spot[1], acrosses.length - 1)];
  buttonAt(...spot).tabIndex = 0;
  drawLegend(most);
  drawGaps();
  return most;
}

const buttonAt = (row, column) => byId("map").querySelector(`button[data-row="${row}"][data-column="${column}"]`);

function moveTo(row, column) {
  const before = buttonAt(...spot);
  const rows = shown.down.values.length, columns = shown.across.values.length;
  spot = [Math.min(Math.max(row, 0), rows), Math.min(Math.max(column, 0), columns)];
  before.tabIndex = -1;
  const button = buttonAt(...spot);
  button.tabIndex = 0;
  button.focus();
}

function onKey(event) {
  const moves = {
    ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-5, 0], PageDown: [5, 0],
    Home: [event.ctrlKey ? -1e4 : 0, -1e4], End: [event.ctrlKey ? 1e4 : 0, 1e4],
  };
  const move = moves[event.key];
  if (!move || !event.target.closest("td") || event.altKey || event.metaKey) return;
  event.preventDefault();
  moveTo(spot[0] + move[0], spot[1] + move[1]);
}

function drawLegend(most) {
  const kinds = Object.entries(data.kinds).map(([kind, text]) => put("li", {}, bubble([[kind, 1]], 9), text));
  const sizes = [...new Set([1, 5, 20].filter((size) => size < most).concat(most))].map((size) =>
    put("li", {}, bubble([["null", 1]], radiusOf(size, most)), counted(size, "study", "studies")));
  byId("legend").replaceChildren(...kinds, put("li", {}, "r reviews, in no bubble"), put("li", {}, "· no study"), ...sizes);
}

/** List where nothing was found: first rows and columns that are wholly empty, then row by row. */
function drawGaps() {
  const { down, across } = shown;
  const empty = (axis, at) => axis.values.filter((value) => value.name !== REST && !at(value.name).length);
  const rows = empty(down, (name) => shown.at(name, ALL)), columns = empty(across, (name) => shown.at(ALL, name));
  const list = (values) => values.map((value) => value.label).join("; ");
  const lines = [[down, rows], [across, columns]].filter(([, values]) => values.length)
    .map(([axis, values]) => `No study on any of these ${axis.dimension.many}: ${list(values)}.`);
  for (const row of down.values) {
    const missing = across.values.filter((column) => column.name !== REST && !columns.includes(column)
      && !shown.at(row.name, column.name).length);
    if (row.name !== REST && !rows.includes(row) && missing.length) {
      lines.push(`${row.label}: no study on ${missing.length} ${across.dimension.many}: ${list(missing)}.`);
    }
  }
  byId("gaps").querySelector("ul").replaceChildren(...lines.map((line) => put("li", {}, line)));
}
