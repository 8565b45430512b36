"""SRC005: the source was read in the wrong encoding."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.rules import Draft, finding, rule
from mtcheck.text.garbled import garbles
from mtcheck.types import Segment, Span

__all__ = ["source_garbled"]


@rule(
    "SRC005",
    "source-garbled",
    chinese="原文乱码",
    category="source/character-encoding",
    severity="neutral",
    languages="*",
)
def source_garbled(segment: Segment) -> Iterator[Draft]:
    """The source has garbled or lost characters.

    What it does
    Reports U+FFFD, text read in the wrong encoding (Ã©tude, patientâ€™s, 5Â°) and private-use
    characters in the source. One finding a segment. It is about the source and never counts
    against the translation.

    Why it matters
    Engines drop, copy or guess at garbled words, and signs such as ° and µ are lost with them.

    Example
    "The patientâ€™s score rose 5%."

    What to do
    Read the source in its own encoding (mostly UTF-8) and translate again.
    """
    found = [g for g in garbles(segment.source) if g.lost]
    if found:
        shown = " ".join(dict.fromkeys(segment.source[g.start : g.end] for g in found))
        yield finding(
            f"garbled text in the source: {shown[:60]}",
            *(Span("source", g.start, g.end) for g in found),
        )
