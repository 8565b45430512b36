"""Whether a character or a text is Chinese: cheap tests that many rules ask."""

from __future__ import annotations

import re

from mtcheck.text.parses import cached
from mtcheck.text.scripts import HAN

__all__ = ["CJK_MARKS", "han_count", "is_chinese", "is_han"]

CJK_MARKS = "，。；：？！、（）【】《》〈〉「」『』〔〕“”‘’…—～·"
"""Marks of Chinese text. The curly quotes, the dash and ``…`` are shared with English."""

_HAN = re.compile(f"[{HAN}]")
_NOT_HAN = re.compile(f"[^{HAN}]+")
_WORD = re.compile(r"[A-Za-zÀ-ɏ]{2,}")


def is_han(char: str) -> bool:
    """Whether one character (or the first of several) is Han; False for ``""``."""
    return _HAN.match(char) is not None


@cached
def han_count(text: str) -> int:
    """How many Han characters the text has."""
    return len(_NOT_HAN.sub("", text))


@cached
def is_chinese(text: str) -> bool:
    """Whether Chinese conventions apply: some Han, and no fewer of them than Latin words."""
    count = han_count(text)
    return count > 0 and count >= len(_WORD.findall(text))
