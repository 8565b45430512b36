"""LNG002: a bracket or quotation mark without its partner."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.zh.punctuation import QUOTES, family, lone_families, pairing
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["unpaired_bracket_or_quote"]


@rule(
    "LNG002",
    "unpaired-bracket-or-quote",
    chinese="括号或引号不成对",
    category="linguistic-conventions/punctuation",
    severity="minor",
    group="form",
    aims=("Punctuation",),
    languages="*-zh",
)
def unpaired_bracket_or_quote(segment: Segment) -> Iterator[Draft]:
    """A bracket or quotation mark is opened and not closed, or closed and not opened.

    What it does
    Pairs （） () [] 【】 {} 《》 〈〉 〔〕 「」 『』 “” and ‘’ in the translation, and reports
    those left over, each with a span, in one finding a segment. A full-width bracket closed by a
    half-width one is a pair (half-width-punctuation reports it). Apostrophes, primes, list
    numbers such as 1) and a), emoticons and half-open intervals are in order. A kind of quotation
    mark that is unpaired in the source too (a quotation that goes on in the next sentence) is not
    reported; a bracket is, since a reader of the translation is no better off for a source that
    was broken too.

    Why it matters
    A lost bracket is often all that shows of a lost piece of text, and the reader can't tell
    where the remark ends.

    Example
    "共纳入32例患者（男性20例，女性12例。" lacks the ）.

    What to do
    Compare with the source, restore the missing mark or delete the lone one.
    """
    inherited = lone_families(segment.source) & QUOTES if segment.hypothesis else frozenset()
    lone = [
        at
        for at in pairing(segment.hypothesis).unpaired
        if family(segment.hypothesis[at]) not in inherited
    ]
    if lone:
        listed = " ".join(dict.fromkeys(segment.hypothesis[at] for at in lone))
        yield finding(
            f"{listed} has no partner" if len(lone) == 1 else f"{len(lone)} unpaired: {listed}",
            *(Span("hypothesis", at, at + 1) for at in lone),
        )
