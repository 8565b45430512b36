"""Split an English text into sentences: what its full stops mean."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.languages.tables import words
from mtcheck.text.parses import cached
from mtcheck.text.sentences import (
    CLOSING,
    Sentence,
    goes_on_after,
    numbers_item,
    openings,
    own_closers,
    split_at,
)

__all__ = ["ABBREVIATIONS", "english_cuts", "split_english"]

_STOP = re.compile(rf"(?:[.!?…]+|[。！？]+)[{CLOSING}]*")


_LISTS = words("en", "words.tsv")
# What stands before a stop: the token back to the last space, bracket or slash.
_TOKEN = re.compile(r"[^\s(（\[/,，;；]*$")
_DOTTED = re.compile(r"(?:[A-Za-z]{1,3}\.)+[A-Za-z]{1,3}")
# A sentence never ends with these,
_NEVER = _LISTS["abbreviations"]
# with these only before a digit,
_BEFORE_DIGIT = _LISTS["abbreviations before a digit"]
# and with these only when the next word is one that opens sentences.
_SELDOM = _LISTS["abbreviations that may end"]
ABBREVIATIONS = _NEVER | _BEFORE_DIGIT | _SELDOM
"""Words whose full stop need not end a sentence, in lower case."""
_OPENERS = _LISTS["sentence openers"]
# A single capital that names a kind of thing is no initial: vitamin D, hepatitis B, type I.
_KINDS = _LISTS["kinds"]
# A sentence may open in lower case with a name such as mRNA, pH, p53, iPSC, c-Myc, α-synuclein,
# or a quantity.
_LOWER_OPENER = re.compile(
    r"[a-z]{1,4}[A-Z0-9]|[a-z]-[A-Z]|[α-ω](?:-|\b)|[a-z]\s*[=<>≤≥]|[a-z]{2,3}-[A-Z0-9]"
)
# Straight on after the stop, without a space.
_GLUED = re.compile(r"[A-Z][a-z]*[ ,’'-]|[A-Z][a-z]+[.:]")
_GLUED_ACRONYM = re.compile(r"[A-Z]{2,}s? [a-z]")
_BEFORE_GLUE = re.compile(r"(?:[a-z]{3}|[A-Z]{2}|[0-9%°℃)\]”’\"])$")
_BEFORE_ACRONYM = re.compile(r"(?:[a-z]{3}|[%°℃)\]])$")
_ADDRESS = re.compile(r"://|@|^www\.|^doi|\.(?:com|org|net|edu|gov)\b", re.IGNORECASE)


# Citation marks straight behind the stop of a sentence: "studied.1,2 Then".
_CITED = re.compile(
    r"(?<=[A-Za-z)\]”\"%][A-Za-z)\]”\"%]\.)\d{1,3}(?:[,–-]\d{1,3}){0,6}(?=\s+[A-Z]|\s*$)"
)


def english_cuts(text: str) -> Iterator[int]:
    """Where a sentence ends in a line of English, behind its stop and closing marks."""
    start, inside = 0, openings(text)
    for stop in _STOP.finditer(text):
        end = own_closers(text, start, stop)
        if cited := _CITED.match(text, end):
            end = cited.end()
        if goes_on_after(text, start, end, inside):
            continue
        if not _ends_english(text, start, stop.start(), end):
            continue
        start = end
        yield end


def _ends_english(text: str, start: int, at: int, end: int) -> bool:
    """Whether the stop at ``[at, end)`` of a sentence begun at ``start`` ends it."""
    after = text[end : end + 40]
    rest = after.lstrip()
    if text[at] in "。！？" or not rest:
        return True
    window = text[max(start, at - 80) : at]
    token = _TOKEN.search(window)
    before = token[0].strip("“‘\"'") if token else ""
    if not after[0].isspace():
        return _glued(before, text[at:end], after)
    if before.isdigit() and (text[start:at].strip(" (（") == before or numbers_item(text, at)):
        return False
    if rest[0].islower():
        return text[at] == "." and _LOWER_OPENER.match(rest) is not None
    if text[at] != "." or end - at > 1:
        return True
    return not _abbreviated(before, rest, window)


def _glued(before: str, stop: str, after: str) -> bool:
    """Whether a new sentence begins straight after a stop."""
    word = before.lower()
    if word in _NEVER or word in _SELDOM or _ADDRESS.search(before):
        return False
    ending = before + stop.rstrip(".!?…").lstrip(".!?…")
    if _GLUED_ACRONYM.match(after):
        return _BEFORE_ACRONYM.search(ending) is not None
    return _GLUED.match(after) is not None and _BEFORE_GLUE.search(ending) is not None


def _abbreviated(before: str, rest: str, window: str) -> bool:
    """Whether the full stop after ``before`` belongs to an abbreviation rather than ends."""
    word = before.lower()
    if word in _NEVER:
        return True
    if word in _BEFORE_DIGIT:
        return rest[0].isdigit()
    opener = re.match(r"[A-Za-z]+", rest)
    opens = opener is not None and opener[0] in _OPENERS
    if word in _SELDOM or _DOTTED.fullmatch(before):
        return not opens
    if len(before) == 1 and before.isalpha():
        words = window[: -len(before)].split()
        return not opens and not (words and words[-1].lower() in _KINDS)
    return False


@cached
def split_english(text: str, *, semicolon_splits: bool = False) -> tuple[Sentence, ...]:
    """The sentences of an English text, in order; empty for blank text.

    ``semicolon_splits`` makes a semicolon outside brackets end a sentence too.
    """
    return split_at(text, english_cuts, semicolons=semicolon_splits)
