"""What speaks for and against joining sentences of two texts, in numbers.

Cosines, margins over the nearest other sentences (Artetxe and Schwenk 2019), lengths and shared
anchors (numbers, acronyms, Latin words). Cosines are taken twice: as they are, and after the
mean of each side was taken off, since sentences of one abstract are all about the same thing and
only what sets them apart tells which belongs to which.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from mtcheck.alignment.fitted import FITTED, Weights
from mtcheck.languages.en_zh.extent import cut, extent
from mtcheck.languages.en_zh.numbers import LanguageCode, Strength, numbers
from mtcheck.models import Encoder
from mtcheck.text.parses import cached

__all__ = [
    "EMBEDDED",
    "JOINED",
    "SHAPES",
    "BeadFeatures",
    "CosineScale",
    "Matrix",
    "Range",
    "anchors",
    "length_score",
    "spread",
]

Range = tuple[int, int]
Matrix = NDArray[np.float64]

JOINED: tuple[Range, ...] = ((1, 2), (2, 1), (2, 2), (1, 3), (3, 1))
"""Sentences on each side of the beads that join some."""
SHAPES: tuple[Range, ...] = ((1, 1), *JOINED)


@dataclass(frozen=True, slots=True)
class CosineScale:
    """What cosines an encoder gives; ``mtcheck calibrate-alignment`` measures it.

    ``unrelated`` and ``related`` are the median cosines of unrelated sentences of one document
    and of sentences with their translations; ``centred`` is that of the latter after the mean
    of each side was taken off.
    """

    unrelated: float
    related: float
    centred: float

    @property
    def stretch(self) -> float:
        """How much wider the embedded encoder spreads its cosines, for which weights hold."""
        return (EMBEDDED.related - EMBEDDED.unrelated) / max(0.01, self.related - self.unrelated)

    def likened(self, cosine: Matrix) -> Matrix:
        """Cosines as the embedded encoder would give them."""
        like: Matrix = EMBEDDED.unrelated + self.stretch * (cosine - self.unrelated)
        return like


EMBEDDED = CosineScale(unrelated=0.178, related=0.676, centred=0.622)
"""The embedded encoder's own, on MLQE-PE train post-edits in documents of like sentences."""

# Variance of the log ratio of a pair's extents: a part of its own, and one that characters share.
# Chosen on MLQE-PE train; `mtcheck train alignment` prints the best fit there.
_SPREAD, _SPREAD_SHARED = 0.019, 0.26
_NEAREST = 2
# The document's own ratio of lengths is believed like so many sentences that have the usual one.
_USUAL = 4
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]+")
_MIXED = re.compile(r"[A-Za-z]*[A-Z][A-Za-z0-9]*[A-Z0-9][A-Za-z0-9]*|[a-z]+[A-Z][A-Za-z0-9]*")

_Keys = frozenset[Fraction | str]


@cached
def anchors(text: str, language: LanguageCode) -> tuple[_Keys, _Keys]:
    """What of a text should recur in a counterpart, and what may serve as one of that.

    Latin words in Chinese were taken from the source; in English only the odd-looking stay.
    """
    values = numbers(text, language)
    words = {w.casefold() for w in _LATIN.findall(text)}
    stay = words if language == "zh" else {w.casefold() for w in _MIXED.findall(text)}
    strong = {v.value for v in values if v.strength >= Strength.WORDS}
    return frozenset(strong | stay), frozenset({k for v in values for k in v.keys} | words)


def _unit(vectors: Matrix) -> Matrix:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Matrix = vectors / np.maximum(1e-9, lengths)
    return unit


def _windows(rows: Matrix, size: int) -> Matrix:
    """The sums of ``size`` neighbouring rows."""
    count = max(0, len(rows) - size + 1)
    total = np.zeros((count, *rows.shape[1:]))
    for k in range(size):
        total += rows[k : k + count]
    return total


class _Side:
    """One side's sentences in numbers; ``plain`` and ``centred`` go by how many are joined."""

    def __init__(self, texts: Sequence[str], encoder: Encoder, language: LanguageCode) -> None:
        self.vectors = encoder.encode(list(texts)).astype(np.float64)
        weight = np.sqrt([float(len(t)) for t in texts])[:, None]
        # One more than there are, so that a single sentence keeps half of itself.
        centred = self.vectors - self.vectors.sum(axis=0) / (len(texts) + 1)
        self.plain = {k: _unit(_windows(self.vectors * weight, k)) for k in (1, 2, 3)}
        self.centred = {k: _unit(_windows(centred * weight, k)) for k in (1, 2, 3)}
        self.extents = np.array([extent(t, language) for t in texts])


def _indicators(
    sides: tuple[Sequence[str], Sequence[str]], languages: tuple[LanguageCode, LanguageCode]
) -> list[tuple[Matrix, Matrix]]:
    """For each side, which anchors its sentences need and which they have."""
    sets = [
        [anchors(text, language) for text in texts]
        for texts, language in zip(sides, languages, strict=True)
    ]
    known: dict[Fraction | str, int] = {}
    for side in sets:
        for strong, _ in side:
            for key in strong:
                known.setdefault(key, len(known))
    result = []
    for side in sets:
        pair = np.zeros((2, len(side), len(known)))
        for i, both in enumerate(side):
            for which in (0, 1):
                for key in both[which]:
                    if key in known:
                        pair[which, i, known[key]] = 1
        result.append((pair[0], pair[1]))
    return result


def _beyond(cosines: Matrix, own: int, places: int) -> tuple[Matrix, Matrix]:
    """Of each row's nearest others the mean and the first, each of shape ``(rows, places)``.

    Others are all columns outside the ``own`` columns from that place on; NaN without any.
    """
    count = min(cosines.shape[1], _NEAREST + own)
    order = np.argsort(-cosines, axis=1, kind="stable")[:, :count]
    values = np.take_along_axis(cosines, order, axis=1)
    mean, first = np.empty((2, len(cosines), places))
    for place in range(places):
        other = (order < place) | (order >= place + own)
        other &= np.cumsum(other, axis=1) <= _NEAREST
        found = other.sum(axis=1)
        total = np.where(other, values, 0).sum(axis=1)
        mean[:, place] = np.where(found > 0, total / np.maximum(found, 1), np.nan)
        at = np.argmax(other, axis=1)
        first[:, place] = np.where(found > 0, values[np.arange(len(values)), at], np.nan)
    return mean, first


def spread(source: Matrix, target: Matrix) -> Matrix:
    """The standard deviation of the log ratio of extents; arrays are broadcast."""
    deviation: Matrix = np.sqrt(_SPREAD + _SPREAD_SHARED / np.minimum(source, target))
    return deviation


def length_score(source: Matrix, target: Matrix, *, ratio: float = 0.0) -> Matrix:
    """By how many standard deviations target extents are larger than source extents.

    ``ratio`` is the expected log ratio; arrays are broadcast.
    """
    scores: Matrix = (np.log(target / source) - ratio) / spread(source, target)
    return scores


class BeadFeatures:
    """What two texts show about each of their possible beads.

    ``cosines`` go by the bead's shape and are of shape ``(rows, columns)``: the places where
    such a bead may begin. ``centred`` are those of single sentences after the mean of each side
    was taken off, as the embedded encoder would give them. Both texts have at least one sentence.
    """

    def __init__(
        self,
        source: Sequence[str],
        target: Sequence[str],
        encoder: Encoder,
        *,
        languages: tuple[LanguageCode, LanguageCode] = ("en", "zh"),
        scale: CosineScale = EMBEDDED,
    ) -> None:
        self._texts = source, target
        self._languages = languages
        self._encoder = encoder
        self._scale = scale
        self._left = _Side(source, encoder, languages[0])
        self._right = _Side(target, encoder, languages[1])
        self._anchors = _indicators((source, target), languages)
        self._centre = EMBEDDED.centred / max(0.01, scale.centred)
        self.centred = self._centre * (self._left.centred[1] @ self._right.centred[1].T)
        self._ratio = self._own_ratio()
        self.cosines = {
            (a, b): self._left.plain[a] @ self._right.plain[b].T
            for a, b in SHAPES
            if a <= len(source) and b <= len(target)
        }

    def _own_ratio(self) -> float:
        """The mean log ratio of extents of those that are each other's best match."""
        best = self.centred.argmax(axis=1)
        back = self.centred.argmax(axis=0)
        ratios = [
            math.log(self._right.extents[j] / self._left.extents[i])
            for i, j in enumerate(best.tolist())
            if back[j] == i and self.centred[i, j] > 0.3
        ]
        usual = [r for r in ratios if abs(r) < 0.6]
        return sum(usual) / (len(usual) + _USUAL)

    def worths(self, weights: Weights = FITTED) -> dict[Range, Matrix]:
        """The worth of every bead, in log odds up to a constant that all alignments share."""
        constants = dict(zip(JOINED, weights.shapes, strict=True))
        result = {
            shape: self.features(shape) @ np.array(weights.joined if shape in constants else
                                                   weights.pair) + constants.get(shape, 0.0)
            for shape in self.cosines
        }  # fmt: skip
        lost = self.features((1, 0)) @ np.array(weights.lost) + weights.wary[0]
        new = self.features((0, 1)) @ np.array(weights.new) + weights.wary[1]
        return {**result, (1, 0): lost[:, None], (0, 1): new[None]}

    def features(self, shape: Range) -> Matrix:
        """The features of all beads of a shape, along the last axis.

        For 1-0 and 0-1: constant, best centred cosine, log extent, log counts of anchors that
        the other side lacks and has. Else: constant, cosine, its centred margins over the next
        two (source's, hypothesis's), squared length score, log counts of shared anchors and of
        those that the source and the hypothesis need in vain, shortness, centred cosine, its
        margins over the next best; and for joined sentences what joining gains in cosine, what
        the weakest of them has, and its margin.
        """
        if shape == (1, 0):
            return self._alone(self._left, self.centred.max(axis=1), 0)
        if shape == (0, 1):
            return self._alone(self._right, self.centred.max(axis=0), 1)
        return np.stack(list(self._together(*shape)), axis=-1)

    def _alone(self, side: _Side, best: Matrix, which: int) -> Matrix:
        need = self._anchors[which][0]
        had = self._anchors[1 - which][1].max(axis=0)
        return np.stack(
            [
                np.ones(len(best)),
                best,
                np.log(side.extents / 16),
                np.log1p(need @ (1 - had)),
                np.log1p(need @ had),
            ],
            axis=-1,
        )

    def _together(self, a: int, b: int) -> Iterator[Matrix]:
        cosine = self.cosines[a, b]
        rows, columns = cosine.shape
        u, v = self._left.centred[a], self._right.centred[b]
        by_left = self._centre * (u @ self._right.centred[1].T)
        by_right = self._centre * (self._left.centred[1] @ v.T)
        centred = self._centre * (u @ v.T)
        left = _windows(self._left.extents, a)[:, None]
        right = _windows(self._right.extents, b)[None]
        mean_left, first_left = _beyond(by_left, b, columns)
        mean_right, first_right = (m.T for m in _beyond(by_right.T, a, rows))
        yield np.full_like(cosine, float((a, b) == (1, 1)))
        yield (self._scale.likened(cosine) - 0.25) / 0.45
        yield np.nan_to_num(centred - mean_left)
        yield np.nan_to_num(centred - mean_right)
        yield np.minimum(length_score(left, right, ratio=self._ratio) ** 2, 16)
        yield from self._shared(a, b)
        yield np.sqrt(16 / np.minimum(left, right))
        yield centred
        yield np.nan_to_num(centred - first_left)
        yield np.nan_to_num(centred - first_right)
        if (a, b) == (1, 1):
            return
        parts, singles, margins = [], [], []
        if a > 1:
            part = self._centre * (self._left.centred[a - 1] @ v.T)
            parts += [part[:-1], part[1:]]
            singles += [by_right[k : k + rows] for k in range(a)]
            margin = by_right - _beyond(self.centred, b, columns)[1]
            margins += [margin[k : k + rows] for k in range(a)]
        if b > 1:
            part = self._centre * (u @ self._right.centred[b - 1].T)
            parts += [part[:, :-1], part[:, 1:]]
            singles += [by_left[:, k : k + columns] for k in range(b)]
            margin = by_left - _beyond(self.centred.T, a, rows)[1].T
            margins += [margin[:, k : k + columns] for k in range(b)]
        yield centred - np.max(parts, axis=0)
        yield np.min(singles, axis=0)
        yield np.nan_to_num(np.min(margins, axis=0))

    def _shared(self, a: int, b: int) -> Iterator[Matrix]:
        """Log counts of anchors that both have, and that one side alone needs."""
        (need, have), (needed, had) = (
            tuple(np.minimum(1, _windows(m, size)) for m in pair)
            for pair, size in zip(self._anchors, (a, b), strict=True)
        )
        met, meets = need @ had.T, have @ needed.T
        yield np.log1p(met + meets - need @ needed.T)
        yield np.log1p(need.sum(axis=1)[:, None] - met)
        yield np.log1p(needed.sum(axis=1)[None] - meets)

    def second_look(self, shape: Range, i: int, j: int) -> list[float]:
        """Features of a 1-2 or 2-1 bead that cost some more texts to embed.

        The one sentence is cut in proportion to the two. Then: what the two joined have in
        cosine over the better of them, the weaker cosine of a part with its own of the two,
        the cosines of parts with their own less those crosswise, and the smaller margin of
        one of the two for its own part.
        """
        which = 0 if shape == (1, 2) else 1
        at = (i, j)
        one = self._texts[which][at[which]]
        two = self._texts[1 - which][at[1 - which] : at[1 - which] + 2]
        one_language, language = self._languages[which], self._languages[1 - which]
        extents = [extent(text, language) for text in two]
        parts = cut(one, round(extents[0] / sum(extents), 4), one_language)
        joined = ("" if language == "zh" else " ").join(two)
        vectors = self._encoder.encode([one, *two, joined, *parts]).astype(np.float64)
        c = self._scale.likened(vectors @ vectors.T)
        return [
            float(c[0, 3] - max(c[0, 1], c[0, 2])),
            float(min(c[4, 1], c[5, 2])),
            float(c[4, 1] + c[5, 2] - c[4, 2] - c[5, 1]),
            float(min(c[4, 1] - c[5, 1], c[5, 2] - c[4, 2])),
        ]
