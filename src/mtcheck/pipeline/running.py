"""The run: batches in, writers fed, a verdict and a summary out."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from mtcheck import schema
from mtcheck._version import __version__
from mtcheck.config import Config
from mtcheck.errors import DataError
from mtcheck.judge import Measured, gate, score_limits
from mtcheck.models import load_encoder
from mtcheck.pipeline.spool import OnBatch, all_inspected
from mtcheck.pipeline.tools import risk_model
from mtcheck.readers import Batch
from mtcheck.reporters import Writer
from mtcheck.review.baseline import AgainstBaseline, load_baseline
from mtcheck.review.suppressions import load_suppressions
from mtcheck.risk.calibration import load_calibration
from mtcheck.rules import selected
from mtcheck.summary import Summary
from mtcheck.tally import Tally
from mtcheck.types import Score, Verdict

__all__ = ["run"]


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
    baseline = _baseline(config)
    for batch, inspected in all_inspected(batches, config, on_batch):
        marked = baseline.mark(inspected) if baseline else inspected
        tally.add(marked, rejected=len(batch.rejected))
        for writer in writers:
            writer.add(marked)
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
            by_severity=baseline.by_severity() if baseline else tally.by_severity,
            segments=tally.segments,
            flagged=tally.segments - tally.by_status["accept"],
            scores={s.name: s.value for s in scores},
            baseline=baseline is not None,
        ),
        config,
    )
    summary = _summary(
        tally, scores=scores, verdict=verdict, config=config, inputs=inputs, seconds=seconds
    )
    if baseline:
        summary["baseline"] = baseline.summary()
    if config.suppressions or config.decisions:
        known = load_suppressions(config)
        summary["suppressions"] = known.summary(tally.suppressed_by, tally.settled)
    for writer in writers:
        writer.end(summary)
    return verdict, summary


def _summary(
    tally: Tally,
    *,
    scores: Sequence[Score],
    verdict: Verdict,
    config: Config,
    inputs: Sequence[str],
    seconds: float,
) -> Summary:
    """What ``summary.json`` holds of every run."""
    return {
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


def _baseline(config: Config) -> AgainstBaseline | None:
    """With the baseline that the settings name, read before the work begins."""
    if not config.baseline:
        return None
    return AgainstBaseline(load_baseline(Path(config.baseline)), [r.key for r in selected(config)])


def _risk_signature(config: Config) -> str:
    model = risk_model(config)
    if model is None:
        return ""
    if config.calibration:
        return f"{model.signature}|{load_calibration(Path(config.calibration)).signature}"
    return model.signature


def _risk_notes(config: Config) -> list[str]:
    """What a reader of the risks must know of their model."""
    model = risk_model(config)
    if model is None:
        pair = "-".join(config.languages)
        return [f"No risk: the model was not trained for {pair}."] if config.risk else []
    if not model.changed:
        return []
    return [
        f"The risk was fitted with {', '.join(model.changed)} as they were then: these rules have "
        "changed since, so take it as a rank until the model is fitted anew."
    ]
