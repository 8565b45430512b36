"""LNG003: the sentence does not end as its source does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.languages.en_zh.cut_off import cut_off
from mtcheck.languages.zh.characters import is_chinese
from mtcheck.languages.zh.punctuation import end_mark
from mtcheck.rules import Draft, finding, rule, suggested
from mtcheck.types import Segment, Span

__all__ = ["end_punctuation"]

# A last word that has its stop wherever it stands.
_ABBREVIATION = re.compile(
    r"(?:\b[A-Za-z]|\b(?:Vol|Jr|Sr|Inc|Ltd|Co|Corp|etc|al|No|pp|eds?|Dr|St|vs|Mt|[Ff]ig|approx|ca))\."
    r"[^\w.]*$"
)
_MIN_WORDS = 4
_CHINESE_FOR = {"stop": "。", "question": "？", "exclamation": "！"}


@rule(
    "LNG003",
    "end-punctuation",
    chinese="句末标点",
    category="linguistic-conventions/punctuation",
    severity="minor",
    preview=True,
    group="form",
    aims=("Punctuation",),
    languages="*-zh",
    mend=suggested,
    risky=True,
)
def end_punctuation(segment: Segment) -> Iterator[Draft]:
    """The translation of a whole sentence ends without its mark, or in a comma.

    What it does
    Looks at the last mark of both sides, quotes and brackets after it aside. Where the source
    ends in . ? or !, the translation must end in 。 ？ or ！, an ellipsis, a colon or a
    semicolon. Titles, sources of fewer than four words, without an end mark or with an
    abbreviation at the end are passed over. The span is the last
    character, or the comma.

    Why it matters
    A sentence that stops short is the mark of a cut-off output; a sentence that ends in a comma
    runs into the next.

    Example
    source "The samples were dried." hypothesis "样品已干燥"

    What to do
    Compare the ends of both sides; add the mark or the missing words.
    """
    if segment.part == "title" or not is_chinese(segment.hypothesis):
        return
    if cut_off(segment.source, segment.hypothesis) is not None:
        return  # ACC028 says so
    wanted, _ = end_mark(segment.source)
    found, at = end_mark(segment.hypothesis)
    if wanted not in _CHINESE_FOR or found not in ("", "comma"):
        return
    if len(segment.source.split()) < _MIN_WORDS or _ABBREVIATION.search(segment.source[-12:]):
        return
    if found == "comma":
        yield finding(
            f"the sentence ends in {segment.hypothesis[at]}",
            Span("hypothesis", at, at + 1),
            suggestion=_CHINESE_FOR[wanted],
        )
    elif at:
        yield finding(
            f"the sentence has no {_CHINESE_FOR[wanted]} at its end",
            Span("hypothesis", at - 1, at),
            suggestion=segment.hypothesis[at - 1] + _CHINESE_FOR[wanted],
        )
