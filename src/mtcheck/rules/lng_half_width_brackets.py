"""LNG014: half-width brackets around Latin or figures beside Chinese."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.zh.characters import is_chinese
from mtcheck.languages.zh.punctuation import half_width_brackets
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["half_width_bracket"]


def _widened(text: str, start: int, end: int, _suggestion: str) -> str:
    return text[start:end].replace("(", "（").replace(")", "）")


@rule(
    "LNG014",
    "half-width-bracket",
    chinese="半角括号",
    category="linguistic-conventions/typography",
    severity="minor",
    preview=True,
    languages="*-zh",
    mend=_widened,
)
def half_width_bracket(segment: Segment) -> Iterator[Draft]:
    """Half-width brackets around Latin letters or figures stand beside Chinese.

    What it does
    Reports ( ) with no Chinese inside and a Chinese character before them, over one space, or
    behind them and no Latin before: 计算机断层扫描(CT). It is a policy, and so in preview:
    GB/T 15834 has （ ） there, many journals keep ( ) around Latin. Brackets with Chinese inside
    are half-width-punctuation's. One finding a segment.

    Why it matters
    A house with one style for all brackets finds those that do not keep it.

    Example
    "计算机断层扫描(CT)" should be "计算机断层扫描（CT）".

    What to do
    Replace the brackets, or leave the rule off.
    """
    if not is_chinese(segment.hypothesis):
        return
    places = half_width_brackets(segment.hypothesis)
    if places:
        yield finding(
            "half-width brackets beside Chinese",
            *(Span("hypothesis", at, at + 1) for at in places),
            suggestion="（）",
        )
