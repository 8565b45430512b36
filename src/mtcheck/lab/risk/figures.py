"""Fit the stack with its figures by cross-validation, and judge the finished model."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mtcheck.lab import markdown
from mtcheck.lab import statistics as metrics
from mtcheck.lab.risk.baselines import chrf
from mtcheck.lab.risk.stack import (
    Sample,
    calibrated,
    fit,
    fit_score,
    logits,
    out_of_fold,
    out_of_fold_score,
    platt,
    sums,
)
from mtcheck.lab.risk.witnesses import (
    ESA_SOURCES,
    Judgements,
    critical_rows,
    esa_rows,
    mlqe_rows,
    mqm_rows,
)
from mtcheck.lab.statistics import Floats
from mtcheck.models import Encoder
from mtcheck.models.risk import Marked
from mtcheck.risk import FEATURES, KINDS, RULE_GROUPS, STACK, Expert, RiskModel, Stack, to_weigh

__all__ = ["figures", "fit_stack", "judge", "table"]

_REST = 0.3
"""Weight of the rows of each other kind of text in the abstracts' expert."""

WORDS_MARKED = 1 / 6
"""Share of the words of abstracts that is marked: about as many as experts mark."""

NETWORK = FEATURES[:7]
"""What the network says; of the documents that it learnt from, that teaches the stack nothing."""

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
    rows = (
        (name, *(f"{values[c]:.3f}" if c in values else "–" for c in _COLUMNS))
        for name, values in scores.items()
    )
    lines = markdown.table("|>".join(["score", *_COLUMNS]), rows)
    return "\n".join([f"### {title}", "", *lines]) + "\n"


def _better_pairs(rows: Judgements) -> NDArray[np.intp]:
    """(better, worse) among translations of one source whose MQM differs by more than a minor."""
    pairs = []
    for source in np.unique(rows.source):
        at = np.flatnonzero((rows.source == source) & ~rows.void)
        for i in at:
            pairs += [(i, j) for j in at if rows.quality[i] > rows.quality[j] + 1]
    return np.array(pairs, dtype=np.intp).reshape(-1, 2)


def _kind(rows: Judgements, weight: float) -> Sample:
    pairs = _better_pairs(rows) if rows.system.max() > 0 else np.zeros((0, 2), dtype=np.intp)
    kind = Sample(rows.x, rows.bad, rows.document, pairs, weight)
    return kind.take(~rows.void)


def _word_threshold(rows: Sequence[Judgements]) -> float:
    """From which probability one word in so many is marked; no label is asked."""
    words = [word for kind in rows for word, _ in _words_of(kind)]
    return float(np.quantile([word.probability for word in words], 1 - WORDS_MARKED))


def _words_of(rows: Judgements) -> Iterator[tuple[Marked, bool]]:
    """Each word that is no punctuation, and whether an expert's mark touches it."""
    for segment, words, marks in itertools.zip_longest(rows.segments, rows.words, rows.marks):
        for word in words:
            if any(c.isalnum() for c in segment.hypothesis[word.start : word.end]):
                yield word, any(word.start < b and a < word.end for a, b in marks or ())


def _word_figures(rows: Judgements, threshold: float) -> str:
    words = list(_words_of(rows))
    marked = np.array([word.probability >= threshold for word, _ in words])
    wrong = np.array([bad for _, bad in words])
    return (
        f"words at {threshold:.2f}: {marked.mean():.1%} marked, {wrong.mean():.1%} wrong, "
        f"precision {wrong[marked].mean():.2f}, recall {marked[wrong].mean():.2f}, "
        f"MCC {metrics.mcc(marked, wrong):.3f}"
    )


def _against_chrf(risk: Floats, rows: Judgements, path: Path) -> str:
    """The risk beside chrF with a human reference, on rows that are not that reference."""
    from mtcheck.lab.risk.finetune import compare, gains

    frame = pd.read_json(path, lines=True)
    reference = dict(zip(frame["source"], frame["reference"], strict=True))
    hypotheses = [s.hypothesis for s in rows.segments]
    similar = chrf(hypotheses, [reference.get(s.source) for s in rows.segments])
    other = np.isfinite(similar) & (similar < 100)
    changes = compare(-similar[other], risk[other], rows.take(other))
    lines = [
        f"Beside chrF with a human reference, {other.sum()} rows, 95% intervals over sources",
        "",
        *gains(" |> chrF |> risk (out of fold) |> difference", changes),
    ]
    return "\n".join(lines) + "\n"


def _kinds(mqm: Judgements, learnt: Judgements, *rest: Judgements) -> list[Sample]:
    """What teaches the abstracts' expert; ``learnt``: abstracts that the network learnt from."""
    x = learnt.x.copy()
    x[:, : len(NETWORK)] = np.nan
    silent = _kind(replace(learnt, x=x), 1.0)
    return [_kind(mqm, 1.0), silent, *(_kind(rows, _REST) for rows in rest)]


def _threshold(kinds: Sequence[tuple[Floats, Floats]]) -> float:
    """The risk with the best MCC on average, of log-odds and labels of each kind of rows."""
    grid = np.arange(0.05, 0.61, 0.01)
    odds = np.log(grid / (1 - grid))
    found = [[metrics.mcc(z >= t, bad == 1) for t in odds] for z, bad in kinds]
    return round(float(grid[np.nan_to_num(np.mean(found, axis=0), nan=-1).argmax()]), 2)


def _blind(rows: Judgements, names: Sequence[str]) -> Judgements:
    """The rows without some features."""
    x = rows.x.copy()
    x[:, [FEATURES.index(name) for name in names]] = 0.0
    return replace(rows, x=x)


def _ablations(mqm: Judgements, rest: Sequence[Judgements], learnt: Judgements) -> str:
    """What each witness is worth: every expert out of fold, without some of the features.

    The last row of a score's table weighs all as for abstracts, fitted to what is bad.
    """
    encoder = [f for f in FEATURES if f.startswith("encoder")]
    scores = {}
    for name, left in {
        "all witnesses": (),
        "without the network": NETWORK,
        "without the encoder": (*encoder, "distance"),
        "without rules": tuple(RULE_GROUPS),
        "without half-width punctuation": ("half-width punctuation",),
        "without the length": ("length",),
        "without `contrast`": ("contrast",),
        "without `adequacy`": ("adequacy",),
        "network only": tuple(f for f in FEATURES if f not in NETWORK),
        "rules only": tuple(f for f in FEATURES if f not in RULE_GROUPS),
    }.items():
        z = np.full(len(mqm.bad), np.inf)
        views = [_blind(rows, left) for rows in (mqm, learnt, *rest)]
        z[~mqm.void] = out_of_fold(_kinds(*views))
        scores[name] = figures(z, mqm)
    out = [table("Bio-MQM dev, the abstracts' expert out of fold", scores)]
    for rows, kind in zip(rest, KINDS[1:], strict=True):
        scores = {}
        for name in ("", "adequacy", "encoder adequacy", "encoder critical", "Latin words"):
            z = np.full(len(rows.bad), np.inf)
            x = _blind(rows, [name] if name else []).x[~rows.void]
            group = rows.source[~rows.void]
            z[~rows.void] = out_of_fold_score(x, rows.quality[~rows.void], group, kind)
            scores[f"without `{name}`" if name else "all witnesses"] = figures(z, rows)
        z[~rows.void] = out_of_fold([replace(_kind(rows, 1.0), group=group % 10)])
        scores["weighed as for abstracts"] = figures(z, rows)
        out.append(table(f"Sources held out in training, {kind}, ten folds", scores))
    return "\n".join(out)


def _listed(expert: Expert, spread: Floats) -> str:
    """The weights that are not nothing, each for a spread of its feature (a finding for one)."""
    return ", ".join(
        f"{name} {weight * (1.0 if name in RULE_GROUPS else by):.2f}"
        for (name, weight), by in zip(expert.weights.items(), spread.tolist(), strict=True)
        if weight
    )


def _blank() -> Stack:
    blank = Expert(dict.fromkeys(FEATURES, 0.0), 0.0)
    return Stack(dict.fromkeys(KINDS, blank), rules=to_weigh())


def _score_expert(rows: Judgements, kind: str) -> Expert:
    there = ~rows.void
    expert = fit_score(rows.x[there], rows.quality[there], kind)
    return calibrated(expert, *platt(sums(expert, rows.x[there]), rows.bad[there]))


def fit_stack(data: Path, folder: Path, encoder: Encoder) -> str:
    """Fit on Bio-MQM and held-out sources, calibrate out of fold, write ``stack.json``.

    Of Bio-MQM the network has learnt from the train file: there only the other witnesses are
    asked. Returns the cross-validated figures of the dev file, each document judged by a stack
    fitted without it.
    """
    model = RiskModel(folder, stack=_blank())
    mqm = mqm_rows(data / "bio_mqm_dev.jsonl", model, encoder)
    learnt = mqm_rows(data / "bio_mqm_train.jsonl", model, encoder)
    rest = [
        mlqe_rows(data / "mlqe_pe_train.parquet", model, encoder, held=True),
        critical_rows(data / "critical_errors_train.parquet", model, encoder, held=True),
    ]
    kinds = _kinds(mqm, learnt, *rest)
    there = ~mqm.void
    z = np.zeros(len(mqm.bad))
    z[there] = out_of_fold(kinds)
    expert = fit(kinds)
    z += float(sums(expert, kinds[0].x.mean(axis=0)[None])[0])  # left out in the folds
    slope, shift = platt(z[there], mqm.bad[there])
    experts = {
        "abstract": calibrated(expert, slope, shift),
        **{kind: _score_expert(rows, kind) for kind, rows in zip(KINDS[1:], rest, strict=True)},
    }
    stack = Stack(experts, rules=model.stack.rules)
    # As the finished stack does it, but the abstracts' expert never saw the document.
    others = logits(stack, mqm.x, mqm.kinds * (np.array(KINDS) != "abstract"))
    share = mqm.kinds[:, KINDS.index("abstract")]
    risk = np.where(there, share * (slope * z + shift) + others, np.inf)
    threshold = _threshold(
        [(risk, mqm.bad), *((logits(stack, rows.x, rows.kinds), rows.bad) for rows in rest)]
    )
    word_threshold = round(_word_threshold([mqm, learnt]), 3)
    stack = replace(stack, threshold=threshold, word_threshold=word_threshold)
    stack.save(folder / STACK)
    nested = np.ones(len(z))  # calibrated without the document, too
    for document in np.unique(mqm.document):
        own = (mqm.document == document) & there
        other = (mqm.document != document) & there
        slope, shift = platt(z[other], mqm.bad[other])
        nested[own] = 1 / (1 + np.exp(-(share * (slope * z + shift) + others)[own]))
    scores = {"risk (out of fold)": figures(risk, mqm)}
    scores["risk (out of fold)"]["ECE"] = figures(nested, mqm, probability=True)["ECE"]
    for i, name in enumerate(FEATURES):
        if np.ptp(mqm.x[there, i]) > 0:
            scores[name] = figures(np.where(there, mqm.x[:, i], mqm.x[:, i].max()), mqm)
    spread = mqm.x[there].std(axis=0)
    notes = (
        *(
            f"{kind}, log-odds for a spread on Bio-MQM: {_listed(stack.experts[kind], spread)}"
            for kind in KINDS
        ),
        f"kinds on Bio-MQM: {', '.join(f'{v:.3f}' for v in mqm.kinds.mean(axis=0))}",
        f"share with a major or critical error: {mqm.bad.mean():.3f}",
        f"threshold with the best mean MCC on the three kinds: {threshold:.2f}",
        _word_figures(mqm, word_threshold),
    )
    told = table("Bio-MQM dev", scores) + "\n" + "\n".join(notes) + "\n"
    told += "\n" + _against_chrf(risk, mqm, data / "bio_mqm_dev.jsonl")
    return told + "\n" + _ablations(mqm, rest, learnt)


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
        z = model.stack.slope * logits(model.stack, rows.x, rows.kinds) + model.stack.shift
        risk = np.where(rows.void, 1.0, 1 / (1 + np.exp(-z)))
        scores = {"risk": figures(risk, rows, threshold=model.stack.threshold)}
        for i, name in enumerate(FEATURES):
            if np.ptp(rows.x[:, i]) > 0:
                scores[name] = figures(np.where(rows.void, rows.x[:, i].max(), rows.x[:, i]), rows)
        out.append(table(title, scores))
    return "\n".join(out)
