"""Numbers and letters that name a member of a class: type 2, stage III, Table 4, vitamin C.

The classes stand in ``classified.tsv``.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mtcheck.languages.en.numbers import roman
from mtcheck.languages.tables import rows
from mtcheck.languages.zh.numbers import han_number
from mtcheck.text.parses import cached
from mtcheck.text.values import plain

__all__ = ["Member", "reclassified"]


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the class ``kind`` at ``[start, end)``: its number or ``""``, and its letter."""

    kind: str
    start: int
    end: int
    number: str
    letter: str

    @property
    def name(self) -> tuple[str, str]:
        """What tells it from the others of its class."""
        return self.number, self.letter


_WORDS = {
    w: str(i) for i, w in enumerate(("one", "two", "three", "four", "five", "six", "seven"), 1)
}
_STEMS = dict(zip("甲乙丙丁戊", "abcde", strict=True))
_SIGNS = {chr(first + i): str(i + 1) for first in (0x2160, 0x2170) for i in range(12)}
_ROMAN = rf"(?:[IVX]{{1,5}}|[{''.join(_SIGNS)}])"
_DIGITS = r"S?\d{1,3}(?:\.\d{1,2})?"
_EN_ONE = (
    rf"(?:{_DIGITS}[A-Da-d]?|{_ROMAN}[A-Da-d]?\d?|[A-K]\d{{0,2}}|{'|'.join(_WORDS)})(?![\w%°'])"
)
_EN_LINK = r"\s?(?:,\s?(?:and|or)|,|/|and|or|to|through|versus|vs\.?|&|-|–)\s?"
_EN = re.compile(
    rf"\b(?P<word>[A-Za-z]{{3,12}})\.?[\s-](?P<list>{_EN_ONE}(?:{_EN_LINK}{_EN_ONE})*)"
)
_ORDINALS = {
    w: str(n)
    for n, words in enumerate(
        ("first 1st primary", "second 2nd secondary", "third 3rd tertiary"), 1
    )
    for w in words.split()
} | {"fourth": "4", "4th": "4", "fifth": "5", "5th": "5"}
_EN_ORDINAL = re.compile(rf"\b(?P<n>{'|'.join(_ORDINALS)})[\s-](?P<word>[A-Za-z]{{3,11}})\b", re.I)
_NO_MEMBER = re.compile(r"\s?(?:[kmµn]?[gLlm]|cm|%|years?|months?|weeks?|days?|patients|hours?)\b")

_LETTERS = r"(?:[A-K](?![A-Za-z])|[甲乙丙丁戊])"
_ZH_ONE = {
    "{n}": rf"(?:{_DIGITS}[A-Da-d]?|{_ROMAN}[A-Da-d]?\d?|{_LETTERS}|[一二三四五六七八九十]{{1,2}})",
    "{l}": _LETTERS,
    "{v}": r"[A-K]\d{0,2}",
}
_ZH_LINK = r"\s?(?:[型期级度类]?[、，,/和或与及至到~～–-])\s?"
_ITEM = re.compile(
    rf"(?P<digits>{_DIGITS})(?P<a>[A-Da-d]?)|(?P<roman>{_ROMAN})(?P<b>[A-Da-d]?)\d?(?![A-Za-z])"
    rf"|(?P<letter>[A-K])(?P<c>\d{{0,2}})|(?P<han>[一二三四五六七八九十]{{1,2}})"
    rf"|(?P<stem>[甲乙丙丁戊])|(?P<word>\b(?:{'|'.join(_WORDS)})\b)"
)


@functools.cache
def _table() -> tuple[dict[str, list[str]], dict[str, list[re.Pattern[str]]]]:
    """The kinds that an English word opens, and the Chinese patterns of each kind."""
    kinds: dict[str, list[str]] = {}
    patterns: dict[str, list[re.Pattern[str]]] = {}
    for kind, english, chinese in rows("en_zh", "classified.tsv"):
        for word in english.split():
            kinds.setdefault(word, []).append(kind)
        patterns.setdefault(kind, []).extend(
            re.compile(_chinese_pattern(way)) for way in chinese.split()
        )
    return kinds, patterns


def _chinese_pattern(way: str) -> str:
    for mark, one in _ZH_ONE.items():
        listed = rf"(?P<list>{one}(?:{_ZH_LINK}{one})*)"
        way = way.replace(mark, rf"\s?{listed}\s?")
    return r"(?<![\dA-Za-z.])" + way


@cached
def _of_source(source: str) -> tuple[Member, ...]:
    kinds, _ = _table()
    found: list[Member] = []
    flat = plain(source)
    for m in _EN.finditer(flat):
        if _NO_MEMBER.match(flat, m.end()):
            continue
        for kind in kinds.get(m["word"].lower(), ()):
            found += _members(kind, flat, *m.span("list"))
    for m in _EN_ORDINAL.finditer(flat):
        for kind in kinds.get("-" + m["word"].lower(), ()):
            found.append(Member(kind, *m.span("n"), _ORDINALS[m["n"].lower()], ""))
    return tuple(found)


def _members(kind: str, text: str, start: int, end: int) -> Iterator[Member]:
    for m in _ITEM.finditer(text, start, end):
        letter = (m["a"] or m["b"] or m["letter"] or "").lower()
        if m["stem"]:
            number, letter = "", _STEMS[m["stem"]]
        elif m["letter"]:
            number = m["c"]
        elif m["roman"]:
            number = _SIGNS.get(m["roman"]) or str(roman(m["roman"]))
        else:
            number = m["digits"] or _WORDS.get(m["word"] or "", "") or str(han_number(m["han"]))
        yield Member(kind, *m.span(), number, letter)


@cached
def reclassified(source: str, hypothesis: str) -> tuple[tuple[Member, Member], ...]:
    """Members of the source that the hypothesis lacks, each with one that took its place.

    Both are of one class; a member that is merely left out, or rendered without its class, is
    none.
    """
    mine = _of_source(source)
    if not mine:
        return ()
    _, patterns = _table()
    flat = plain(hypothesis)
    found: list[tuple[Member, Member]] = []
    for kind in dict.fromkeys(m.kind for m in mine):
        wanted = [m for m in mine if m.kind == kind]
        have = sorted(
            {
                member
                for pattern in patterns[kind]
                for m in pattern.finditer(flat)
                for member in _members(kind, flat, *m.span("list"))
            },
            key=lambda m: m.start,
        )
        lost, added = _left(wanted, have), _left(have, wanted)
        found += zip(lost, added, strict=False)
    return tuple(found)


def _left(mine: Sequence[Member], theirs: Sequence[Member]) -> list[Member]:
    """Those of ``mine`` that have no counterpart: IIIB may be written III, unless that is taken."""
    names = {m.name for m in theirs}
    own = {m.name for m in mine}
    free = [m for m in theirs if m.name not in own]
    return [
        m
        for m in mine
        if m.name not in names
        and not any(m.number and m.number == t.number and not (m.letter and t.letter) for t in free)
    ]
