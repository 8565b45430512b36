"""LNG001: half-width punctuation in Chinese text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mtcheck.languages.zh.punctuation import FULL_WIDTH, PunctuationMark, clause_marks
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["half_width_punctuation"]

# A document in which nearly every mark is half-width went through one conversion.
SYSTEMATIC_SHARE = 0.9
SYSTEMATIC_MARKS = 3


def _is_systematic(marks: Sequence[PunctuationMark]) -> bool:
    judged = [m.half for m in marks if m.systematic]
    half = sum(judged)
    return half >= SYSTEMATIC_MARKS and half >= SYSTEMATIC_SHARE * len(judged)


def _spans(marks: Sequence[PunctuationMark]) -> list[Span]:
    return [Span("hypothesis", m.at, m.at + 1) for m in marks]


def _listed(marks: Sequence[PunctuationMark]) -> str:
    return " ".join(dict.fromkeys(m.char for m in marks))


def _full(marks: Sequence[PunctuationMark]) -> str:
    return "".join(dict.fromkeys(FULL_WIDTH[m.char] for m in marks))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}"


def _widened(text: str, start: int, end: int, _suggestion: str) -> str:
    return "".join(FULL_WIDTH[c] for c in text[start:end])


@rule(
    "LNG001",
    "half-width-punctuation",
    chinese="半角标点",
    category="linguistic-conventions/punctuation",
    severity="minor",
    scope="document",
    group="half-width punctuation",
    aims=("Punctuation",),
    languages="*-zh",
    mend=_widened,
)
def half_width_punctuation(document: Sequence[Segment]) -> Iterator[Draft]:
    """Half-width marks stand where Chinese has full-width ones.

    What it does
    Reports , ; : next to Chinese characters, ? and ! after them, a . that ends a Chinese
    sentence, and ( ) with Chinese inside. Numbers, times, ratios, Latin lists and brackets
    around Latin or figures alone keep their marks. There is one finding a segment, with a span
    on each mark. When a document was split into sentences by mtcheck, and at least 3 and at least
    90% of its commas, colons, semicolons and brackets in Chinese text are half-width, the whole
    document gets one finding, on its first affected segment.

    Why it matters
    GB/T 15834 asks for full-width marks, and journals return texts without them. Mixed widths
    tell of unedited machine translation; a whole document of them tells of a conversion
    (NFKC, or an export to plain text) that may have changed other characters too.

    Example
    "结果显示,该方法有效." should be "结果显示，该方法有效。"

    What to do
    Replace the marks. For a whole document, mend the step that converted it.
    """
    found = [tuple(m for m in clause_marks(s.hypothesis) if m.half) for s in document]
    split = [i for i, segment in enumerate(document) if segment.alignment is not None]
    affected = [i for i in split if found[i]]
    if _is_systematic([m for i in split for m in clause_marks(document[i].hypothesis)]):
        all_marks = [m for i in affected for m in found[i]]
        yield finding(
            f"the whole document has half-width punctuation: {_listed(all_marks)} "
            f"({_count(len(all_marks), 'mark')} in {_count(len(affected), 'segment')})",
            *_spans(found[affected[0]]),
            suggestion=_full(all_marks),
            at=affected[0],
        )
        affected = []
    for i, segment in enumerate(document):
        if found[i] and (segment.alignment is None or i in affected):
            yield finding(
                f"half-width punctuation in Chinese text: {_listed(found[i])} "
                f"({_count(len(found[i]), 'mark')})",
                *_spans(found[i]),
                suggestion=_full(found[i]),
                at=i,
            )
