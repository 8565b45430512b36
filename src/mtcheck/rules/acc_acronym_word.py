"""ACC051 acronym-read-as-word: LLM became 法学硕士, PD 警察局, SOB 混蛋."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en_zh.acronym_words import misread_acronyms
from mtcheck.rules import Draft, finding, rule, suggested
from mtcheck.types import Segment, Span

__all__ = ["acronym_read_as_word"]


@rule(
    "ACC051",
    "acronym-read-as-word",
    chinese="缩写误作普通词",
    category="accuracy/mistranslation",
    severity="major",
    group="names",
    mend=suggested,
    risky=True,
)
def acronym_read_as_word(segment: Segment) -> Iterator[Draft]:
    """An acronym was translated as an ordinary word, or as another thing of that name.

    What it does
    Knows some 320 acronyms that spell a word or commonly stand for something else (LLM, ALL, CAT,
    PET, US, AD, SOFA, FISH; states and time zones), with the Chinese of that. Reports it where
    the hypothesis has it, the source has nothing else that it could render (ALL beside "all"),
    and the hypothesis neither keeps the acronym nor says what it means as often as the source
    has it. A few ask for words of the field around them: US is ultrasound beside "guided". A
    source set in capitals is passed over.

    Why it matters
    Fluent and absurd: the reader of 警察局患者 or 法学硕士 learns nothing of Parkinson's disease or
    language models, and a sentence encoder sees little amiss.

    Example
    "PD patients were older." / 警察局患者年龄较大。

    What to do
    Keep the acronym, or write out what it stands for.
    """
    for misread in misread_acronyms(segment.source, segment.hypothesis):
        yield finding(
            f"{misread.acronym.text} became {misread.word}",
            Span("source", misread.acronym.start, misread.acronym.end),
            Span("hypothesis", misread.start, misread.end),
            suggestion=misread.acronym.text,
            confidence=0.8,
        )
