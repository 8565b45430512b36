// --- a segment: its marked text and its details -----------------------------------------

/**
 * A side of a segment, the spans of its findings and of the risk model in ``mark`` elements.
 * Offsets are code points, so the text is cut as an array of them.
 */
const painted = (row, side, labelled) => {
  const chars = Array.from(row[side]);
  const marks = [];
  const mark = (spans, finding) => {
    for (const [of, from, to] of spans) {
      if (of !== side[0]) continue;
      const start = Math.min(from, chars.length);
      marks.push({ start, end: Math.max(start, Math.min(to, chars.length)), finding });
    }
  };
  row.findings.forEach((finding) => mark(finding.spans ?? [], finding));
  mark(row.risk_spans, null);
  const borders = [...new Set([0, chars.length, ...marks.flatMap((m) => [m.start, m.end])])]
    .sort((a, b) => a - b);
  const piece = (text, under, ending) => {
    const found = under.map((m) => m.finding).filter(Boolean);
    const worst = SEVERITIES.find((s) => found.some((f) => f.severity === s)) ?? "";
    const risky = found.length < under.length;
    const waved = risky && !["critical", "major"].includes(worst); // which the model has anyway
    const codes = [...new Set(ending.flatMap((m) => m.finding?.code ?? []))];
    const told = found.map((f) => `${f.code}: ${f.message}`);
    if (risky) told.push(t("risk.mark"));
    return el("mark", {
      class: [worst, waved && "risk", !text && "point"].filter(Boolean).join(" "),
      title: [...new Set(told)].join("\n"),
      "data-label": labelled && codes.length ? codes.join(" ") : null,
      "data-by": found.map((f) => row.findings.indexOf(f)).join(" "),
    }, text);
  };
  return borders.flatMap((start, at) => {
    const out = [];
    const points = marks.filter((m) => m.start === start && m.end === start);
    if (points.length) out.push(piece("", points, points));
    const end = borders[at + 1];
    if (end === undefined) return out;
    const text = chars.slice(start, end).join("");
    const under = marks.filter((m) => m.start <= start && m.end >= end && m.end > m.start);
    out.push(under.length ? piece(text, under, under.filter((m) => m.end === end)) : text);
    return out;
  });
};

const sideText = (row, side, labelled) => row[side]
  ? painted(row, side, labelled)
  : el("i", { class: "none", lang: meta.locale }, t(`no-${side}`));

const chip = (finding) =>
  el("span", { class: `code ${finding.severity}`, title: rule(finding.code).label },
    finding.code);

const copyButton = (key, text) => button(t(key), async () => {
  try {
    await navigator.clipboard.writeText(text);
    say(t("copied"));
  } catch {
    const area = el("textarea", { class: "unseen", "aria-hidden": "true" });
    area.value = text;
    const back = document.activeElement;
    document.body.append(area);
    area.select();
    say(t(document.execCommand("copy") ? "copied" : "copy.failed"));
    area.remove();
    back?.focus();
  }
}, { class: "small" });

/** The stretch of a side that is selected, in code points of its text; null without one. */
const selected = (row) => {
  const range = getSelection().rangeCount ? getSelection().getRangeAt(0) : null;
  const start = range?.startContainer.parentElement;
  const box = start?.closest(".side .text[data-side]");
  if (!box || range.collapsed || !box.contains(range.endContainer)) return null;
  if (box.closest("tr").id !== `row-${row.place}-details`) return null;
  const side = box.dataset.side;
  const place = (node, offset) => {
    const before = document.createRange();
    before.setStart(box, 0);
    before.setEnd(node, offset);
    let left = before.toString().length, at = 0; // of the text as it is shown
    for (const char of row[side]) {
      if (left <= 0) break;
      left -= visible(char).length;
      at += 1;
    }
    return at;
  };
  const span = { side, start: place(range.startContainer, range.startOffset),
    end: place(range.endContainer, range.endOffset) };
  return span.start < span.end ? span : null;
};

/** Asks what a confirmed error is: how severe, of which kind, and where. */
const describer = (row, key) => {
  const change = (changes) => { annotate(row, null, changes); refresh(row); };
  const choice = (name, options) => el("select", {
    "aria-label": t(`error.${name}`), on: { change: (event) => change({ [name]: event.target.value }) },
  }, options.map(([value, text]) => el("option", { value }, text)));
  const severity = choice("severity",
    ["critical", "major", "minor"].map((s) => [s, t(`severity.${s}`)]));
  const category = choice("category", [["", t("error.any")], ...Object.entries(meta.kinds)]);
  const places = el("span", { class: "places" });
  const take = button(t("error.take"), () => {
    const span = selected(row);
    if (!span) say(t("error.none"));
    else change({ spans: [...(store.get(key)?.spans ?? []), span] });
  });
  const node = el("div", { class: "describer", role: "group", "aria-label": t("error") },
    el("span", { class: "label" }, t("error")), severity, category, take, places);
  // A click would lose the selection that the button is about.
  take.addEventListener("mousedown", (event) => event.preventDefault());
  return { node, refresh: (own) => {
    node.hidden = own?.decision !== "confirm";
    severity.value = own?.severity ?? "major";
    category.value = own?.category ?? "";
    places.replaceChildren(...(own?.spans ?? []).map((span, at) => button(
      `${Array.from(row[span.side] ?? "").slice(span.start, span.end).join("")} ×`,
      () => change({ spans: store.get(key).spans.filter((_, i) => i !== at) }),
      { class: "small", "aria-label": t("error.drop") })));
  } };
};

const decider = (row, finding) => {
  const key = decisionKey(row, finding);
  const buttons = DECISIONS.map((decision) => button(
    t(`decision.${decision}`), () => decide(row, finding, decision), { class: decision }));
  const input = el("input", {
    type: "text", maxlength: 500, autocomplete: "off",
    on: { change: () => annotate(row, finding, { note: input.value }) },
  });
  const note = el("label", { class: "note-field" }, t("decision.note"), " ", input);
  const what = finding ? null : describer(row, key);
  const label = finding ? t("decision.finding", { code: finding.code }) : t("decision.segment");
  const group = el("div", { class: "decider", role: "group", "aria-label": label },
    finding ? null : el("span", { class: "label" }, label), buttons, note, what?.node);
  group.refresh = () => {
    const own = store.get(key);
    buttons.forEach((b, i) => b.setAttribute("aria-pressed", own?.decision === DECISIONS[i]));
    note.hidden = !own;
    input.value = own?.note ?? "";
    what?.refresh(own);
  };
  group.refresh();
  return group;
};

/** The other segments of which the same is said, and what can be done with all of them. */
const repeated = (finding) => {
  const alike = same.get(saying(finding)) ?? [];
  return alike.length < 2 ? null : el("p", { class: "note same" },
    t("same", { n: alike.length }), " ",
    button(t("same.show"), () => showAlike(finding), { class: "small" }), " ",
    button(t("same.alarm", { n: alike.length }), () => alarmAll(alike), { class: "small" }));
};

const findingItem = (row, finding) => {
  const at = row.findings.indexOf(finding);
  const marks = (on) => () => {
    for (const mark of $(`row-${row.place}-details`).querySelectorAll("mark")) {
      mark.classList.toggle("lit", on && mark.dataset.by.split(" ").includes(String(at)));
    }
  };
  const marked = (finding.spans ?? []).filter(([, from, to]) => to > from)
    .map(([of, from, to]) => {
      const side = of === "s" ? "source" : "hypothesis";
      const text = Array.from(row[side]).slice(from, to).join("");
      const quoted = el("span", { lang: LANGUAGE[side], class: "quoted" }, text);
      return [t(side), " ", el("q", {}, quoted)];
    });
  return el("li", {
    on: { mouseenter: marks(true), mouseleave: marks(false),
      focusin: marks(true), focusout: marks(false) },
  },
  el("p", {}, chip(finding), " ", el("b", {}, t(`severity.${finding.severity}`)), " ",
    el("span", { class: "note" },
      [rule(finding.code).category, rule(finding.code).label, finding.known && t("known")]
        .filter(Boolean).join(" · "))),
  el("p", {}, english(finding.message)),
  marked.length ? el("p", { class: "note" }, headed(t("marked")),
    marked.flatMap((m, i) => [i ? t("comma") : "", m])) : null,
  repeated(finding),
  finding.reason ? el("p", { class: "note" }, headed(t("suppressed")),
    english([finding.reason, finding.by].filter(Boolean).join(" · "))) : null,
  finding.suggestion ? el("p", {}, headed(t("suggestion")),
    el("bdi", { lang: "zh-CN" }, finding.suggestion), " ",
    copyButton("copy.suggestion", finding.suggestion)) : null,
  decider(row, finding));
};

const neighbour = (row, place, texts, key) => {
  const on = byPlace.get(row[place]);
  const [source, hypothesis] = on ? [on.source, on.hypothesis] : row[texts] ?? [];
  if (source === undefined) return null;
  return el("div", { class: "context" },
    el("p", { class: "label" }, t(key), " ",
      on ? el("a", { href: href(on) }, on.segment_id) : null),
    el("p", { class: "text", lang: "en", dir: "auto" }, source),
    el("p", { class: "text", lang: "zh-CN", dir: "auto" }, hypothesis));
};

const side = (row, name) => el("div", { class: "side" },
  el("p", { class: "label" }, t(name), " ",
    row[name] ? copyButton(`copy.${name}`, row[name]) : null),
  el("p", { class: "text", lang: LANGUAGE[name], dir: "auto", "data-side": name },
    sideText(row, name, true)),
  name === "hypothesis" && row.reference ? [
    el("p", { class: "label" }, t("reference")),
    el("p", { class: "text note", lang: "zh-CN", dir: "auto" }, row.reference)] : null);

const facts = (row) => {
  const entries = meta.scores.filter(([name]) => typeof row[name] === "number")
    .map(([name, label, decimals]) => [label, row[name].toFixed(decimals)]);
  if (row.path) entries.push([t("place"), row.line ? `${row.path}:${row.line}` : row.path]);
  if (row.alignment) entries.push([t("alignment"), row.alignment]);
  for (const [key, value] of Object.entries(row.metadata ?? {})) {
    entries.push([key, typeof value === "object" ? JSON.stringify(value) : String(value)]);
  }
  return el("dl", { class: "facts" }, entries.map(([key, value]) =>
    el("div", {}, el("dt", {}, el("bdi", {}, key)), el("dd", {}, el("bdi", {}, value)))));
};

const details = (row) => {
  const link = href(row);
  return el("tr", { id: `row-${row.place}-details`, class: `details ${row.status}`, role: "row" },
    el("td", { colspan: COLUMNS.length, role: "cell" },
      el("div", { class: "inside", role: "group",
        "aria-label": t("details", { id: row.segment_id }) },
      neighbour(row, "previous", "before", "before"),
      el("div", { class: "pair" }, side(row, "source"), side(row, "hypothesis")),
      neighbour(row, "next", "after", "after"),
      row.told.length ? el("ol", { class: "found" },
        [...row.worst, ...row.suppressed].map((finding) => findingItem(row, finding))) : null,
      typeof row.risk === "number" ? el("p", {},
        t("risk.text", { risk: row.risk.toFixed(3) }), " ",
        row.risk_spans.length ? t("risk.spans") : null) : null,
      row.reasons.length ? el("p", { class: "note" },
        headed(t("why", { status: t(`status.${row.status}`) })),
        english(row.reasons.join(t("semicolon")))) : null,
      decider(row, null),
      facts(row),
      el("p", { class: "note" }, headed(t("link")), el("a", { href: link }, link), " ",
        copyButton("copy.link", location.href.replace(/#.*$/s, "") + link)))));
};
