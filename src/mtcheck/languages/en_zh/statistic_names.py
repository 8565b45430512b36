"""Names of statistics beside numbers: P, CI, OR, HR, SD, n =, ±, in English and Chinese."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mtcheck.languages.tables import rows
from mtcheck.text.parses import cached
from mtcheck.text.values import LanguageCode, plain

__all__ = ["Statistic", "statistics"]


@dataclass(frozen=True, slots=True)
class Statistic:
    """A statistic's name in a text: half-open place in code points, and its usual symbol."""

    start: int
    end: int
    text: str
    symbol: str


_NUMBER = r"(?=(?:\s?[=<>≤≥:(,]|\s(?:was|were|is|are|of))?\s?[-(\[]?\.?\d)"
_ALONE = r"(?![A-Za-z])"
_TABLE = {
    symbol: (english.replace("NUMBER", _NUMBER), chinese.replace("ALONE", _ALONE))
    for symbol, english, chinese in rows("en_zh", "statistic_names.tsv")
}
# Every English name begins a word, is a sign or follows a percentage: no other place is tried.
_EN = re.compile(
    r"(?:(?<!\w)|(?<=%)|(?=[±+]))(?:"
    + "|".join(f"(?P<g{i}>{en})" for i, (en, _) in enumerate(_TABLE.values()))
    + ")",
    re.ASCII,
)
_ZH = re.compile(
    "|".join(f"(?P<g{i}>{zh}|{en})" for i, (en, zh) in enumerate(_TABLE.values())),
    re.ASCII,  # so that a word ends where Han begins
)
_SYMBOLS = tuple(_TABLE)


@cached
def statistics(text: str, language: LanguageCode) -> tuple[Statistic, ...]:
    """The statistics named in ``text``, in order."""
    flat = plain(text).replace("\u00a0", " ")
    return tuple(
        Statistic(*m.span(), text[m.start() : m.end()], _SYMBOLS[int((m.lastgroup or "g0")[1:])])
        for m in (_EN if language == "en" else _ZH).finditer(flat)
    )
