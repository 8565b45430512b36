"""Fit and calibrate the stack: which witness weighs how much.

Three kinds of rows, each with an intercept of its own so that only differences within a kind
teach: expert MQM of Medline abstracts (is there a major or critical error), direct assessment
(is the z-score among the lowest quarter), critical errors. For MQM also pairs of translations
of one source: the worse should get the higher risk, by the same weights. The last two kinds
come from sources that the network never saw.

Weights are never negative: every feature is so turned that more is worse. They are drawn
strongly towards a prior: the witnesses weigh about alike, the rules what their measured precision
gives a finding. Ten documents can't teach twenty weights; a tenth of the pull follows them more
closely and ranks direct assessments worse, for nothing gained on other documents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]

from mtcheck.risk import FEATURES, RULE_GROUPS, Stack

__all__ = ["Labelled", "calibrate", "fit", "out_of_fold"]

Floats = NDArray[np.float64]

PRIOR: Mapping[str, float] = {
    "adequacy": 0.6,
    "effort": 0.6,
    "critical": 0.3,
    "major": 0.4,
    "contrast": 0.6,
    "encoder adequacy": 0.3,
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


@dataclass(frozen=True)
class Labelled:
    """Rows of one kind: features (n, len(FEATURES)), labels 0 or 1, and groups never split.

    ``pairs``: (better, worse) rows; ``weight``: of the kind as a whole.
    """

    x: Floats
    bad: Floats
    group: NDArray[np.intp]
    pairs: NDArray[np.intp]
    weight: float

    def take(self, rows: NDArray[np.bool_]) -> Labelled:
        """Only some rows, and the pairs that are among them."""
        place = np.cumsum(rows) - 1
        kept = self.pairs[rows[self.pairs].all(axis=1)] if len(self.pairs) else self.pairs
        return Labelled(self.x[rows], self.bad[rows], self.group[rows], place[kept], self.weight)


def _sigmoid(z: Floats) -> Floats:
    out: Floats = 1 / (1 + np.exp(-np.clip(z, -60, 60)))
    return out


def fit(kinds: Sequence[Labelled], *, pull: float = PULL) -> Stack:
    """Weights from several kinds of rows; the first kind's intercept is the stack's."""
    n = len(FEATURES)
    rules = [FEATURES.index(name) for name in RULE_GROUPS]
    everything = np.concatenate([k.x for k in kinds])
    centre, spread = everything.mean(axis=0), everything.std(axis=0)
    centre[rules], spread[rules] = 0.0, 1.0
    spread = np.where(spread < 1e-6, 1.0, spread)
    scaled = [(k.x - centre) / spread for k in kinds]
    prior = np.array([PRIOR.get(name, 0.0) for name in FEATURES])

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

    bounds = [(FLOOR.get(name, 0.0), None) for name in FEATURES] + [(None, None)] * len(kinds)
    start = np.concatenate([prior, np.full(len(kinds), -1.0)])
    found = minimize(cost, start, jac=True, method="L-BFGS-B", bounds=bounds)
    theta = np.asarray(found.x, dtype=np.float64)

    def named(column: Floats) -> dict[str, float]:
        return {f: round(float(v), 6) for f, v in zip(FEATURES, column, strict=True)}

    intercept = round(float(theta[n]), 6)
    return Stack(named(theta[:n]), named(centre), named(spread), intercept)


def logits(stack: Stack, x: Floats) -> Floats:
    """The uncalibrated sums of many rows."""
    w, c, s = (
        np.array([t[f] for f in FEATURES]) for t in (stack.weights, stack.centre, stack.spread)
    )
    out: Floats = ((x - c) / s) @ w + stack.intercept
    return out


def out_of_fold(kinds: Sequence[Labelled], *, pull: float = PULL) -> Floats:
    """Sums for the rows of the first kind, each by a stack that saw nothing of its group.

    Without the intercepts: the share of bad rows in all groups but one is the lower, the more
    of them the one has, so they would rank the groups the wrong way round.
    """
    first, rest = kinds[0], list(kinds[1:])
    middle = first.x.mean(axis=0)
    out = np.zeros(len(first.bad))
    for group in np.unique(first.group):
        own = first.group == group
        stack = fit([first.take(~own), *rest], pull=pull)
        out[own] = logits(stack, first.x[own]) - logits(stack, middle[None])[0]
    return out


def calibrate(stack: Stack, z: Floats, bad: Floats) -> Stack:
    """Platt's scaling of out-of-fold sums, with his smoothed targets."""
    good_target = 1 / (len(bad) - bad.sum() + 2)
    bad_target = (bad.sum() + 1) / (bad.sum() + 2)
    wanted = np.where(bad > 0, bad_target, good_target)

    def cost(theta: Floats) -> tuple[float, Floats]:
        logit = theta[0] * z + theta[1]
        slope = (_sigmoid(logit) - wanted) / len(z)
        return float(np.mean(np.logaddexp(0, logit) - wanted * logit)), np.array(
            [slope @ z, slope.sum()]
        )

    found = minimize(cost, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B",
                     bounds=[(0.05, None), (None, None)])  # fmt: skip
    return replace(stack, slope=round(float(found.x[0]), 6), shift=round(float(found.x[1]), 6))
