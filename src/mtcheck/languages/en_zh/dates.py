"""Months and days of the week in English and Chinese texts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from mtcheck.languages.zh.numbers import han_number
from mtcheck.text.digits import MONTHS
from mtcheck.text.parses import cached
from mtcheck.text.values import LanguageCode, plain

__all__ = ["Calendar", "Named", "calendar"]

Calendar: TypeAlias = Literal["month", "weekday"]


@dataclass(frozen=True, slots=True)
class Named:
    """A month (1 to 12) or a weekday (1 is Monday), half-open place in code points.

    ``dated``: a day or a year stands beside it, so that it is a date without doubt.
    """

    start: int
    end: int
    text: str
    kind: Calendar
    number: int
    dated: bool


_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH_WORD = "|".join(sorted((m.capitalize() for m in MONTHS), key=len, reverse=True))
_EN = re.compile(
    rf"(?P<before>\b\d{{1,2}}(?:st|nd|rd|th)?,?\s?(?:of\s)?)?\b(?P<month>{_MONTH_WORD})\b"
    r"(?P<after>\.?,?\s\d{1,4}\b)?"
    rf"|\b(?P<day>(?i:{'|'.join(_DAYS)}))s?\b"
)
_PHRASE = re.compile(
    r"\b(?:in|since|by|until|between|from|to|and|early|late|mid|last|this|next)[\s-]$", re.I
)
_ZH = re.compile(
    r"(?<![\d个第.])(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s?月(?![龄大球])"
    r"(?P<after>\s?\d{1,2}\s?[日号]|\s?[一二三四五六七八九十]{1,3}[日号])?"
    r"|(?:星期|礼拜|周)(?P<day>[一二三四五六日天])(?![年月周期])"
)
_BEFORE_ZH = re.compile(r"年\s?$")
_HINTS: dict[LanguageCode, tuple[str, ...]] = {
    "en": ("day", *sorted({m.capitalize()[:3] for m in MONTHS})),
    "zh": ("月", "星期", "礼拜", "周"),
}
_HAN_DAYS = "一二三四五六日"


@cached
def calendar(text: str, language: LanguageCode) -> tuple[Named, ...]:
    """Months and weekdays named in ``text``, in order.

    "May" and "March" count as months only beside a day, a year or a preposition of time.
    """
    flat = plain(text)
    if not any(hint in text for hint in _HINTS[language]):
        return ()
    found = _english if language == "en" else _chinese
    pattern = _EN if language == "en" else _ZH
    named = (found(flat, text, m) for m in pattern.finditer(flat))
    return tuple(n for n in named if n is not None)


def _english(flat: str, text: str, m: re.Match[str]) -> Named | None:
    if m["day"]:
        number = _DAYS.index(m["day"].lower()) + 1
        return Named(*m.span(), text[m.start() : m.end()], "weekday", number, False)
    start, end = m.span("month")
    dated = bool(m["before"] or m["after"])
    verb = m["month"] in ("May", "March", "Mar", "Sep", "Dec", "Jan", "Jun")
    if verb and not dated and not _PHRASE.search(flat[max(0, start - 9) : start]):
        return None
    return Named(start, end, text[start:end], "month", MONTHS[m["month"].lower()], dated)


def _chinese(flat: str, text: str, m: re.Match[str]) -> Named | None:
    if m["day"]:
        number = _HAN_DAYS.index(m["day"].replace("天", "日")) + 1
        return Named(*m.span(), text[m.start() : m.end()], "weekday", number, False)
    written = m["month"]
    number = int(written) if written.isdigit() else int(han_number(written) or 0)
    end = m.end("month") + flat[m.end("month") :].index("月") + 1
    dated = bool(m["after"] or _BEFORE_ZH.search(flat[max(0, m.start() - 2) : m.start()]))
    return Named(m.start(), end, text[m.start() : end], "month", number, dated)
