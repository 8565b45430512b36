"""ACC020 wrong-language: the hypothesis is not Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.languages.en_zh.leftover import left_in_source_language, mostly_latin
from mtcheck.rules import Draft, finding, rule
from mtcheck.text.scripts import bracketed, counts
from mtcheck.text.zones import Zones
from mtcheck.types import Segment, Severity, Span

__all__ = ["wrong_language"]

_FOREIGN: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("Japanese", re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fc\uff66-\uff9d]{2,}")),
    ("Korean", re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]{2,}")),
    ("Cyrillic", re.compile("[\u0400-\u052f]{3,}")),
    ("Arabic", re.compile("[\u0600-\u06ff]{3,}")),
    ("Thai", re.compile("[\u0e00-\u0e7f]{3,}")),
    ("Indic", re.compile("[\u0900-\u0dff]{3,}")),
    ("Hebrew", re.compile("[\u0590-\u05ff]{3,}")),
)
_ANY_FOREIGN = re.compile(
    "[\u0400-\u06ff\u0900-\u0e7f\u1100-\u11ff\u3041-\u30fc\u3130-\u318f\uac00-\ud7a3\uff66-\uff9d]{2}"
)
# Foreign letters beyond this share of all letters make the whole hypothesis foreign.
_WHOLE = 0.2


@rule(
    "ACC020",
    "wrong-language",
    chinese="语种错误",
    category="accuracy/mistranslation",
    severity="critical",
    group="detached",
)
def wrong_language(segment: Segment) -> Iterator[Draft]:
    """The hypothesis, or a stretch of it, is in a language other than Chinese.

    What it does
        Fires on kana, Hangul, Cyrillic, Arabic, Thai, Indic or Hebrew letters that the source
        does not have: on the whole hypothesis where they are a fifth of its letters, else on
        each stretch, as major. Stretches in brackets gloss a name and are left alone. Fires
        also when there is hardly any Han but running words in Latin letters that are not the
        source's (an answer in English, a translation into German); the source's own words
        are ACC003.

    Why it matters
        Multilingual models slip into the wrong target language, and assistants answer in
        English instead of translating.

    Example
        source: The samples were frozen.
        hypothesis: サンプルは凍結された。

    What to do
        Translate again with the target language given.
    """
    text = segment.hypothesis
    if mostly_latin(text):
        if segment.source and not left_in_source_language(segment.source, text):
            yield finding("the hypothesis is not in Chinese", _all(text))
        return
    if not _ANY_FOREIGN.search(text):
        return
    zones = Zones(bracketed(text))
    for name, pattern in _FOREIGN:
        found = [
            m
            for m in pattern.finditer(text)
            if m.group() not in segment.source and not zones.cover(m.start(), m.end())
        ]
        if sum(m.end() - m.start() for m in found) > _WHOLE * _letters(text):
            yield finding(f"the hypothesis is not in Chinese: {name} letters", _all(text))
            return
        for m in found:
            yield finding(
                f"“{m.group()}” is in {name} letters",
                Span("hypothesis", m.start(), m.end()),
                severity=Severity.MAJOR,
            )


def _all(text: str) -> Span:
    return Span("hypothesis", len(text) - len(text.lstrip()), len(text.rstrip()))


def _letters(text: str) -> int:
    c = counts(text)
    return c.letters + sum(0x590 <= ord(ch) < 0xE80 for ch in text) - c.arabic
