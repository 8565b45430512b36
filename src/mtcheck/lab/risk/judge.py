"""How well scores agree with human judgement: the tables behind ``mtcheck evaluate``.

Every column of scores gets the same measures, and beside it always stand baselines that see no
errors. Segment level: correlation with the human score over all segments and among
translations of the same source; how well the segments with a major or critical error are
found. Word level: how well a column of spans covers the human marks. System level: whether the
systems come in the right order.

The intervals are 95% percentile bootstrap intervals over sources: all translations of a source
are drawn together, since they share its difficulty. Every column sees the same draws.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mtcheck.api import audit as api
from mtcheck.config import Config
from mtcheck.errors import DataError, UsageError
from mtcheck.lab import statistics as metrics
from mtcheck.lab.labels import (
    Labels,
    codes,
    join,
    numbers,
    score_columns,
    span_columns,
)
from mtcheck.lab.markdown import table
from mtcheck.lab.marks import Marks, marks_of
from mtcheck.lab.risk import baselines as base
from mtcheck.lab.statistics import Bin, Bools, Floats, wilson
from mtcheck.models import Vectors, load_encoder
from mtcheck.models.pairs import load_pair_scorer
from mtcheck.models.risk import WEIGHTS
from mtcheck.risk import STACK, Stack
from mtcheck.risk.calibration import load_calibration
from mtcheck.types import Severity

__all__ = [
    "ColumnFigures",
    "Direction",
    "Estimate",
    "JudgedColumn",
    "OwnColumns",
    "Quality",
    "WordFigures",
    "audit_columns",
    "evaluate",
    "evaluate_columns",
    "figure",
]

Direction = Literal["worse", "better"]
"""What a higher score means."""

_BETTER = ("chrf", "bleu", "comet", "similarity", "cosine", "margin", "quality", "bertscore")
_WORSE = ("risk", "penalty", "ter", "error", "probability")
_SEGMENT = {
    "pearson": "Pearson",
    "spearman": "Spearman",
    "kendall": "Kendall tau-b",
    "within_source": "tau within source",
    "system_pearson": "systems r",
    "system_kendall": "systems tau",
}
_ERRORS = {
    "roc_auc": "ROC-AUC",
    "average_precision": "average precision",
    "recall_10": "recall at 10%",
    "recall_20": "recall at 20%",
    "recall_30": "recall at 30%",
    "mcc": "MCC at threshold",
    "ece": "ECE",
}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure with its 95% interval; ``low`` and ``high`` are None without one."""

    value: float
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        text = f"{self.value:.3f}"
        return text if self.low is None else f"{text} ({self.low:.2f} to {self.high:.2f})"


@dataclass(frozen=True)
class JudgedColumn:
    """Scores to be judged, one a row, NaN where missing.

    ``direction`` None asks to detect it from the human judgements. ``threshold`` is on the
    column's own scale: a segment that reaches it, on the worse side, is flagged.
    """

    values: Floats
    direction: Direction | None = None
    threshold: float | None = None
    baseline: bool = False


@dataclass(frozen=True)
class ColumnFigures:
    """One column's figures. A measure that is not defined for it is absent.

    ``figures`` has the keys ``pearson``, ``spearman``, ``kendall``, ``within_source``,
    ``system_pearson``, ``system_kendall``, ``roc_auc``, ``average_precision``, ``recall_10``,
    ``recall_20``, ``recall_30``, ``mcc`` and ``ece``, always so signed that higher is better,
    but for ``ece``. ``reliability`` is there for a probability: risks from 0 to 1.
    """

    name: str
    direction: Direction
    detected: bool
    baseline: bool
    n: int
    threshold: float | None
    figures: Mapping[str, Estimate]
    reliability: tuple[Bin, ...] = ()


@dataclass(frozen=True)
class WordFigures:
    """How a column of spans covers the human marks.

    ``mcc`` counts units (words where the labels are words, else characters); precision, recall
    and F1 count characters that are no spaces.
    """

    name: str
    baseline: bool
    mcc: Estimate | None
    precision: Estimate | None
    recall: Estimate | None
    f1: Estimate | None


@dataclass(frozen=True)
class Quality:
    """All tables of one labelled file.

    ``prevalence`` is the share of segments with a major or critical error, ``marked`` the
    share of characters that humans marked; None where the file does not say.
    """

    path: str
    segments: int
    sources: int
    documents: int
    systems: int
    set_aside: int
    references: int
    human: str
    label: str
    prevalence: float | None
    marked: float | None
    columns: tuple[ColumnFigures, ...]
    words: tuple[WordFigures, ...]
    resamples: int
    seed: int
    notes: tuple[str, ...] = field(default=())

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return dataclasses.asdict(self)

    def column(self, name: str) -> ColumnFigures:
        """The figures of one column. Raises KeyError for an unknown one."""
        for judged in self.columns:
            if judged.name == name:
                return judged
        raise KeyError(name)

    def markdown(self) -> str:
        """The tables as Markdown."""
        return "\n".join(_markdown(self)) + "\n"


# --- judging -----------------------------------------------------------------------------------


def evaluate_columns(
    labels: Labels,
    columns: Mapping[str, JudgedColumn],
    spans: Mapping[str, Sequence[Marks]] | None = None,
    *,
    resamples: int = 1000,
    seed: int = 0,
    notes: Sequence[str] = (),
) -> Quality:
    """Judge columns that are already there; one value a row of ``labels``.

    ``resamples`` 0 leaves out the intervals. The same seed gives the same intervals.
    """
    draws = _draws(labels.source_group, resamples, seed)
    systems = codes(labels.system) if any(labels.system) else None
    known = labels.bad[~np.isnan(labels.bad)]
    words = [w for w in labels.words if w is not None]
    units = sum(len(w.bad) for w in words)
    return Quality(
        path=labels.path,
        segments=len(labels),
        sources=int(labels.source_group.max()) + 1,
        documents=int(labels.document_group.max()) + 1 if any(labels.doc_id) else 0,
        systems=0 if systems is None else int(systems.max()) + 1,
        set_aside=labels.set_aside,
        references=labels.references,
        human=labels.human_name,
        label=labels.bad_name,
        prevalence=float(known.mean()) if len(known) else None,
        marked=sum(int(w.bad.sum()) for w in words) / units if units else None,
        columns=tuple(_judge(labels, n, c, systems, draws) for n, c in columns.items()),
        words=tuple(_word_tables(labels, spans or {}, draws)) if words else (),
        resamples=resamples,
        seed=seed,
        notes=tuple(notes),
    )


def _draws(group: NDArray[np.intp], resamples: int, seed: int) -> NDArray[np.intp]:
    """``(resamples, sources)``: the sources drawn, with replacement, in each resample."""
    n = int(group.max()) + 1
    return np.random.default_rng(seed).integers(n, size=(resamples, n))


def _judge(
    labels: Labels,
    name: str,
    column: JudgedColumn,
    systems: NDArray[np.intp] | None,
    draws: NDArray[np.intp],
) -> ColumnFigures:
    there = np.isfinite(column.values)
    direction = column.direction or _known_direction(name)
    detected = direction is None
    if direction is None:
        direction = _detect(labels, column.values)
    risk = column.values if direction == "worse" else -column.values
    threshold = column.threshold
    if threshold is not None and direction == "better":
        threshold = -threshold
    values = column.values[there]
    probability = (
        direction == "worse" and len(np.unique(values)) > 2 and 0 <= min(values) <= max(values) <= 1
    )
    figures: dict[str, Estimate] = {}
    rated = np.flatnonzero(there & ~np.isnan(labels.human))
    if len(rated):
        figures |= _correlations(labels, risk, rated, systems, draws)
    looked = np.flatnonzero(there & ~np.isnan(labels.bad))
    bad = labels.bad == 1
    if len(looked):

        def finding(rows: NDArray[np.intp]) -> dict[str, float]:
            return _finding(risk[rows], bad[rows], threshold, probability=probability)

        figures |= _with_intervals(finding, labels.source_group, looked, draws)
    return ColumnFigures(
        name=name,
        direction=direction,
        detected=detected,
        baseline=column.baseline,
        n=int(there.sum()),
        threshold=column.threshold,
        figures=figures,
        reliability=metrics.reliability(risk[looked], bad[looked]) if probability else (),
    )


def _known_direction(name: str) -> Direction | None:
    words = set(re.split("[^a-z]+", name.lower()))
    if words & set(_WORSE):
        return "worse"
    return "better" if words & set(_BETTER) else None


def _detect(labels: Labels, values: Floats) -> Direction:
    """What the human judgements say; "worse" where they say nothing."""
    there = np.isfinite(values)
    rated = there & ~np.isnan(labels.human)
    agreement = metrics.spearman(values[rated], labels.human[rated])
    if math.isnan(agreement):
        looked = there & ~np.isnan(labels.bad)
        agreement = 0.5 - metrics.roc_auc(values[looked], labels.bad[looked] == 1)
    return "better" if agreement > 0 else "worse"


def _correlations(
    labels: Labels,
    risk: Floats,
    rows: NDArray[np.intp],
    systems: NDArray[np.intp] | None,
    draws: NDArray[np.intp],
) -> dict[str, Estimate]:
    quality, human = -risk, labels.human

    centred = [_centred(v, labels.source_group, rows, systems) for v in (quality, human)]

    def overall(at: NDArray[np.intp]) -> dict[str, float]:
        out = {
            "pearson": metrics.pearson(quality[at], human[at]),
            "spearman": metrics.spearman(quality[at], human[at]),
            "kendall": metrics.kendall(quality[at], human[at]),
        }
        if systems is not None:
            shared = at[~np.isnan(centred[0][at])]
            count = np.bincount(systems[shared])
            seen = count > 0
            means = [
                np.round(np.bincount(systems[shared], weights=v[shared])[seen] / count[seen], 12)
                for v in centred
            ]
            if seen.sum() > 2:
                out["system_pearson"] = metrics.pearson(*means)
                out["system_kendall"] = metrics.kendall(*means)
        return out

    figures = _with_intervals(overall, labels.source_group, rows, draws)
    taus = np.full(draws.shape[1], math.nan)
    within = metrics.tau_by_group(quality[rows], human[rows], labels.source_group[rows])
    taus[: len(within)] = within
    if not np.isnan(taus).all():
        drawn = taus[draws]
        known = (~np.isnan(drawn)).sum(axis=1)
        means_drawn = np.nansum(drawn, axis=1)[known > 0] / known[known > 0]
        figures["within_source"] = figure(float(np.nanmean(taus)), means_drawn)
    return figures


def _centred(
    values: Floats,
    group: NDArray[np.intp],
    rows: NDArray[np.intp],
    systems: NDArray[np.intp] | None,
) -> Floats:
    """Values less the mean of their source; NaN for a source that one system alone translated.

    Where all systems translated the same sources this moves all system means alike and changes
    nothing. Where they did not, a system is not punished for the difficult sources it got.
    """
    out = np.full(len(values), math.nan)
    if systems is None:
        return out
    sums = np.bincount(group[rows], weights=values[rows])
    pairs = np.unique(np.stack([group[rows], systems[rows]]), axis=1)
    shared = np.bincount(pairs[0], minlength=len(sums)) > 1
    kept = rows[shared[group[rows]]]
    out[kept] = values[kept] - (sums / np.maximum(np.bincount(group[rows]), 1))[group[kept]]
    return out


def _finding(
    risk: Floats, bad: Bools, threshold: float | None, *, probability: bool
) -> dict[str, float]:
    out = {
        "roc_auc": metrics.roc_auc(risk, bad),
        "average_precision": metrics.average_precision(risk, bad),
    }
    for budget in (10, 20, 30):
        out[f"recall_{budget}"] = metrics.recall_at(risk, bad, budget / 100)
    if threshold is not None:
        out["mcc"] = metrics.mcc(risk >= threshold, bad)
    if probability:
        out["ece"] = metrics.expected_calibration_error(risk, bad)
    return out


def _with_intervals(
    measure: Callable[[NDArray[np.intp]], Mapping[str, float]],
    group: NDArray[np.intp],
    rows: NDArray[np.intp],
    draws: NDArray[np.intp],
) -> dict[str, Estimate]:
    """The measures of these rows, with intervals over their sources."""
    point = measure(rows)
    members: list[NDArray[np.intp]] = [np.zeros(0, dtype=np.intp)] * draws.shape[1]
    order = rows[np.argsort(group[rows], kind="stable")]
    for part in np.split(order, 1 + np.flatnonzero(np.diff(group[order]))):
        members[int(group[part[0]])] = part
    again: dict[str, list[float]] = {k: [] for k in point}
    for draw in draws:
        for key, value in measure(np.concatenate([members[g] for g in draw])).items():
            again[key].append(value)
    if "ece" in point and again["ece"]:
        # A resample repeats rows, so its bins scatter more and its error is larger throughout.
        drawn = np.array(again["ece"])
        again["ece"] = np.clip(drawn - np.nanmean(drawn) + point["ece"], 0, 1).tolist()
    return {
        k: figure(v, np.array(again[k], dtype=np.float64))
        for k, v in point.items()
        if not math.isnan(v)
    }


def figure(value: float, drawn: Floats) -> Estimate:
    """A value with the 95% percentile interval of its resamples, if there are enough."""
    drawn = drawn[np.isfinite(drawn)]
    if len(drawn) < 20:  # no percentile means anything
        return Estimate(value)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Estimate(value, float(low), float(high))


# --- words -------------------------------------------------------------------------------------


def _word_tables(
    labels: Labels, spans: Mapping[str, Sequence[Marks]], draws: NDArray[np.intp]
) -> Iterator[WordFigures]:
    everything = [((0, len(text)),) for text in labels.hypothesis]
    for name, column in {**spans, "all of the text": everything}.items():
        counts = np.zeros((draws.shape[1], 7))
        for i, marks in enumerate(column):
            counts[labels.source_group[i]] += _counts(labels, i, marks)
        drawn = [_from_counts(counts[draw].sum(axis=0)) for draw in draws]
        figures = {
            k: None if math.isnan(v) else figure(v, np.array([d[k] for d in drawn]))
            for k, v in _from_counts(counts.sum(axis=0)).items()
        }
        yield WordFigures(
            name,
            baseline=column is everything,
            mcc=figures["mcc"],
            precision=figures["precision"],
            recall=figures["recall"],
            f1=figures["f1"],
        )


def _counts(labels: Labels, i: int, marks: Marks) -> Floats:
    """Units: both, only flagged, only bad, neither; characters: both, flagged, bad."""
    words = labels.words[i]
    if words is None:
        return np.zeros(7)
    marked = np.zeros(len(words.unit), dtype=bool)
    for start, end in marks:
        marked[max(0, start) : max(0, end)] = True
    solid = words.unit >= 0
    flagged = np.zeros(len(words.bad), dtype=bool)
    flagged[words.unit[marked & solid]] = True
    wrong = words.bad[words.unit[solid]]
    marked = marked[solid]
    return np.array(
        [
            (flagged & words.bad).sum(),
            (flagged & ~words.bad).sum(),
            (~flagged & words.bad).sum(),
            (~flagged & ~words.bad).sum(),
            (marked & wrong).sum(),
            marked.sum(),
            wrong.sum(),
        ],
        dtype=np.float64,
    )


def _from_counts(counts: Floats) -> dict[str, float]:
    tp, fp, fn, tn, both, flagged, wrong = (float(c) for c in counts)
    norm = math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
    total = flagged + wrong
    return {
        "mcc": (tp * tn - fp * fn) / norm if norm else math.nan,
        "precision": both / flagged if flagged else math.nan,
        "recall": both / wrong if wrong else math.nan,
        "f1": 2 * both / total if total else math.nan,
    }


# --- from files --------------------------------------------------------------------------------


@dataclass(frozen=True)
class OwnColumns:
    """mtcheck's own columns, one value a row of the labels.

    Scores: ``risk``, where a risk model is at hand, and ``rule penalty``, the MQM points of the
    findings. Spans: ``risk_spans`` and ``findings``. ``signature`` is that of the risk.
    ``cosine`` is 0 where a side is blank.
    """

    scores: dict[str, Floats]
    spans: dict[str, tuple[Marks, ...]]
    signature: str
    cosine: Floats


def audit_columns(labels: Labels, config: Config | None = None) -> OwnColumns:
    """Run mtcheck over the labelled segments. Raises MtcheckError as an audit does."""
    place = "label_row"
    frame = pd.DataFrame(
        {
            "source": labels.source,
            "hypothesis": labels.hypothesis,
            "doc_id": [d or f"row {n}" for d, n in zip(labels.doc_id, labels.lines, strict=True)],
            "segment_id": labels.segment_id,
            # one annotator's rows are a document; another's of the same system repeat it
            "system": [f"{s} {a}" for s, a in zip(labels.system, labels.annotator, strict=True)],
            place: range(len(labels)),
        }
    )
    # What reviewers silenced would not be judged but taken at their word.
    plain = (config or Config()).replace(
        layout="aligned", baseline="", suppressions="", decisions=()
    )
    audit = api.audit(frame, config=plain)
    rows: list[Mapping[str, object]] = [{}] * len(labels)
    for record in audit.segments.to_dict("records"):
        rows[int(record[place])] = {str(k): v for k, v in record.items()}
    risk = numbers(rows, "risk")
    return OwnColumns(
        ({"risk": risk} if risk is not None else {}) | _penalties(rows),
        span_columns(rows),
        next((s["signature"] for s in audit.summary["scores"] if s["name"] == "risk"), ""),
        np.array([0.0 if np.isnan(c) else c for c in _floats(rows, "similarity")]),
    )


def _floats(rows: Sequence[Mapping[str, object]], name: str) -> Floats:
    values = numbers(rows, name)
    return np.full(len(rows), math.nan) if values is None else values


def _penalties(rows: Sequence[Mapping[str, object]]) -> dict[str, Floats]:
    """``rule penalty``, where the rows have findings."""
    if not any(isinstance(row.get("findings"), list) for row in rows):
        return {}
    return {"rule penalty": np.array([_penalty(row.get("findings")) for row in rows])}


def _penalty(findings: object) -> float:
    return float(
        sum(
            Severity.parse(str(f["severity"])).weight
            for f in (findings if isinstance(findings, list) else ())
            if isinstance(f, Mapping)
        )
    )


def evaluate(
    labels: Labels,
    *,
    scores: Path | None = None,
    columns: Sequence[str] = (),
    span_names: Sequence[str] = (),
    directions: Mapping[str, Direction] | None = None,
    thresholds: Mapping[str, float] | None = None,
    scorers: Sequence[str] = (),
    audit: bool | None = None,
    baselines: bool = False,
    config: Config | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> Quality:
    """Judge every column of scores of a labelled file, and those joined or computed for it.

    ``columns`` names the columns to judge (default: all that are numeric and no label) in the
    file itself or in ``scores``, a second table joined by segment_id, system and doc_id.
    ``span_names`` names columns of spans besides ``risk_spans`` and ``findings``. ``audit``
    runs mtcheck itself; None does so when no other column is to be judged. ``scorers`` names
    models for :func:`mtcheck.models.pairs.load_pair_scorer`. ``baselines`` adds the ridge
    regressions. A column ``risk`` without a threshold gets the settings' (``review_risk``, the
    calibration's), else the model's own.

    Raises DataError, UsageError or ModelError.
    """
    notes: list[str] = []
    rows: Sequence[Mapping[str, object]] = labels.rows
    if scores is not None:
        joined = join(labels, scores)
        missing = sum(not row for row in joined)
        if missing:
            notes.append(f"{missing} segments have no row in {scores.name}.")
        rows = [{**row, **extra} for row, extra in zip(labels.rows, joined, strict=True)]
        found = score_columns(rows if columns else joined, columns, path=str(scores))
        found |= {} if columns else _penalties(joined)
        spans = span_columns(joined)
    else:
        found = score_columns(rows, columns, path=labels.path)
        spans = span_columns(rows)
    for name in span_names:
        spans[name] = _spans(rows, name, scores or Path(labels.path))
    for name in scorers:
        scorer = load_pair_scorer(name)
        pairs = list(zip(labels.source, labels.hypothesis, strict=True))
        found[name] = scorer.score(pairs, labels.reference).astype(np.float64)
    cosine: Floats | None = None
    if audit or (audit is None and not found and not spans):
        audited = audit_columns(labels, config)
        found |= audited.scores
        spans |= audited.spans
        cosine = audited.cosine if (config or Config()).encoder == "embedded" else None
    _check_names(directions or {}, found, "direction")
    _check_names(thresholds or {}, found, "threshold")
    limits = dict(thresholds or {})
    if "risk" in found:
        limits.setdefault("risk", _risk_threshold(config or Config()))
    judged = {
        name: JudgedColumn(values, (directions or {}).get(name), limits.get(name))
        for name, values in found.items()
    }
    judged |= _baseline_columns(labels, cosine, ridges=baselines, seed=seed)
    return evaluate_columns(labels, judged, spans, resamples=resamples, seed=seed, notes=notes)


def _spans(rows: Sequence[Mapping[str, object]], name: str, path: Path) -> tuple[Marks, ...]:
    if not any(name in row for row in rows):
        raise DataError(f"no column {name!r}", path=str(path), mend="check --span-columns")
    return tuple(marks_of(row.get(name)) for row in rows)


def _risk_threshold(config: Config) -> float:
    """From which risk on a segment counts as wrong by the settings, else by the model."""
    review = config.review_risk
    if review is None and config.calibration:
        review = load_calibration(Path(config.calibration)).review
    if review is None:
        review = Stack.load(Path(config.risk_model or WEIGHTS) / STACK).threshold
    return review


def _check_names(named: Mapping[str, object], found: Mapping[str, Floats], what: str) -> None:
    for name in named:
        if name not in found:
            raise UsageError(f"{what} of {name!r}: no such column; there are {', '.join(found)}")


def _baseline_columns(
    labels: Labels, cosine: Floats | None, *, ridges: bool, seed: int
) -> dict[str, JudgedColumn]:
    """``cosine`` is given where an audit has computed it already."""
    vectors: dict[str, Vectors] = {}
    if ridges or cosine is None:
        encoder = load_encoder("embedded")
        vectors = {
            "source": base.encode(labels.source, encoder),
            "hypothesis": base.encode(labels.hypothesis, encoder),
        }
        cosine = base.cosine(vectors["source"], vectors["hypothesis"])
    out = {
        "length of the source": JudgedColumn(base.length(labels.source), "worse", baseline=True),
        "cosine": JudgedColumn(cosine, "better", baseline=True),
    }
    if any(labels.reference):
        out["chrF with a reference"] = JudgedColumn(
            base.chrf(labels.hypothesis, labels.reference), "better", baseline=True
        )
    if ridges:
        rated = not np.isnan(labels.human).all()
        target = labels.human if rated else labels.bad
        direction: Direction = "better" if rated else "worse"
        for side, x in vectors.items():
            values = base.ridge(x, target, labels.document_group, seed=seed)
            out[f"ridge on the {side}"] = JudgedColumn(values, direction, baseline=True)
    return out


# --- printing ----------------------------------------------------------------------------------


def _markdown(q: Quality) -> Iterator[str]:
    yield f"# Scores against human judgement: {Path(q.path).name}"
    yield ""
    yield _introduction(q)
    yield ""
    for title, names in (
        (f"Agreement with {q.human}" if q.human else "", _SEGMENT),
        (f"Finding segments with an error ({q.label})" if q.label else "", _ERRORS),
    ):
        used = [k for k in names if any(k in c.figures for c in q.columns)]
        if title and used:
            yield f"## {title}"
            yield ""
            yield from table(
                "|>".join(["score", *(names[k] for k in used)]),
                [
                    [_label(c), *(str(c.figures[k]) if k in c.figures else "–" for k in used)]
                    for c in q.columns
                ],
            )
            yield ""
    for column in q.columns:
        if column.reliability:
            yield f"## Reliability of {column.name}"
            yield ""
            yield from table(
                "given |> mean given |> observed |> 95% interval |> segments",
                [_bin(b) for b in column.reliability],
            )
            yield ""
    if q.words:
        yield "## Marked words"
        yield ""
        yield from table(
            "spans |> MCC |> precision |> recall |> F1",
            [
                [
                    f"{w.name} (baseline)" if w.baseline else w.name,
                    *("–" if f is None else str(f) for f in (w.mcc, w.precision, w.recall, w.f1)),
                ]
                for w in q.words
            ],
        )
        yield ""
    yield "\n".join(f"- {note}" for note in _notes(q))


def _introduction(q: Quality) -> str:
    text = f"{q.segments} segments, {q.sources} sources"
    text += f", {q.documents} documents" if q.documents else ""
    text += f", {q.systems} systems" if q.systems else ""
    if q.prevalence is not None:
        text += f"; {q.prevalence:.1%} have a major or critical error"
    if q.marked is not None:
        text += f"; humans marked {q.marked:.1%} of the words or characters"
    text += "."
    if q.references:
        text += f" {q.references} human translations are left out."
    if q.set_aside:
        text += f" {q.set_aside} segments are set aside: their marks are of another text."
    return text


def _label(c: ColumnFigures) -> str:
    return f"{c.name} (baseline)" if c.baseline else c.name


def _bin(b: Bin) -> list[str]:
    interval = wilson(round(b.bad), b.n)
    low, high = interval or (0.0, 1.0)
    share = f"{b.bad / b.n:.3f}"
    return [
        f"{b.low:.3f} to {b.high:.3f}",
        f"{b.mean:.3f}",
        share,
        f"{low:.2f} to {high:.2f}",
        str(b.n),
    ]


def _notes(q: Quality) -> Iterator[str]:
    if q.resamples:
        yield (
            f"In brackets: 95% bootstrap interval, {q.resamples} resamples of the sources "
            f"(all translations of one together), seed {q.seed}."
        )
    yield (
        "tau within source: among translations of the same source only, every source counting "
        "the same. Recall at 20%: share of the segments with an error among the riskiest 20%."
    )
    words = {
        "worse": [c.name for c in q.columns if c.direction == "worse" and not c.detected],
        "better": [c.name for c in q.columns if c.direction == "better" and not c.detected],
    }
    for direction, names in words.items():
        if names:
            yield f"Higher is {direction}: {', '.join(names)}."
    for c in q.columns:
        if c.detected:
            yield (
                f"{c.name}: taken as higher is {c.direction} because the human judgements say "
                "so, which flatters it; state it with --direction."
            )
        if c.n < q.segments:
            yield f"{c.name}: {q.segments - c.n} segments have no value and are left out."
        if c.threshold is not None:
            yield f"{c.name}: threshold {c.threshold:g}."
    yield from q.notes
