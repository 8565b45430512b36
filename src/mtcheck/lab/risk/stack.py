"""Fit and calibrate the stack: which witness weighs how much in which kind of text.

For abstracts three kinds of rows teach, each with an intercept of its own so that only differences
within a kind do: expert MQM of Medline abstracts (is there a major or critical error), direct
assessment (is the z-score among the lowest quarter), critical errors. For MQM also pairs of
translations of one source: the worse should get the higher risk, by the same weights. For
encyclopedias and discussions the human score itself is predicted, from rows whose sources the
network never saw, since it says more than whether it is low.

Weights are never negative: every feature is so turned that more is worse. They are drawn
strongly towards a prior: the witnesses weigh about alike, the rules what their measured precision
gives a finding. Ten documents can't teach twenty weights; a tenth of the pull follows them more
closely and ranks direct assessments worse, for nothing gained on other documents.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]

from mtcheck.lab.statistics import Floats
from mtcheck.risk import FEATURES, KINDS, RULE_GROUPS, Expert, Stack

__all__ = [
    "Sample", "calibrated", "fit", "fit_score", "logits", "out_of_fold",
    "out_of_fold_score", "platt", "sums",
]  # fmt: skip


PRIOR: Mapping[str, float] = {
    "adequacy": 0.3,
    "effort": 0.6,
    "critical": 0.3,
    "major": 0.4,
    "contrast": 0.6,
    "encoder adequacy": 0.15,
    "length": 0.6,
    "half-width punctuation": 1.2,
    "untranslated words": 1.5,
    "numbers": 1.8,
    "names": 1.0,
    "missing or added": 1.8,
    "meaning reversed": 1.8,
    "negation added": 0.8,
    "detached": 2.5,
    "form": 0.3,
}
"""Log-odds that a finding, or a spread of a witness's score, adds before any label is seen."""

FLOOR: Mapping[str, float] = {
    name: 0.5 * value
    for name, value in PRIOR.items()
    if name not in {"form", "half-width punctuation"}
}
"""And at least, whatever the labels: what ten documents don't show is not disproved."""

PULL = 2000.0
"""How strongly weights are drawn to their prior, in rows."""

SCORE_PRIORS: Mapping[str, Mapping[str, float]] = {
    "encyclopedia": {
        "adequacy": 0.3,
        "encoder adequacy": 0.15,
        "Latin words": 0.08,
        "critical": 0.08,
        "worst word": 0.05,
        "effort": 0.05,
        "major": 0.05,
        "contrast": 0.05,
    },
    "discussion": {
        "critical": 0.2,
        "encoder critical": 0.2,
        "contrast": 0.1,
        "adequacy": 0.05,
        "encoder adequacy": 0.05,
        "effort": 0.05,
    },
}
"""By kind of text: what a spread of a witness's score adds, in spreads of the human score."""

SCORE_PULL = 100.0
"""The same as :data:`PULL` for them: seven hundred sources can teach more than ten documents."""

RULE_SHARE = 0.2
"""What a finding adds there, in spreads of the human score, as a share of :data:`PRIOR`. Scaled
to log-odds by the calibration, it is then about what a finding adds in an abstract."""


@dataclass(frozen=True)
class Sample:
    """Rows of one kind: features (n, len(FEATURES)), labels 0 or 1, and groups never split.

    A feature that is NaN has nothing to say of its row: the row teaches the other weights.

    ``pairs``: (better, worse) rows; ``weight``: of the kind as a whole.
    """

    x: Floats
    bad: Floats
    group: NDArray[np.intp]
    pairs: NDArray[np.intp]
    weight: float

    def take(self, rows: NDArray[np.bool_]) -> Sample:
        """Only some rows, and the pairs that are among them."""
        place = np.cumsum(rows) - 1
        kept = self.pairs[rows[self.pairs].all(axis=1)] if len(self.pairs) else self.pairs
        return Sample(self.x[rows], self.bad[rows], self.group[rows], place[kept], self.weight)


def _sigmoid(z: Floats) -> Floats:
    out: Floats = 1 / (1 + np.exp(-np.clip(z, -60, 60)))
    return out


def _scale(x: Floats) -> tuple[Floats, Floats]:
    """Centre and spread of the features; findings are counted as they are."""
    rules = [FEATURES.index(name) for name in RULE_GROUPS]
    centre, spread = np.nanmean(x, axis=0), np.nanstd(x, axis=0)
    centre[rules], spread[rules] = 0.0, 1.0
    return centre, np.where(spread < 1e-6, 1.0, spread)


def _expert(weights: Floats, intercept: float, centre: Floats, spread: Floats) -> Expert:
    """Weights over scaled features as weights over the features as they are."""
    raw = weights / spread
    named = {f: float(v) for f, v in zip(FEATURES, raw, strict=True)}
    return Expert(named, float(intercept - raw @ centre))


def _column(table: Mapping[str, float]) -> Floats:
    return np.array([table.get(name, 0.0) for name in FEATURES])


def fit(kinds: Sequence[Sample], *, pull: float = PULL) -> Expert:
    """Weights from several kinds of rows; the first kind's intercept is the expert's."""
    n = len(FEATURES)
    centre, spread = _scale(np.concatenate([k.x for k in kinds]))
    scaled = [np.nan_to_num((k.x - centre) / spread) for k in kinds]
    prior, floor = _column(PRIOR), _column(FLOOR)

    def cost(theta: Floats) -> tuple[float, Floats]:
        w, intercepts = theta[:n], theta[n:]
        gradient = np.zeros_like(theta)
        # The prior pulls as so many rows would among 1,000.
        total = float(pull / 1000 * ((w - prior) ** 2).sum())
        gradient[:n] = 2 * pull / 1000 * (w - prior)
        for k, (kind, x) in enumerate(zip(kinds, scaled, strict=True)):
            z = x @ w + intercepts[k]
            total += kind.weight * float(np.mean(np.logaddexp(0, z) - kind.bad * z))
            slope = kind.weight * (_sigmoid(z) - kind.bad) / len(z)
            gradient[:n] += x.T @ slope
            gradient[n + k] += slope.sum()
            if len(kind.pairs):
                apart = x[kind.pairs[:, 1]] - x[kind.pairs[:, 0]]
                gap = apart @ w
                total += kind.weight * float(np.mean(np.logaddexp(0, -gap)))
                gradient[:n] -= kind.weight * (_sigmoid(-gap) @ apart) / len(gap)
        return total, gradient

    theta = _least(cost, np.concatenate([prior, np.full(len(kinds), -1.0)]), floor)
    return _expert(theta[:n], theta[n], centre, spread)


def fit_score(x: Floats, quality: Floats, kind: str, *, pull: float = SCORE_PULL) -> Expert:
    """Weights that predict how bad a human finds it: (n, len(FEATURES)) features, n scores.

    Least squares over the standardised score; ``kind`` names the prior. Not yet log-odds.
    """
    n = len(FEATURES)
    centre, spread = _scale(x)
    scaled = (x - centre) / spread
    worse = (quality.mean() - quality) / quality.std()
    rules = {name: RULE_SHARE * PRIOR[name] for name in RULE_GROUPS}
    prior = _column({**SCORE_PRIORS[kind], **rules})
    floor = RULE_SHARE * _column({n: v for n, v in FLOOR.items() if n in RULE_GROUPS})

    def cost(theta: Floats) -> tuple[float, Floats]:
        w = theta[:n]
        off = scaled @ w + theta[n] - worse
        total = float(np.mean(off**2)) / 2 + float(pull / 1000 * ((w - prior) ** 2).sum())
        gradient = np.append(scaled.T @ off, off.sum()) / len(off)
        gradient[:n] += 2 * pull / 1000 * (w - prior)
        return total, gradient

    theta = _least(cost, np.append(prior, 0.0), floor)
    return _expert(theta[:n], theta[n], centre, spread)


def _least(cost: Callable[[Floats], tuple[float, Floats]], start: Floats, floor: Floats) -> Floats:
    """Where the cost is least; the first weights are at least ``floor``, the rest are free."""
    bounds = [(v, None) for v in floor.tolist()] + [(None, None)] * (len(start) - len(floor))
    found = minimize(cost, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(found.x, dtype=np.float64)


def sums(expert: Expert, x: Floats) -> Floats:
    """An expert's sums of many rows: (n, len(FEATURES)) to n."""
    out: Floats = x @ _column(expert.weights) + expert.intercept
    return out


def logits(stack: Stack, x: Floats, kinds: Floats) -> Floats:
    """The experts' average before the user's calibration; ``kinds``: (n, len(KINDS)) shares."""
    each = np.stack([sums(stack.experts[kind], x) for kind in KINDS], axis=1)
    out: Floats = (each * kinds).sum(axis=1)
    return out


def out_of_fold(kinds: Sequence[Sample], *, pull: float = PULL) -> Floats:
    """Sums for the rows of the first kind, each by an expert that saw nothing of its group.

    Without the intercepts: the share of bad rows in all groups but one is the lower, the more
    of them the one has, so they would rank the groups the wrong way round.
    """
    first, rest = kinds[0], list(kinds[1:])
    middle = first.x.mean(axis=0)
    out = np.zeros(len(first.bad))
    for group in np.unique(first.group):
        own = first.group == group
        expert = fit([first.take(~own), *rest], pull=pull)
        out[own] = sums(expert, first.x[own]) - sums(expert, middle[None])[0]
    return out


def out_of_fold_score(x: Floats, quality: Floats, group: NDArray[np.intp], kind: str) -> Floats:
    """The same for :func:`fit_score`: ten folds, no ``group`` in two of them."""
    out = np.zeros(len(x))
    for fold in range(10):
        own = group % 10 == fold
        expert = fit_score(x[~own], quality[~own], kind)
        out[own] = sums(expert, x[own]) - sums(expert, x[~own].mean(axis=0)[None])[0]
    return out


def platt(z: Floats, bad: Floats) -> tuple[float, float]:
    """Platt's scaling of sums, with his smoothed targets: slope (0.05 or more) and shift.

    J. Platt, Probabilistic outputs for support vector machines, 1999.
    """
    good_target = 1 / (len(bad) - bad.sum() + 2)
    bad_target = (bad.sum() + 1) / (bad.sum() + 2)
    wanted = np.where(bad > 0, bad_target, good_target)

    def cost(theta: Floats) -> tuple[float, Floats]:
        logit = theta[0] * z + theta[1]
        slope = (_sigmoid(logit) - wanted) / len(z)
        return float(np.mean(np.logaddexp(0, logit) - wanted * logit)), np.array(
            [slope @ z, slope.sum()]
        )

    slope, shift = _least(cost, np.array([1.0, 0.0]), np.array([0.05])).tolist()
    return slope, shift


def calibrated(expert: Expert, slope: float, shift: float) -> Expert:
    """The expert whose sums are log-odds, rounded for the file."""
    weights = {name: round(slope * w, 6) for name, w in expert.weights.items()}
    return Expert(weights, round(slope * expert.intercept + shift, 6))
