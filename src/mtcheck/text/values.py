"""What a number in a text is: :class:`Value`, and the plain form of a text that is read."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, TypeAlias

from mtcheck.text.parses import cached

__all__ = ["LanguageCode", "Strength", "Taken", "Value", "ValueKind", "plain", "retext"]

LanguageCode: TypeAlias = str
"""The code of a language (ISO 639-1), such as ``"en"`` or ``"zh"``."""
ValueKind: TypeAlias = Literal[
    "cardinal",
    "ordinal",
    "percent",
    "fraction",
    "fold",
    "decade",
    "century",
    "month",
    "roman",
    "name",
]


class Strength(enum.IntEnum):
    """How surely a value needs a counterpart."""

    LOOSE = 0
    """May serve as a counterpart, is never missed: ``one``, ``both``, 一, the 19 of COVID-19."""
    SMALL = 1
    """Two to ten in words; real, but often rephrased: ``two``, 三."""
    WORDS = 2
    """A longer number in words: ``three hundred``, 二十五."""
    DIGITS = 3
    """Written with digits."""


@dataclass(frozen=True, slots=True)
class Value:
    """A number in a text: half-open ``[start, end)`` in code points, and what it may mean.

    ``keys`` are exact; the first is the plain reading (a percentage is its hundredth, a decade
    its first year), the others are readings that a correct translation may use instead.
    ``parts`` are the numbers it is built from where a translation may render these alone
    (``1 in 5``). ``negative`` tells of a minus sign; the keys leave it out.
    """

    start: int
    end: int
    text: str
    kind: ValueKind
    keys: tuple[Fraction, ...]
    strength: Strength
    parts: tuple[Value, ...] = ()
    negative: bool = False

    @property
    def value(self) -> Fraction:
        """The plain reading."""
        return self.keys[0]


def retext(value: Value, text: str, end: int) -> Value:
    """The value with its end moved to ``end`` in ``text``."""
    return replace(value, end=end, text=text[value.start : end])


class Taken:
    """Which characters of a text already belong to a value."""

    def __init__(self, text: str) -> None:
        self._mask = bytearray(len(text))

    def add(self, value: Value) -> Value:
        """Note the value's place; returns the value."""
        self._mask[value.start : value.end] = b"\1" * (value.end - value.start)
        return value

    def free(self, start: int, end: int) -> bool:
        """Whether no character of ``[start, end)`` is taken."""
        return self._mask.find(1, start, end) < 0


# One character for one character, so that offsets hold. The special spaces that group digits
# become no-break spaces; every hyphen and minus becomes "-", en and em dashes stay.
_PLAIN = str.maketrans(
    "０１２３４５６７８９．，％：／（）＋－＝＜＞～　−‐‑﹣₀₁₂₃₄₅₆₇₈₉\u2009\u202f\u2007",
    "0123456789.,%:/()+-=<>~ ----0123456789\u00a0\u00a0\u00a0",
)


@cached
def plain(text: str) -> str:
    """Full-width digits and signs, minus signs and special spaces as plain ones; same length."""
    return text if text.isascii() else text.translate(_PLAIN)
