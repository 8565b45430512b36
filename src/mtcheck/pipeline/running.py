"""The run: batches in, writers fed, a verdict and a summary out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from mtcheck import schema
from mtcheck._version import __version__
from mtcheck.config import Config
from mtcheck.errors import DataError
from mtcheck.judge import Measured, gate, score_limits
from mtcheck.models import load_encoder
from mtcheck.pipeline.asking import judge_note, judge_record
from mtcheck.pipeline.spool import INSPECTING, Means, OnBatch, all_inspected
from mtcheck.pipeline.tools import metrics, risk_model
from mtcheck.readers import Batch
from mtcheck.reporters import Writer
from mtcheck.review.baseline import AgainstBaseline, load_baseline
from mtcheck.review.suppressions import load_suppressions
from mtcheck.risk.calibration import load_calibration
from mtcheck.rules import MODEL_CODE, selected
from mtcheck.scorers import NONE
from mtcheck.summary import Summary
from mtcheck.tally import Tally, listed
from mtcheck.timing import stage, timed
from mtcheck.types import Score, Verdict

__all__ = ["run"]


def run(
    batches: Iterable[Batch],
    config: Config,
    writers: Sequence[Writer],
    *,
    inputs: Sequence[str] = (),
    on_batch: OnBatch | None = None,
    may_be_empty: bool = False,
    means: Means | None = None,
) -> tuple[Verdict, Summary]:
    """Inspect every batch, feed the writers, and give the verdict and the summary.

    Its ``means`` make it quicker, not other. ``on_batch`` is told after each batch (for a progress
    bar). With ``config.baseline`` each finding says in ``known`` whether the baseline has it, and
    those fail nothing. Raises DataError when the input held no segment at all, unless it
    ``may_be_empty``.
    """
    score_limits(config)  # an unknown score is told before the work begins
    tally = Tally(intervals=config.metrics != (NONE,))
    baseline = _baseline(config)
    means = means or Means()
    reading: dict[str, None] = {}
    with timed() as stages:
        for batch, inspected in all_inspected(batches, config, on_batch, means):
            reading.update(dict.fromkeys(batch.notes))
            marked = baseline.mark(inspected) if baseline else inspected
            with stage("tally"):
                tally.add(marked, rejected=len(batch.rejected))
                tally.unread |= {u.path: u.reason for u in batch.unread}
            with stage("reports"):
                for writer in writers:
                    writer.add(marked)
            if on_batch:
                on_batch(batch, tally)
    if not tally.segments and not may_be_empty:
        raise DataError(
            "no segment to audit"
            + (f": all {tally.rejected} rows were rejected" if tally.rejected else ""),
            path=inputs[0] if len(inputs) == 1 else "",
            mend="see rejected.jsonl" if tally.rejected else "give a file with text on both sides",
        )
    if means.cache:
        means.cache.trim()
    seconds = sum(stages.values())
    tally.add_timings({name: taken for name, taken in stages.items() if name != INSPECTING})
    with timed() as stages, stage("intervals"):
        scores = tally.scores(_signatures(tally, config), config.languages)
    seconds += sum(stages.values())
    tally.add_timings(stages)
    verdict = gate(
        Measured(
            by_severity=baseline.by_severity() if baseline else _weighed(tally, config),
            segments=tally.segments,
            flagged=tally.segments - tally.by_status["accept"],
            scores={s.name: s.value for s in scores},
            baseline=baseline is not None,
            unread=tally.asked["unread"],
        ),
        config,
    )
    summary = _summary(
        tally, scores=scores, verdict=verdict, config=config, inputs=inputs, seconds=seconds
    )
    summary["notes"] = [*reading, *summary["notes"]]
    if config.judge:
        summary["judge"] = judge_record(tally.asked, config)
        summary["notes"] = [*summary["notes"], judge_note(summary["judge"], config)]
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
    every = max(1, tally.timings.total())
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
        "notes": [
            *tally.notes(metrics(config).values()),
            *_risk_notes(config),
            *_similarity_notes(config),
        ],
        "config": config.as_dict(),
        "verdict": {
            "passed": verdict.passed,
            "label": verdict.label,
            "reasons": list(verdict.reasons),
        },
        "timings": {
            "seconds": round(seconds, 2),
            "segments_per_second": round(tally.segments / seconds, 1),
            "stages": [
                {"name": name, "seconds": round(taken / 1e6, 3), "share": round(taken / every, 4)}
                for name, taken in tally.timings.most_common()
            ],
            "from_cache": tally.from_cache,
        },
    }


def _baseline(config: Config) -> AgainstBaseline | None:
    """With the baseline that the settings name, read before the work begins."""
    if not config.baseline:
        return None
    weightless = [] if config.judge_gates else [MODEL_CODE]
    rules = [r.key for r in selected(config)]
    return AgainstBaseline(load_baseline(Path(config.baseline)), rules, weightless)


def _weighed(tally: Tally, config: Config) -> Mapping[str, int]:
    """The findings that may fail the run, by severity."""
    return tally.by_severity if config.judge_gates else tally.by_severity - tally.of_model


def _signatures(tally: Tally, config: Config) -> dict[str, str]:
    """Of what the run has measured itself, by column."""
    found = {}
    if "similarity" in tally.sums:
        found["similarity"] = load_encoder(config.encoder).signature
    if "risk" in tally.sums:
        found["risk"] = _risk_signature(config)
    return found


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


def _similarity_notes(config: Config) -> list[str]:
    """Which rules the run went without."""
    if config.similarity:
        return []
    having = selected(dataclasses.replace(config, similarity=True))
    off = sorted({r.key for r in having} - {r.key for r in selected(config)})
    return [f"Without the similarity, {listed(off)} did not run."] if off else []
