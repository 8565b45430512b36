"""ACC057: an English gloss in brackets that the source has not."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en_zh.glosses import strange_glosses
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["strange_gloss"]


@rule(
    "ACC057",
    "strange-gloss",
    chinese="括注原文不符",
    category="accuracy/addition",
    severity="minor",
    group="names",
)
def strange_gloss(segment: Segment) -> Iterator[Draft]:
    """English in brackets behind a Chinese word is not what the source has.

    What it does
    Reads Latin words in brackets right behind Chinese, the way the original of a name or term is
    given: 舒马赫（Schumacher）. Reports one whose words the source lacks in any spelling of case,
    accents and hyphens. An acronym is in order where the source has its letters at the beginnings
    of words.

    Why it matters
    The bracket is there to be looked up. Engines misspell it or make it up.

    Example
    "Schumacher retired in 2006." / 舒马赫（Shumacher）于2006年退役。

    What to do
    Copy the words from the source, or delete the bracket.
    """
    for start, end in strange_glosses(segment.source, segment.hypothesis):
        yield finding(
            f"{segment.hypothesis[start:end]} is not in the source",
            Span("hypothesis", start, end),
            confidence=0.7,
        )
