"""Currencies named beside amounts of money, in English and Chinese."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from mtcheck.languages.tables import rows
from mtcheck.text.parses import cached
from mtcheck.text.values import LanguageCode, plain

__all__ = ["Money", "currencies"]


@dataclass(frozen=True, slots=True)
class Money:
    """A currency's name at ``[start, end)``, and the currencies that it may stand for."""

    start: int
    end: int
    text: str
    codes: frozenset[str]


_ANY_DOLLAR = frozenset({"USD", "AUD", "CAD", "HKD", "NZD", "SGD", "TWD"})
_OPEN = {
    "$": _ANY_DOLLAR,
    "dollar": _ANY_DOLLAR,
    "dollars": _ANY_DOLLAR,
    "bucks": _ANY_DOLLAR,
    "¥": frozenset({"CNY", "JPY"}),
}
_AMOUNT_EN = (
    r"\d[\d,.]{0,30}\s?-?(?:(?:thousand|million|billion|trillion|hundred|bn|mn|m|k|M|B)\b)?[\s-]?"
)
_DIGIT = re.compile(r"\d")
_BESIDE = r"\s?[\d.]"


@functools.cache
def _tables() -> tuple[dict[str, frozenset[str]], re.Pattern[str], re.Pattern[str]]:
    """What each name may stand for, and the patterns of English and Chinese names."""
    names = dict(_OPEN)
    words, signs, chinese = ["dollars", "dollar", "bucks"], ["$", "¥"], []
    for code, english, symbols, han in rows("en_zh", "currencies.tsv"):
        words += english.replace("-", "").split()
        signs += symbols.split()
        chinese += han.split()
        for name in (*english.split(), *symbols.split(), *han.split()):
            names[name] = frozenset({code})

    def either(forms: list[str]) -> str:
        return "|".join(map(re.escape, sorted(forms, key=len, reverse=True)))

    sign = rf"(?<![A-Za-z$])(?P<sign>{either(signs)})(?={_BESIDE})"
    behind = rf"(?<=\d)\s?(?P<behind>{either(signs)})(?![A-Za-z])"
    amounts = re.compile(
        rf"{sign}|{behind}|(?<![\w.,]){_AMOUNT_EN}(?:US |U\.S\. )?(?P<word>{either(words)})\b"
        rf"|\b(?:hundred|thousand|million|billion|trillion)s?\s(?:of\s)?(?P<scaled>{either(words)})\b",
        re.IGNORECASE,
    )
    named = re.compile(
        rf"(?P<word>{either(chinese)})|{sign}|{behind}"
        r"|(?<=[\d万亿千百十])\s?(?P<yuan>[多余]?元)(?![素件组分音胞旦老件人代])"
    )
    return names, amounts, named


@cached
def currencies(text: str, language: LanguageCode) -> tuple[Money, ...]:
    """The currencies named beside an amount (in Chinese: anywhere) in ``text``, in order.

    元 alone is yuan, unless another 币 stands in the text: 港币500元.
    """
    flat = plain(text).replace("￥", "¥").replace("＄", "$").replace("￡", "£")
    if language == "en" and not _DIGIT.search(flat) and "llion" not in flat:
        return ()
    names, english, han = _tables()
    found: list[Money] = []
    for m in (english if language == "en" else han).finditer(flat):
        group = m.lastgroup or "word"
        start, end = m.span(group)
        name = flat[start:end]
        codes = names.get(name) or names.get(name.upper()) or names.get(name.lower())
        if group == "yuan":
            codes = frozenset({"CNY"})
        if codes:
            found.append(Money(start, end, text[start:end], codes))
    if any(m.text.endswith("币") for m in found):
        found = [m for m in found if m.text.strip("多余") != "元"]
    return tuple(found)
