"""Measures of how well a score agrees with human judgement: pure functions on arrays.

What SciPy and scikit-learn measure is theirs; here a measure that is not defined becomes NaN.
The two that every resample of an interval needs (ROC-AUC, average precision) are counted here:
scikit-learn's check their input each time and take ten to forty times as long. A test holds
them to the same values.

All take float64 vectors of one length without missing values. ``risk`` is any number that
grows with the expected harm; ``bad`` is True for a segment in which a human saw a major or
critical error. Not defined are a measure of a constant column or of one class only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Bin",
    "average_precision",
    "expected_calibration_error",
    "kendall",
    "log_loss",
    "mcc",
    "pearson",
    "ranks",
    "recall_at",
    "reliability",
    "roc_auc",
    "spearman",
    "tau_by_group",
    "wilson",
]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

NAN = float("nan")


def ranks(values: Floats) -> Floats:
    """Ranks from 1, ties sharing the mean of theirs."""
    from scipy.stats import rankdata  # type: ignore[import-untyped]

    found: Floats = rankdata(values)
    return found


def pearson(x: Floats, y: Floats) -> float:
    """Correlation of Pearson, -1 to 1."""
    if _constant(x, y):
        return NAN
    with np.errstate(invalid="ignore"):  # columns that vary less than a float can tell
        return float(np.corrcoef(x, y)[0, 1])


def spearman(x: Floats, y: Floats) -> float:
    """Correlation of the ranks, -1 to 1."""
    return NAN if _constant(x, y) else pearson(ranks(x), ranks(y))


def kendall(x: Floats, y: Floats) -> float:
    """Tau-b of Kendall (1945), which allows for ties, -1 to 1."""
    from scipy.stats import kendalltau

    return NAN if _constant(x, y) else float(kendalltau(x, y).statistic)


def _constant(x: Floats, y: Floats) -> bool:
    return len(x) < 2 or bool(np.ptp(x) == 0 or np.ptp(y) == 0)


def wilson(hits: int, n: int) -> tuple[float, float] | None:
    """The 95% interval of a proportion (Wilson 1927), 0 to 1; None without observations."""
    from scipy.stats import binomtest

    if not n:
        return None
    interval = binomtest(hits, n).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)


def tau_by_group(x: Floats, human: Floats, group: NDArray[np.intp]) -> Floats:
    """Tau-b inside each group, one value for every group number from 0 to the largest.

    NaN where the humans do not tell the group's members apart; 0 where they do and ``x`` does
    not, since a score that is silent is not right.
    """
    if not len(group):
        return np.zeros(0)
    taus = np.full(int(group.max()) + 1, NAN)
    order = np.argsort(group, kind="stable")
    for members in np.split(order, 1 + np.flatnonzero(np.diff(group[order]))):
        if len(members) > 1 and np.ptp(human[members]) > 0:
            tau = kendall(x[members], human[members])
            taus[group[members[0]]] = 0.0 if math.isnan(tau) else tau
    return taus


def roc_auc(risk: Floats, bad: Bools) -> float:
    """The chance that a bad segment has the higher risk, ties counting half (0 to 1)."""
    positive = int(bad.sum())
    negative = len(bad) - positive
    if not positive or not negative:
        return NAN
    total = float(ranks(risk)[bad].sum())
    return (total - positive * (positive + 1) / 2) / (positive * negative)


def _cumulative(risk: Floats, bad: Bools) -> tuple[Floats, Floats]:
    """How many segments, and how many bad ones, are at or above each distinct risk, falling."""
    values, group = np.unique(-risk, return_inverse=True)
    flagged = np.cumsum(np.bincount(group, minlength=len(values))).astype(np.float64)
    hits: Floats = np.cumsum(np.bincount(group, weights=bad, minlength=len(values)))
    return flagged, hits.astype(np.float64)


def average_precision(risk: Floats, bad: Bools) -> float:
    """Precision averaged over the recalls, without interpolation (0 to 1; chance: prevalence)."""
    if not bad.any():
        return NAN
    flagged, hits = _cumulative(risk, bad)
    return float((np.diff(hits, prepend=0.0) * hits / flagged).sum() / hits[-1])


def recall_at(risk: Floats, bad: Bools, budget: float) -> float:
    """Share of the bad segments among the riskiest ``budget`` (0 to 1) of all.

    Of segments tied at the limit a share is taken, so that the order of the file plays no part.
    """
    if not bad.any():
        return NAN
    flagged, hits = _cumulative(risk, bad)
    within = np.interp(budget * len(bad), np.r_[0.0, flagged], np.r_[0.0, hits])
    return float(within / hits[-1])


def mcc(flagged: Bools, bad: Bools) -> float:
    """Correlation of two yes-or-no columns (Matthews 1975), -1 to 1; NaN if one is constant."""
    return pearson(flagged.astype(np.float64), bad.astype(np.float64))


@dataclass(frozen=True, slots=True)
class Bin:
    """A bin of the reliability table: mean probability given, and how many came true."""

    low: float
    high: float
    mean: float
    bad: float
    n: int


def reliability(probability: Floats, bad: Bools, *, bins: int = 10) -> tuple[Bin, ...]:
    """Bins of equal mass, lowest first; fewer where there are fewer segments.

    Segments of one probability that fall into several bins bring their mean to each, so that
    the order of the file plays no part; ``bad`` is then no whole number.
    """
    if not len(probability):
        return ()
    _, group, count = np.unique(probability, return_inverse=True, return_counts=True)
    outcome = (np.bincount(group, weights=bad) / count)[group]
    order = np.argsort(probability, kind="stable")
    return tuple(
        Bin(
            float(probability[part[0]]),
            float(probability[part[-1]]),
            float(probability[part].mean()),
            float(outcome[part].sum()),
            len(part),
        )
        for part in np.array_split(order, min(bins, len(order)))
    )


def expected_calibration_error(probability: Floats, bad: Bools, *, bins: int = 10) -> float:
    """Mean distance of given probability and observed share over bins of equal mass (0 to 1).

    Chance alone keeps it above 0: with ``n`` segments a bin, by about
    ``0.8 * sqrt(p * (1 - p) / n)``.
    """
    table = reliability(probability, bad, bins=bins)
    if not table:
        return NAN
    return sum(abs(b.n * b.mean - b.bad) for b in table) / len(probability)


def log_loss(probability: Floats, bad: Bools) -> float:
    """Mean negative log-likelihood in nats; probabilities are kept within 1e-6 of 0 and 1."""
    from sklearn.metrics import log_loss as of_scikit  # type: ignore[import-untyped]

    if not len(probability):
        return NAN
    return float(of_scikit(bad, np.clip(probability, 1e-6, 1 - 1e-6), labels=[False, True]))
