"""Split a Chinese text into sentences: what its stops mean, full-width and half-width."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.languages.en.sentences import ABBREVIATIONS, english_cuts
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

__all__ = ["split_chinese"]

_HAN = re.compile(r"[㐀-鿿]")
_STOP = re.compile(
    rf"(?:[。！？…]+|[!?]+(?=\s|$|[{CLOSING}㐀-鿿])|(?P<dot>\.)(?=\s|$|[{CLOSING}㐀-鿿]))"
    rf"[{CLOSING}]*"
)
# What follows a closed quotation within the same Chinese sentence, and what follows any stop.
_GOES_ON = re.compile(r"[与和及或是]|等(?!等)|[他她我你它]?们?[问说道答]")
_SKIP = re.compile(r"[，、；：,;]|的(?!确)")
_ROMAN = re.compile(r"[IVX]+")
_LATIN_BEFORE = re.compile(r"([A-Za-z]+)$")


def _cuts(text: str) -> Iterator[int]:
    if not _HAN.search(text):
        yield from english_cuts(text)
        return
    start, inside = 0, openings(text)
    for stop in _STOP.finditer(text):
        end = own_closers(text, start, stop)
        if goes_on_after(text, start, end, inside):
            continue
        if text[end - 1] == "》" or _SKIP.match(text, end):
            continue
        if text[end - 1] in '”’」』"' and _GOES_ON.match(text, end):
            continue
        if stop["dot"]:
            before = text[max(start, stop.start() - 40) : stop.start()]
            word = _LATIN_BEFORE.search(before)
            if word and (
                len(word[1]) == 1
                or _ROMAN.fullmatch(word[1])
                or (len(word[1]) < 3 and not word[1].isupper())
                or word[1].lower() in ABBREVIATIONS
            ):
                continue  # E. coli, et al., initials
            if before.strip(" (（").isdigit() or numbers_item(text, stop.start()):
                continue
        start = end
        yield end


@cached
def split_chinese(text: str, *, semicolon_splits: bool = False) -> tuple[Sentence, ...]:
    """The sentences of a Chinese text, in order; empty for blank text.

    A line without any Han character was left untranslated and is split as English.
    """
    return split_at(text, _cuts, semicolons=semicolon_splits)
