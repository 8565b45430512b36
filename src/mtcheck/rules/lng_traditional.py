"""LNG010: Traditional characters in Simplified text."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.zh.characters import han_count
from mtcheck.languages.zh.traditional import traditional
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["traditional_character"]

# From this share on the whole sentence is Traditional: about a third of all characters differ.
_WHOLE = 0.2


def _simplified(text: str, start: int, end: int, _suggestion: str) -> str:
    found = (r.simplified for r in traditional(text) if (r.start, r.end) == (start, end))
    return next(found, text[start:end])


@rule(
    "LNG010",
    "traditional-character",
    chinese="繁体字",
    category="linguistic-conventions/spelling",
    severity="minor",
    group="form",
    aims=("Spelling",),
    languages="*-zh",
    mend=_simplified,
)
def traditional_character(segment: Segment) -> Iterator[Draft]:
    """Traditional characters stand in Simplified text.

    What it does
    Reports characters that OpenCC turns into another one and that GB 2312, the set of Simplified
    text, does not have. Characters of both scripts (著, 乾, 瞭, 徵) and some kept in names (昇,
    鍾) are passed over. One finding a segment, with a span on each run and the Simplified form.

    Why it matters
    Engines mix the scripts because their training text did. A reader stumbles, search fails.

    Example
    "該研究结果" should be "该研究结果".

    What to do
    Take the suggestion; convert the whole text when every segment is marked. Ignore the rule
    for translations into Traditional Chinese.
    """
    runs = traditional(segment.hypothesis)
    if not runs:
        return
    count = sum(run.end - run.start for run in runs)
    marked = " ".join(dict.fromkeys(segment.hypothesis[r.start : r.end] for r in runs))
    whole = count >= _WHOLE * han_count(segment.hypothesis) and count > 2
    yield finding(
        f"the sentence is in Traditional characters ({count} of them)"
        if whole
        else f"Traditional characters in Simplified text: {marked}",
        *(Span("hypothesis", r.start, r.end) for r in runs),
        suggestion=" ".join(dict.fromkeys(r.simplified for r in runs)),
    )
