"""How close the sides of each segment are, and which fit their neighbours better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mtcheck.languages.en.terms import tokens
from mtcheck.models import Encoder
from mtcheck.types import Segment

__all__ = ["misfits", "shifts", "with_similarity"]

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
    cosine = (left @ right.T).astype(np.float64)
    result = list(segments)
    for k, i in enumerate(both):
        margin, fits = None, 0
        if len(both) > _NEIGHBOURS:
            best = int(cosine[:, k].argmax())
            fits = both[best] - i if cosine[best, k] > cosine[k, k] else 0
            others = np.arange(len(both)) != k
            near = [np.sort(line[others])[-_NEIGHBOURS:] for line in (cosine[k], cosine[:, k])]
            # Below 0.05 the neighbours say nothing and the ratio would run away.
            margin = round(float(cosine[k, k] / max(0.05, float(np.mean(near)))), 4)
        result[i] = replace(
            segments[i], similarity=round(float(cosine[k, k]), 4), margin=margin, fits=fits
        )
    return result


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
        and len(tokens(s.source)) >= _MIN_WORDS
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
