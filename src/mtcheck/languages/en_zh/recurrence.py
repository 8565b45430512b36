"""How often something comes back: twice a year and 每两年, every other day and 每天."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from mtcheck.languages.zh.numbers import han_number
from mtcheck.text.parses import cached
from mtcheck.text.values import plain

__all__ = ["Recurrence", "changed_recurrence"]


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A frequency at ``[start, end)``: the times a day that it may mean."""

    start: int
    end: int
    rates: tuple[Fraction, ...]


_WORDS = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1
    )
}
_ORDINALS = {"other": 2, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6}
_TIMES = {"once": 1, "twice": 2, "thrice": 3}
_HOUR = Fraction(1, 24)
_DAYS = {
    "hour": _HOUR,
    "day": Fraction(1),
    "week": Fraction(7),
    "month": Fraction(30),
    "year": Fraction(365),
}
_LY = {
    "hourly": "hour",
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "yearly": "year",
    "annually": "year",
}
_NUMBER = rf"(?:{'|'.join(_WORDS)}|\d{{1,2}})"
_EN = re.compile(
    rf"\b(?:(?P<once>once|twice|thrice)|(?P<times>{_NUMBER})\stimes)"
    rf"\s(?:(?:a|an|per|each|every|in\sa)\s(?P<unit>hour|day|week|month|year)\b|(?P<ly>{'|'.join(_LY)})\b)"
    rf"|\bevery\s(?:(?P<ordinal>{'|'.join(_ORDINALS)})\s(?P<of>hour|day|week|month|year)\b"
    rf"|(?P<many>{_NUMBER})\s(?P<units>hour|day|week|month|year)s\b)",
    re.I,
)
_SINGLE_EN = re.compile(
    rf"\b(?:(?:each|every|per|a|an)\s(?:hour|day|week|month|year)|{'|'.join(_LY)})\b", re.I
)
_ZH_DAYS = {
    name: _DAYS[unit]
    for unit, names in (
        ("hour", "小时"),
        ("day", "天 日"),
        ("week", "周 星期 礼拜"),
        ("month", "月"),
        ("year", "年"),
    )
    for name in names.split()
}
_HAN = "[一二两三四五六七八九十]|\\d{1,2}"
_UNIT = "小时|天|日(?!常|益)|周(?!围|边)|星期|礼拜|月|年"
_ZH = re.compile(
    rf"(?P<gap>每?隔)(?P<gaps>{_HAN})?个?(?P<gapped>{_UNIT})"
    rf"|(?:每(?P<many>{_HAN})?|(?<![第\d])(?<![一二三四五六七八九十])一)个?(?P<unit>{_UNIT})"
    rf"(?:[^，。；、\d每一二两三四五六七八九十]{{0,8}}(?P<times>{_HAN})[次回片粒剂])?"
)


def _read_en(text: str) -> Iterator[Recurrence]:
    for m in _EN.finditer(text):
        if m["once"] or m["times"]:
            times = _TIMES.get((m["once"] or "").lower()) or _number_en(m["times"])
            unit = (m["unit"] or _LY[m["ly"].lower()]).lower()
            rate = times / _DAYS[unit]
        elif m["ordinal"]:
            rate = 1 / (_ORDINALS[m["ordinal"].lower()] * _DAYS[m["of"].lower()])
        else:
            rate = 1 / (max(_number_en(m["many"]), 1) * _DAYS[m["units"].lower()])
        yield Recurrence(*m.span(), (rate,))


def _number_en(word: str) -> int:
    return int(word) if word.isdigit() else _WORDS[word.lower()]


def _read_zh(text: str) -> Iterator[Recurrence]:
    for m in _ZH.finditer(text):
        if m["gap"]:
            # 每隔两天 leaves two days out, or comes every two days
            gaps, days = _number_zh(m["gaps"]), _ZH_DAYS[m["gapped"]]
            yield Recurrence(
                *m.span(), (1 / Fraction((gaps + 1) * days), 1 / Fraction(gaps * days))
            )
        elif m["times"] or text[m.start()] == "每":
            days = _number_zh(m["many"]) * _ZH_DAYS[m["unit"]]
            yield Recurrence(*m.span(), (_number_zh(m["times"]) / Fraction(days),))


def _number_zh(word: str | None) -> int:
    number = 1 if not word else int(word) if word.isdigit() else int(han_number(word) or 1)
    return max(number, 1)


@cached
def changed_recurrence(source: str, hypothesis: str) -> tuple[Recurrence, Recurrence] | None:
    """The only frequency of the source and the only one of the hypothesis, if they differ."""
    if not ("every" in source or "time" in source or "ce " in source):
        return None
    flat = plain(source)
    mine = list(_read_en(flat))
    if len(mine) != 1 or _SINGLE_EN.search(flat[: mine[0].start] + ";" + flat[mine[0].end :]):
        return None
    theirs = list(_read_zh(plain(hypothesis)))
    if len(theirs) != 1 or any(abs(r / mine[0].rates[0] - 1) <= _NEAR for r in theirs[0].rates):
        return None
    return mine[0], theirs[0]


_NEAR = Fraction(1, 5)
