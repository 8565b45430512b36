"""ACC004 untranslated-words: English words left in a Chinese hypothesis."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en_zh.leftover import leftovers, mostly_latin, prefixes
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Severity, Span

__all__ = ["untranslated_words"]


@rule(
    "ACC004",
    "untranslated-words",
    chinese="词语未译",
    category="accuracy/untranslated",
    severity="major",
    group="untranslated words",
    aims=("Untranslated",),
)
def untranslated_words(segment: Segment) -> Iterator[Draft]:
    """Ordinary English words were left standing in the Chinese hypothesis.

    What it does
        Marks lower-case English words, and capitalised ones that the source uses as ordinary
        words, inside a hypothesis that is otherwise Chinese. Neighbouring words make one
        finding. Left alone: acronyms and codes, units, variables, Latin phrases (in vivo,
        et al.), species names, names of people, products and places, chemical names with
        locants, gene symbols, addresses, markup, code, and an English term in brackets or
        quotes that glosses a Chinese rendering. The prefixes anti- and non- before an acronym
        are minor: Chinese has 抗 and 非 for them. A hypothesis that is wholly Latin belongs
        to ACC003 or ACC020, a long stretch copied from the source to ACC021. A single word
        that may be a name after all is minor.

    Why it matters
        An engine that meets a rare word often copies it. The reader of the Chinese sees a word
        that is no name and no term of art, and the meaning is lost exactly where it is special.

    Example
        source: The patients received neoadjuvant chemotherapy.
        hypothesis: 患者接受了neoadjuvant化疗。

    What to do
        Translate the word. Where Chinese usage keeps it, put the Chinese first and the English
        in brackets: 新辅助（neoadjuvant）化疗.
    """
    if mostly_latin(segment.hypothesis):
        return
    for left in leftovers(segment.source, segment.hypothesis):
        text = segment.hypothesis[left.start : left.end]
        if left.sure:
            yield finding(f"“{text}” was left in English", Span("hypothesis", left.start, left.end))
        else:
            yield finding(
                f"“{text}” was left in English, or is a name",
                Span("hypothesis", left.start, left.end),
                severity=Severity.MINOR,
                confidence=0.6,
            )
    for start, end in prefixes(segment.source, segment.hypothesis):
        text = segment.hypothesis[start:end]
        yield finding(
            f"the prefix “{text}-” was left in English",
            Span("hypothesis", start, end),
            suggestion="抗" if text.lower() == "anti" else "非",
            severity=Severity.MINOR,
            confidence=0.6,
        )
