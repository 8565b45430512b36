"""The one path from documents to a verdict.

:func:`inspect` is a pure function from a frame of documents to a frame of segments; it is what
a loop, a process pool or a cluster maps. :func:`run` feeds it batches, hands the results to
writers and sums what outlives a batch in a :class:`~mtcheck.tally.Tally`.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from mtcheck import schema
from mtcheck._version import __version__
from mtcheck.config import Config
from mtcheck.documents import Document, from_frame, grouped
from mtcheck.errors import DataError
from mtcheck.judge import Judgement, gate, judge
from mtcheck.models import Encoder, load_encoder
from mtcheck.models.remembering import Remembering
from mtcheck.readers import Batch
from mtcheck.reporters import Writer
from mtcheck.rules import Rule, selected
from mtcheck.scoring import StringScores, string_scores, with_similarity
from mtcheck.tally import Tally
from mtcheck.types import Finding, Segment, Verdict

__all__ = ["inspect", "run"]


def inspect(batch: pd.DataFrame, config: Config) -> pd.DataFrame:
    """Align, score, check and judge a batch of whole documents.

    ``batch`` has the columns of ``schema.DOCUMENT``; the result has those of
    ``schema.SEGMENT``, then the metadata, one row a segment in the order of the input. Two
    columns are for the tally and the writers alone: ``_rank`` (highest is worst) and, on one
    segment of each document, ``_document`` (its scores and their statistics).
    Raises RuleError for a selection that matches no rule, ModelError when the encoder is
    missing.
    """
    encoder = Remembering(load_encoder(config.encoder))
    rules = selected(config)
    found: list[tuple[int, dict[str, object]]] = []
    for rows in grouped(from_frame(batch)).values():
        found += _inspect_document(rows, config, encoder, rules)
    found.sort(key=lambda record: record[0])
    return schema.frame((record for _, record in found), schema.SEGMENT)


def _inspect_document(
    rows: list[Document], config: Config, encoder: Encoder, rules: Sequence[Rule]
) -> list[tuple[int, dict[str, object]]]:
    """One document's records, each with the position of the row it came from."""
    pairs = [(row.position, s) for row in rows for s in row.segments(encoder)]
    segments = [dataclasses.replace(s, index=i) for i, (_, s) in enumerate(pairs)]
    segments = with_similarity(segments, encoder)
    scores = string_scores(rows, segments)
    findings: list[list[Finding]] = [[] for _ in segments]
    for rule in rules:
        for at, finding in rule.run(segments, config):
            findings[at].append(finding)
    threshold = encoder.min_similarity if config.min_similarity is None else config.min_similarity
    records: list[tuple[int, dict[str, object]]] = []
    for i, segment in enumerate(segments):
        judgement = judge(segment, findings[i], config, min_similarity=threshold)
        record = _record(segment, findings[i], judgement, scores.segments[i])
        records.append((pairs[i][0], record))
    if records:
        plain = [record for _, record in records]
        plain[0]["_document"] = _document(rows[0], segments, plain, scores)
    return records


def _record(
    segment: Segment, findings: Sequence[Finding], judgement: Judgement, scores: Mapping[str, float]
) -> dict[str, object]:
    own = {name: getattr(segment, name, None) for name in schema.SEGMENT}  # scores come below
    return {
        **own,
        **scores,
        "status": judgement.status,
        "reasons": list(judgement.reasons),
        "findings": [_finding(f) for f in findings],
        **segment.metadata,
        "_rank": judgement.rank,
        "_document": None,
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        **{f.name: getattr(finding, f.name) for f in dataclasses.fields(finding)},
        "severity": finding.severity.label,
        "spans": [{"side": s.side, "start": s.start, "end": s.end} for s in finding.spans],
    }


def _document(
    row: Document,
    segments: Sequence[Segment],
    records: Sequence[Mapping[str, object]],
    scores: StringScores,
) -> dict[str, object]:
    """The document's row of ``schema.DOCUMENT_SCORE``, and what the tally sums."""
    cosines = [s.similarity for s in segments if s.similarity is not None]
    statuses = [r["status"] for r in records]
    return {
        "key": row.key,
        "whole": row.segment_id is None,
        "statistics": {
            **scores.statistics,
            "similarity": np.array([sum(cosines), len(cosines)], dtype=float),
        },
        "row": {
            "doc_id": row.doc_id,
            "system": row.metadata.get("system"),
            "path": row.path,
            "line": row.line,
            "segments": len(segments),
            "review": statuses.count("review"),
            "reject": statuses.count("reject"),
            "findings": sum(len(r["findings"]) for r in records if isinstance(r["findings"], list)),
            **scores.document,
            "similarity": round(sum(cosines) / len(cosines), 4) if cosines else None,
        },
    }


def run(
    batches: Iterable[Batch],
    config: Config,
    writers: Sequence[Writer],
    *,
    inputs: Sequence[str] = (),
    on_batch: Callable[[Batch, Tally], None] | None = None,
) -> tuple[Verdict, dict[str, object]]:
    """Inspect every batch, feed the writers, and give the verdict and the summary.

    ``on_batch`` is told after each batch (for a progress bar). Raises DataError when the input
    held no segment at all.
    """
    began = time.perf_counter()
    tally = Tally()
    for batch in batches:
        segments = inspect(batch.frame, config)
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
    verdict = gate(tally.by_severity, config)
    seconds = time.perf_counter() - began
    encoder = load_encoder(config.encoder)
    summary: dict[str, object] = {
        "schema_version": schema.VERSION,
        "mtcheck_version": __version__,
        "inputs": list(inputs),
        "counts": tally.counts(),
        "scores": [
            {**dataclasses.asdict(s), "ci": list(s.ci) if s.ci else None}
            for s in tally.scores(encoder.signature)
        ],
        "notes": tally.notes(),
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
    for writer in writers:
        writer.end(summary)
    return verdict, summary
