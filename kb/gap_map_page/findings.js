// The findings of a cell, study by study, with where each was read.

let opener = null; // row and column of the cell whose findings are shown

/** Return a link where the text is an address on the web, else the text. */
function linked(text, address = text) {
  let url = null;
  try {
    url = new URL(address);
  } catch {
    return text;
  }
  if (!["https:", "http:"].includes(url.protocol)) return text;
  return put("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, text);
}

const apart = (parts, between) => parts.flatMap((part, number) => (number ? [between, part] : [part]));
const sentences = (parts) => parts.flatMap((part) => [part, /[.?!]$/.test(part) ? " " : ". "]);
const labels = (facet, names) => names.split("; ").filter(Boolean).map((name) => labelOf(facets.get(facet), name));

function headOfStudy(study) {
  const doi = study.doi && linked(`doi ${study.doi}`, `https://doi.org/${study.doi.split("/").map(encodeURIComponent).join("/")}`);
  const who = study.authors.split("; ").map((name) => name.split(", ")[0]);
  const short = who.length > 2 ? `${who[0]} and others` : who.join(" and ");
  return [
    put("h3", {}, `${short} ${study.year}`, study.review ? " (review, in no count of studies)" : ""),
    put("p", { class: "soft" }, ...sentences([study.authors, study.title, study.container, doi].filter(Boolean))),
  ];
}

function oneFinding(finding) {
  const sign = data.signs[finding.direction] ?? "?";
  const printed = [["estimate", "estimate"], ["SE", "se"], ["p", "p"], ["n", "n"]].filter(([, name]) => finding[name])
    .map(([label, name]) => `${label} ${finding[name]}`).join(", ");
  const facts = [
    ["Direction", `${finding.direction} (${finding.appraisal})${finding.role === "moderator" ? ", moderator" : ""}`],
    ["About", labels("population", finding.population).join(", ")],
    ["Relation", finding.relation],
    ["Printed", printed],
    ["Policy by", finding.measure + (finding.measure.startsWith("mipex") && finding.study.measure_status
      ? ` (${finding.study.measure_status})` : "")],
    ["Design", labels("design", finding.design).join(", ")],
    ["Countries", labels("country", finding.countries).join(", ")],
    ["Read in", `${finding.source_level}${finding.locator && finding.locator !== finding.source_level ? `, ${finding.locator}` : ""}`],
  ].filter(([, text]) => text);
  const sources = finding.source.split("; ").filter(Boolean).map((source) => linked(source));
  return put("li", { id: `finding-${finding.finding}` },
    put("p", {}, put("b", {}, put("span", { "aria-hidden": "true" }, `${sign} `),
      `${finding.policy_label} × ${finding.outcome_label}`)),
    put("p", {}, finding.statement),
    put("dl", {}, ...[...facts, ["Source", sources], ["Key", finding.finding]].filter(([, value]) => value.length).map(([name, value]) =>
      put("div", {}, put("dt", {}, name), put("dd", {}, ...(Array.isArray(value) ? apart(value, " · ") : [value]))))));
}

function openFindings(button) {
  const { down, across, row, column } = button.dataset;
  const held = shown.at(down, across);
  opener = [Number(row), Number(column)];
  const by = new Map();
  for (const finding of [...held].sort((one, other) => one.study.review - other.study.review)) {
    by.set(finding.study, [...(by.get(finding.study) ?? []), finding]);
  }
  byId("place").textContent = placeOf(down, across);
  byId("counts").textContent = `${inWords(numbersOf(held))} ${readIn(held)}`;
  byId("list").replaceChildren(...[...by].map(([study, own]) =>
    put("article", {}, ...headOfStudy(study), put("ul", {}, ...own.map(oneFinding)))));
  const panel = byId("findings");
  panel.hidden = false;
  panel.scrollTop = 0;
  byId("place").focus();
}

function closeFindings() {
  if (byId("findings").hidden) return;
  byId("findings").hidden = true;
  moveTo(...opener);
}
