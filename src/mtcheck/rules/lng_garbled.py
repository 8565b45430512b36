"""LNG011: garbled, invisible or lost characters."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.rules import Draft, finding, rule
from mtcheck.text.garbled import garbles
from mtcheck.types import Segment, Severity, Span

__all__ = ["garbled_character"]


@rule(
    "LNG011",
    "garbled-character",
    chinese="乱码",
    category="linguistic-conventions/character-encoding",
    severity="minor",
    group="form",
    aims=("Spelling",),
    languages="*",
)
def garbled_character(segment: Segment) -> Iterator[Draft]:
    """The translation has garbled, invisible or lost characters.

    What it does
    Reports U+FFFD, text read in the wrong encoding (â€™, 锟斤拷, Ë¯Ãß), question marks in place of
    text (有助于????睡眠), private-use characters, control characters, zero-width and direction
    marks. Lost or unreadable text is major, an invisible character minor. What stands in the
    source likewise is passed over.

    Why it matters
    Where U+FFFD stands a character is gone for good. Invisible characters break search,
    matching and sorting without anyone seeing why.

    Example
    "血�压升高"

    What to do
    Go back to the file before it was converted; delete invisible characters.
    """
    found = [
        g
        for g in garbles(segment.hypothesis)
        if segment.hypothesis[g.start : g.end] not in segment.source
    ]
    if found:
        kinds = ", ".join(dict.fromkeys(g.kind for g in found))
        codes = dict.fromkeys(
            f"U+{ord(c):04X}" for g in found for c in segment.hypothesis[g.start : g.end]
        )
        yield finding(
            f"{kinds} ({' '.join(list(codes)[:4])})",
            *(Span("hypothesis", g.start, g.end) for g in found),
            severity=Severity.MAJOR if any(g.lost for g in found) else None,
        )
