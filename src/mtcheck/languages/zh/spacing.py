"""Spaces in Chinese text: between Han, doubled, and between Han and Latin."""

from __future__ import annotations

import re

from mtcheck.text.parses import cached
from mtcheck.text.scripts import HAN, LATIN

__all__ = ["doubled_spaces", "han_latin_borders", "spaces_between_han"]

# 目的 探讨…: the labels of structured abstracts are set off by a space.
_LABEL = re.compile(
    r"(?:^|[。；\s】])(?:背景|目的|目标|方法|结果|结论|讨论|引言|前言|关键词|摘要|[摘关]\s?要?)$"
)
_BETWEEN = re.compile(rf"(?<=[{HAN}])[ \u3000\u00a0]+(?=[{HAN}])")
_DOUBLE = re.compile(r"(?<=\S)[ \u00a0]{2,}(?=\S)")
_BORDER = re.compile(
    rf"(?<=[{HAN}])[ \u00a0]?(?=[{LATIN}0-9])|(?<=[{LATIN}0-9%])[ \u00a0]?(?=[{HAN}])"
)


@cached
def spaces_between_han(text: str) -> tuple[tuple[int, int], ...]:
    """``(start, end)`` of white space between two Han characters; not that after a label."""
    return tuple(
        m.span()
        for m in _BETWEEN.finditer(text)
        if not _LABEL.search(text[max(0, m.start() - 5) : m.start()])
    )


@cached
def doubled_spaces(text: str) -> tuple[tuple[int, int], ...]:
    """``(start, end)`` of two or more spaces within a text."""
    return tuple(m.span() for m in _DOUBLE.finditer(text))


@cached
def han_latin_borders(text: str) -> tuple[tuple[int, int], ...]:
    """``(start, end)`` of what stands between Han and a Latin letter or digit, or the reverse.

    Empty (``start == end``) where they touch, one space otherwise.
    """
    return tuple(m.span() for m in _BORDER.finditer(text))
