"""The one path from documents to a verdict.

:func:`inspect` is a pure function from a frame of documents to a frame of segments; it is what
a loop, a process pool or a cluster maps. :func:`run` feeds it batches, hands the results to
writers and sums what outlives a batch in a :class:`~mtcheck.tally.Tally`. Rules of scope
``"batch"`` need these sums: where one is selected, :func:`conclude` goes over the frames a
second time. ``inspect``, then :meth:`Tally.add` and ``merge``, then ``conclude`` is the whole of
it for a cluster too.
"""

from __future__ import annotations

import dataclasses
import math
import pickle
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from mtcheck import schema
from mtcheck._version import __version__
from mtcheck.alignment.documents import Document, from_frame, grouped
from mtcheck.alignment.pairing import EMBEDDED as OWN_ALIGNMENT
from mtcheck.alignment.pairing import CosineScale, load_scale
from mtcheck.alignment.prepare import prepare
from mtcheck.config import Config
from mtcheck.errors import DataError
from mtcheck.judge import REVIEW_RANK, Judgement, Limits, Measured, gate, judge, score_limits
from mtcheck.languages.en_zh.renderings import renderings
from mtcheck.models import EMBEDDED, Encoder, load_encoder
from mtcheck.models.remembering import Remembering
from mtcheck.readers import Batch
from mtcheck.reporters import Writer
from mtcheck.review.baseline import AgainstBaseline, load_baseline
from mtcheck.review.suppressions import Applied, Suppressions, load_suppressions
from mtcheck.risk import PAIR, Risk, RiskModel, load_risk_model
from mtcheck.risk.calibration import Calibration, load_calibration
from mtcheck.rules import Rule, Totals, needed, selected
from mtcheck.scorers import Column
from mtcheck.scorers import chosen as chosen_metrics
from mtcheck.scoring import Scores, document_scores
from mtcheck.summary import Summary
from mtcheck.tally import Tally
from mtcheck.types import Cell, Finding, Segment, Span, Verdict

__all__ = ["OnBatch", "conclude", "inspect", "run", "within_budget"]

OnBatch = Callable[[Batch, Tally], None]


@dataclass(frozen=True)
class _Tools:
    """What is loaded once and used on every document."""

    config: Config
    encoder: Encoder
    rules: Sequence[Rule]
    limits: Limits
    risk: RiskModel | None
    calibration: Calibration | None
    alignment: CosineScale
    suppressions: Suppressions
    metrics: Mapping[str, Column]

    @classmethod
    def load(cls, config: Config) -> _Tools:
        encoder = Remembering(load_encoder(config.encoder))
        calibration = load_calibration(Path(config.calibration)) if config.calibration else None
        threshold = config.min_similarity
        limits = Limits(
            min_similarity=encoder.min_similarity if threshold is None else threshold,
            review_risk=config.review_risk,
        )
        if calibration:
            limits = dataclasses.replace(
                limits,
                review_risk=calibration.review
                if limits.review_risk is None
                else limits.review_risk,
                reject_risk=calibration.reject,
            )
        model = _risk_model(config)
        if model and calibration and calibration.made_for not in ("", model.signature):
            raise DataError(
                f"made for the risk model {calibration.made_for}, not {model.signature}",
                path=config.calibration,
                mend="make it anew with `mtcheck calibrate LABELS`",
            )
        file = config.alignment_file
        alignment = load_scale(Path(file), encoder) if file else OWN_ALIGNMENT
        return cls(
            config,
            encoder,
            selected(config),
            limits,
            model,
            calibration,
            alignment,
            load_suppressions(config),
            chosen_metrics(config.metrics),
        )

    def segments(self, rows: Sequence[Document]) -> list[Segment]:
        """Prepare a document: its similarities are in every report, the rest only for rules."""
        return prepare(
            rows,
            self.encoder,
            needs={"similarity", *needed(self.rules)},
            semicolon_splits=self.config.semicolon_splits,
            scale=self.alignment,
            languages=self.config.languages,
        )

    def risks(self, document: Sequence[Segment]) -> list[Risk]:
        """The risk of each segment, calibrated; none without a model."""
        if self.risk is None:
            return []
        # The model was made with the embedded encoder, whatever the similarity is from.
        own = self.encoder if self.encoder.name == EMBEDDED else None
        found = self.risk.assess(document, own)
        if self.calibration:
            values = self.calibration.apply(np.array([r.value for r in found]))
            found = [
                r if r.reason else dataclasses.replace(r, value=round(float(v), 4))
                for r, v in zip(found, values, strict=True)
            ]
        return found


def inspect(batch: pd.DataFrame, config: Config) -> pd.DataFrame:
    """Align, score, check and judge a batch of whole documents.

    ``batch`` has the columns of ``schema.DOCUMENT``; the result has those of
    ``schema.SEGMENT``, then the metadata, one row a segment in the order of the input. Three
    columns are for the tally and the writers alone: ``_rank`` (highest is worst), ``_settled``
    (the reviewer's decision that accepts the segment, or ``""``) and, on one segment of each
    document, ``_document`` (its scores and their statistics).
    When a batch rule is selected, a fourth, ``_examined``, holds what :func:`conclude` needs.
    Raises RuleError for a selection that matches no rule, ModelError when a model is missing,
    DataError for an unreadable calibration, glossary or file of suppressions or decisions.
    """
    tools = _Tools.load(config)
    found: list[tuple[int, dict[str, object]]] = []
    for rows in grouped(from_frame(batch)).values():
        found += _inspect_document(rows, tools)
    found.sort(key=lambda record: record[0])
    return schema.frame((record for _, record in found), schema.SEGMENT)


@dataclass(frozen=True, slots=True)
class _Examined:
    """A segment with all that its judgement comes from; ``document`` is its document's key."""

    segment: Segment
    findings: tuple[Finding, ...]
    scores: Mapping[str, float]
    risk: Risk | None
    document: tuple[Cell, ...]

    def record(self, tools: _Tools) -> dict[str, object]:
        """Suppress, judge, and put it all in one row."""
        risk = self.risk
        applied = tools.suppressions.apply(self.segment, self.findings)
        judgement = judge(
            self.segment,
            applied.kept,
            tools.config,
            # What a reviewer has read and called right is not sent back by a similarity or risk.
            limits=Limits() if applied.settled else tools.limits,
            risk=risk.value if risk else None,
            void=risk.reason if risk else "",
        )
        return _record(self.segment, applied, judgement, self.scores, risk)


def _inspect_document(rows: list[Document], tools: _Tools) -> list[tuple[int, dict[str, object]]]:
    """One document's records, each with the position of the row it came from."""
    segments = tools.segments(rows)
    findings: list[list[Finding]] = [[] for _ in segments]
    later = [rule for rule in tools.rules if rule.scope == "batch"]
    for rule in tools.rules:
        for at, finding in rule.run(segments, tools.config) if rule not in later else ():
            findings[at].append(finding)
    risks = tools.risks(segments)
    measured: dict[str, Sequence[float | None]] = {
        "similarity": [s.similarity for s in segments],
        "margin": [s.margin for s in segments],
    }
    if risks:
        measured["risk"] = [r.value for r in risks]
    scores = document_scores(rows, segments, tools.metrics, measured, tools.config.languages)
    records: list[tuple[int, dict[str, object]]] = []
    for i, segment in enumerate(segments):
        examined = _Examined(
            segment,
            tuple(findings[i]),
            scores.segments[i],
            risks[i] if risks else None,
            rows[0].key,
        )
        record = examined.record(tools)
        if later:
            record["_examined"] = examined
        records.append((segment.row, record))
    if records:
        plain = [record for _, record in records]
        terms = Counter(
            (r.term, r.way)
            for s in segments
            for r in renderings(s.source, s.hypothesis, tools.config.glossary)
        )
        document = _document(rows[0], plain, scores)
        facts = {rule.key: rule.count(segments, tools.config) for rule in later}
        plain[0]["_document"] = {**document, "terms": terms, "facts": facts}
    return records


def conclude(frame: pd.DataFrame, facts: Mapping[str, Totals], config: Config) -> pd.DataFrame:
    """Let the batch rules judge a frame that :func:`inspect` returned.

    ``facts`` are those of the whole run by rule: :attr:`Tally.facts` after every frame was
    added. The result is what ``inspect`` would have returned had it known them; without a
    batch rule, the frame itself. Raises what ``inspect`` raises.
    """
    if "_examined" not in frame:
        return frame
    tools = _Tools.load(config)
    rules = [rule for rule in tools.rules if rule.scope == "batch"]
    frame = frame.copy()
    own = [d if d is None else {**d, "row": dict(d["row"])} for d in frame["_document"]]
    documents = {d["key"]: d["row"] for d in own if d is not None}
    frame["_document"] = pd.Series(own, index=frame.index, dtype=object)
    columns = ("status", "reasons", "findings", "suppressed", "_rank", "_settled")
    cells = {name: frame[name].tolist() for name in columns}
    for i, examined in enumerate(frame.pop("_examined")):
        new = [
            finding
            for rule in rules
            for _, finding in rule.run([examined.segment], config, facts.get(rule.key, {}))
        ]
        if not new:
            continue
        both = sorted((*examined.findings, *new), key=lambda f: f.code)
        record = dataclasses.replace(examined, findings=tuple(both)).record(tools)
        row = documents[examined.document]
        row["findings"] += len(record["findings"]) - len(cells["findings"][i])
        for status in ("review", "reject"):
            row[status] += (record["status"] == status) - (cells["status"][i] == status)
        for name in columns:
            cells[name][i] = record[name]
    for name in columns:
        frame[name] = pd.Series(cells[name], index=frame.index, dtype=frame[name].dtype)
    return frame


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
        "_rank": judgement.rank,
        "_settled": applied.settled,
        "_document": None,
    }


def _spans(spans: Iterable[Span]) -> list[dict[str, object]]:
    return [{"side": s.side, "start": s.start, "end": s.end} for s in spans]


def _finding(finding: Finding) -> dict[str, object]:
    return {
        **{f.name: getattr(finding, f.name) for f in dataclasses.fields(finding)},
        "severity": finding.severity.label,
        "spans": _spans(finding.spans),
    }


def _document(
    row: Document, records: Sequence[Mapping[str, object]], scores: Scores
) -> dict[str, object]:
    """The document's row of ``schema.DOCUMENT_SCORE``, and what the tally sums."""
    statuses = [r["status"] for r in records]
    return {
        "key": row.key,
        "whole": row.segment_id is None,
        "statistics": scores.statistics,
        "row": {
            "doc_id": row.doc_id,
            "system": row.metadata.get("system"),
            "path": row.path,
            "line": row.line,
            "segments": len(records),
            "review": statuses.count("review"),
            "reject": statuses.count("reject"),
            "findings": sum(len(r["findings"]) for r in records if isinstance(r["findings"], list)),
            **scores.document,
        },
    }


def run(
    batches: Iterable[Batch],
    config: Config,
    writers: Sequence[Writer],
    *,
    inputs: Sequence[str] = (),
    on_batch: OnBatch | None = None,
) -> tuple[Verdict, Summary]:
    """Inspect every batch, feed the writers, and give the verdict and the summary.

    ``on_batch`` is told after each batch (for a progress bar). With ``config.baseline`` each
    finding says in ``known`` whether the baseline has it, and those fail nothing. Raises
    DataError when the input held no segment at all.
    """
    began = time.perf_counter()
    score_limits(config)  # an unknown score is told before the work begins
    tally = Tally()
    comparison = _comparison(config)
    for batch, inspected in _inspected(batches, config, on_batch):
        segments = comparison.mark(inspected) if comparison else inspected
        tally.add(segments, rejected=len(batch.rejected))
        for writer in writers:
            writer.add(segments)
        if on_batch:
            on_batch(batch, tally)
    if not tally.segments:
        raise DataError(
            "no segment to audit"
            + (f": all {tally.rejected} rows were rejected" if tally.rejected else ""),
            path=inputs[0] if len(inputs) == 1 else "",
            mend="see rejected.jsonl" if tally.rejected else "give a file with text on both sides",
        )
    seconds = time.perf_counter() - began
    encoder = load_encoder(config.encoder)
    signatures = {"similarity": encoder.signature, "risk": _risk_signature(config)}
    scores = tally.scores(signatures, config.languages)
    verdict = gate(
        Measured(
            by_severity=comparison.by_severity() if comparison else tally.by_severity,
            segments=tally.segments,
            flagged=tally.segments - tally.by_status["accept"],
            scores={s.name: s.value for s in scores},
            baseline=comparison is not None,
        ),
        config,
    )
    summary: Summary = {
        "schema_version": schema.VERSION,
        "mtcheck_version": __version__,
        "inputs": list(inputs),
        "counts": tally.counts(),
        "scores": [
            {"name": s.name, "value": s.value, "ci": s.ci, "signature": s.signature, "note": s.note}
            for s in scores
        ],
        "terms": tally.inconsistent_terms(),
        "notes": tally.notes() + _risk_notes(config),
        "config": config.as_dict(),
        "verdict": {
            "passed": verdict.passed,
            "label": verdict.label,
            "reasons": list(verdict.reasons),
        },
        "timings": {
            "seconds": round(seconds, 2),
            "segments_per_second": round(tally.segments / seconds, 1),
        },
    }
    if comparison:
        summary["baseline"] = comparison.summary()
    if config.suppressions or config.decisions:
        known = load_suppressions(config)
        summary["suppressions"] = known.summary(tally.suppressed_by, tally.settled)
    for writer in writers:
        writer.end(summary)
    return verdict, summary


def _comparison(config: Config) -> AgainstBaseline | None:
    """With the baseline that the settings name, read before the work begins."""
    if not config.baseline:
        return None
    return AgainstBaseline(load_baseline(Path(config.baseline)), [r.key for r in selected(config)])


def _risk_model(config: Config) -> RiskModel | None:
    """The model that the settings name, where it is asked for and trained for the languages."""
    wanted = config.risk and config.languages == PAIR
    return load_risk_model(config.risk_model) if wanted else None


def _risk_signature(config: Config) -> str:
    model = _risk_model(config)
    if model is None:
        return ""
    if config.calibration:
        return f"{model.signature}|{load_calibration(Path(config.calibration)).signature}"
    return model.signature


def _risk_notes(config: Config) -> list[str]:
    """What a reader of the risks must know of their model."""
    model = _risk_model(config)
    if model is None:
        pair = "-".join(config.languages)
        return [f"No risk: the model was not trained for {pair}."] if config.risk else []
    if not model.changed:
        return []
    return [
        f"The risk was fitted with {', '.join(model.changed)} as they were then: these rules have "
        "changed since, so take it as a rank until the model is fitted anew."
    ]


def _inspected(
    batches: Iterable[Batch], config: Config, on_batch: OnBatch | None
) -> Iterator[tuple[Batch, pd.DataFrame]]:
    """Each batch with its segments.

    Under a budget, and for batch rules, only after all were seen, from a file.
    """
    if config.budget is None and not any(rule.scope == "batch" for rule in selected(config)):
        for batch in batches:
            yield batch, inspect(batch.frame, config)
        return
    risks: list[float] = []
    limit = 1.0
    seen = Tally()
    with tempfile.TemporaryFile() as spool:
        count = 0
        for batch in batches:
            segments = inspect(batch.frame, config)
            risks += segments["risk"].where(segments["_settled"] == "", -1.0).tolist()
            pickle.dump((batch, segments), spool)
            count += 1
            seen.segments += len(segments)
            seen.add_facts(segments)
            if on_batch:
                on_batch(dataclasses.replace(batch, rejected=()), seen)
        if config.budget is not None and risks:
            limit = float(np.sort(risks)[-math.ceil(config.budget * len(risks))])
        spool.seek(0)
        for _ in range(count):
            batch, inspected = pickle.load(spool)
            segments = conclude(inspected, seen.facts, config)
            if config.budget is not None:
                segments = within_budget(segments, limit, config.budget)
            yield batch, segments


def within_budget(segments: pd.DataFrame, limit: float, budget: float) -> pd.DataFrame:
    """Put the accepted segments whose risk reaches ``limit`` under review."""
    chosen = (segments["status"] == "accept") & (segments["risk"] >= limit)
    if "_settled" in segments:  # a reviewer has read it already
        chosen &= segments["_settled"] == ""
    segments = segments.copy()
    segments.loc[chosen, "status"] = "review"
    segments.loc[chosen, "_rank"] = segments.loc[chosen, "_rank"] + REVIEW_RANK
    reason = f"among the riskiest {budget:.0%} (from {limit:.2f} on)"
    segments["reasons"] = [
        [*reasons, f"risk {risk:.2f}: {reason}"] if new else reasons
        for reasons, risk, new in zip(segments["reasons"], segments["risk"], chosen, strict=True)
    ]
    if chosen.any():
        keys = segments[["path", "doc_id"]].astype(str).agg("\x1f".join, axis=1)
        if "system" in segments:
            keys += "\x1f" + segments["system"].astype(str)
        more = keys[chosen].value_counts()
        for key, document in zip(keys, segments["_document"], strict=True):
            if document is not None and key in more:
                document["row"]["review"] += int(more[key])
    return segments
