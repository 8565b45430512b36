"""Cut a text into sentences at the places that a language names, keeping the offsets.

All languages go the same way: lines first, then every full stop, question or exclamation mark is
looked at with what stands before and after it. The rules are our own; on the gold set in
tests/gold they are set against other splitters by ``python -m tests.benchmarks.segmentation``.
"""

from __future__ import annotations

import itertools
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

__all__ = [
    "CLOSING",
    "Sentence",
    "goes_on_after",
    "numbers_item",
    "openings",
    "own_closers",
    "split_at",
]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and where it stands: ``whole[start:end] == text``, without outer space."""

    start: int
    end: int
    text: str


_CLOSERS = "”’\"'」』)）】］]》〉"
CLOSING = re.escape(_CLOSERS)
"""Closing quotes and brackets, for a class of a pattern."""
# A line ends a sentence when it ends in a stop or colon, or is so short that it is a heading.
_LINE_END = re.compile(rf"[.!?:;。！？：；…][{CLOSING}]*$")
_HEADING_WORDS = 6
# A word of English, or two Han characters, which come to about the same.
_WORD = re.compile(r"[㐀-鿿]{1,2}|[^\s㐀-鿿]+")
# An item of a list at the beginning of a line.
_ITEM = re.compile(
    r"\s*(?:[-*–—]\s|[•●▪◦■‣]|[①-⑳]|[(（]?(?:\d{1,2}|[a-z]|[ivx]{1,4})[)）]"
    r"|\d{1,2}[.．、]\s?(?!\d)|[一二三四五六七八九十]{1,3}、)"
)
_BULLET = re.compile(r"(?<=\s)[•●▪◦■‣]")
_PAIRS = {")": "(", "）": "（", "]": "[", "］": "［", "】": "【", "}": "{", "》": "《"}
_OPENING = frozenset(_PAIRS.values())
# A bracket that takes longer to close was most likely never meant to.
_ASIDE = 200
_SPACE = re.compile(r"\s*")

_SEMICOLON = re.compile(r";(?=\s)|；")


_ITEM_NUMBER = re.compile(r"(?:^|(?P<mark>[:;,.(（：；，。、]\s?)|\s)(?P<n>\d{1,2})$")
_LIST_REACH = 600  # code points back to the item before


def numbers_item(text: str, at: int) -> bool:
    """Whether the stop at ``at`` follows the number of a list's item: "were: 1. yield; 2. cost".

    A number does that begins the line, follows a mark, or follows an item one lower.
    """
    m = _ITEM_NUMBER.search(text[max(0, at - 5) : at])
    if m is None:
        return False
    if m["mark"] or at - len(m["n"]) <= 0 or not text[: at - len(m["n"])].strip():
        return True
    before = int(m["n"]) - 1
    start = max(0, at - _LIST_REACH)
    earlier = text.rfind(f"{before}.", start, at) if before else -1
    return earlier >= 0 and numbers_item(text, earlier + len(str(before)))


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
        # Looking at more than the beginning would take quadratic time in a wrapped text.
        heading = len(sofar) < 200 and len(_WORD.findall(sofar)) <= _HEADING_WORDS
        heading = heading and not after[:1].islower()
        if not line.strip() or _LINE_END.search(sofar[-20:]) or heading or _ITEM.match(after):
            yield start, at
            start = at
    if start < len(text):
        yield start, len(text)


def _asides(text: str) -> list[tuple[int, int]]:
    """The outermost bracketed stretches, opening to closing mark, in order."""
    found: list[tuple[int, int]] = []
    waiting: deque[int] = deque()
    for at, mark in enumerate(text):
        if mark in _OPENING:
            waiting.append(at)
        elif mark in _PAIRS:
            while waiting and at - waiting[0] > _ASIDE:
                waiting.popleft()
            opening = next((k for k in reversed(waiting) if text[k] == _PAIRS[mark]), None)
            if opening is not None:
                while waiting.pop() != opening:
                    pass
                while found and found[-1][0] > opening:
                    found.pop()
                found.append((opening, at))
    return found


def openings(text: str) -> dict[int, int]:
    """For each place within brackets, where the outermost of them opens."""
    return {at: start for start, end in _asides(text) for at in range(start + 1, end)}


def own_closers(text: str, start: int, stop: re.Match[str]) -> int:
    """The end of the stop with its closing marks, less a straight quote that opens the next."""
    for at in range(stop.start(), stop.end()):
        opens = text[at] == '"' and not text[at + 1 : at + 2].isspace() and at + 1 < len(text)
        if opens and text.count('"', start, at) % 2 == 0:
            return at
    return stop.end()


def goes_on_after(text: str, start: int, end: int, inside: dict[int, int]) -> bool:
    """Whether a stop that ends at ``end`` is in a bracket after which its sentence goes on."""
    opening = inside.get(end - 1)
    return opening is not None and not _SPACE.fullmatch(text, start, opening)


def split_at(
    text: str, cuts: Callable[[str], Iterable[int]], *, semicolons: bool
) -> tuple[Sentence, ...]:
    """The sentences of a text, in order; empty for blank text.

    ``cuts`` tells where in a line a sentence ends, in code points; with ``semicolons`` one outside
    brackets ends a sentence too.
    """
    found: list[Sentence] = []
    for start, end in _lines(text):
        line = text[start:end]
        places = {*cuts(line), *(bullet.start() for bullet in _BULLET.finditer(line))}
        if semicolons:
            inside = openings(line)
            places |= {s.end() for s in _SEMICOLON.finditer(line) if s.start() not in inside}
        last = 0
        for place in (*sorted(places), len(line)):
            sentence = _trim(text, start + last, start + place)
            last = place
            if sentence:
                found.append(sentence)
    return tuple(found)
