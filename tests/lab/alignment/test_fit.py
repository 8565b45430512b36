"""Fitting the aligner: the likelihood, its slope, and the logistic regression."""

from __future__ import annotations

import random

import numpy as np
from scipy.optimize import check_grad  # type: ignore[import-untyped]

from mtcheck.alignment.beads import JOINED, SHAPES, Matrix, Range
from mtcheck.lab.alignment.fit import _constant_first, _logistic, _sample, _SideBySide
from mtcheck.lab.planting.documents import plant
from tests.alignment.test_pairing import CHINESE, ENGLISH, Words


def test_the_slope_of_the_likelihood_is_right() -> None:
    pairs = list(zip(ENGLISH, CHINESE, strict=True))
    documents = [plant(pairs, random.Random(seed), rate=0.2) for seed in range(4)]
    kept = [d for d in documents if d.source and d.hypothesis]
    samples = [_constant_first(_sample(d, Words())) for d in kept]
    batch = _SideBySide(samples)
    shapes: list[Range] = [*SHAPES, (1, 0), (0, 1)]
    widths = [batch.features[s].shape[-1] for s in shapes]
    ends = np.cumsum(widths)

    def weights(x: Matrix) -> dict[Range, Matrix]:
        return dict(zip(shapes, np.split(x, ends[:-1]), strict=True))

    def loss(x: Matrix) -> float:
        return batch.loss(weights(x))[0]

    def slope(x: Matrix) -> Matrix:
        gradient = batch.loss(weights(x))[1]
        return np.concatenate([gradient[s] for s in shapes])

    x = np.random.default_rng(1).normal(0, 0.1, int(ends[-1]))
    assert loss(x) > 0
    size = float(np.linalg.norm(slope(x)))
    assert check_grad(loss, slope, x, epsilon=1e-3) < 0.02 * size
    assert len(JOINED) == 5


def test_a_logistic_regression_finds_the_boundary() -> None:
    x = np.random.default_rng(2).normal(size=(400, 2))
    constant, one, other = _logistic(x, x[:, 0] > 0.5, 0.01)
    assert abs(constant / one + 0.5) < 0.1
    assert abs(other) < 0.1 * one
