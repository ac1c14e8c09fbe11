// What the parts of the page do when they are used.

const state = readHash();

function show() {
  drawTable(state);
  showFilters(state);
  writeHash(state);
  for (const axis of ["down", "across"]) byId(axis).value = state[axis];
  if (byId("search").value.trim() !== state.search.trim()) byId("search").value = state.search;
  const everything = shown.at(ALL, ALL);
  const places = shown.down.values.filter((value) => value.name !== REST)
    .flatMap((down) => shown.across.values.filter((value) => value.name !== REST).map((across) => [down.name, across.name]));
  const gaps = places.filter(([down, across]) => !shown.at(down, across).length).length;
  byId("summary").textContent = `${chosenInWords(state)}. ${inWords(numbersOf(everything))} ${readIn(everything)} `
    + `No study in ${gaps} of ${places.length} places.`;
}

function changed() {
  byId("findings").hidden = true;
  show();
}

function become(next) {
  Object.assign(state, next);
  changed();
}

for (const axis of ["down", "across"]) {
  const other = axis === "down" ? "across" : "down";
  byId(axis).append(...[...dimensions.values()].map(({ name, label }) => put("option", { value: name }, label)));
  byId(axis).addEventListener("change", () => {
    const before = state[axis];
    state[axis] = byId(axis).value;
    if (state[other] === state[axis]) state[other] = before;
    changed();
  });
}
byId("search").addEventListener("input", () => {
  state.search = byId("search").value;
  changed();
});
byId("swap").addEventListener("click", () => become({ down: state.across, across: state.down }));
byId("reset").addEventListener("click", () => become(stateOf(data.start)));
byId("none").addEventListener("click", () => become({ picked: new Map(), search: "" }));
byId("close").addEventListener("click", closeFindings);
byId("controls").addEventListener("submit", (event) => event.preventDefault());
byId("map").addEventListener("keydown", onKey);
byId("map").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  moveTo(Number(button.dataset.row), Number(button.dataset.column));
  openFindings(button);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeFindings();
});
window.addEventListener("hashchange", () => become(readHash()));

makeFilters(state, changed);
byId("note").textContent = data.note;
byId("version").textContent = `Data version ${data.version}. All circles are in this file; it asks no other.`;
byId("filters").open = window.matchMedia("(min-width: 1100px)").matches;
show();

// The numbers that are shown, for those who want to check them.
window.gapMap = () => {
  const names = (axis) => axis.values.map((value) => value.name);
  const total = (name, down) => ({ name, ...numbersOf(down ? shown.at(name, ALL) : shown.at(ALL, name)) });
  return {
    all: numbersOf(shown.at(ALL, ALL)),
    down: names(shown.down).map((name) => total(name, true)),
    across: names(shown.across).map((name) => total(name, false)),
    cells: names(shown.down).flatMap((down) => names(shown.across).map((across) => {
      const held = shown.at(down, across);
      const keys = [...new Set(held.map((finding) => finding.study.study))];
      return { down, across, ...numbersOf(held), study_keys: keys, finding_keys: held.map((finding) => finding.finding) };
    })),
  };
};
