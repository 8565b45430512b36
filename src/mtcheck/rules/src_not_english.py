"""SRC004: the source is not English."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en.source import is_english
from mtcheck.rules import Draft, finding, rule
from mtcheck.text.spans import content
from mtcheck.types import Segment, Span

__all__ = ["source_not_english"]


@rule(
    "SRC004",
    "source-not-english",
    chinese="原文非英文",
    category="source/language",
    severity="neutral",
    languages="en-*",
)
def source_not_english(segment: Segment) -> Iterator[Draft]:
    """The source does not look like English.

    What it does
    Reports a source with mostly non-Latin letters, and one of ten words or more in which the
    small words of Spanish, Portuguese, French, German, Italian or Dutch outnumber the English
    ones. It is about the source and never counts against the translation.

    Why it matters
    The columns may be swapped, or the record holds the abstract in another language. Every
    score and most rules are meaningless then.

    Example
    "Se estudiaron los efectos de la sequía en el maíz ..."

    What to do
    Check which column is the source; fetch the English abstract.
    """
    span = content(segment.source)
    if span and not is_english(segment.source):
        yield finding("the source does not look like English", Span("source", *span))
