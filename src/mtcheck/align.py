"""Pair the sentences of a source with those of its translation.

A bead joins up to three sentences of one side with one of the other, or two with two. The best
run of beads is found by dynamic programming (Gale and Church 1993) under a log-linear model
whose features are cosines, margins over the nearest other sentences (Artetxe and Schwenk 2019),
length and shared anchors (numbers, acronyms, Latin words). Cosines are taken twice: as they
are, and after the mean of each side was taken off, since sentences of one abstract are all
about the same thing and only what sets them apart tells which belongs to which. A second pass
links an omission with an addition elsewhere when they are each other's translation: a moved
sentence.
"""

from __future__ import annotations

import functools
import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtcheck.errors import UsageError
from mtcheck.models import Encoder
from mtcheck.text.numbers import Language, Strength, numbers

__all__ = [
    "EMBEDDED",
    "Bead",
    "Calibration",
    "align",
    "anchors",
    "assign",
    "length_score",
    "load_calibration",
]

Range = tuple[int, int]
_Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bead:
    """Sentences ``source[0]:source[1]`` are rendered by ``hypothesis[0]:hypothesis[1]``.

    Both are half-open; an empty range is an absent side. ``similarity`` is the cosine of the
    two sides (of the mean vectors where a side has several sentences), None when a side is
    absent. ``moved`` tells that the hypothesis does not stand where its source does.
    """

    source: Range
    hypothesis: Range
    similarity: float | None
    moved: bool = False

    @property
    def kind(self) -> str:
        """Sentences on each side: ``"1-1"``, ``"1-0"``, ``"2-1"`` and so on."""
        return f"{self.source[1] - self.source[0]}-{self.hypothesis[1] - self.hypothesis[0]}"


@dataclass(frozen=True, slots=True)
class Calibration:
    """What cosines an encoder gives; ``mtcheck calibrate-alignment`` measures it.

    ``unrelated`` and ``related`` are the median cosines of unrelated sentences of one document
    and of sentences with their translations; ``centred`` is that of the latter after the mean
    of each side was taken off.
    """

    unrelated: float
    related: float
    centred: float


EMBEDDED = Calibration(unrelated=0.178, related=0.676, centred=0.622)
"""The embedded encoder's own, on MLQE-PE train post-edits in documents of like sentences."""

# The weights of the model: maximum likelihood (a semi-Markov conditional random field) on
# MLQE-PE train post-edits, grouped into documents of 4 to 13 sentences that resemble each other,
# with omissions, additions, merges and splits planted at 10% each. In order: cosine, its margins
# over the source's and the hypothesis's next best, squared length z-score, shared anchors,
# anchors without counterpart in the source and in the hypothesis, shortness, centred cosine;
# for joined sentences also what joining gains and what the weakest of them has.
_PAIR = (4.25, 3.14, 2.65, -0.47, 2.03, -1.64, -1.18, -0.2, 2.29)
_JOINED = (3.51, 1.84, 1.98, -0.56, 2.21, -1.5, -1.09, -0.6, 2.21, 2.69, 3.1)
_SHAPES = {(1, 1): -0.25, (1, 2): 1.69, (2, 1): 0.22, (2, 2): -1.36, (1, 3): -0.27, (3, 1): 0.02}
# A sentence without counterpart: its constant, its best centred cosine, its log length.
_LOST = (1.05, -1.71, 0.74)
_NEW = (0.16, -1.73, 1.1)
# Added to both constants: where the F1 of omissions and additions was highest on the same data.
_WARY = {(1, 0): 0.2, (0, 1): 0.8}
# By how much a crossing must be better than what it replaces, in log odds.
_CROSSING = 4.0
# Mean and spread of log(hypothesis characters / source characters), from MLQE-PE train
# post-edits; the spread widens as texts get short.
_LENGTH_MEAN, _LENGTH_SPREAD = -1.17, 0.25
_NEAREST = 2
_BAND = 60

_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]+")
_MIXED = re.compile(r"[A-Za-z]*[A-Z][A-Za-z0-9]*[A-Z0-9][A-Za-z0-9]*|[a-z]+[A-Z][A-Za-z0-9]*")

_Keys = frozenset[Fraction | str]


@functools.lru_cache(maxsize=8192)
def anchors(text: str, language: Language) -> tuple[_Keys, _Keys]:
    """What of a text should recur in a counterpart, and what may serve as one of that.

    Latin words in Chinese were taken from the source; in English only the odd-looking stay.
    """
    values = numbers(text, language)
    words = {w.casefold() for w in _LATIN.findall(text)}
    stay = words if language == "zh" else {w.casefold() for w in _MIXED.findall(text)}
    strong = {v.value for v in values if v.strength >= Strength.WORDS}
    return frozenset(strong | stay), frozenset({k for v in values for k in v.keys} | words)


def _unit(vectors: _Matrix) -> _Matrix:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: _Matrix = vectors / np.maximum(1e-9, lengths)
    return unit


def _windows(rows: _Matrix, size: int) -> _Matrix:
    """The sums of ``size`` neighbouring rows."""
    count = max(0, len(rows) - size + 1)
    total = np.zeros((count, *rows.shape[1:]))
    for k in range(size):
        total += rows[k : k + count]
    return total


def length_score(source: str, hypothesis: str) -> float:
    """How much longer the Chinese is than its English lets expect, in standard deviations."""
    long, short = len(source) + 1, len(hypothesis) + 1
    spread = math.sqrt(_LENGTH_SPREAD**2 + 4.0 / min(long, 3 * short))
    return (math.log(short / long) - _LENGTH_MEAN) / spread


class _Side:
    """One side's sentences in numbers; ``plain`` and ``centred`` go by how many are joined."""

    def __init__(self, texts: Sequence[str], encoder: Encoder) -> None:
        vectors = encoder.encode(list(texts)).astype(np.float64)
        self.lengths = np.array([len(t) for t in texts], dtype=float)
        weight = np.sqrt(self.lengths)[:, None]
        # One more than there are, so that a single sentence keeps half of itself.
        centred = vectors - vectors.sum(axis=0) / (len(texts) + 1)
        self.plain = {k: _unit(_windows(vectors * weight, k)) for k in (1, 2, 3)}
        self.centred = {k: _unit(_windows(centred * weight, k)) for k in (1, 2, 3)}


def _indicators(
    sides: tuple[Sequence[str], Sequence[str]], languages: tuple[Language, Language]
) -> list[tuple[_Matrix, _Matrix]]:
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


def _beyond(cosines: _Matrix, own: int, places: int) -> _Matrix:
    """The mean of each row's nearest others, shape ``(rows, places)``.

    Others are all columns outside the ``own`` columns from that place on; NaN without any.
    """
    count = min(cosines.shape[1], _NEAREST + own)
    order = np.argsort(-cosines, axis=1, kind="stable")[:, :count]
    values = np.take_along_axis(cosines, order, axis=1)
    result = np.empty((len(cosines), places))
    for place in range(places):
        other = (order < place) | (order >= place + own)
        other &= np.cumsum(other, axis=1) <= _NEAREST
        found = other.sum(axis=1)
        total = np.where(other, values, 0).sum(axis=1)
        result[:, place] = np.where(found > 0, total / np.maximum(found, 1), np.nan)
    return result


class _Model:
    """The worth of every bead between two texts, as log odds up to a constant."""

    def __init__(
        self,
        source: Sequence[str],
        target: Sequence[str],
        encoder: Encoder,
        *,
        languages: tuple[Language, Language],
        length_mean: float,
        calibration: Calibration,
    ) -> None:
        self._left, self._right = _Side(source, encoder), _Side(target, encoder)
        self._anchors = _indicators((source, target), languages)
        self._length_mean = length_mean
        # The weights belong to the embedded encoder's cosines: others are stretched to these.
        span = calibration.related - calibration.unrelated
        own = EMBEDDED.related - EMBEDDED.unrelated
        self._stretch = own / max(0.01, span)
        self._unrelated = calibration.unrelated
        self._centre = EMBEDDED.centred / max(0.01, calibration.centred)
        self.cosines = {
            (a, b): self._left.plain[a] @ self._right.plain[b].T
            for a, b in _SHAPES
            if a <= len(source) and b <= len(target)
        }
        self.worths = {shape: self._worth(*shape) for shape in self.cosines}
        near = self._centre * (self._left.centred[1] @ self._right.centred[1].T)
        for name, weights, best, lengths in (
            ((1, 0), _LOST, near.max(axis=1), self._left.lengths / 100),
            ((0, 1), _NEW, near.max(axis=0), self._right.lengths / 30),
        ):
            short = np.log(np.maximum(lengths, 0.01))
            worth = _WARY[name] + weights[0] + weights[1] * best + weights[2] * short
            self.worths[name] = worth[:, None] if name == (1, 0) else worth[None]

    def _worth(self, a: int, b: int) -> _Matrix:
        cosine = self.cosines[a, b]
        rows, columns = cosine.shape
        likened = EMBEDDED.unrelated + self._stretch * (cosine - self._unrelated)
        scaled = (likened - 0.25) / 0.45
        u, v = self._left.centred[a], self._right.centred[b]
        by_left = self._centre * (u @ self._right.centred[1].T)
        by_right = self._centre * (self._left.centred[1] @ v.T)
        centred = self._centre * (u @ v.T)
        left, right = _windows(self._left.lengths, a) + 1, _windows(self._right.lengths, b) + 1
        shorter = np.minimum(left[:, None], 3 * right[None])
        spread = np.sqrt(_LENGTH_SPREAD**2 + 4.0 / shorter)
        z = (np.log(right[None] / left[:, None]) - self._length_mean) / spread
        features = [
            scaled,
            np.nan_to_num(centred - _beyond(by_left, b, columns)),
            np.nan_to_num(centred - _beyond(by_right.T, a, rows).T),
            np.minimum(z * z, 9),
            *self._shared(a, b),
            np.sqrt(50 / shorter),
            centred,
        ]
        if (a, b) == (1, 1):
            weights: tuple[float, ...] = _PAIR
        else:
            weights = _JOINED
            parts, singles = [], []
            if a > 1:
                part = self._centre * (self._left.centred[a - 1] @ v.T)
                parts += [part[:-1], part[1:]]
                singles += [by_right[k : k + rows] for k in range(a)]
            if b > 1:
                part = self._centre * (u @ self._right.centred[b - 1].T)
                parts += [part[:, :-1], part[:, 1:]]
                singles += [by_left[:, k : k + columns] for k in range(b)]
            features += [centred - np.max(parts, axis=0), np.min(singles, axis=0)]
        worth = np.full_like(cosine, _SHAPES[a, b])
        for weight, feature in zip(weights, features, strict=True):
            worth += weight * feature
        return worth

    def _shared(self, a: int, b: int) -> Iterator[_Matrix]:
        """Log counts of anchors that both have, and that one side alone needs."""
        (need, have), (needed, had) = (
            tuple(np.minimum(1, _windows(m, size)) for m in pair)
            for pair, size in zip(self._anchors, (a, b), strict=True)
        )
        met, meets = need @ had.T, have @ needed.T
        yield np.log1p(met + meets - need @ needed.T)
        yield np.log1p(need.sum(axis=1)[:, None] - met)
        yield np.log1p(needed.sum(axis=1)[None] - meets)


def align(
    source: Sequence[str],
    target: Sequence[str],
    encoder: Encoder,
    *,
    languages: tuple[Language, Language] = ("en", "zh"),
    length_mean: float = _LENGTH_MEAN,
    calibration: Calibration = EMBEDDED,
) -> list[Bead]:
    """Pair ``n`` source sentences with ``m`` target sentences.

    Every sentence is in exactly one bead. Beads go by their source; only those that are
    ``moved`` cross others. ``length_mean`` is the expected log ratio of characters, target to
    source. Each sentence is encoded once; the search takes O((n + m) * band), the features
    O(n * m).
    """
    n, m = len(source), len(target)
    if not n or not m:
        return [Bead((i, i + 1), (0, 0), None) for i in range(n)] + [
            Bead((n, n), (j, j + 1), None) for j in range(m)
        ]
    model = _Model(
        source,
        target,
        encoder,
        languages=languages,
        length_mean=length_mean,
        calibration=calibration,
    )
    return _crossed(_beads(_best_path(n, m, model.worths), model.cosines), model)


def _best_path(n: int, m: int, worths: dict[Range, _Matrix]) -> list[Range]:
    """The shapes of the best alignment's beads, in order."""
    shapes = [(a, b, worth.tolist()) for (a, b), worth in worths.items()]
    best: dict[Range, tuple[float, Range]] = {(0, 0): (0.0, (0, 0))}
    band = max(_BAND, abs(n - m) + _BAND // 2)
    for i in range(n + 1):
        middle = round(i * m / n)
        for j in range(max(0, middle - band), min(m, middle + band) + 1):
            if not i and not j:
                continue
            top: tuple[float, Range] = (-math.inf, (0, 0))
            for a, b, worth in shapes:
                before = best.get((i - a, j - b))
                if before is not None:
                    total = before[0] + worth[i - a if a else 0][j - b if b else 0]
                    if total > top[0]:
                        top = (total, (a, b))
            best[i, j] = top
    path: list[Range] = []
    i, j = n, m
    while i or j:
        a, b = best[i, j][1]
        path.append((a, b))
        i, j = i - a, j - b
    return path[::-1]


def _beads(path: list[Range], cosines: dict[Range, _Matrix]) -> list[Bead]:
    beads = []
    i = j = 0
    for a, b in path:
        similarity = float(cosines[a, b][i, j]) if a and b else None
        beads.append(Bead((i, i + a), (j, j + b), similarity))
        i, j = i + a, j + b
    return beads


def _crossed(beads: list[Bead], model: _Model) -> list[Bead]:
    """Undo what the search, which can't cross, did to sentences that were moved."""
    pair, cosine = model.worths[1, 1], model.cosines[1, 1]
    lost, new = model.worths[1, 0][:, 0], model.worths[0, 1][0]

    def linked(i: int, j: int, *, moved: bool) -> Bead:
        return Bead((i, i + 1), (j, j + 1), float(cosine[i, j]), moved)

    result: list[Bead] = []
    for bead in beads:
        # Neighbours swapped: two 1-1 beads, or a 2-2 bead, that fit better crosswise.
        i, j = bead.source[1] - 2, bead.hypothesis[1] - 2
        last = result[-1] if result else None
        straight: float | None = None
        if bead.kind == "2-2":
            straight = float(model.worths[2, 2][i, j])
        elif bead.kind == "1-1" and last and last.kind == "1-1" and not last.moved:
            straight = float(pair[i, j] + pair[i + 1, j + 1])
        if straight is not None and _both(pair, i, j) > straight + _CROSSING:
            if bead.kind == "1-1":
                result.pop()
            result += [linked(i, j + 1, moved=False), linked(i + 1, j, moved=True)]
        else:
            result.append(bead)
    # An omission and an addition that are each other's translation.
    gone = [b.source[0] for b in result if b.kind == "1-0"]
    extra = [b.hypothesis[0] for b in result if b.kind == "0-1"]
    gains = sorted(
        ((float(pair[i, j] - lost[i] - new[j]), i, j) for i in gone for j in extra), reverse=True
    )
    homes: dict[int, int] = {}
    for gain, i, j in gains:
        if gain > _CROSSING and i not in homes and j not in homes.values():
            homes[i] = j
    taken = set(homes.values())
    return [
        linked(b.source[0], homes[b.source[0]], moved=True)
        if b.kind == "1-0" and b.source[0] in homes
        else b
        for b in result
        if not (b.kind == "0-1" and b.hypothesis[0] in taken)
    ]


def _both(pair: _Matrix, i: int, j: int) -> float:
    return float(pair[i, j + 1] + pair[i + 1, j])


def assign(
    sentences: Sequence[str],
    anchors: Sequence[str],
    encoder: Encoder,
    *,
    joiner: str,
    calibration: Calibration = EMBEDDED,
) -> list[Range | None]:
    """Share out the sentences of a third text (a reference, a back-translation) to segments.

    ``anchors`` are the segments' texts in a language of the sentences' own, or in any the
    encoder knows; ``joiner`` is ``""`` for Chinese, ``" "`` for English. Gives a half-open
    range of sentences for each, or None where a sentence runs over into the neighbour, so that
    no score is made up from half a counterpart.
    """
    language: Language = "en" if joiner else "zh"
    result: list[Range | None] = [None] * len(anchors)
    for bead in align(
        anchors,
        sentences,
        encoder,
        languages=(language, language),
        length_mean=0.0,
        calibration=calibration,
    ):
        if bead.source[1] - bead.source[0] == 1 and bead.hypothesis[1] > bead.hypothesis[0]:
            result[bead.source[0]] = bead.hypothesis
    return result


def load_calibration(path: Path, encoder: Encoder) -> Calibration:
    """The calibration in a file of ``mtcheck calibrate-alignment``.

    Raises UsageError when the file can't be read or was made for another encoder.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        signature = content["signature"]
        found = Calibration(**{k: float(content[k]) for k in Calibration.__slots__})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{path}: not a calibration: {error}; make one with mtcheck calibrate-alignment"
        ) from None
    if signature != encoder.signature:
        raise UsageError(
            f"{path}: made for {signature}, not for {encoder.signature}; "
            "make one with mtcheck calibrate-alignment"
        )
    return found
