"""Minus signs of numbers that a translation lost or added."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mtcheck.languages.en_zh.numbers import LanguageCode, Strength, Value, compare, plain
from mtcheck.text.parses import cached

__all__ = ["SignChange", "sign_changes"]


@dataclass(frozen=True, slots=True)
class SignChange:
    """A value of the source and its partner, of which one has a minus sign."""

    source: Value
    hypothesis: Value


# A wave stands for a minus, but not between the ends of a range.
_SIGN = re.compile(r"(?:[-\u2013\u2014\u2796]|(?<![\d%])~)\s?$")
# A dash behind a number or a letter joins: 1-2, IL-6, January - 5.
_JOINS = re.compile(r"(?:[\w%)\]}°₀-₉]|\d\s)[-\u2013\u2014]+\s?$")
_SAID_ZH = re.compile(r"(?:负|零下|减|−)(?:的|为|值|数)?\s?$")
_SAID_EN = re.compile(
    r"(?<![\w%] )\b(?:minus|negative)\s$|\b(?:of|was|is|to|a|at|by|about)\s(?:minus|negative)\s$"
)
# Beside these the sign is all that tells the direction: r = -0.45, 95% CI -0.9 to -0.1, -12 °C.
_STRICT_BEFORE = re.compile(r"(?:[=≈:(\[,;]|\bCI|\bto|\band|\bbetween)\s?$")
_STRICT_AFTER = re.compile(r"\s?(?:°|℃|℉|º)")
_FALLS = re.compile("[降减少低负跌亏损失缩负零落短退逆]|下滑")


@cached
def sign_changes(
    source: str, hypothesis: str, languages: tuple[LanguageCode, LanguageCode]
) -> tuple[SignChange, ...]:
    """Values with a minus sign in the source whose partners have none.

    A change by a negative amount may be told as a fall (-5%: 降低5%); a coefficient, a limit of
    an interval and a temperature may not.
    """
    flat = plain(source)
    if "-" not in flat and "\u2013" not in flat and "minus" not in flat:
        return ()
    flat_hypothesis = plain(hypothesis)
    found = []
    for a, b in compare(source, hypothesis, languages).pairs:
        if a.strength < Strength.DIGITS or b.strength < Strength.DIGITS or not a.value:
            continue
        if _signed(flat, a) and not _told(flat, flat_hypothesis, a, b):
            found.append(SignChange(a, b))
    return tuple(found)


def _signed(flat: str, value: Value) -> bool:
    """Whether a value of the source has a minus before it, and no range dash or hyphen."""
    if _SAID_EN.search(flat[max(0, value.start - 12) : value.start]):
        return True
    return value.negative and not _JOINS.search(flat[max(0, value.start - 6) : value.start])


def _told(flat: str, flat_hypothesis: str, a: Value, b: Value) -> bool:
    before = flat_hypothesis[max(0, b.start - 6) : b.start]
    if b.negative or _SIGN.search(before) or _SAID_ZH.search(before):
        return True
    start = flat.rfind("-", 0, a.start + 1)
    strict = _STRICT_AFTER.match(flat, a.end) or _STRICT_BEFORE.search(
        flat[max(0, start - 9) : start]
    )
    return not strict and _FALLS.search(flat_hypothesis) is not None
