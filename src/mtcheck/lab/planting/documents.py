"""Plant losses, additions, merges, splits, swaps and lost clauses in pairs that are right.

Used to fit the aligner and to judge it, so that both mean the same by an omission. An added
sentence is always of the same document: its own source was taken away.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from mtcheck.lab.planting.kinds import Pair
from mtcheck.models import Encoder

__all__ = ["ERRORS", "Block", "PlantedDocument", "alike", "opened", "plant", "without"]

Block = tuple[int, int, int, int]
"""Half-open ranges of source and hypothesis sentences: ``(i, i2, j, j2)``."""

ERRORS = ("omission", "addition", "split", "merge", "swap")
"""What :func:`plant` plants."""

_COMMA = re.compile("[，；,;]")
_FEWEST = 6
_OUTER = " ,;:，；："


@dataclass(frozen=True, slots=True)
class PlantedDocument:
    """Both sides of a document, its true beads, and the sources that begin a swap."""

    source: list[str]
    hypothesis: list[str]
    beads: list[Block]
    swapped: set[int]


def plant(
    pairs: Iterable[Pair], rng: random.Random, *, rate: float, swaps: float = 0.0
) -> PlantedDocument:
    """Each of four errors in ``rate`` of the pairs, then ``swaps`` among neighbours.

    A pair loses its hypothesis, loses its source, has its hypothesis split at a comma, or has
    it merged into the one before.
    """
    left: list[str] = []
    right: list[str] = []
    beads: list[list[int]] = []
    merge = False
    for source, target in pairs:
        i, j = len(left), len(right)
        cuts = [m.start() for m in _COMMA.finditer(target, _FEWEST) if m.start() < len(target) - 7]
        draw = rng.random()
        last = beads[-1] if beads else None
        if draw < rate:
            beads.append([i, i + 1, j, j])
            left.append(source)
        elif draw < 2 * rate:
            beads.append([i, i, j, j + 1])
            right.append(target)
        elif draw < 3 * rate and cuts:
            cut = rng.choice(cuts)
            beads.append([i, i + 1, j, j + 2])
            left.append(source)
            right += [target[:cut] + "。", target[cut + 1 :]]
        elif merge and last and last[1] - last[0] in (1, 2) and last[3] - last[2] == 1:
            right[-1] = right[-1].rstrip("。") + "，" + target
            left.append(source)
            last[1] += 1
        else:
            beads.append([i, i + 1, j, j + 1])
            left.append(source)
            right.append(target)
        merge = rng.random() < rate
    swapped: set[int] = set()
    k = 0
    while k + 1 < len(beads):
        one, two = beads[k], beads[k + 1]
        whole = all(b[1] - b[0] == 1 == b[3] - b[2] for b in (one, two))
        if swaps and whole and rng.random() < swaps:
            j = one[2]
            right[j], right[j + 1] = right[j + 1], right[j]
            one[2:], two[2:] = [j + 1, j + 2], [j, j + 1]
            swapped.add(one[0])
            k += 1
        k += 1
    return PlantedDocument(left, right, [(b[0], b[1], b[2], b[3]) for b in beads], swapped)


def without(text: str, place: tuple[int, int], joint: str) -> str:
    """A sentence less a stretch of it; ``joint`` goes between what is left, if on both sides."""
    before = text[: place[0]].rstrip(_OUTER)
    after = text[place[1] :].lstrip(_OUTER)
    ending = after in {"", ".", "。", "！", "？", "!", "?"}
    return before + after if not before or ending else before + joint + after


def opened(text: str | Sequence[str]) -> str:
    """Chinese text whose tokens stand apart, without these spaces."""
    text = text if isinstance(text, str) else " ".join(text)
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", text)


def alike(
    pairs: Sequence[Pair], encoder: Encoder, *, seed: int, least: int = 4, most: int = 13
) -> list[list[Pair]]:
    """Documents made of single sentences: each a sentence with those that are most like it."""
    vectors = encoder.encode([source for source, _ in pairs])
    rng = random.Random(seed)
    order = list(range(len(pairs)))
    rng.shuffle(order)
    free = np.ones(len(pairs), dtype=bool)
    documents = []
    for first in order:
        if not free[first]:
            continue
        places = np.flatnonzero(free)
        if len(places) < most:
            break
        near = np.argsort(-(vectors[places] @ vectors[first]), kind="stable")
        chosen = places[near[: rng.randint(least, most)]].tolist()
        free[chosen] = False
        rng.shuffle(chosen)
        documents.append([pairs[k] for k in chosen])
    return documents
