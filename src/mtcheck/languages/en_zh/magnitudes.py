"""Numbers told by their size alone: hundreds and 数百, tens of thousands and 数万."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mtcheck.text.parses import cached

__all__ = ["Magnitude", "changed_magnitude"]


@dataclass(frozen=True, slots=True)
class Magnitude:
    """A size at ``[start, end)``, as the powers of ten that it may mean."""

    start: int
    end: int
    powers: frozenset[int]


_EN_POWERS = {"tens": 1, "dozens": 1, "hundreds": 2, "thousands": 3, "millions": 6, "billions": 9}
_EN = re.compile(
    r"\b(?:(?P<by>tens|dozens|hundreds|thousands)\sof\s)?(?P<of>thousands|millions|billions)\b"
    r"|\b(?P<few>dozens|hundreds)\b",
    re.I,
)
_ZH_POWERS = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
_ZH = re.compile(
    "(?P<vague>成千上万|成百上千|千千万万|千百)"
    "|(?:数以|[数几](?!以)|上|成)(?P<scale>[十百千]?[万亿]|[十百千])(?![分克米瓦])计?"
)
_VAGUE = {"成千上万": {3, 4}, "成百上千": {2, 3}, "千千万万": {6, 7}, "千百": {2, 3}}


def _power(scale: str) -> int:
    return sum(_ZH_POWERS[c] for c in scale)


@cached
def changed_magnitude(source: str, hypothesis: str) -> tuple[Magnitude, Magnitude] | None:
    """The only size named in the source and the only one of the hypothesis, if they differ."""
    mine = list(_EN.finditer(source))
    if len(mine) != 1:
        return None
    theirs = list(_ZH.finditer(hypothesis))
    if len(theirs) != 1:
        return None
    a, b = mine[0], theirs[0]
    power = _EN_POWERS[(a["of"] or a["few"]).lower()]
    power += _EN_POWERS[a["by"].lower()] if a["by"] else 0
    powers = _VAGUE[b["vague"]] if b["vague"] else {_power(b["scale"])}
    if power in powers:
        return None
    return Magnitude(*a.span(), frozenset({power})), Magnitude(*b.span(), frozenset(powers))
