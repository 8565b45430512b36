"""Split a text into sentences, keeping the offsets.

English goes through sentencex, which of twelve splitters tried was the one that both parts
glued sentences (``cooperation.The``) and keeps ``et al.`` together. Chinese has few
ambiguities, but the ones it has (``。`` before a digit, half-width stops, closing quotes after
the stop) are ours to handle.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

import sentencex

__all__ = ["Sentence", "split_chinese", "split_english"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and where it stands: ``whole[start:end] == text``, without outer space."""

    start: int
    end: int
    text: str


_CLOSERS = "”’\"'」』）)】］]》〉"
# A line ends a sentence when it ends in a stop or colon, or is so short that it is a heading.
_LINE_END = re.compile(rf"[.!?:;。！？：；…][{re.escape(_CLOSERS)}]*$")
_HEADING_WORDS = 6
# A word of English, or two Han characters, which come to about the same.
_WORD = re.compile(r"[㐀-鿿]{1,2}|[^\s㐀-鿿]+")
# Glued sentences that sentencex leaves: a stop after a lower-case word, digit or bracket, and
# straight on with a capitalised word. Abbreviations and initials end in fewer lower-case letters.
_GLUED = re.compile(r"(?:[a-z]{3}|[0-9%)\]”’\"])[.!?](?=[A-Z][a-z]*[ ,’'])")
_NO_STOP = frozenset(
    {"al", "etc", "fig", "figs", "vs", "no", "eq", "ref", "refs", "sp", "spp", "var"}
    | {"dr", "mr", "mrs", "ms", "prof", "st", "inc", "ltd", "co"}
)
# A half-width stop counts only before a space, a closing mark, Han or the end.
_BEFORE = rf"(?=\s|$|[{re.escape(_CLOSERS)}㐀-鿿])"
_STOP = re.compile(rf"(?:[。！？…]+|[!?]+{_BEFORE}|(?P<dot>\.){_BEFORE})[{re.escape(_CLOSERS)}]*")
_WORD_BEFORE = re.compile(r"([A-Za-z]+)$")
_HAN = re.compile(r"[㐀-鿿]")


def _trim(text: str, start: int, end: int) -> Sentence | None:
    piece = text[start:end]
    body = piece.strip()
    if not body:
        return None
    start += len(piece) - len(piece.lstrip())
    return Sentence(start, start + len(body), body)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Stretches that no sentence crosses. Hard-wrapped lines are joined."""
    start = at = 0
    lines = text.splitlines(keepends=True)
    for line, after in itertools.zip_longest(lines, lines[1:], fillvalue=""):
        at += len(line)
        sofar = text[start:at].strip()
        heading = len(_WORD.findall(sofar)) <= _HEADING_WORDS and not after[:1].islower()
        if not line.strip() or _LINE_END.search(sofar) or heading:
            yield start, at
            start = at
    if start < len(text):
        yield start, len(text)


def _english_cuts(text: str) -> Iterator[int]:
    # Glued sentences are parted first: after one, sentencex misses the next boundary.
    start = 0
    for end in (*(glued.end() for glued in _GLUED.finditer(text)), len(text)):
        at = start
        for piece in sentencex.segment("en", text[start:end]):
            at += len(piece)
            yield at
        start = end


def _chinese_cuts(text: str) -> Iterator[int]:
    start = 0
    for stop in _STOP.finditer(text):
        if stop["dot"]:
            before = text[start : stop.start()]
            word = _WORD_BEFORE.search(before)
            if word and (len(word[1]) < 3 or word[1].lower() in _NO_STOP):
                continue  # E. coli, et al., initials
            if before.strip().isdigit():
                continue  # a list number
        start = stop.end()
        yield start


@functools.lru_cache(maxsize=4096)
def split_english(text: str) -> tuple[Sentence, ...]:
    """The sentences of an English text, in order; empty for blank text."""
    return _split(text, chinese=False)


@functools.lru_cache(maxsize=4096)
def split_chinese(text: str) -> tuple[Sentence, ...]:
    """The sentences of a Chinese text, in order; empty for blank text.

    A line without any Han character was left untranslated and is split as English.
    """
    return _split(text, chinese=True)


def _split(text: str, *, chinese: bool) -> tuple[Sentence, ...]:
    found: list[Sentence] = []
    for start, end in _lines(text):
        line = text[start:end]
        cuts = _chinese_cuts(line) if chinese and _HAN.search(line) else _english_cuts(line)
        last = 0
        for cut in (*cuts, len(line)):
            sentence = _trim(text, start + last, start + cut)
            last = cut
            if sentence:
                found.append(sentence)
    return tuple(found)
