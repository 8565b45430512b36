// --- the table: finding, sorting, paging, keys ------------------------------------------

const COLUMNS = [ // name, the sorts that its header goes through
  ["segment", ["document"]],
  ["status", ["rank"]],
  ["risk", ["risk", "risk.up"]],
  ["why", ["code"]],
  ["source", []],
  ["hypothesis", []],
  ["decision", ["decision"]],
];
const last = (value) => (value === undefined || value === "" ? "\uffff" : value);
const by = (value) => (a, b) => {
  const x = value(a), y = value(b);
  return x < y ? -1 : x > y ? 1 : a.rank - b.rank;
};
/** A number that looks random but stays the same: MurmurHash3's last step. */
const scattered = (n) => {
  const first = Math.imul(n ^ (n >>> 16), 0x85ebca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return (second ^ (second >>> 16)) >>> 0;
};
const SORTS = {
  rank: by((row) => row.rank),
  risk: by((row) => -(row.risk ?? -1)),
  "risk.up": by((row) => row.risk ?? 2),
  similarity: by((row) => row.similarity ?? 2),
  code: by((row) => last(row.codes[0])),
  category: by((row) => last(row.categories[0])),
  document: by((row) => row.place),
  random: by((row) => scattered(row.place)),
  decision: by((row) => (decisionsOf(row).length ? 0 : 1)),
};
const NO_FILTER = { text: "", status: "", code: "", category: "", document: "", risk: "",
  decision: "" };
const state = { ...NO_FILTER, sort: "rank", page: 0, size: 100, open: new Set() };
const fields = {};
let shown = rows;

const decisionText = (row) => decisionsOf(row).map(([finding, own]) => el("span",
  { class: `decided ${own.decision}` },
  (finding ? headed(finding.code) : "") + t(`decision.${own.decision}`)));

const WHY = 2; // findings told in a row
/** Why a segment is here, in words: its worst findings, or what else speaks against it. */
const why = (row) => {
  const told = row.worst.slice(0, WHY).map((finding) => el("p",
    { class: "reason", title: `${finding.code} · ${t(`severity.${finding.severity}`)}` },
    el("b", { class: `key ${finding.severity}` }, rule(finding.code).label), " ",
    english(finding.message)));
  const rest = row.worst.length - told.length;
  if (rest > 0) told.push(el("p", { class: "note" }, t("why.more", { n: rest })));
  return told.length ? told : row.reasons.map((r) => el("p", { class: "reason" }, english(r)));
};

const summaryRow = (row) => {
  const open = state.open.has(row);
  const toggle = button(row.segment_id || "–", () => flip(row), {
    class: "toggle", "aria-expanded": String(open),
    "aria-controls": `row-${row.place}-details`,
  });
  const cell = (name, attributes, ...content) =>
    el("td", { class: name, role: "cell", ...attributes }, ...content);
  return el("tr", {
    id: `row-${row.place}`, class: `row ${row.status}`, role: "row",
    on: { click: (event) => {
      if (!event.target.closest("button, a, input") && !getSelection().toString()) flip(row);
    } },
  },
  el("th", { scope: "row", role: "rowheader", class: "segment" }, toggle,
    row.segment_id.startsWith(row.doc_id) ? null
      : el("span", { class: "document" }, row.doc_id),
    titleOf(row) ? el("span", { class: "document clamp", lang: "en" }, titleOf(row)) : null),
  cell("status", {}, el("span", { class: `chip ${row.status}` }, t(`status.${row.status}`))),
  cell("risk", { "data-name": t("column.risk") },
    typeof row.risk === "number" ? row.risk.toFixed(2) : ""),
  cell("why", {}, why(row)),
  cell("text", {}, el("div", { class: "clamp", lang: "en", dir: "auto" },
    sideText(row, "source", false))),
  cell("text", {}, el("div", { class: "clamp", lang: "zh-CN", dir: "auto" },
    sideText(row, "hypothesis", false))),
  cell("decision", {}, decisionText(row)));
};

const haystack = (row) => row.haystack ??= [
  row.segment_id, row.doc_id, row.source, row.hypothesis, row.reference ?? "",
  ...row.findings.flatMap((f) => [f.code, rule(f.code).label, f.message]),
].join("\n").normalize("NFKC").toLowerCase();

const fits = () => {
  const words = state.text.normalize("NFKC").toLowerCase().trim();
  const risk = parseFloat(state.risk);
  return (row) => (!state.status || (state.status === "flagged"
      ? row.status !== "accept" : row.status === state.status))
    && (!state.code || row.codes.includes(state.code))
    && (!state.category || row.categories.includes(state.category))
    && (!state.document || [row.doc_id, titleOf(row), row.path ?? ""]
      .some((name) => name.toLowerCase().includes(state.document.toLowerCase())))
    && (Number.isNaN(risk) || row.risk >= risk)
    && (!state.decision || fitsDecision(decisionsOf(row).map(([, own]) => own.decision)))
    && (!words || haystack(row).includes(words));
};
const fitsDecision = (decisions) => state.decision === "none" ? !decisions.length
  : state.decision === "any" ? decisions.length > 0 : decisions.includes(state.decision);

/** Filter, sort and draw anew. */
const update = () => {
  shown = rows.filter(fits()).sort(SORTS[state.sort]);
  state.page = Math.max(0, Math.min(state.page, Math.ceil(shown.length / state.size) - 1));
  draw();
};

const draw = () => {
  const from = state.page * state.size;
  const page = shown.slice(from, from + state.size);
  $("segments").tBodies[0].replaceChildren(...page.flatMap((row) =>
    state.open.has(row) ? [summaryRow(row), details(row)] : [summaryRow(row)]));
  const hits = t(shown.length ? "hits" : "hits.none", { n: shown.length, all: rows.length });
  if ($("hits").textContent !== hits) $("hits").textContent = hits;
  for (const pager of document.querySelectorAll(".pager")) {
    pager.hidden = shown.length <= 50;
    pager.querySelector(".range").textContent =
      t("page.of", { from: from + 1, to: from + page.length });
    for (const step of pager.querySelectorAll("[data-page]")) {
      const target = pageAfter(step.dataset.page);
      step.toggleAttribute("disabled", target === state.page);
    }
  }
  for (const header of $("segments").querySelectorAll("thead th")) {
    const sorts = header.dataset.sorts?.split(" ") ?? [];
    const at = sorts.indexOf(state.sort);
    const falls = state.sort === "risk" || state.sort === "rank";
    if (at < 0) header.removeAttribute("aria-sort");
    else header.setAttribute("aria-sort", falls ? "descending" : "ascending");
  }
  count();
};

const count = () => {
  $("decided").textContent = t("decided", { n: store.size }) + t("comma")
    + t(store.kept ? "kept" : "not-kept");
  $("decided").classList.toggle("warning", !store.kept);
  $("export").disabled = !store.size;
  const n = flagged.length, decided = done();
  $("progress").hidden = !n;
  $("progress").querySelector("progress").value = n ? decided / n : 0;
  $("progress").querySelector("span").textContent = t("progress", { done: decided, n });
};

/** Only the segments of which the same is said. */
const showAlike = (finding) => {
  set({ ...NO_FILTER, code: finding.code, text: finding.message });
  $("list").scrollIntoView();
};

const REPEATS = 50; // told in the list of what repeats
/** What is said of several segments, the most frequent first, each told once. */
const repeats = () => {
  const listed = [...same.values()].filter((alike) => alike.length > 1)
    .sort((a, b) => b.length - a.length).slice(0, REPEATS);
  const items = () => listed.map((alike) => {
    const [, finding] = alike[0];
    return el("li", {}, el("b", { class: `key ${finding.severity}` }, rule(finding.code).label),
      " ", english(finding.message), " ", repeated(finding));
  });
  const list = el("ul", { class: "repeats" });
  return listed.length ? el("details", { class: "fold", on: { toggle: () => {
    if (!list.children.length) list.append(...items());
  } } }, el("summary", {}, t("same.title")), list) : null;
};

/** Show the decisions on a row anew, where it stands, so that the focus stays. */
const refresh = (row) => {
  count();
  $(`row-${row.place}`)?.querySelector(".decision").replaceChildren(...decisionText(row));
  for (const group of $(`row-${row.place}-details`)?.querySelectorAll(".decider") ?? []) {
    group.refresh();
  }
};

const flip = (row, open = !state.open.has(row)) => {
  if (open) state.open.add(row); else state.open.delete(row);
  const tr = $(`row-${row.place}`);
  $(`row-${row.place}-details`)?.remove();
  if (open) tr.after(details(row));
  tr.querySelector(".toggle").setAttribute("aria-expanded", String(open));
};

/** Open a segment at the question what its error is. */
const ask = (row) => {
  flip(row, true);
  $(`row-${row.place}-details`).querySelector(".describer select").focus();
  say(t("error.ask"));
};

const pageAfter = (step) => {
  const end = Math.max(0, Math.ceil(shown.length / state.size) - 1);
  return { first: 0, previous: Math.max(0, state.page - 1),
    next: Math.min(end, state.page + 1), last: end }[step];
};

const turn = (step) => {
  state.page = pageAfter(step);
  draw();
  $("segments").scrollIntoView({ block: "start" });
};

const set = (changes) => {
  Object.assign(state, changes);
  for (const [name, field] of Object.entries(fields)) {
    if (field.value !== String(state[name])) field.value = state[name];
  }
  if (!("page" in changes)) state.page = 0;
  update();
};

/** Open the segment that the address names, as ``#doc-id/n``. */
const follow = () => {
  let link = location.hash.slice(1);
  try { link = decodeURIComponent(link); } catch { /* taken as it stands */ }
  const row = byLink.get(link);
  if (!row) return;
  if (!shown.includes(row)) set(NO_FILTER);
  state.open.add(row);
  set({ page: Math.floor(shown.indexOf(row) / state.size) });
  const tr = $(`row-${row.place}`);
  tr.scrollIntoView({ block: "start" });
  tr.querySelector(".toggle").focus({ preventScroll: true });
};

// --- controls ---------------------------------------------------------------------------

const select = (name, options, change) => {
  fields[name] = el("select", { on: { change: () => change(fields[name].value) } },
    options.map(([value, text]) => el("option", { value }, text)));
  return fields[name];
};
const input = (name, attributes) => {
  let waiting;
  fields[name] = el("input", { autocomplete: "off", spellcheck: "false", ...attributes, on: {
    input: () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => set({ [name]: fields[name].value }), 120);
    },
  } });
  return fields[name];
};
const label = (text, control, kind = "") => {
  control.id ||= `field-${Object.keys(fields).length}`;
  return el("div", { class: `field ${kind}` }, el("label", { for: control.id }, text), control);
};
const filter = (name, options) => select(
  name, [["", t("filter.all")], ...options], (value) => set({ [name]: value }));

const controls = () => {
  const codes = [...new Set(rows.flatMap((row) => row.codes))].sort();
  const categories = [...new Set(rows.flatMap((row) => row.categories))].sort();
  const documents = new Map(inOrder.map((row) => [row.doc_id, row]));
  const statuses = STATUSES.filter((status) => rows.some((row) => row.status === status));
  return el("search", { class: "controls", "aria-label": t("filter") },
    label(t("filter.text"), input("text",
      { type: "search", id: "search", placeholder: t("filter.text.hint") }), "wide"),
    label(t("column.status"), filter("status", [["flagged", t("filter.flagged")],
      ...statuses.map((status) => [status, t(`status.${status}`)])])),
    label(t("column.rule"), filter("code",
      codes.map((code) => [code, `${code} ${rule(code).label}`]))),
    label(t("column.category"), filter("category", categories.map((c) => [c, c]))),
    label(t("document"), input("document", { type: "search", list: "documents" })),
    el("datalist", { id: "documents" },
      [...documents].slice(0, 500).map(([id, row]) => el("option", { value: id },
        [titleOf(row), row.path].filter(Boolean).join(" · ")))),
    label(t("filter.risk"), input("risk",
      { type: "number", min: 0, max: 1, step: 0.05 }), "narrow"),
    label(t("column.decision"), filter("decision", [["none", t("filter.none")],
      ["any", t("filter.any")], ...DECISIONS.map((d) => [d, t(`decision.${d}`)])])),
    label(t("sort"), select("sort", Object.keys(SORTS).map((sort) => [sort, t(`sort.${sort}`)]),
      (sort) => set({ sort }))),
    button(t("filter.clear"), () => { set(NO_FILTER); $("search").focus(); }));
};

const decisionsBar = () => {
  const file = el("input", { type: "file", accept: ".jsonl,.ndjson,.json,.txt", hidden: true,
    on: { change: async () => {
      if (file.files.length) restore(await file.files[0].text());
      file.value = "";
    } } });
  return el("div", { class: "bar", role: "group", "aria-label": t("decisions") },
    el("span", { id: "progress" },
      el("progress", { max: 1, "aria-label": t("decisions") }), " ", el("span")),
    el("span", { id: "decided" }),
    button(t("export"), save, { id: "export", title: t("export.hint") }),
    button(t("import"), () => file.click()), file,
    el("output", { id: "said", role: "status" }));
};

const pager = (size) => el("nav", { class: "pager", "aria-label": t("pages") },
  [["first", "«"], ["previous", "‹"]].map(([step, sign]) => button(
    sign, () => turn(step), { "aria-label": t(`page.${step}`), "data-page": step })),
  el("span", { class: "range" }),
  [["next", "›"], ["last", "»"]].map(([step, sign]) => button(
    sign, () => turn(step), { "aria-label": t(`page.${step}`), "data-page": step })),
  size && label(t("page.size"), select("size", [50, 100, 200, 500].map((n) => [n, String(n)]),
    (n) => set({ size: Number(n) }))));

const header = ([name, sorts]) => el("th",
  { scope: "col", role: "columnheader", class: name, "data-sorts": sorts.join(" ") || null },
  sorts.length ? button(t(`column.${name}`), () => set({
    sort: sorts[(sorts.indexOf(state.sort) + 1) % sorts.length],
  }), { class: "sorter" }) : t(`column.${name}`));

const openAll = (open) => () => {
  const from = state.page * state.size;
  if (!open) state.open.clear();
  else for (const row of shown.slice(from, from + state.size)) state.open.add(row);
  draw();
};

const help = () => el("details", { class: "keys", id: "keys" },
  el("summary", {}, t("keys")),
  el("p", { class: "note" }, t("keys.hint")),
  el("dl", {}, [["j k", "keys.move"], ["Enter", "keys.open"], ["1 2 3", "keys.decide"],
    ["n", "keys.note"], ["/", "keys.search"], ["?", "keys.help"]].map(([keys, key]) => el("div", {},
    el("dt", {}, keys.split(" ").map((k) => [el("kbd", {}, k), " "])),
    el("dd", {}, t(key))))));

/**
 * One-letter keys, while the focus is in the table or nowhere: they disturb no assistive tool.
 * Those that decide work in a row alone.
 */
const onKey = (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const inTable = $("segments").contains(event.target);
  if (!inTable && event.target !== document.body) return;
  if (event.target.matches("input, select")) return;
  const tr = event.target.closest("tr[id]");
  const row = tr ? byPlace.get(Number(tr.id.split("-")[1])) : null;
  const toggles = [...$("segments").querySelectorAll(".toggle")];
  const at = toggles.findIndex((toggle) => toggle.closest("tr").id === `row-${row?.place}`);
  const decided = ["confirm", "false-alarm", "fixed"].map((d) => () => decide(row, null, d));
  const anywhere = {
    j: () => toggles[at + 1]?.focus(),
    k: () => toggles[at - 1]?.focus(),
    "/": () => $("search").focus(),
    "?": () => {
      $("keys").open = true;
      $("keys").querySelector("summary").focus();
    },
  };
  const actions = !row ? anywhere : {
    ...anywhere,
    1: decided[0], 2: decided[1], 3: decided[2],
    c: decided[0], f: decided[1], x: decided[2],
    n: () => {
      flip(row, true);
      const groups = $(`row-${row.place}-details`).querySelectorAll(".decider");
      groups[groups.length - 1].querySelector("input").focus();
    },
  };
  if (!Object.hasOwn(actions, event.key)) return;
  event.preventDefault();
  actions[event.key]();
};

const table = el("table", { id: "segments", role: "table", "aria-labelledby": "list-title" },
el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, COLUMNS.map(header))),
el("tbody", { role: "rowgroup" }));
$("app").append(controls(), decisionsBar(), repeats() ?? "",
  el("div", { class: "bar" }, el("output", { id: "hits", role: "status" }), pager(true),
    button(t("open-all"), openAll(true)), button(t("close-all"), openAll(false))),
  table, pager(false), help());
fields.size.value = state.size;
for (const code of document.querySelectorAll("code[data-code]")) {
  const own = code.dataset.code;
  code.replaceWith(button(own, () => {
    set({ ...NO_FILTER, code: own });
    $("list").scrollIntoView();
    $("list").focus({ preventScroll: true });
  }, { class: "link", title: t("show-code", { code: own }) }));
}
update();
addEventListener("keydown", onKey);
addEventListener("hashchange", follow);
addEventListener("storage", (event) => {
  if (event.key !== store.name) return;
  store.load();
  update();
});
follow();
performance.mark("mtcheck-ready");
