// The filters: each value with the number of findings that there would be, were it picked alone.

const FIRST = ["circle", "policy", "outcome", "population", "direction", "design", "source-level", "year"];
const ORDER = [...FIRST, ...[...facets.keys()].filter((name) => !FIRST.includes(name))];

function makeFilters(state, changed) {
  byId("facets").replaceChildren(...ORDER.map((name) => {
    const facet = facets.get(name);
    const boxes = facet.values.slice(0, facet.shown).map((value) => {
      const box = put("input", { type: "checkbox", "data-facet": name, value: value.name });
      box.addEventListener("change", () => {
        const picked = new Set(state.picked.get(name));
        if (box.checked) picked.add(value.name);
        else picked.delete(value.name);
        state.picked.set(name, picked);
        changed();
      });
      return put("label", { class: `deep${Math.min(value.depth, 4)}` }, box, `${value.label} `, put("span", { class: "soft" }));
    });
    return put("details", { class: "facet", "data-facet": name },
      put("summary", {}, facet.label, put("span", { class: "of" })),
      put("fieldset", {}, put("legend", {}, facet.help), ...boxes));
  }));
}

function showFilters(state) {
  let all = 0;
  for (const details of document.querySelectorAll("details.facet")) {
    const facet = facets.get(details.dataset.facet);
    const picked = state.picked.get(facet.name) ?? new Set();
    const base = chosen(state, facet.name);
    const counts = facet.values.map(() => 0);
    for (const finding of base) for (const number of valuesOf(finding, facet)) counts[number] += 1;
    for (const box of details.querySelectorAll("input")) {
      const number = counts[facet.number.get(box.value)];
      box.checked = picked.has(box.value);
      box.parentElement.lastElementChild.textContent = String(number);
      box.parentElement.classList.toggle("empty", !number);
    }
    all += picked.size;
    const names = [...picked].map((name) => labelOf(facet, name));
    details.querySelector(".of").textContent = names.length ? `: ${names.join(" or ")}` : "";
  }
  byId("picked").textContent = all ? ` (${all} chosen)` : "";
}

const chosenInWords = (state) => ORDER.flatMap((name) => {
  const names = [...(state.picked.get(name) ?? [])].map((value) => (name === "circle" ? value : labelOf(facets.get(name), value)));
  return names.length ? [`${facets.get(name).label} ${names.join(" or ")}`] : [];
}).concat(state.search.trim() ? [`search “${state.search.trim()}”`] : []).join("; ") || "All circles, no filter";
