"""Fit a calibration and thresholds on labelled rows of one's own: ``mtcheck calibrate``.

A hundred or two hundred rows are few, so the choice of method is careful. A logistic curve
(Platt 1999), which has two parameters, is always tried; an isotonic regression (Ayer et al.
1955), which bends where it likes, only from 200 rows on with 30 of each kind; a score that is a
probability already may stay as it is. Each is judged by its log loss in cross-validation, by
source, and a method with more freedom must be better by more than one standard error.

The thresholds follow from what the user wants: a share of segments a human can read (budget) or
a share of the flagged segments that must be wrong (precision).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mtcheck.config import Config
from mtcheck.errors import DataError, UsageError
from mtcheck.lab import statistics as metrics
from mtcheck.lab.labels import Labels, join, score_columns
from mtcheck.lab.markdown import table
from mtcheck.lab.risk.baselines import folds
from mtcheck.lab.risk.judge import Direction, Estimate, audit_columns, figure
from mtcheck.lab.statistics import Bin, Bools, Floats
from mtcheck.risk.calibration import Calibration, Method, logit

__all__ = ["Aim", "CalibrationReport", "MethodTried", "TradeOff", "calibrate", "fit"]

_BUDGETS = (0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.40, 0.50)
_FOLDS, _REPEATS = 5, 5
_FEWEST, _FEWEST_EACH = 30, 5
_ISOTONIC, _ISOTONIC_EACH = 200, 30


@dataclass(frozen=True)
class Aim:
    """What a threshold is for: at most this share flagged, or at least this share right (0 to 1).

    Raises UsageError for a value outside 0 and 1.
    """

    kind: Literal["budget", "precision"]
    value: float

    def __post_init__(self) -> None:
        if not 0 < self.value <= 1:
            raise UsageError(f"{self.kind} is {self.value:g}; give a share above 0 and up to 1")

    @classmethod
    def parse(cls, text: str) -> Aim:
        """Read ``budget=20%`` or ``precision=0.7``. Raises UsageError for anything else."""
        kind, _, number = text.partition("=")
        number = number.strip()
        try:
            value = float(number.removesuffix("%")) / (100 if number.endswith("%") else 1)
        except ValueError:
            value = math.nan
        if kind.strip() == "budget" and not math.isnan(value):
            return cls("budget", value)
        if kind.strip() == "precision" and not math.isnan(value):
            return cls("precision", value)
        raise UsageError(f"can't read {text!r}; write budget=20% or precision=0.7")

    def __str__(self) -> str:
        return f"{self.kind} {self.value:.0%}"


@dataclass(frozen=True)
class MethodTried:
    """A method tried, and its log loss in nats a row, cross-validated by source."""

    method: Method
    log_loss: float
    chosen: bool


@dataclass(frozen=True)
class TradeOff:
    """What a threshold on the probability costs and brings; intervals are over sources."""

    aim: str
    threshold: float
    flagged: int
    share: float
    precision: Estimate
    recall: Estimate


@dataclass(frozen=True)
class CalibrationReport:
    """A calibration and what it rests on.

    ``auc`` tells how well the score separates the labelled rows at all. ``ece_before`` is of
    the score as it is (None when it is no probability), ``ece`` of the cross-validated
    probabilities, ``reliability`` their table. ``trade_offs`` begins with the thresholds set.
    """

    calibration: Calibration
    path: str
    auc: Estimate
    candidates: tuple[MethodTried, ...]
    log_loss_before: float | None
    ece_before: float | None
    ece: float
    reliability: tuple[Bin, ...]
    trade_offs: tuple[TradeOff, ...]
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return dataclasses.asdict(self) | {"calibration": self.calibration.as_dict()}

    def markdown(self) -> str:
        """The report as Markdown."""
        return "\n".join(_markdown(self)) + "\n"


# --- fitting -----------------------------------------------------------------------------------


def fit(
    scores: Floats,
    bad: Bools,
    method: Method,
    *,
    score: str = "risk",
    higher_is_worse: bool = True,
) -> Calibration:
    """Fit one method. Scores without NaN; both kinds of rows must occur.

    Raises DataError when the score does not rise with the labels.
    """
    if method == "identity":
        return Calibration(score=score, higher_is_worse=higher_is_worse, method="identity")
    if method == "isotonic":
        x, y = _isotonic(scores if higher_is_worse else -scores, bad)
        return Calibration(
            score=score, higher_is_worse=higher_is_worse, method="isotonic", x=x, y=y
        )
    log_odds = bool(np.all((scores >= 0) & (scores <= 1)))
    risk = logit(scores) if log_odds else scores
    slope, intercept = _platt(risk if higher_is_worse else -risk, bad)
    if slope <= 0:
        raise DataError(
            f"{score} does not rise with the labels",
            mend="check the labels and --direction, or give more rows",
        )
    return Calibration(
        score=score,
        higher_is_worse=higher_is_worse,
        method="platt",
        slope=slope,
        intercept=intercept,
        log_odds=log_odds,
    )


def _platt(risk: Floats, bad: Bools) -> tuple[float, float]:
    """Slope and intercept of the logistic curve, on Platt's smoothed targets.

    Each row stands for both labels, with the weights of its target.
    """
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    scale = float(risk.std()) or 1.0
    x = ((risk - risk.mean()) / scale)[:, None]
    n_bad = int(bad.sum())
    target = np.where(bad, (n_bad + 1) / (n_bad + 2), 1 / (len(bad) - n_bad + 2))
    # a hair of ridge keeps perfectly separated rows from running away
    model = LogisticRegression(C=1e6, solver="newton-cholesky", tol=1e-9)
    model.fit(
        np.concatenate([x, x]),
        np.repeat([True, False], len(x)),
        sample_weight=np.concatenate([target, 1 - target]),
    )
    slope = float(model.coef_[0, 0]) / scale
    return slope, float(model.intercept_[0]) - slope * float(risk.mean())


def _isotonic(risk: Floats, bad: Bools) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Centres and levels of the blocks that pooling adjacent violators leaves.

    Straight lines between the centres keep the order of the scores; levels stay half a row away
    from 0 and 1, since no sample shows an impossible error.
    """
    from sklearn.isotonic import IsotonicRegression  # type: ignore[import-untyped]

    edge = 0.5 / len(risk)
    fitted = IsotonicRegression().fit_transform(risk, bad.astype(np.float64))
    levels, block, rows = np.unique(fitted, return_inverse=True, return_counts=True)
    centres = np.bincount(block, weights=risk) / rows
    return tuple(centres.tolist()), tuple(np.clip(levels, edge, 1 - edge).tolist())


def _cross_validated(
    scores: Floats,
    bad: Bools,
    group: NDArray[np.intp],
    fitted: Callable[[Floats, Bools], Calibration],
) -> Floats:
    """Out-of-fold probabilities, ``(repeats, rows)``; the plain share where a fit fails."""
    out = np.empty((_REPEATS, len(scores)))
    for repeat in range(_REPEATS):
        fold = folds(group, _FOLDS, seed=repeat)
        for k in np.unique(fold):
            train = fold != k
            share = (float(bad[train].sum()) + 1) / (float(train.sum()) + 2)
            if bad[train].all() or not bad[train].any():
                out[repeat, ~train] = share
                continue
            try:
                out[repeat, ~train] = fitted(scores[train], bad[train]).apply(scores[~train])
            except DataError:
                out[repeat, ~train] = share
    return out


def _row_losses(probability: Floats, bad: Bools) -> Floats:
    p = np.clip(probability, 1e-6, 1 - 1e-6)
    losses: Floats = -np.where(bad, np.log(p), np.log1p(-p)).mean(axis=0)
    return losses


def _choose(
    tried: Mapping[Method, Floats], bad: Bools, group: NDArray[np.intp]
) -> tuple[Method, dict[Method, float]]:
    """The simplest method that no freer one beats by more than a standard error, over sources."""
    losses = {m: _row_losses(p, bad) for m, p in tried.items()}
    methods = list(losses)
    best = methods[0]
    for method in methods[1:]:
        gain = np.bincount(group, weights=losses[best] - losses[method])
        error = float(gain.std(ddof=1)) * math.sqrt(len(gain)) if len(gain) > 1 else math.inf
        if float(gain.sum()) > error:
            best = method
    return best, {m: float(v.mean()) for m, v in losses.items()}


# --- thresholds --------------------------------------------------------------------------------


def _threshold(probability: Floats, bad: Bools, aim: Aim) -> float | None:
    """The lowest threshold that keeps the aim, half-way to the next lower probability.

    A precision must be reached both by the rows flagged and by the mean of their probabilities:
    with few rows, the first alone would pick a lucky spot.
    """
    values = np.unique(probability)[::-1]
    best: int | None = None
    for i, value in enumerate(values):
        flagged = probability >= value
        if aim.kind == "budget":
            fits = bool(flagged.mean() <= aim.value + 1e-12)
        else:
            fits = min(float(bad[flagged].mean()), float(probability[flagged].mean())) >= aim.value
        if fits:
            best = i
    if best is None:
        return None
    below = float(values[best + 1]) if best + 1 < len(values) else 0.0
    return (float(values[best]) + below) / 2


def _trade_off(
    aim: str, threshold: float, probability: Floats, bad: Bools, members: Floats
) -> TradeOff:
    """``members`` is ``(resamples, rows)``: how often each row was drawn."""
    flagged = probability >= threshold
    hits = members @ (flagged & bad)
    with np.errstate(invalid="ignore", divide="ignore"):
        precision, recall = hits / (members @ flagged), hits / (members @ bad)
    n = int(flagged.sum())
    right = int((flagged & bad).sum())
    return TradeOff(
        aim,
        threshold,
        n,
        n / len(bad),
        figure(right / n if n else math.nan, precision),
        figure(right / int(bad.sum()), recall),
    )


# --- the whole ---------------------------------------------------------------------------------


def calibrate(
    labels: Labels,
    *,
    score: str = "risk",
    scores: Path | None = None,
    direction: Direction = "worse",
    method: Method | Literal["auto"] = "auto",
    review: Aim = Aim("budget", 0.20),
    reject: Aim = Aim("precision", 0.80),
    config: Config | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> CalibrationReport:
    """Fit a calibration of ``score`` on labelled rows; those without either are left out.

    The score is a column of the file or of ``scores`` (joined by segment_id, system and
    doc_id); a ``risk`` that neither has is computed by auditing the rows. ``review`` and
    ``reject`` say what the thresholds are for: by default to review the riskiest 20%, and to
    reject where 80% of those rejected are wrong.

    Raises DataError for labels that are too few, of one kind, or not followed by the score.
    """
    found, made_for = _scores(labels, score, scores, config)
    there = np.isfinite(found) & ~np.isnan(labels.bad)
    values, bad = found[there], labels.bad[there] == 1
    _, group = np.unique(labels.source_group[there], return_inverse=True)
    worse = direction == "worse"
    risk = values if worse else -values
    _check(labels, values, bad, group)
    draws = np.random.default_rng(seed).integers(
        int(group.max()) + 1, size=(resamples, int(group.max()) + 1)
    )
    members = (
        np.stack([np.bincount(d, minlength=draws.shape[1])[group] for d in draws]).astype(
            np.float64
        )
        if resamples
        else np.zeros((0, len(bad)))
    )

    area = metrics.roc_auc(risk, bad)
    if area <= 0.5:
        raise DataError(
            f"{score} does not rise with the labels (AUC {area:.2f})",
            path=labels.path,
            mend="check the labels and --direction",
        )
    auc = figure(area, np.array([_weighted_auc(risk, bad, m) for m in members]))

    def fitted(which: Method) -> Callable[[Floats, Bools], Calibration]:
        return lambda x, y: fit(x, y, which, score=score, higher_is_worse=worse)

    probability_like = worse and bool(np.all((values >= 0) & (values <= 1)))
    tried = _methods(method, bad, probability_like=probability_like)
    predictions = {m: _cross_validated(values, bad, group, fitted(m)) for m in tried}
    chosen, losses = _choose(predictions, bad, group)
    calibration = fitted(chosen)(values, bad)
    probability = calibration.apply(values)
    aims = {"review": review, "reject": reject}
    limits = {name: _threshold(probability, bad, aim) for name, aim in aims.items()}
    low, high = limits["review"], limits["reject"]
    crossed = low is not None and high is not None and low > high
    notes = list(_remarks(there, bad, auc, limits, aims))
    if crossed:
        notes.append("The review threshold came out above the reject threshold and is set to it.")
        limits["review"] = high
    held_out = predictions[chosen].mean(axis=0)
    return CalibrationReport(
        calibration=dataclasses.replace(
            calibration,
            review=limits["review"],
            reject=limits["reject"],
            made_for=made_for,
            rows=len(bad),
            bad=int(bad.sum()),
            sources=int(group.max()) + 1,
        ),
        path=labels.path,
        auc=auc,
        candidates=tuple(MethodTried(m, losses[m], m == chosen) for m in tried),
        log_loss_before=metrics.log_loss(values, bad) if probability_like else None,
        ece_before=metrics.expected_calibration_error(values, bad) if probability_like else None,
        ece=metrics.expected_calibration_error(held_out, bad),
        reliability=metrics.reliability(held_out, bad, bins=10 if len(bad) >= 200 else 5),
        trade_offs=tuple(_trade_offs(probability, bad, members, limits, aims)),
        notes=tuple(notes),
    )


def _scores(
    labels: Labels, score: str, scores: Path | None, config: Config | None
) -> tuple[Floats, str]:
    rows: Sequence[Mapping[str, object]] = labels.rows if scores is None else join(labels, scores)
    if scores is not None or score != "risk" or any("risk" in row for row in rows):
        return score_columns(rows, [score], path=str(scores or labels.path))[score], ""
    plain = config or Config()
    if "calibration" in plain.as_dict():  # what is to be calibrated is the model's own risk
        plain = plain.replace(calibration="")
    audited = audit_columns(labels, plain)
    if "risk" not in audited.scores:
        raise DataError(
            "an audit gives no risk here: no risk model is installed",
            path=labels.path,
            mend="name a column with --score",
        )
    return audited.scores["risk"], audited.signature


def _methods(
    asked: Method | Literal["auto"], bad: Bools, *, probability_like: bool
) -> tuple[Method, ...]:
    if asked != "auto":
        return (asked,)
    enough = len(bad) >= _ISOTONIC and _ISOTONIC_EACH <= int(bad.sum()) <= len(bad) - _ISOTONIC_EACH
    start: tuple[Method, ...] = ("identity", "platt") if probability_like else ("platt",)
    return (*start, "isotonic") if enough else start


def _check(labels: Labels, values: Floats, bad: Bools, group: NDArray[np.intp]) -> None:
    n, positive = len(bad), int(bad.sum())
    mend = "label 100 to 200 rows, with and without a major error, as they come"
    if n < _FEWEST:
        raise DataError(
            f"only {n} rows have both a label and a score; {_FEWEST} are the least",
            path=labels.path,
            mend=mend,
        )
    if min(positive, n - positive) < _FEWEST_EACH:
        raise DataError(
            f"{positive} of {n} rows have a major or critical error; "
            f"at least {_FEWEST_EACH} with and {_FEWEST_EACH} without are needed",
            path=labels.path,
            mend=mend,
        )
    if np.ptp(values) == 0:
        raise DataError("the score is the same in all rows", path=labels.path, mend=mend)
    if int(group.max()) + 1 < _FOLDS:
        raise DataError(
            f"only {int(group.max()) + 1} distinct sources", path=labels.path, mend=mend
        )


def _weighted_auc(risk: Floats, bad: Bools, weight: Floats) -> float:
    rows = np.repeat(np.arange(len(bad)), weight.astype(np.intp))
    return metrics.roc_auc(risk[rows], bad[rows])


def _trade_offs(
    probability: Floats,
    bad: Bools,
    members: Floats,
    limits: Mapping[str, float | None],
    aims: Mapping[str, Aim],
) -> Iterator[TradeOff]:
    for name, aim in aims.items():
        limit = limits[name]
        if limit is not None:
            yield _trade_off(f"{name}: {aim}", limit, probability, bad, members)
    for budget in _BUDGETS:
        limit = _threshold(probability, bad, Aim("budget", budget))
        if limit is not None:
            yield _trade_off(f"budget {budget:.0%}", limit, probability, bad, members)


def _remarks(
    there: Bools,
    bad: Bools,
    auc: Estimate,
    limits: Mapping[str, float | None],
    aims: Mapping[str, Aim],
) -> Iterator[str]:
    if not there.all():
        yield f"{int((~there).sum())} rows without a label or a score are left out."
    if len(bad) < 100:
        yield f"{len(bad)} rows are few; label 100 to 200 for thresholds to rely on."
    if auc.low is not None and auc.low <= 0.5:
        yield "The score may be no better than chance on these rows: its AUC's interval has 0.5."
    for name, aim in aims.items():
        if limits[name] is None:
            yield f"No threshold reaches {aim}: the calibration sets none to {name} from."


# --- printing ----------------------------------------------------------------------------------


def _markdown(r: CalibrationReport) -> Iterator[str]:
    c = r.calibration
    yield f"# Calibration of {c.score} on {Path(r.path).name}"
    yield ""
    yield (
        f"{c.rows} rows of {c.sources} sources, {c.bad} ({c.bad / c.rows:.1%}) with a major or "
        f"critical error. ROC-AUC of the score: {r.auc}."
    )
    yield ""
    yield from table(
        "method |> log loss, cross-validated by source | ",
        ((t.method, f"{t.log_loss:.4f}", "chosen" if t.chosen else "") for t in r.candidates),
    )
    yield ""
    before = "" if r.ece_before is None else f", {r.ece_before:.3f} before"
    yield f"Expected calibration error {r.ece:.3f} (cross-validated){before}."
    yield ""
    yield from table(
        ">given, cross-validated |> mean given |> observed |> rows",
        (
            (f"{b.low:.3f} to {b.high:.3f}", f"{b.mean:.3f}", f"{b.bad / b.n:.3f}", b.n)
            for b in r.reliability
        ),
    )
    yield ""
    yield from table(
        "threshold for |> probability from |> flagged |> precision |> recall",
        (
            (t.aim, f"{t.threshold:.4f}", f"{t.flagged} ({t.share:.0%})", t.precision, t.recall)
            for t in r.trade_offs
        ),
    )
    yield ""
    yield "- In brackets: 95% bootstrap interval over sources."
    for note in r.notes:
        yield f"- {note}"
