"""LNG006: spaces between Chinese characters, and doubled spaces."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.zh.characters import is_chinese, is_han
from mtcheck.languages.zh.spacing import doubled_spaces, spaces_between_han
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["space_between_han"]


def _closed(text: str, start: int, end: int, _suggestion: str) -> str:
    beside = text[start - 1 : start], text[end : end + 1]
    return "" if all(c and is_han(c) for c in beside) else " "


@rule(
    "LNG006",
    "space-between-han",
    chinese="汉字间空格",
    category="linguistic-conventions/typography",
    severity="minor",
    preview=True,
    group="form",
    languages="*-zh",
    mend=_closed,
)
def space_between_han(segment: Segment) -> Iterator[Draft]:
    """Spaces stand between Chinese characters, or two spaces where one is enough.

    What it does
    Reports white space between two Han characters, except after the label of a structured
    abstract (目的 探讨…), and runs of two or more spaces within the text where the source has
    none. One finding a segment, with a span on each.

    Why it matters
    Chinese is written without spaces. They come from word-segmented training text or from line
    breaks of a PDF, and break search, line breaking and character counts.

    Example
    "样品 在 空气 中 干燥"

    What to do
    Delete the spaces.
    """
    if not is_chinese(segment.hypothesis):
        return
    spans = set(spaces_between_han(segment.hypothesis))
    between = len(spans)
    if not doubled_spaces(segment.source):
        spans |= set(doubled_spaces(segment.hypothesis))
    if spans:
        parts = [f"{between} between Chinese characters"] if between else []
        if len(spans) > between:
            parts.append(f"{len(spans) - between} doubled")
        yield finding(
            f"needless spaces: {', '.join(parts)}",
            *(Span("hypothesis", *s) for s in sorted(spans)),
        )
