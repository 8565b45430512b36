"""Pair the opposites of both sides and tell which were turned round.

Every word of the table on one side seeks its counterpart on the other: first a synonym of its
group, then of its axis, then a mere hint. What is left over on both sides and stands for
opposite poles is a reversal. So each occurrence counts, and of several one may be found wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mtcheck.languages.en_zh.opposites import (
    Mention,
    Sense,
    chinese_mentions,
    english_mentions,
    negated_chinese,
    negated_english,
)
from mtcheck.text.parses import cached

__all__ = ["Reversal", "reversals"]


@dataclass(frozen=True, slots=True)
class Reversal:
    """A word of the source, and one of the hypothesis that says its opposite, of one axis.

    ``kind`` is the table's: ``direction``, ``valence`` or ``place``.
    """

    source: Mention
    hypothesis: Mention
    kind: str


@cached
def reversals(source: str, hypothesis: str) -> tuple[Reversal, ...]:
    """The opposites that were turned round between an English and a Chinese text."""
    theirs = chinese_mentions(hypothesis)
    mine = english_mentions(source) if theirs else ()
    if not _may_differ(mine, theirs):
        return ()
    negated = [negated_english(source, a) for a in mine]
    turned = [negated_chinese(hypothesis, b) for b in theirs]
    size, length = max(len(source), 1), max(len(hypothesis), 1)
    ranked = sorted(
        (rank, abs(a.start / size - b.start / length), i, j)
        for i, a in enumerate(mine)
        for j, b in enumerate(theirs)
        if (rank := _rank(a, b, agree=negated[i] == turned[j])) < _NONE
    )
    pairs: list[tuple[int, int]] = []
    left, right = set(range(len(mine))), set(range(len(theirs)))
    for rank, _, i, j in ranked:
        if i in left and j in right:
            left.discard(i)
            right.discard(j)
            if rank == _OPPOSITE:
                pairs.append((i, j))
    return tuple(
        Reversal(mine[i], theirs[j], kind)
        for i, j in sorted(pairs)
        if (kind := _opposed(mine[i], theirs[j], agree=negated[i] == turned[j]))
    )


# Ranks of a pair, best first.
_GROUP, _AXIS, _ALSO, _OPPOSITE, _NONE = range(5)


def _rank(a: Mention, b: Mention, *, agree: bool) -> int:
    return min(
        (_sense_rank(mine, theirs, agree) for mine in a.senses for theirs in b.senses),
        default=_NONE,
    )


def _sense_rank(mine: Sense, theirs: Sense, agree: bool) -> int:
    p, q = mine.pole, theirs.pole
    agree = agree or p.kind == "place"  # a name is the same, negated or not
    if mine.strength and (q.group, q.sign) in p.also:
        return _ALSO
    if p.axis != q.axis:
        return _NONE
    same = p.group == q.group
    if (p.sign == q.sign) == agree:
        if same:
            return _GROUP if mine.strength and theirs.strength else _AXIS
        return _AXIS if mine.clear and theirs.clear else _NONE
    if not agree:  # a negation lost or added, for other rules to tell
        return _AXIS if same and mine.strength else _NONE
    clear = (mine.strength and theirs.strength) if same else (mine.clear and theirs.clear)
    return _OPPOSITE if clear else _NONE


def _opposed(a: Mention, b: Mention, *, agree: bool) -> str:
    """The kind of the poles that two words stand on the opposite ends of, if they do."""
    return next(
        (
            mine.pole.kind
            for mine in a.senses
            for theirs in b.senses
            if _sense_rank(mine, theirs, agree) == _OPPOSITE
        ),
        "",
    )


def _may_differ(mine: tuple[Mention, ...], theirs: tuple[Mention, ...]) -> bool:
    """Whether each side has a word whose opposite the other has: else nothing was turned round."""
    poles = set(_clear(mine))
    return bool(poles) and any((axis, -sign) in poles for axis, sign in _clear(theirs))


def _clear(mentions: tuple[Mention, ...]) -> Iterator[tuple[str, int]]:
    for mention in mentions:
        for sense in mention.senses:
            if sense.strength:
                yield sense.pole.axis, sense.pole.sign
