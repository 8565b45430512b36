"""Scores that a quality estimate must beat: they know the source, or its length, and no errors.

Difficult sources get more errors from every system, so a model that only reads the source
already correlates with human scores. Beside each model stand therefore: the length of the
source, the cosine of the embedded encoder and, on request, a ridge regression that sees the
source alone or the hypothesis alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mtcheck.lab.statistics import Floats
from mtcheck.models import Encoder, Vectors
from mtcheck.scorers.chrf import chrf as metric

__all__ = ["chrf", "cosine", "encode", "folds", "length", "ridge"]

_PENALTIES = (0.3, 1.0, 3.0, 10.0, 30.0)


def length(source: Sequence[str]) -> Floats:
    """Log of one plus the number of characters of each source."""
    return np.log1p(np.array([len(text) for text in source], dtype=np.float64))


def encode(texts: Sequence[str], encoder: Encoder) -> Vectors:
    """Unit vectors, each distinct text encoded once; zeros for a blank text."""
    distinct = sorted({text for text in texts if text.strip()})
    if not distinct:
        return np.zeros((len(texts), 1), dtype=np.float32)
    vectors = encoder.encode(distinct)
    table = np.vstack([vectors, np.zeros((1, vectors.shape[1]), dtype=np.float32)])
    place = {text: i for i, text in enumerate(distinct)}
    return table[[place.get(text, len(distinct)) for text in texts]]


def cosine(source: Vectors, hypothesis: Vectors) -> Floats:
    """Cosine of each pair, -1 to 1; 0 where a side is blank."""
    if source.shape != hypothesis.shape:  # one side is blank throughout
        return np.zeros(len(source))
    product: Floats = (source * hypothesis).sum(axis=1).astype(np.float64)
    return product


def chrf(hypothesis: Sequence[str], reference: Sequence[str | None]) -> Floats:
    """chrF2 of each hypothesis against its human reference, 0 to 100; NaN without one."""
    return np.array(
        [
            metric.score(metric.statistics(h, r, "zh"), "zh") if r else np.nan
            for h, r in zip(hypothesis, reference, strict=True)
        ]
    )


def folds(group: NDArray[np.intp], n: int, *, seed: int = 0) -> NDArray[np.intp]:
    """A fold number (from 0) for every row; rows of one group share it, folds are near even."""
    names, rows = np.unique(group, return_inverse=True)
    sizes = np.bincount(rows)
    order = np.random.default_rng(seed).permutation(len(names))
    load = np.zeros(min(n, len(names)), dtype=np.int64)
    fold = np.zeros(len(names), dtype=np.intp)
    for g in order[np.argsort(-sizes[order], kind="stable")]:
        fold[g] = int(np.argmin(load))
        load[fold[g]] += sizes[g]
    return fold[rows]


def _predicted(x: Floats, y: Floats, new: Floats, penalty: float) -> Floats:
    from sklearn.linear_model import Ridge  # type: ignore[import-untyped]

    found: Floats = Ridge(alpha=penalty, solver="cholesky").fit(x, y).predict(new)
    return found


def _predictions(x: Floats, y: Floats, fold: NDArray[np.intp], penalty: float) -> Floats:
    out = np.full(len(y), float(y.mean()))
    for k in np.unique(fold):
        train = fold != k
        if train.any():
            out[~train] = _predicted(x[train], y[train], x[~train], penalty)
    return out


def ridge(
    vectors: Vectors, target: Floats, group: NDArray[np.intp], *, n_folds: int = 10, seed: int = 0
) -> Floats:
    """Out-of-fold predictions of a ridge regression; rows of one group are never split.

    The penalty is chosen inside the training folds. Rows whose target is NaN are not trained
    on and get NaN.
    """
    out = np.full(len(target), np.nan)
    known = np.flatnonzero(~np.isnan(target))
    x, y = vectors[known].astype(np.float64), target[known]
    if len(np.unique(group[known])) < 3:
        return out
    fold = folds(group[known], n_folds, seed=seed)
    for k in np.unique(fold):
        train = fold != k
        losses = [
            float(np.mean((_predictions(x[train], y[train], fold[train] % 3, p) - y[train]) ** 2))
            for p in _PENALTIES
        ]
        best = _PENALTIES[int(np.argmin(losses))]
        # the last digits of a product depend on the row's place; equal texts must tie
        out[known[~train]] = np.round(_predicted(x[train], y[train], x[~train], best), 9)
    return out
