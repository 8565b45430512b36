"""LNG005: a word written twice in a row."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.rules import Draft, finding, rule
from mtcheck.text.repeats import doubled_words
from mtcheck.types import Segment, Span

__all__ = ["doubled_word"]


@rule(
    "LNG005",
    "doubled-word",
    chinese="词语重复",
    category="linguistic-conventions/grammar",
    severity="minor",
    group="form",
    languages="*-zh",
)
def doubled_word(segment: Segment) -> Iterator[Draft]:
    """A word or phrase stands twice in a row.

    What it does
    Reports a doubled function word (的的, 是是), a doubled common word that is no verb (因此因此,
    患者患者), a phrase of three to eight characters said twice, and a doubled Latin word that is
    not doubled in the source. Reduplication that Chinese uses (天天, 研究研究, 一步一步) and
    places where two words meet (目的的, 为了了解, 现在在, 还是是否) or may meet (告诉他们他们的:
    a pronoun doubled after another character) are in order. The span is the second.

    Why it matters
    It is a slip of the engine, and the first sign of a loop.

    Example
    "该药物的的疗效"

    What to do
    Delete one, unless a different word was meant.
    """
    for start, end in doubled_words(segment.source, segment.hypothesis):
        word = segment.hypothesis[start:end]
        yield finding(f"{word} stands twice in a row", Span("hypothesis", start, end))
