// Elements, words and bubbles. Texts of the collection only ever become text nodes.

const SVG = "http://www.w3.org/2000/svg", SMALLEST = 4, LARGEST = 15;

function put(tag, attributes = {}, ...inside) {
  const svg = ["svg", "path", "circle"].includes(tag);
  const element = svg ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...inside.filter((part) => part !== "" && part !== null));
  return element;
}

const byId = (id) => document.getElementById(id);
const counted = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

const partsOf = (numbers) =>
  [...DIRECTIONS.map((name) => [name, numbers[name]]), ["moderator", numbers.moderator_only]].filter(([, n]) => n);

/** Return what a place holds in one sentence. */
function inWords(numbers) {
  if (!numbers.findings) return "No study.";
  const held = [counted(numbers.findings, "finding"), counted(numbers.evidence_bases, "evidence base")];
  if (numbers.unknown_data) held.push(`${numbers.unknown_data} of unknown data`);
  let text = `${counted(numbers.studies, "study", "studies")} (${held.join(", ")}): `;
  text += DIRECTIONS.map((name) => `${name} ${numbers[name]}`).join(", ");
  if (numbers.moderator_only) text += `, moderator only ${numbers.moderator_only}`;
  return text + (numbers.reviews ? `; apart from these, ${counted(numbers.reviews, "review")}.` : ".");
}

/** Return where findings were read, in one sentence. */
function readIn(held) {
  const levels = new Map();
  for (const { source_level: level } of held) levels.set(level, (levels.get(level) ?? 0) + 1);
  const parts = facets.get("source-level").values.filter(({ name }) => levels.has(name))
    .map(({ name, label }) => `${label.toLowerCase()} ${levels.get(name)}`);
  return parts.length ? `Findings by where they were read: ${parts.join(", ")}.` : "";
}

/** Return what a place is made of, as short texts: signs with numbers, moderators, reviews. */
function inSigns(numbers) {
  const texts = DIRECTIONS.filter((name) => numbers[name]).map((name) => `${data.signs[name]}${numbers[name]}`);
  if (numbers.moderator_only) texts.push(`m${numbers.moderator_only}`);
  if (numbers.reviews) texts.push(`r${numbers.reviews}`);
  return texts;
}

/** Return a disc as large as there are studies, split like a clock face by what they are. */
function bubble(parts, radius) {
  const size = 2 * LARGEST + 2, middle = size / 2;
  const svg = put("svg", { width: size, height: size, viewBox: `0 0 ${size} ${size}`, "aria-hidden": "true" });
  const whole = parts.reduce((sum, [, number]) => sum + number, 0);
  let start = 0;
  for (const [kind, number] of parts) {
    const look = { class: "part", fill: `url(#fill-${kind})` };
    if (number === whole) {
      svg.append(put("circle", { ...look, cx: middle, cy: middle, r: radius }));
      break;
    }
    const end = start + number / whole;
    const [from, to] = [start, end].map((turn) => {
      const angle = 2 * Math.PI * turn;
      return `${(middle + radius * Math.sin(angle)).toFixed(2)} ${(middle - radius * Math.cos(angle)).toFixed(2)}`;
    });
    const far = end - start > 0.5 ? 1 : 0;
    svg.append(put("path", { ...look, d: `M ${middle} ${middle} L ${from} A ${radius} ${radius} 0 ${far} 1 ${to} Z` }));
    start = end;
  }
  return svg;
}

const radiusOf = (number, most) => Math.max(SMALLEST, LARGEST * Math.sqrt(number / (most || 1)));
