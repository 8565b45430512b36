"""Pair the sentences of a source with those of its translation.

A bead joins up to three sentences of one side with one of the other, or two with two. The best
run of beads is found by dynamic programming (Gale and Church 1993) under a log-linear model
(:mod:`mtcheck.alignment.beads`). Where it hangs on whether one sentence is rendered by two or by
one of them alone, a second look sets the halves of the one against the two. A last pass links an
omission with an addition elsewhere when they are each other's translation: a moved sentence.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mtcheck.alignment.beads import EMBEDDED, BeadFeatures, CosineScale, Matrix, Range
from mtcheck.alignment.fitted import FITTED, Weights
from mtcheck.errors import UsageError
from mtcheck.languages.en_zh.numbers import LanguageCode
from mtcheck.models import Encoder

__all__ = [
    "EMBEDDED",
    "Bead",
    "CosineScale",
    "Joint",
    "align",
    "assign",
    "best_path",
    "doubtful",
    "load_scale",
]


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


_BAND = 60
"""Sentences to either side of the diagonal that the search looks at."""

_SAME, _FORGIVEN = 0.3, 5.0
"""Two neighbours that were left over belong together above this cosine (less the mean of each
side), if as a pair they are worth no less than this below two absences. Chosen on documents of
MLQE-PE train on one topic or three, a third of whose sentences lost a clause, so that few are
joined that do not belong together."""

Joint = tuple[Range, int, int, float]
"""Shape of a bead that joins two sentences, its place, and by how much it is worth more than
the better of the two alone beside an absent one."""


def align(
    source: Sequence[str],
    target: Sequence[str],
    encoder: Encoder,
    *,
    languages: tuple[LanguageCode, LanguageCode] = ("en", "zh"),
    scale: CosineScale = EMBEDDED,
    weights: Weights = FITTED,
) -> list[Bead]:
    """Pair ``n`` source sentences with ``m`` target sentences.

    Every sentence is in exactly one bead. Beads go by their source; only those that are
    ``moved`` cross others. Each sentence is encoded once, and three texts more for each bead in
    doubt; the search takes O((n + m) * band), the features O(n * m).
    """
    n, m = len(source), len(target)
    if not n or not m:
        return [Bead((i, i + 1), (0, 0), None) for i in range(n)] + [
            Bead((n, n), (j, j + 1), None) for j in range(m)
        ]
    features = BeadFeatures(source, target, encoder, languages=languages, scale=scale)
    worths = features.worths(weights)
    path = best_path(n, m, worths)
    joints = list(doubtful(path, worths))
    for shape, i, j, gain in joints:
        look = weights.split if shape == (1, 2) else weights.merged
        seen = (1.0, gain, *features.second_look(shape, i, j))
        worths[shape][i, j] += sum(w * f for w, f in zip(look, seen, strict=True)) - gain
    if joints:
        path = best_path(n, m, worths)
    path = _rejoined(path, features.centred, worths)
    return _crossed(_beads(path, features.cosines), features.cosines, worths, weights.crossing)


def _rejoined(path: Sequence[Range], cosine: Matrix, worths: Mapping[Range, Matrix]) -> list[Range]:
    """Pair an absent sentence with an invented one beside it, where they say much the same.

    A sentence that lost half of itself fits its source so badly that the search would rather
    have neither belong to anything.
    """
    result: list[Range] = []
    i = j = 0
    for shape in path:
        if result and {result[-1], shape} == {(1, 0), (0, 1)}:
            at, to = i - shape[1], j - shape[0]
            gain = worths[1, 1][at, to] - worths[1, 0][at, 0] - worths[0, 1][0, to]
            joins = cosine[at, to] > _SAME and gain > -_FORGIVEN
        else:
            joins = False
        if joins:
            result[-1] = (1, 1)
        else:
            result.append(shape)
        i, j = i + shape[0], j + shape[1]
    return result


def doubtful(path: Sequence[Range], worths: dict[Range, Matrix]) -> Iterator[Joint]:
    """The 1-2 and 2-1 beads of a path, and those that it could have instead of an absent side."""
    cells = set()
    i = j = 0
    for one, two in itertools.pairwise((*path, (0, 0))):
        if one in {(1, 2), (2, 1)}:
            cells.add((one, i, j))
        joint = (one[0] + two[0], one[1] + two[1])
        if (1, 1) in {one, two} and joint in {(1, 2), (2, 1)}:
            cells.add((joint, i, j))
        i, j = i + one[0], j + one[1]
    pair = worths[1, 1]
    lost, new = worths[1, 0][:, 0], worths[0, 1][0]
    for shape, i, j in sorted(cells):
        if shape == (1, 2):
            apart = max(pair[i, j] + new[j + 1], new[j] + pair[i, j + 1])
        else:
            apart = max(pair[i, j] + lost[i + 1], lost[i] + pair[i + 1, j])
        yield shape, i, j, float(worths[shape][i, j] - apart)


def best_path(n: int, m: int, worths: dict[Range, Matrix]) -> list[Range]:
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


def _beads(path: Iterable[Range], cosines: Mapping[Range, Matrix]) -> list[Bead]:
    beads = []
    i = j = 0
    for a, b in path:
        similarity = float(cosines[a, b][i, j]) if a and b else None
        beads.append(Bead((i, i + a), (j, j + b), similarity))
        i, j = i + a, j + b
    return beads


def _crossed(
    beads: list[Bead],
    cosines: dict[Range, Matrix],
    worths: dict[Range, Matrix],
    least: float,
) -> list[Bead]:
    """Undo what the search, which can't cross, did to sentences that were moved."""
    pair, cosine = worths[1, 1], cosines[1, 1]
    lost, new = worths[1, 0][:, 0], worths[0, 1][0]

    def linked(i: int, j: int, *, moved: bool) -> Bead:
        return Bead((i, i + 1), (j, j + 1), float(cosine[i, j]), moved)

    result: list[Bead] = []
    for bead in beads:
        # Neighbours swapped: two 1-1 beads, or a 2-2 bead, that fit better crosswise.
        i, j = bead.source[1] - 2, bead.hypothesis[1] - 2
        last = result[-1] if result else None
        straight: float | None = None
        if bead.kind == "2-2":
            straight = float(worths[2, 2][i, j])
        elif bead.kind == "1-1" and last and last.kind == "1-1" and not last.moved:
            straight = float(pair[i, j] + pair[i + 1, j + 1])
        if straight is not None and _both(pair, i, j) > straight + least:
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
        if gain > least and i not in homes and j not in homes.values():
            homes[i] = j
    taken = set(homes.values())
    return [
        linked(b.source[0], homes[b.source[0]], moved=True)
        if b.kind == "1-0" and b.source[0] in homes
        else b
        for b in result
        if not (b.kind == "0-1" and b.hypothesis[0] in taken)
    ]


def _both(pair: Matrix, i: int, j: int) -> float:
    return float(pair[i, j + 1] + pair[i + 1, j])


def assign(
    sentences: Sequence[str],
    anchors: Sequence[str],
    encoder: Encoder,
    *,
    language: LanguageCode,
    scale: CosineScale = EMBEDDED,
) -> list[Range | None]:
    """Share out the sentences of a third text (a reference, a back-translation) to segments.

    ``anchors`` are the segments' texts in a language of the sentences' own, or in any the
    encoder knows; ``language`` is the sentences'. Gives a half-open range of sentences for each,
    or None where a sentence runs over into the neighbour, so that no score is made up from half
    a counterpart.
    """
    result: list[Range | None] = [None] * len(anchors)
    for bead in align(
        anchors,
        sentences,
        encoder,
        languages=(language, language),
        scale=scale,
    ):
        if bead.source[1] - bead.source[0] == 1 and bead.hypothesis[1] > bead.hypothesis[0]:
            result[bead.source[0]] = bead.hypothesis
    return result


def load_scale(path: Path, encoder: Encoder) -> CosineScale:
    """The scale in a file of ``mtcheck calibrate-alignment``.

    Raises UsageError when the file can't be read or was made for another encoder.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        signature = content["signature"]
        found = CosineScale(**{k: float(content[k]) for k in CosineScale.__slots__})
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise UsageError(
            f"{path}: not a calibration: {error}; make one with mtcheck calibrate-alignment"
        ) from None
    if signature != encoder.signature:
        raise UsageError(
            f"{path}: made for {signature}, not for {encoder.signature}; "
            "make one with mtcheck calibrate-alignment"
        )
    return found
