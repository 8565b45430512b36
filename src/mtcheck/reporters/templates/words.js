// What the other parts share: words, elements and the segments. Every text goes into the page as
// a text node or an attribute by el(), never as HTML.

const $ = (id) => document.getElementById(id);
const meta = JSON.parse($("meta").textContent);
const rows = JSON.parse($("rows").textContent);

const SEVERITIES = ["critical", "major", "minor", "neutral"];
const STATUSES = ["reject", "review", "accept"];
const DECISIONS = ["confirm", "false-alarm", "fixed"];
const LANGUAGE = { source: "en", hypothesis: "zh-CN" };

// --- words and elements -----------------------------------------------------------------

/** A message of the catalogue; numbers get thousands separators. */
const t = (key, values = {}) => {
  let text = meta.text[key];
  if (text.includes("|")) text = text.split("|")[values.n === 1 ? 0 : 1];
  return text.replace(/\{(\w+)\}/g, (_, name) =>
    typeof values[name] === "number" ? values[name].toLocaleString("en") : values[name]);
};

/** Control, direction and zero-width characters written out, but for line feed and tab. */
const visible = (text) => text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (char) =>
  "\n\t".includes(char) ? char
    : `⟦U+${char.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟧`);

/** An element. ``on`` holds listeners; null, undefined and false leave out what they stand for. */
const el = (tag, { on = {}, ...attributes } = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, visible(String(value)));
  }
  for (const [type, listener] of Object.entries(on)) node.addEventListener(type, listener);
  for (const child of children.flat(Infinity)) {
    if (child != null && child !== false && child !== "") {
      node.append(typeof child === "string" ? visible(child) : child);
    }
  }
  return node;
};
const button = (text, click, attributes = {}) =>
  el("button", { type: "button", on: { click }, ...attributes }, text);
/** A text that a rule or the pipeline wrote, in English whatever the page speaks. */
const english = (text) => el("bdi",
  { lang: meta.locale === "en" || /\p{Script=Han}/u.test(text) ? null : "en" }, text);
const headed = (name) => name + t("colon");
const rule = (code) => meta.rules[code] ?? { label: "", category: "" };
/** Say something to the reader, aloud where the page is read out. */
const say = (text) => { $("said").textContent = visible(text); };

// --- the segments -----------------------------------------------------------------------

const byPlace = new Map(rows.map((row) => [row.place, row]));
const byLink = new Map();
const byPair = new Map();
const pairOf = (row) => JSON.stringify([row.source, row.hypothesis]);
rows.forEach((row, rank) => {
  row.rank = rank;
  for (const name of ["doc_id", "segment_id", "source", "hypothesis"]) row[name] ??= "";
  for (const name of ["findings", "suppressed", "risk_spans", "reasons"]) row[name] ??= [];
  row.told = [...row.findings, ...row.suppressed];
  row.worst = [...row.findings].sort(
    (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  row.codes = [...new Set(row.worst.map((f) => f.code))];
  row.categories = [...new Set(row.codes.map((code) => rule(code).category))];
});
/** The title of each document, by its file and id. */
const titles = new Map();
const documentOf = (row) => `${row.path ?? ""}\u0000${row.doc_id}`;
for (const row of rows) {
  const title = row.part === "title" ? row.source : row.metadata?.title;
  if (title && typeof title === "string") titles.set(documentOf(row), title);
}
const titleOf = (row) => titles.get(documentOf(row)) ?? "";
/** Findings that say the same of their rule: [row, finding] of each, by rule and message. */
const same = new Map();
const saying = (finding) => `${finding.code}\u0000${finding.message}`;
for (const row of rows) {
  for (const finding of row.findings) {
    const key = saying(finding);
    if (!same.has(key)) same.set(key, []);
    same.get(key).push([row, finding]);
  }
}
const inOrder = [...rows].sort((a, b) => a.place - b.place);
const used = new Map();
for (const row of inOrder) {
  const own = row.segment_id.startsWith(`${row.doc_id}#`)
    ? row.segment_id.slice(row.doc_id.length + 1) : row.segment_id;
  const link = `${row.doc_id}/${own}`;
  const times = (used.get(link) ?? 0) + 1; // a text by two systems has one id
  used.set(link, times);
  row.link = times === 1 ? link : `${link}/${times}`;
  byLink.set(row.link, row);
  if (!byPair.has(pairOf(row))) byPair.set(pairOf(row), []);
  byPair.get(pairOf(row)).push(row);
}
const href = (row) => `#${encodeURIComponent(row.link).replaceAll("%2F", "/")}`;
