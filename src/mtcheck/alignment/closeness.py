"""How close the sides of each segment are, and which fit their neighbours better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mtcheck.alignment.beads import Matrix
from mtcheck.languages.en.terms import english_words
from mtcheck.models import Encoder, Vectors
from mtcheck.types import Segment

__all__ = ["misfits", "shifts", "with_similarity"]

_BLOCK = 2**21
"""Cosines held in memory at a time."""

_NEIGHBOURS = 4
"""How many nearest neighbours the margin compares with; smaller documents have no margin."""

MARGIN = 1.0
"""Below it a pair is no closer than its nearest neighbours in the document are on average."""

BESIDE = 1.2
"""The same for a pair beside a misfit: two low margins in a row are rarer than one. On WMT24
reference translations 1 margin in 1,000 is lower."""

_MIN_WORDS = 5
_MIN_CHARACTERS = 6


def with_similarity(segments: Sequence[Segment], encoder: Encoder) -> list[Segment]:
    """Cosine of each pair, its ratio margin (Artetxe and Schwenk 2019), and whom it fits best.

    The neighbours of the margin are the other segments of the document, not those of the
    batch: the figure must not change with the batch size. 1 means that the pair is no closer
    than its neighbours are.
    """
    both = [i for i, s in enumerate(segments) if s.source.strip() and s.hypothesis.strip()]
    if not both:
        return list(segments)
    left = encoder.encode([segments[i].source for i in both])
    right = encoder.encode([segments[i].hypothesis for i in both])
    found = _compared(left, right)
    result = list(segments)
    for k, i in enumerate(both):
        own, margin, fits = float(found.own[k]), None, 0
        if len(both) > _NEIGHBOURS:
            fits = both[found.closest[k]] - i if found.highest[k] > own else 0
            # Below 0.05 the neighbours say nothing and the ratio would run away.
            margin = round(own / max(0.05, float(np.mean(found.near[:, k]))), 4)
        result[i] = replace(segments[i], similarity=round(own, 4), margin=margin, fits=fits)
    return result


@dataclass(frozen=True, slots=True)
class _Compared:
    """Cosines of ``n`` pairs of a document.

    ``own``: of each pair, (n). ``near``: of its source, and of its hypothesis, with the nearest
    of other pairs, ascending, (2, n, neighbours). ``highest``, ``closest``: of its hypothesis
    with any source, and which that is, (n).
    """

    own: Matrix
    near: Matrix
    highest: Matrix
    closest: NDArray[np.intp]


def _compared(left: Vectors, right: Vectors) -> _Compared:
    """Compare each source with each hypothesis, a block of sources at a time."""
    n = len(left)
    rows = max(1, _BLOCK // n)
    own, highest, closest = np.empty(n), np.full(n, -np.inf), np.zeros(n, dtype=np.intp)
    near = np.full((2, n, _NEIGHBOURS), -np.inf)
    for start in range(0, n, rows):
        cosine = (left[start : start + rows] @ right.T).astype(np.float64)
        here = np.arange(len(cosine))
        own[start : start + rows] = cosine[here, start + here]
        best = cosine.argmax(axis=0)
        better = cosine[best, np.arange(n)] > highest
        closest[better] = start + best[better]
        highest[better] = cosine[best, np.arange(n)][better]
        cosine[here, start + here] = -np.inf
        if n > _NEIGHBOURS:
            near[0, start : start + rows] = _most(cosine)
            near[1] = _most(np.hstack([near[1], cosine.T]))
    return _Compared(own, near, highest, closest)


def _most(rows: Matrix) -> Matrix:
    """The highest of each row, ascending."""
    return np.sort(np.partition(rows, -_NEIGHBOURS)[:, -_NEIGHBOURS:])


def misfits(document: Sequence[Segment]) -> list[bool]:
    """For each segment, whether its ratio margin is below :data:`MARGIN`.

    False where the margin is not known (no encoder ran, or the document is too short for
    neighbours), and for segments too short to say anything: under five English words or six
    characters of hypothesis.
    """
    return [
        s.margin is not None
        and s.margin < MARGIN
        and len(s.hypothesis) >= _MIN_CHARACTERS
        and len(english_words(s.source)) >= _MIN_WORDS
        for s in document
    ]


def shifts(document: Sequence[Segment]) -> list[range]:
    """Runs of two or more segments with a margin below :data:`BESIDE`, one of them a misfit."""
    bad = misfits(document)
    low = [s.margin is not None and s.margin < BESIDE for s in document]
    runs: list[range] = []
    start = 0
    for i in range(len(document) + 1):
        if i < len(document) and low[i]:
            continue
        if i - start > 1 and any(bad[start:i]):
            runs.append(range(start, i))
        start = i + 1
    return runs
