"""Quarters, halves and seasons of a year in English and Chinese texts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from mtcheck.text.parses import cached
from mtcheck.text.values import LanguageCode, plain

__all__ = ["PartOfYear", "Period", "periods"]

PartOfYear: TypeAlias = Literal["quarter", "half", "season"]


@dataclass(frozen=True, slots=True)
class Period:
    """A quarter (1 to 4), a half (1, 2) or a season (1 is spring) at ``[start, end)``."""

    start: int
    end: int
    text: str
    part: PartOfYear
    number: int


_TIME = r"(?:year|decade|century|month|season|period|semester|term|game|match|game|day|night)"
_EN = re.compile(
    r"\b(?P<quarter>first|second|third|fourth|1st|2nd|3rd|4th|last|final)[\s-](?:fiscal\s)?quarters?\b"
    r"|\b(?:Q(?P<q>[1-4])|(?P<nq>[1-4])Q|[Qq]uarter\s(?P<qn>[1-4]))(?![\w-])"
    r"|\b(?P<half>first|second|1st|2nd|latter|last|former|other)[\s-]halfs?\b"
    rf"(?=\s(?:of\s)?(?:the\s|each\s|that\s|this\s)?(?:[\w-]+\s)?(?:{_TIME}|FY|\d))"
    r"|\b(?:H(?P<h>[12])|(?P<nh>[12])H)(?=\s(?:of\s|FY)?(?:19|20)?\d\d)"
    r"|\b(?P<season>[Ss]pring|[Ss]ummer|[Aa]utumn|[Ww]inter)(?:s|time)?\b"
    r"|(?<=\b[Tt]he )(?P<fall>fall)(?=[,.;]|$|\sof\s(?:19|20)\d\d|\sand\s(?:winter|spring))"
    r"|\b(?P<fallyear>[Ff]all)(?=\s(?:19|20)\d\d)"
)
_ZH = re.compile(
    r"第?(?P<quarter>[一二三四1-4])季度|第(?P<ji>[一二三四1-4])季(?!节)|(?P<lastq>末)季度?"
    r"|Q(?P<q>[1-4])(?![\dA-Za-z])"
    r"|(?P<half>[上下前后])半(?:叶|年|期|场|段|夜|天|个?(?:世纪|学期|财年|赛季|月))"
    r"|(?<![A-Za-z])H(?P<h>[12])(?![\dA-Za-z])"
    r"|(?P<season>(?<![青长阳])春(?!节|晚|运)|(?<!华)夏(?![威洛娃甲])|秋(?!葵|水仙)|冬(?![虫青眠瓜]))"
)
_NUMBERS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
}
_HALVES = {"first": 1, "former": 1, "1st": 1, "上": 1, "前": 1}
_SEASONS = {"spring": 1, "summer": 2, "autumn": 3, "fall": 3, "winter": 4}
_HAN = {c: i for cs in ("一二三四", "1234", "春夏秋冬") for i, c in enumerate(cs, 1)}
_HINTS: dict[LanguageCode, re.Pattern[str]] = {
    "en": re.compile(r"uarter|half|Q\d|\dQ|H[12]|[12]H|pring|ummer|utumn|inter|[Ff]all"),
    "zh": re.compile("[季半春夏秋冬QH]"),
}


@cached
def periods(text: str, language: LanguageCode) -> tuple[Period, ...]:
    """The quarters, halves and seasons named in ``text``, in order."""
    if not _HINTS[language].search(text):
        return ()
    pattern = _EN if language == "en" else _ZH
    return tuple(_period(m) for m in pattern.finditer(plain(text)))


def _period(m: re.Match[str]) -> Period:
    group, said = m.lastgroup or "", m[m.lastgroup or 0]
    number = _HAN.get(said) or _NUMBERS.get(said.lower()) or 4
    part: PartOfYear = "quarter"
    if group in ("half", "h", "nh"):
        part, number = "half", int(said) if said.isdigit() else _HALVES.get(said.lower(), 2)
    elif group in ("season", "fall", "fallyear"):
        part, number = "season", _HAN.get(said) or _SEASONS[said.lower()]
    return Period(m.start(), m.end(), m[0], part, number)
