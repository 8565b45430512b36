"""LNG013: straight quotes, three stops for an ellipsis, a space before a mark."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.zh.characters import is_chinese
from mtcheck.languages.zh.punctuation import ascii_marks
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["ascii_punctuation"]


@rule(
    "LNG013",
    "ascii-punctuation",
    chinese="英式引号、省略号或标点前空格",
    category="linguistic-conventions/punctuation",
    severity="minor",
    languages="*-zh",
)
def ascii_punctuation(segment: Segment) -> Iterator[Draft]:
    """Straight quotes, ... for …… or a space before a mark stand in Chinese text.

    What it does
    Reports straight quotation marks around Chinese, two or more full stops in a row beside
    Chinese that are meant as an ellipsis, and a space before 。，；：？！、 or ）. Quotes
    inside Latin text and the marks of feet, inches and minutes are left alone. One finding a
    segment, a span on each.

    Why it matters
    GB/T 15834 has “ ”, …… and no space there. They tell of text that went through a tokeniser or
    a conversion, and search and layout trip over them.

    Example
    "他说"是"。" / 效果好 。

    What to do
    Replace the marks, delete the space.
    """
    if not is_chinese(segment.hypothesis):
        return
    spans = ascii_marks(segment.hypothesis)
    if spans:
        shown = " ".join(dict.fromkeys(segment.hypothesis[a:b].strip() for a, b in spans))
        yield finding(
            f"marks that are no Chinese ones, or spaces before a mark: {shown}".rstrip(" :"),
            *(Span("hypothesis", a, b) for a, b in spans),
        )
