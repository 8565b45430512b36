"""STR006 sentences-reordered: a sentence of the translation stands elsewhere than its source."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.rules import Draft, finding, rule
from mtcheck.text.spans import content
from mtcheck.types import Segment, Span

__all__ = ["sentences_reordered"]


@rule(
    "STR006",
    "sentences-reordered",
    chinese="句序改动",
    category="linguistic-conventions/textual-conventions",
    severity="minor",
    group="form",
    languages="*",
)
def sentences_reordered(segment: Segment) -> Iterator[Draft]:
    """A sentence of the translation does not stand where its source stands.

    What it does
    Reports a sentence whose translation was found at another place: two neighbours were
    swapped, or a sentence was carried to elsewhere in the text. Of two swapped sentences the
    one is reported. The span is the translation of the moved sentence. Rows that came aligned
    have no order to lose and are passed over.

    Why it matters
    Arguments and procedures have an order: results before the methods, or a "this" that now
    points to another sentence, mislead a reader. Without this rule a moved sentence would look
    like an omission and an addition.

    Example
    Source: the samples were dried; then they were weighed. Translation: 然后称重。样品经过干燥。

    What to do
    Put the sentence back, unless the translator had a reason to turn the order.
    """
    marked = content(segment.hypothesis)
    if segment.moved and marked is not None:
        yield finding(
            "this sentence stands elsewhere in the translation than in the source",
            Span("hypothesis", *marked),
        )
