"""From a batch of documents to its segments, documents and facts: a pure function, and its rest."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from mtcheck import schema
from mtcheck.alignment.documents import Document, from_frame, grouped
from mtcheck.config import Config
from mtcheck.inspected import Examined, Inspected, ScoredDocument
from mtcheck.judge import Judgement, Limits, judge
from mtcheck.languages.en_zh.renderings import renderings
from mtcheck.pipeline.asking import asked
from mtcheck.pipeline.cache import Cache, Documents, Learned
from mtcheck.pipeline.tools import Tools
from mtcheck.review.suppressions import Applied
from mtcheck.risk import Risk
from mtcheck.rules import SharedDocument, Totals, weighs
from mtcheck.scoring import Scores, document_scores
from mtcheck.timing import stage, timed
from mtcheck.types import Finding, Segment, Span

__all__ = ["conclude", "inspect"]

_Judged = tuple[dict[str, object], Judgement, str]
"""A segment's row, its judgement, and the decision that settled it."""


def inspect(batch: pd.DataFrame, config: Config, cache: Cache | None = None) -> Inspected:
    """Align, score, check and judge a batch of whole documents.

    ``batch`` has the columns of ``schema.DOCUMENT``. Documents that the ``cache`` knows are taken
    from it, which changes no result; others are put there. Raises RuleError for a selection that
    matches no rule, ModelError when a model is missing, DataError for an unreadable calibration,
    glossary or file of suppressions or decisions, UsageError for an unknown language.
    """
    with timed() as seconds:
        inspected = _inspected(batch, config, cache)
    return dataclasses.replace(inspected, timings=seconds)


def _inspected(batch: pd.DataFrame, config: Config, cache: Cache | None) -> Inspected:
    tools = Tools.load(config)
    documents: list[ScoredDocument] = []
    examined: list[Examined] = []
    judged: list[_Judged] = []
    groups = list(grouped(from_frame(batch)).values())
    known, from_cache = _known(groups, tools, cache)
    known, counts = asked(known, config, cache)
    for rows, (found, scores) in zip(groups, known, strict=True):
        found = [dataclasses.replace(e, document=len(documents)) for e in found]  # noqa: PLW2901
        with stage("judging"):
            told = [_judge(e, tools) for e in found]
            if found:
                documents.append(_document(rows[0], found, told, scores, tools))
        examined += found
        judged += told
    order = sorted(range(len(examined)), key=lambda i: examined[i].segment.row)
    later = any(rule.scope == "batch" for rule in tools.rules)
    return Inspected(
        schema.frame((judged[i][0] for i in order), schema.SEGMENT),
        tuple(judged[i][1].rank for i in order),
        tuple(documents),
        tuple(judged[i][2] for i in order),
        tuple(examined[i].document for i in order),
        tuple(examined[i] for i in order) if later else (),
        from_cache=from_cache,
        asked=counts,
    )


def _known(
    groups: Sequence[Sequence[Document]], tools: Tools, cache: Cache | None
) -> tuple[list[Learned], int]:
    """What there is to know of each document, and of how many the cache knew it."""
    # What no model reads is found out as soon as it is looked up.
    costly = any(tools.reads(rows) for rows in groups)
    kept = Documents(cache, tools) if cache and costly else None
    known = kept.get(groups) if kept else [None] * len(groups)
    new = [rows for rows, one in zip(groups, known, strict=True) if one is None]
    tools.embed([row for rows in new for row in rows])
    found = [_examined(rows, tools) for rows in new]
    if kept and found:
        kept.put(new, found)
    rest = iter(found)
    return [next(rest) if one is None else one for one in known], len(groups) - len(new)


def conclude(inspected: Inspected, facts: Mapping[str, Totals], config: Config) -> Inspected:
    """Let the batch rules judge what :func:`inspect` returned.

    ``facts`` are those of the whole run by rule: :attr:`Tally.facts` after every batch was
    added. The result is what ``inspect`` would have returned had it known them; without a
    batch rule, the batch itself. Raises what ``inspect`` raises.
    """
    if not inspected.examined:
        return inspected
    tools = Tools.load(config)
    rules = [rule for rule in tools.rules if rule.scope == "batch"]
    columns = ("status", "reasons", "findings", "suppressed")
    cells = {name: inspected.segments[name].tolist() for name in columns}
    ranks, settled = list(inspected.ranks), list(inspected.settled)
    rows = [dict(d.row) for d in inspected.documents]
    for i, examined in enumerate(inspected.examined):
        reading = SharedDocument([examined.segment])
        new = [
            finding
            for rule in rules
            for _, finding in rule.run(reading, config, facts.get(rule.key, {}))
        ]
        if not new:
            continue
        both = sorted((*examined.findings, *new), key=lambda f: f.code)
        record, judgement, settled[i] = _judge(
            dataclasses.replace(examined, findings=tuple(both)), tools
        )
        ranks[i] = judgement.rank
        _recount(rows[examined.document], {n: cells[n][i] for n in columns}, record)
        for name in columns:
            cells[name][i] = record[name]
    return dataclasses.replace(
        inspected.with_columns(**cells),
        ranks=tuple(ranks),
        settled=tuple(settled),
        documents=tuple(
            dataclasses.replace(d, row=row)
            for d, row in zip(inspected.documents, rows, strict=True)
        ),
    )


def _recount(
    row: dict[str, object], before: Mapping[str, object], after: Mapping[str, object]
) -> None:
    """Put right what a document's row counts, for a segment that is judged anew."""
    for status in ("review", "reject"):
        row[status] = _count(row[status]) + (after["status"] == status)
        row[status] = _count(row[status]) - (before["status"] == status)
    row["findings"] = (
        _count(row["findings"]) + _length(after["findings"]) - _length(before["findings"])
    )


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0


def _length(value: object) -> int:
    return len(value) if isinstance(value, list) else 0


def _examined(rows: Sequence[Document], tools: Tools) -> Learned:
    """One document's segments with all that they are judged by, and its scores."""
    segments = SharedDocument(tools.segments(rows))
    findings: list[list[Finding]] = [[] for _ in segments]
    with stage("rules"):
        for rule in tools.rules:
            if rule.scope != "batch":
                for at, finding in rule.run(segments, tools.config):
                    findings[at].append(finding)
    risks = tools.risks(segments)
    measured: dict[str, Sequence[float | None]] = {}
    if "similarity" in tools.needs:
        measured["similarity"] = [s.similarity for s in segments]
        measured["margin"] = [s.margin for s in segments]
    if risks:
        measured["risk"] = [r.value for r in risks]
    scores = document_scores(rows, segments, tools.metrics, measured, tools.config)
    found = [
        Examined(s, tuple(findings[i]), scores.segments[i], risks[i] if risks else None, 0)
        for i, s in enumerate(segments)
    ]
    return found, scores


def _judge(examined: Examined, tools: Tools) -> _Judged:
    """Suppress, judge, and put it all in one row."""
    risk = examined.risk
    applied = tools.suppressions.apply(examined.segment, examined.findings)
    judgement = judge(
        examined.segment,
        [f for f in applied.kept if weighs(f.code, tools.config, confirmed=f.confirmed)],
        tools.config,
        # What a reviewer has read and called right is not sent back by a similarity or risk.
        limits=Limits() if applied.settled else tools.limits,
        confirmed=applied.confirmed,
        risk=risk.value if risk else None,
        void=risk.reason if risk else "",
    )
    record = _record(examined.segment, applied, judgement, examined.scores, risk)
    return record, judgement, applied.settled


def _record(
    segment: Segment,
    applied: Applied,
    judgement: Judgement,
    scores: Mapping[str, float],
    risk: Risk | None,
) -> dict[str, object]:
    own = {name: getattr(segment, name, None) for name in schema.SEGMENT}  # scores come below
    return {
        **own,
        **scores,
        "risk": risk.value if risk else None,
        "risk_spans": _spans(risk.spans) if risk else [],
        "status": judgement.status,
        "reasons": list(judgement.reasons),
        "findings": [_finding(f) for f in applied.kept],
        "suppressed": [
            {**_finding(s.finding), "reason": s.reason, "by": s.by} for s in applied.suppressed
        ],
        **segment.metadata,
    }


def _spans(spans: Iterable[Span]) -> list[dict[str, object]]:
    return [{"side": s.side, "start": s.start, "end": s.end} for s in spans]


def _finding(finding: Finding) -> dict[str, object]:
    own = {f.name: getattr(finding, f.name) for f in dataclasses.fields(finding)}
    if not finding.confirmed:
        del own["confirmed"]  # said only of what a reviewer looked at
    return {**own, "severity": finding.severity.label, "spans": _spans(finding.spans)}


def _document(
    first: Document,
    examined: Sequence[Examined],
    judged: Sequence[_Judged],
    scores: Scores,
    tools: Tools,
) -> ScoredDocument:
    """The document's row of ``schema.DOCUMENT_SCORE``, and what the tally sums."""
    segments = [e.segment for e in examined]
    statuses = [record["status"] for record, _, _ in judged]
    row = {
        "doc_id": first.doc_id,
        "system": first.metadata.get("system"),
        "path": first.path,
        "line": first.line,
        "segments": len(segments),
        "review": statuses.count("review"),
        "reject": statuses.count("reject"),
        "findings": sum(_length(record["findings"]) for record, _, _ in judged),
        **scores.document,
    }
    risks = [e.risk.value for e in examined if e.risk]
    if risks:
        row["risk_any"] = round(1 - math.prod(1 - r for r in risks), 4)
    terms = Counter(
        (r.term, r.way)
        for s in segments
        for r in renderings(s.source, s.hypothesis, tools.config.glossary)
    )
    facts = {
        rule.key: rule.count(segments, tools.config)
        for rule in tools.rules
        if rule.scope == "batch"
    }
    whole = first.segment_id is None
    return ScoredDocument(row, first.key, whole, scores.statistics, terms, facts, scores.too_long)
