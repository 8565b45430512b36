"""LNG007: spacing between Chinese and Latin text, as the house style has it."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.zh.characters import is_chinese
from mtcheck.languages.zh.spacing import han_latin_borders
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["han_latin_spacing"]


def _respaced(text: str, start: int, end: int, _suggestion: str) -> str:
    marked = text[start:end]
    return " ".join(marked) if marked.strip() else ""


@rule(
    "LNG007",
    "han-latin-spacing",
    chinese="中西文间距",
    category="linguistic-conventions/typography",
    severity="minor",
    group="form",
    languages="*-zh",
    mend=_respaced,
)
def han_latin_spacing(segment: Segment, *, han_latin_spacing: str) -> Iterator[Draft]:
    """A space between Chinese and Latin text is missing, or not wanted.

    What it does
    Nothing by default. With the setting ``han_latin_spacing = "require"`` it reports Chinese
    characters that touch a Latin letter or digit; with ``"forbid"``, those set off by a space.
    One finding a segment, with a span on each place (the two characters that touch, or the
    space).

    Why it matters
    Both styles are right, and publishers ask for one of them.

    Example
    With "require", "共32例COVID-19患者" should be "共 32 例 COVID-19 患者".

    What to do
    Change the places marked, or leave the setting off.
    """
    policy = han_latin_spacing
    if policy == "off" or not is_chinese(segment.hypothesis):
        return
    borders = han_latin_borders(segment.hypothesis)
    if policy == "require":
        spans = [Span("hypothesis", a - 1, b + 1) for a, b in borders if a == b]
        message = "no space between Chinese and Latin text"
    else:
        spans = [Span("hypothesis", a, b) for a, b in borders if a < b]
        message = "a space between Chinese and Latin text"
    if spans:
        yield finding(f"{message} ({len(spans)} place{'s' if len(spans) > 1 else ''})", *spans)
