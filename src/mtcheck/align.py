"""Pair the sentences of a source with those of its translation.

Dynamic programming over sentence embeddings, after vecalign (Thompson and Koehn 2019): a bead
joins up to two neighbouring sentences of each side, and its worth is how far the cosine of the
joined texts lies above what unrelated sentences reach, less a charge for odd lengths. Sentences
that no partner is worth become omissions (1-0) and additions (0-1).
"""

from __future__ import annotations

import functools
import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtcheck.models import Encoder

__all__ = ["Bead", "align", "assign"]

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Bead:
    """Sentences ``source[0]:source[1]`` are rendered by ``hypothesis[0]:hypothesis[1]``.

    Both are half-open; an empty range is an absent side. ``similarity`` is the cosine of the
    joined texts, None when a side is absent.
    """

    source: Range
    hypothesis: Range
    similarity: float | None

    @property
    def kind(self) -> str:
        """Sentences on each side: ``"1-1"``, ``"1-0"``, ``"2-1"`` and so on."""
        return f"{self.source[1] - self.source[0]}-{self.hypothesis[1] - self.hypothesis[0]}"


@dataclass(frozen=True, slots=True)
class Costs:
    """The aligner's constants, set on WMT24 and MLQE-PE train by `tests.benchmarks.alignment`."""

    floor: float = 0.28
    """Cosine at which a pair is worth no more than an omission plus an addition."""
    join: float = 0.4
    """Charge for each sentence beyond one on a side."""
    length: float = 0.02
    """Charge per squared unit of the length z-score (capped at 9)."""
    anchor: float = 0.15
    """Worth of the share of numbers and Latin tokens that both sides have."""


COSTS = Costs()
_SHAPES = ((1, 1), (1, 2), (2, 1), (2, 2))
# Mean and spread of log(hypothesis characters / source characters), from MLQE-PE train
# post-edits; the spread widens as texts get short.
_LENGTH_MEAN, _LENGTH_SPREAD = -1.17, 0.25
_BAND = 60
_ANCHOR = re.compile(r"\d+(?:[.,]\d+)*|[A-Za-z][A-Za-z0-9]*[A-Z0-9][A-Za-z0-9]*|[A-Z]{2,}")


@functools.lru_cache(maxsize=8192)
def _anchors(text: str) -> frozenset[str]:
    return frozenset(a.replace(",", "").casefold() for a in _ANCHOR.findall(text))


def _worth(
    cosine: NDArray[np.float64],
    source: Sequence[str],
    target: Sequence[str],
    shape: Range,
    *,
    costs: Costs,
    length_mean: float,
) -> NDArray[np.float64]:
    """What each bead of one shape adds to the alignment, shape ``(len(source), len(target))``."""
    long = np.array([[len(s) for s in source]], dtype=float).T + 1
    short = np.array([[len(t) for t in target]], dtype=float) + 1
    spread = np.sqrt(_LENGTH_SPREAD**2 + 4.0 / np.minimum(long, 3 * short))
    z = (np.log(short / long) - length_mean) / spread
    worth = cosine - costs.floor - costs.length * np.minimum(z * z, 9.0)
    for i, s in enumerate(source):
        left = _anchors(s)
        if not left:
            continue
        for j, t in enumerate(target):
            right = _anchors(t)
            if right:
                worth[i, j] += costs.anchor * (len(left & right) / len(left | right) - 0.3)
    total: NDArray[np.float64] = worth * sum(shape) - costs.join * (sum(shape) - 2)
    return total


def align(
    source: Sequence[str],
    target: Sequence[str],
    encoder: Encoder,
    *,
    joiners: tuple[str, str] = (" ", ""),
    costs: Costs = COSTS,
    length_mean: float = _LENGTH_MEAN,
) -> list[Bead]:
    """Pair ``n`` source sentences with ``m`` target sentences, in order and without crossing.

    Every sentence is in exactly one bead. Time and memory are O((n + m) * band).
    """
    n, m = len(source), len(target)
    if not n or not m:
        return [Bead((i, i + 1), (0, 0), None) for i in range(n)] + [
            Bead((n, n), (j, j + 1), None) for j in range(m)
        ]
    # Both sides as single sentences and as joined neighbours, each with its vectors.
    sides = []
    for sentences, joiner in zip((source, target), joiners, strict=True):
        forms = [list(sentences), [joiner.join(pair) for pair in itertools.pairwise(sentences)]]
        sides.append([(texts, encoder.encode(texts)) for texts in forms])
    cosines: dict[Range, NDArray[np.float64]] = {}
    worths: dict[Range, NDArray[np.float64]] = {}
    for a, b in _SHAPES:
        (left, u), (right, v) = sides[0][a - 1], sides[1][b - 1]
        if left and right:
            cosines[a, b] = (u @ v.T).astype(np.float64)
            worths[a, b] = _worth(
                cosines[a, b], left, right, (a, b), costs=costs, length_mean=length_mean
            )
    return _beads(_best_path(n, m, worths), cosines)


def _best_path(n: int, m: int, worths: dict[Range, NDArray[np.float64]]) -> list[Range]:
    """The shapes of the best alignment's beads, in order."""
    best: dict[Range, tuple[float, Range]] = {(0, 0): (0.0, (0, 0))}
    band = max(_BAND, abs(n - m) + _BAND // 2)
    for i in range(n + 1):
        middle = round(i * m / n)
        for j in range(max(0, middle - band), min(m, middle + band) + 1):
            if not i and not j:
                continue
            top: tuple[float, Range] = (-math.inf, (0, 0))
            for a, b in ((1, 0), (0, 1)):
                if (i - a, j - b) in best:
                    top = max(top, (best[i - a, j - b][0], (a, b)))
            for (a, b), worth in worths.items():
                if (i - a, j - b) in best:
                    total = best[i - a, j - b][0] + float(worth[i - a, j - b])
                    top = max(top, (total, (a, b)))
            best[i, j] = top
    path: list[Range] = []
    i, j = n, m
    while i or j:
        a, b = best[i, j][1]
        path.append((a, b))
        i, j = i - a, j - b
    return path[::-1]


def _beads(path: list[Range], cosines: dict[Range, NDArray[np.float64]]) -> list[Bead]:
    beads = []
    i = j = 0
    for a, b in path:
        similarity = float(cosines[a, b][i, j]) if a and b else None
        beads.append(Bead((i, i + a), (j, j + b), similarity))
        i, j = i + a, j + b
    return beads


def assign(
    sentences: Sequence[str], anchors: Sequence[str], encoder: Encoder, *, joiner: str
) -> list[Range | None]:
    """Share out the sentences of a third text (a reference, a back-translation) to segments.

    ``anchors`` are the segments' texts in a language of the sentences' own, or in any the
    encoder knows. Gives a half-open range of sentences for each, or None where a sentence runs
    over into the neighbour, so that no score is made up from half a counterpart.
    """
    result: list[Range | None] = [None] * len(anchors)
    for bead in align(anchors, sentences, encoder, joiners=(joiner, joiner), length_mean=0.0):
        if bead.source[1] - bead.source[0] == 1 and bead.hypothesis[1] > bead.hypothesis[0]:
            result[bead.source[0]] = bead.hypothesis
    return result
