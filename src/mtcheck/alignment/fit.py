"""Which pairs of a document fit each other worse than they fit their neighbours."""

from __future__ import annotations

from collections.abc import Sequence

from mtcheck.languages.en.terms import tokens
from mtcheck.types import Segment

__all__ = ["misfits", "shifts"]

MARGIN = 1.0
"""Below it a pair is no closer than its nearest neighbours in the document are on average."""

BESIDE = 1.2
"""The same for a pair beside a misfit: two low margins in a row are rarer than one. On WMT24
reference translations 1 margin in 1,000 is lower."""

_MIN_WORDS = 5
_MIN_CHARACTERS = 6


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
