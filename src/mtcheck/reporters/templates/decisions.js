// --- decisions: kept in the browser, exported, read back --------------------------------

const decisionKey = (row, finding) =>
  finding ? `${row.place}/${finding.code}/${finding.fingerprint}` : `${row.place}`;

/** Decisions by key, kept in the browser where it lets us, else while the page is open. */
const store = (() => {
  const name = `mtcheck-decisions:${meta.report}`;
  let all = new Map();
  let kept = true;
  const load = () => {
    try {
      const entries = Object.entries(JSON.parse(localStorage.getItem(name) ?? "{}"));
      all = new Map(entries.filter(([, d]) => DECISIONS.includes(d?.decision)));
    } catch (error) {
      if (!(error instanceof SyntaxError)) kept = false;
    }
  };
  load();
  return {
    name,
    get: (key) => all.get(key),
    get size() { return all.size; },
    get kept() { return kept; },
    load,
    /** Take over changes: a decision by key, or null to forget it. */
    put: (changes) => {
      if (kept) load(); // another tab may have written
      for (const [key, value] of changes) {
        if (value) all.set(key, value); else all.delete(key);
      }
      try {
        localStorage.setItem(name, JSON.stringify(Object.fromEntries(all)));
      } catch {
        kept = false;
      }
    },
  };
})();

const now = () => new Date().toISOString().replace(/\.\d+Z$/, "Z");

/** The decisions on a segment and its findings: [finding or null, decision]. */
const decisionsOf = (row) => [null, ...row.told]
  .map((finding) => [finding, store.get(decisionKey(row, finding))])
  .filter(([, decision], at, list) => decision
    && list.findIndex(([, other]) => other === decision) === at);

const decide = (row, finding, decision) => {
  const key = decisionKey(row, finding);
  const old = store.get(key);
  const taken = old?.decision === decision ? null : decision;
  store.put([[key, taken && { ...old, decision: taken, note: old?.note ?? "", decided_at: now() }]]);
  const id = finding ? `${row.segment_id} ${finding.code}` : row.segment_id;
  say(taken ? t("decision.noted", { id, decision: t(`decision.${taken}`) })
    : t("decision.cleared", { id }));
  refresh(row);
  if (taken === "confirm" && !finding && !row.findings.length) ask(row);
};

/** Change what was said beside a decision: its note, or the kind, severity or place of an error. */
const annotate = (row, finding, changes) => {
  const key = decisionKey(row, finding);
  const old = store.get(key);
  if (old) store.put([[key, { ...old, ...changes, decided_at: now() }]]);
};

/** Call all findings that say the same a false alarm. */
const alarmAll = (alike) => {
  store.put(alike.map(([row, finding]) => [decisionKey(row, finding),
    { decision: "false-alarm", note: store.get(decisionKey(row, finding))?.note ?? "",
      decided_at: now() }]));
  alike.forEach(([row]) => refresh(row));
  say(t("same.done", { n: alike.length }));
};

/** How many of the flagged segments have a decision, on themselves or on a finding. */
const flagged = rows.filter((row) => row.status !== "accept");
const done = () => flagged.reduce((n, row) => n + (decisionsOf(row).length ? 1 : 0), 0);

/** What a decision says of the error that it confirms. */
const error = (own, finding) => ({
  severity: own.severity ?? finding?.severity ?? "major",
  ...(!finding && own.category && { category: own.category }),
  ...(!finding && own.spans?.length && { spans: own.spans }),
});

/** The decisions as JSON lines, in the order of the input. */
const exported = () => inOrder.flatMap((row) => decisionsOf(row).map(([finding, own]) =>
  JSON.stringify({
    mtcheck_decision: 1,
    decision: own.decision,
    note: own.note,
    decided_at: own.decided_at,
    doc_id: row.doc_id,
    segment_id: row.segment_id,
    source: row.source,
    hypothesis: row.hypothesis,
    risk: row.risk ?? null,
    code: finding?.code ?? null,
    fingerprint: finding?.fingerprint ?? null,
    ...(own.decision === "confirm" && error(own, finding)),
  }).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) => Array.from(
    { length: char.length },
    (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, "0")}`).join("")) + "\n"));

const save = () => {
  const url = URL.createObjectURL(new Blob(exported(), { type: "application/x-ndjson" }));
  el("a", { href: url, download: "decisions.jsonl" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
};

/** The findings of a row that a line is about; [null] for a line about the whole segment. */
const meant = (row, line) => {
  if (line.code == null) return [null];
  const same = row.told.filter((f) => f.code === line.code);
  const exact = same.filter((f) => f.fingerprint === line.fingerprint);
  return exact.length ? exact : same;
};

/** Read exported lines: for the segment of that id, else for every identical pair. */
const restore = (text) => {
  const changes = new Map();
  let read = 0, unfit = 0, unreadable = 0;
  for (const raw of text.replace(/^\ufeff/, "").split("\n")) {
    if (!raw.trim()) continue;
    let line = null;
    try { line = JSON.parse(raw); } catch { /* counted below */ }
    if (line?.mtcheck_decision !== 1 || !DECISIONS.includes(line.decision)) {
      unreadable += 1;
      continue;
    }
    const pairs = byPair.get(pairOf(line)) ?? [];
    const own = pairs.filter(
      (row) => row.doc_id === line.doc_id && row.segment_id === line.segment_id);
    const targets = (own.length ? own : pairs)
      .flatMap((row) => meant(row, line).map((finding) => decisionKey(row, finding)));
    for (const key of targets) {
      const decided_at = String(line.decided_at ?? "");
      const old = changes.get(key) ?? store.get(key);
      if (!old || old.decided_at <= decided_at) {
        const { severity, category, spans } = line;
        changes.set(key, { decision: line.decision, note: String(line.note ?? ""), decided_at,
          ...(SEVERITIES.includes(severity) && { severity }),
          ...(typeof category === "string" && { category }),
          ...(Array.isArray(spans) && { spans }) });
      }
    }
    if (targets.length) read += 1; else unfit += 1;
  }
  store.put(changes);
  update();
  say([t("imported", { n: read }), unfit && t("unfit", { n: unfit }),
    unreadable && t("unreadable", { n: unreadable })].filter(Boolean).join(t("comma")));
};
