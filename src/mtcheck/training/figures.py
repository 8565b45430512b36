"""Fit the stack with its figures by cross-validation, and judge the finished model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtcheck.evaluation import metrics
from mtcheck.models import Encoder
from mtcheck.risk import FEATURES, STACK, RiskModel, Stack
from mtcheck.training.evidence import (
    ESA_SOURCES,
    Judgements,
    critical_rows,
    esa_rows,
    mlqe_rows,
    mqm_rows,
)
from mtcheck.training.stack import Labelled, calibrate, fit, logits, out_of_fold

__all__ = ["figures", "fit_stack", "judge", "table"]

Floats = NDArray[np.float64]
_COLUMNS = (
    "pearson", "tau", "within source", "systems r", "AUC", "recall at 20%", "MCC", "ECE"
)  # fmt: skip


def figures(
    risk: Floats, rows: Judgements, *, threshold: float | None = None, probability: bool = False
) -> dict[str, float]:
    """The measures of the issue for one score, higher risk being worse. NaN where undefined."""
    bad = rows.bad == 1
    risk = np.where(np.isfinite(risk), risk, np.max(risk, where=np.isfinite(risk), initial=-1e9))
    out = {
        "pearson": metrics.pearson(-risk, rows.quality),
        "tau": metrics.kendall(-risk, rows.quality),
        "AUC": metrics.roc_auc(risk, bad),
        "recall at 20%": metrics.recall_at(risk, bad, 0.2),
    }
    if rows.system.max() > 0:
        within = metrics.tau_by_group(-risk, rows.quality, rows.source)
        out["within source"] = float(np.nanmean(within))
        count = np.bincount(rows.system)
        means = [np.bincount(rows.system, weights=v) / count for v in (-risk, rows.quality)]
        out["systems r"] = metrics.pearson(*means)
    if threshold is not None:
        out["MCC"] = metrics.mcc(risk >= threshold, bad)
    if probability:
        out["ECE"] = metrics.expected_calibration_error(risk, bad)
    return out


def table(title: str, scores: Mapping[str, Mapping[str, float]]) -> str:
    """Figures by score as a Markdown table."""
    lines = [
        f"### {title}", "", f"| score | {' | '.join(_COLUMNS)} |",
        "|---" + "|---:" * len(_COLUMNS) + "|",
    ]  # fmt: skip
    for name, values in scores.items():
        cells = [f"{values[c]:.3f}" if c in values else "–" for c in _COLUMNS]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _better_pairs(rows: Judgements) -> NDArray[np.intp]:
    """(better, worse) among translations of one source whose MQM differs by more than a minor."""
    pairs = []
    for source in np.unique(rows.source):
        at = np.flatnonzero((rows.source == source) & ~rows.void)
        for i in at:
            pairs += [(i, j) for j in at if rows.quality[i] > rows.quality[j] + 1]
    return np.array(pairs, dtype=np.intp).reshape(-1, 2)


def _kind(rows: Judgements, weight: float) -> Labelled:
    pairs = _better_pairs(rows) if rows.system.max() > 0 else np.zeros((0, 2), dtype=np.intp)
    kind = Labelled(rows.x, rows.bad, rows.document, pairs, weight)
    return kind.take(~rows.void)


def _word_threshold(model: RiskModel, data: Path) -> tuple[float, float]:
    """The word probability with the best MCC on the held-out sources of MLQE-PE train, and it."""
    import pandas as pd

    from mtcheck.training.data import held_out, tagged

    frame = pd.read_parquet(data / "mlqe_pe_train.parquet")
    frame = frame[frame["source"].map(held_out)]
    probability: list[float] = []
    wrong: list[bool] = []
    for source, tokens, tags in zip(
        frame["source"], frame["hypothesis_tokenised"], frame["target_tags"], strict=True
    ):
        text, marks = tagged(tokens, tags)
        for word in model.network.score([(source, text)])[0].words:
            if any(c.isalnum() for c in text[word.start : word.end]):
                probability.append(word.probability)
                wrong.append(any(word.start < b and a < word.end for a, b in marks))
    p, bad = np.array(probability), np.array(wrong)
    found = [(metrics.mcc(p >= t, bad), float(t)) for t in np.arange(0.1, 0.9, 0.02)]
    best, threshold = max(pair for pair in found if not np.isnan(pair[0]))
    return threshold, best


def _blank() -> Stack:
    zeros, ones = dict.fromkeys(FEATURES, 0.0), dict.fromkeys(FEATURES, 1.0)
    return Stack(zeros, zeros, ones, 0.0)


def fit_stack(data: Path, folder: Path, encoder: Encoder) -> str:
    """Fit on Bio-MQM dev and held-out sources, calibrate out of fold, write ``stack.json``.

    Returns the cross-validated figures: each document judged by a stack fitted without it.
    """
    model = RiskModel(folder, stack=_blank())
    mqm = mqm_rows(data / "bio_mqm_dev.jsonl", model, encoder)
    rest = [
        mlqe_rows(data / "mlqe_pe_train.parquet", model, encoder, held=True),
        critical_rows(data / "critical_errors_train.parquet", model, encoder, held=True),
    ]
    kinds = [_kind(mqm, 1.0), _kind(rest[0], 0.3), _kind(rest[1], 0.3)]
    there = ~mqm.void
    z = np.full(len(mqm.bad), np.inf)
    z[there] = out_of_fold(kinds)
    stack = fit(kinds)
    shift = float(logits(stack, kinds[0].x.mean(axis=0)[None])[0])  # as in the folds
    calibrated = calibrate(stack, z[there] + shift, mqm.bad[there])
    word_threshold, word_mcc = _word_threshold(model, data)
    stack = replace(calibrated, word_threshold=round(word_threshold, 2))
    (folder / STACK).write_text(json.dumps(asdict(stack), indent=1) + "\n", encoding="utf-8")
    nested = np.ones(len(z))  # calibrated without the document, too
    for document in np.unique(mqm.document):
        own = (mqm.document == document) & there
        other = (mqm.document != document) & there
        fold = calibrate(stack, z[other], mqm.bad[other])
        nested[own] = 1 / (1 + np.exp(-(fold.slope * z[own] + fold.shift)))
    scores = {"risk (out of fold)": figures(z, mqm)}
    scores["risk (out of fold)"]["ECE"] = figures(nested, mqm, probability=True)["ECE"]
    for i, name in enumerate(FEATURES):
        if np.ptp(mqm.x[there, i]) > 0:
            scores[name] = figures(np.where(there, mqm.x[:, i], mqm.x[:, i].max()), mqm)
    weights = ", ".join(f"{n} {w:.2f}" for n, w in stack.weights.items())
    notes = (
        f"weights: {weights}",
        f"share with a major or critical error: {mqm.bad.mean():.3f}",
        f"words of held-out MLQE-PE at {word_threshold:.2f}: MCC {word_mcc:.3f}",
    )
    return table("Bio-MQM dev", scores) + "\n" + "\n".join(notes) + "\n"


def judge(data: Path, folder: Path, encoder: Encoder) -> str:
    """Figures on files that neither network nor stack has seen.

    WMT24 ESA is judged where it is there; its licence keeps it from all training.
    """
    model = RiskModel(folder)
    sets = {
        "MLQE-PE dev": mlqe_rows(data / "mlqe_pe_dev.parquet", model, encoder, held=False),
        "Critical errors dev": critical_rows(
            data / "critical_errors_dev.parquet", model, encoder, held=False
        ),
    }
    esa = data / "wmt24_esa_train.jsonl"
    if esa.exists():
        rows = esa_rows(esa, model, encoder)
        title = (
            f"WMT24 ESA, {len(set(rows.source.tolist()))} sources at random (at most "
            f"{ESA_SOURCES}), {len(rows.bad)} segments, {rows.bad.mean():.1%} with a major error"
        )
        sets[title] = rows
    out = []
    for title, rows in sets.items():
        z = logits(model.stack, rows.x)
        risk = np.where(
            rows.void, 1.0, 1 / (1 + np.exp(-(model.stack.slope * z + model.stack.shift)))
        )
        scores = {"risk": figures(risk, rows)}
        for i, name in enumerate(FEATURES):
            if np.ptp(rows.x[:, i]) > 0:
                scores[name] = figures(np.where(rows.void, rows.x[:, i].max(), rows.x[:, i]), rows)
        out.append(table(title, scores))
    return "\n".join(out)
