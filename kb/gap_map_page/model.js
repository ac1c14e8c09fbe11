// The findings, and how they are chosen and counted: by the same rules as kb.finding_index, kb.gap_map and
// kb.study_counter, which a test compares.

const data = JSON.parse(document.getElementById("data").textContent);
const ALL = "*", REST = "", DIRECTIONS = Object.keys(data.signs);

const facets = new Map(data.facets.map((facet, order) => [facet.name, {
  ...facet,
  order,
  values: facet.values.map(([name, label, depth, above]) => ({ name, label, depth, above })),
  number: new Map(facet.values.map(([name], number) => [name, number])),
  families: facet.families.map((numbers) => new Set(numbers)),
}]));
const dimensions = new Map(data.dimensions.map((dimension) => [dimension.name, dimension]));

const named = (names, values) => Object.fromEntries(names.map((name, number) => [name, values[number]]));
const studies = data.studies.map(([review, group, ...texts]) => ({ review, group, ...named(data.study_fields, texts) }));
const findings = data.findings.map(([study, alike, families, ...texts]) => ({
  study: studies[study], alike, families, ...named(data.fields, texts),
}));

const plainLetters = (text) => text.toLowerCase().replaceAll("ß", "ss").normalize("NFKD").replace(/\p{Mn}/gu, "");

for (const finding of findings) {
  const { study } = finding;
  finding.letters = plainLetters([
    finding.statement, study.title, study.authors, study.year, finding.policy_label, finding.outcome_label,
    finding.population, finding.finding, finding.relation, study.doi, finding.countries, finding.measure,
    finding.locator, finding.outcome, finding.role,
  ].join(" "));
}

const valuesOf = (finding, facet) => facet.families[finding.families[facet.order]];
const labelOf = (facet, name) => facet.values[facet.number.get(name)]?.label ?? name;

/** Return the findings that a state chooses; without what one facet picks, where it is named. */
function chosen(state, without = "") {
  const words = plainLetters(state.search).split(/\s+/).filter(Boolean);
  const wanted = [...state.picked].filter(([name, values]) => name !== without && values.size).map(([name, values]) => {
    const facet = facets.get(name);
    return [facet, [...values].map((value) => facet.number.get(value))];
  });
  return findings.filter((finding) =>
    wanted.every(([facet, numbers]) => numbers.some((number) => valuesOf(finding, facet).has(number)))
    && words.every((word) => finding.letters.includes(word)));
}

/** Return the values of a dimension: all of them, or those that picked values of its facet are related to. */
function valuesAlong(dimension, state) {
  const facet = facets.get(dimension.facet);
  const picked = [...(state.picked.get(facet.name) ?? [])].map((value) => facet.number.get(value));
  const related = (one, other) => one === other || facet.values[one].above.includes(other)
    || facet.values[other].above.includes(one);
  return dimension.values.map((name) => facet.number.get(name))
    .filter((number) => !picked.length || picked.some((other) => related(number, other)))
    .map((number) => facet.values[number]);
}

/** Return the map of a state: values down and across, and the findings of each place by the names of both. */
function makeMap(state) {
  const base = chosen(state);
  const axes = [state.down, state.across].map((name) => {
    const dimension = dimensions.get(name), facet = facets.get(dimension.facet);
    const values = valuesAlong(dimension, state);
    const numbers = values.map((value) => [facet.number.get(value.name), value.name]);
    const at = (finding) => {
      const held = valuesOf(finding, facet);
      const found = numbers.filter(([number]) => held.has(number)).map(([, value]) => value);
      return [ALL, ...(found.length ? found : [REST])];
    };
    const places = new Map(base.map((finding) => [finding, at(finding)]));
    const rest = base.some((finding) => places.get(finding).includes(REST));
    return { dimension, places, values: rest ? [...values, { name: REST, label: dimension.rest }] : values };
  });
  const cells = new Map();
  for (const finding of base) {
    for (const down of axes[0].places.get(finding)) {
      for (const across of axes[1].places.get(finding)) {
        const key = `${down}\n${across}`;
        if (!cells.has(key)) cells.set(key, []);
        cells.get(key).push(finding);
      }
    }
  }
  return { down: axes[0], across: axes[1], at: (down, across) => cells.get(`${down}\n${across}`) ?? [] };
}

/** Return the one class of the direct findings of a study; findings that differ in nothing but their key count once. */
function classOf(held) {
  const different = new Map(held.map((finding) => [finding.alike, finding.direction]));
  const readable = [...different.values()].filter((direction) => direction in data.signs && direction !== "unclear");
  if (!readable.length) return "unclear";
  const counts = tally(readable);
  const most = DIRECTIONS.reduce((best, name) => (counts[name] > counts[best] ? name : best));
  return counts[most] * 100 >= readable.length * data.share ? most : "mixed";
}

function tally(directions) {
  const counts = Object.fromEntries(DIRECTIONS.map((name) => [name, 0]));
  for (const direction of directions) counts[direction in counts ? direction : "unclear"] += 1;
  return counts;
}

/** Return how many evidence bases some studies form, and for how many of them that is not known. */
function evidenceBases(some) {
  const left = new Set(some.map((study) => study.group).filter((group) => group >= 0));
  let number = 0;
  for (const group of left) {
    number += 1;
    const edge = [group];
    while (edge.length) {
      const near = edge.pop();
      left.delete(near);
      edge.push(...data.bases[near].filter((other) => left.has(other)));
    }
  }
  return [number, some.filter((study) => study.group < 0).length];
}

/** Return the numbers of a place, under the names that the files of a map use. */
function numbersOf(held) {
  const by = new Map();
  for (const finding of held) {
    if (!by.has(finding.study)) by.set(finding.study, []);
    by.get(finding.study).push(finding);
  }
  const direct = (finding) => finding.role !== "moderator";
  const primary = [...by].filter(([study]) => !study.review).map(([, own]) => own);
  const judged = primary.map((own) => own.filter(direct)).filter((own) => own.length);
  const findingsOf = primary.flat();
  const [bases, unknown] = evidenceBases([...by.keys()]);
  return {
    studies: primary.length,
    ...tally(judged.map(classOf)),
    moderator_only: primary.length - judged.length,
    reviews: by.size - primary.length,
    evidence_bases: bases,
    unknown_data: unknown,
    findings: held.length,
    ...Object.fromEntries(Object.entries(tally(findingsOf.filter(direct).map((finding) => finding.direction)))
      .map(([name, number]) => [`${name}_findings`, number])),
    moderator_findings: findingsOf.filter((finding) => !direct(finding)).length,
    review_findings: held.length - findingsOf.length,
  };
}
