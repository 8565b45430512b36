"""The edits of TER, as sacreBLEU counts them, an order of magnitude sooner.

Nearly all of its time goes into the edit distances of the hypothesis with a stretch of words
shifted, hundreds of them, one after the other. Here sacreBLEU's own search says which it would
look at, and their distances are computed together.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from sacrebleu.metrics import lib_ter

__all__ = ["distances", "edits"]

_NEVER = 2**30
"""The distance of what the beam leaves out."""


def edits(hypothesis: list[str], reference: list[str]) -> int:
    """The least number of edits and shifts, as sacreBLEU's search finds them.

    Its time grows with the product of the lengths, in words.
    """
    if not reference:
        return len(hypothesis)
    distance = _Distance(reference)
    words, checked, shifts = hypothesis, 0, 0
    while True:
        distance.plan(words, checked)
        gain, shifted, checked = lib_ter._shift(words, reference, distance, checked)
        if checked >= lib_ter._MAX_SHIFT_CANDIDATES or gain <= 0:
            return shifts + distance(words)[0]
        words, shifts = shifted, shifts + 1


class _Distance:
    """Stands in for sacreBLEU's edit distance: words of a hypothesis to distance and trace.

    Only the trace of the hypothesis that is to be shifted is ever read.
    """

    def __init__(self, reference: list[str]) -> None:
        self._reference = reference
        self._traced = lib_ter.BeamEditDistance(reference)
        self._known: dict[tuple[str, ...], tuple[int, str]] = {}
        self._wanted: dict[tuple[str, ...], None] | None = None

    def __call__(self, words: list[str]) -> tuple[int, str]:
        key = tuple(words)
        if key not in self._known and self._wanted is not None:
            self._wanted[key] = None
            return 0, ""
        return self._known[key]

    def plan(self, words: list[str], checked: int) -> None:
        """Compute all distances that the next look for a shift will ask for."""
        self._known[tuple(words)] = self._traced(words)
        self._wanted = {}
        lib_ter._shift(words, self._reference, self, checked)
        found = distances(self._wanted, self._reference)
        self._known.update((key, (int(d), "")) for key, d in zip(self._wanted, found, strict=True))
        self._wanted = None


def distances(hypotheses: Iterable[Sequence[str]], reference: Sequence[str]) -> NDArray[np.int64]:
    """Edit distances to a reference of hypotheses of one length, within sacreBLEU's beam."""
    ids: dict[str, int] = {}
    rows = [[ids.setdefault(word, len(ids)) for word in words] for words in hypotheses]
    if not rows:
        return np.zeros(0, dtype=np.int64)
    words = np.array(rows, dtype=np.int32)
    goal = np.array([ids.get(word, -1) for word in reference], dtype=np.int32)
    count, length = words.shape
    ratio = len(goal) / length
    beam = lib_ter._BEAM_WIDTH
    if beam < ratio / 2:
        beam = math.ceil(ratio / 2 + beam)
    before = np.broadcast_to(np.arange(len(goal) + 1, dtype=np.int64), (count, len(goal) + 1))
    for i in range(1, length + 1):
        middle = math.floor(i * ratio)
        first = max(0, middle - beam)
        end = len(goal) + 1 if i == length else min(len(goal) + 1, middle + beam)
        now = np.full((count, len(goal) + 1), _NEVER)
        inner = max(first, 1)
        differs = words[:, i - 1, None] != goal[inner - 1 : end - 1]
        now[:, inner:end] = np.minimum(before[:, inner - 1 : end - 1] + differs,
                                       before[:, inner:end] + 1)  # fmt: skip
        if first == 0:
            now[:, 0] = before[:, 0] + 1
        # An insertion costs one more than what stands before it.
        place = np.arange(first, end)
        now[:, first:end] = np.minimum.accumulate(now[:, first:end] - place, axis=1) + place
        before = np.minimum(now, _NEVER)
    return before[:, -1]
