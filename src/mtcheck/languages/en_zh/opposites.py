"""Opposites in English and Chinese (increase and decrease, approve and reject, left and right …).

The table is ``opposites.tsv`` beside this file, one row for each pole of a group:

``group``, ``pole``
    The pair, named by its first word, and which end of it: ``+`` or ``-``. The row of pole
    ``0`` lists what holds a word of the table and says nothing (*more or less*, 最大限度).
``axis``
    Groups of one axis lean on each other: what is *higher* may be told as 增加.
``kind``
    Which rule tells of it: ``direction``, ``valence`` or ``place``.
``of``
    What the words are said of.
``also``
    Poles that may stand for this one though they are no synonyms: a *faster* process takes
    更短 time.
``english``, ``chinese``
    Words by part of speech (``v`` verbs, ``n`` nouns, ``a`` adjectives, ``r`` adverbs and
    prepositions, ``o`` other). English verbs and nouns are inflected
    here; irregular forms stand in brackets, ``+`` doubles the last letter, ``_`` is a space. A
    word marked ``~`` only hints at the pole: it may account for a word of the other side, but
    is never called wrong. One marked ``=`` is set against words of its own group alone.
"""

from __future__ import annotations

import csv
import enum
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from mtcheck.text.heads import Heads
from mtcheck.text.parses import cached
from mtcheck.text.scripts import latin_words

__all__ = [
    "Mention",
    "Pole",
    "PoleStrength",
    "Sense",
    "chinese_mentions",
    "english_mentions",
    "negated_chinese",
    "negated_english",
    "table",
]


class PoleStrength(enum.IntEnum):
    """How much a word says about its pole."""

    HINT = 0
    GROUP = 1
    CLEAR = 2


@dataclass(frozen=True, slots=True)
class Pole:
    """One end of a group of opposites; ``sign`` is 1 or -1."""

    group: str
    sign: int
    axis: str
    kind: str
    also: frozenset[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Sense:
    """What a word of the table stands for."""

    pole: Pole
    strength: PoleStrength

    @property
    def clear(self) -> bool:
        """Whether it may be set against words of other groups too."""
        return self.strength is PoleStrength.CLEAR


@dataclass(frozen=True, slots=True)
class Mention:
    """A word of the table in a text: half-open code points, and its senses."""

    text: str
    start: int
    end: int
    senses: tuple[Sense, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """Senses of English words and phrases (parted by spaces) and of Chinese strings."""

    english: dict[str, tuple[Sense, ...]]
    phrases: dict[str, tuple[str, ...]]
    """Phrases by their first word, longest first."""
    chinese: dict[str, tuple[Sense, ...]]
    heads: frozenset[str]
    """English words, and the first words of phrases."""
    starts: Heads
    """Where a Chinese string may begin."""


_STRENGTHS = {"~": PoleStrength.HINT, "=": PoleStrength.GROUP}
_WORD = re.compile(r"(?P<word>[^\s()~=+]+)(?:\((?P<forms>[^)]*)\))?(?P<double>\+?)(?P<mark>[~=]?)")


@functools.cache
def table() -> _Table:
    """The table of opposites, read once."""
    english: dict[str, tuple[Sense, ...]] = {}
    chinese: dict[str, tuple[Sense, ...]] = {}
    text = files(__package__).joinpath("opposites.tsv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines(), delimiter="\t"):
        if row["pole"] == "0":
            english.update({m["word"].replace("_", " "): () for _, m in _entries(row["english"])})
            chinese.update({m["word"]: () for _, m in _entries(row["chinese"])})
            continue
        also = frozenset((name[:-1], _sign(name[-1])) for name in row["also"].split())
        pole = Pole(row["group"], _sign(row["pole"]), row["axis"], row["kind"], also)
        for part, m in _entries(row["english"]):
            sense = Sense(pole, _STRENGTHS.get(m["mark"], PoleStrength.CLEAR))
            for form in _forms(m["word"].replace("_", " "), part, m["forms"], bool(m["double"])):
                _put(english, form, sense)
        for _, m in _entries(row["chinese"]):
            _put(chinese, m["word"], Sense(pole, _STRENGTHS.get(m["mark"], PoleStrength.CLEAR)))
    return _Table(
        english,
        _by_first({word: word.split()[0] for word in english if " " in word}),
        chinese,
        frozenset(word.split()[0] for word in english),
        Heads(chinese),
    )


def _sign(mark: str) -> int:
    return 1 if mark == "+" else -1


def _entries(cell: str) -> Iterator[tuple[str, re.Match[str]]]:
    """The words of a cell, each with its part of speech."""
    for part in filter(None, cell.split("; ")):
        name, _, words = part.partition(": ")
        for m in _WORD.finditer(words):
            yield name, m


def _put(words: dict[str, tuple[Sense, ...]], word: str, sense: Sense) -> None:
    words[word] = (*words.get(word, ()), sense)


def _by_first(firsts: dict[str, str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for word in sorted(firsts, key=len, reverse=True):
        found.setdefault(firsts[word], []).append(word)
    return {first: tuple(words) for first, words in found.items()}


def _forms(word: str, part: str, irregular: str | None, double: bool) -> set[str]:
    """A word and its inflections; a phrase is inflected in its first word."""
    first, space, rest = word.partition(" ")
    forms = {word, *(irregular.split(",") if irregular else ())}
    if part == "v":
        stem = _stem(first, double)
        ends = {_third(first), stem + "ing"} | (set() if irregular else {_past(first, stem)})
        forms |= {end + space + rest for end in ends}
    elif part == "n":
        forms.add(_third(word))
    return forms


_SIBILANT = re.compile(r"(?:s|x|z|ch|sh)$")
_ONE_VOWEL = re.compile(r"(?:[^aeiou]|qu)*[aeiou][bdgklmnprt]")


def _third(word: str) -> str:
    if _SIBILANT.search(word):
        return word + "es"
    return word[:-1] + "ies" if word[-1] == "y" and word[-2:-1] not in "aeiou" else word + "s"


def _stem(word: str, double: bool) -> str:
    """What ``-ing`` is joined to."""
    if double or _ONE_VOWEL.fullmatch(word):
        return word + word[-1]
    return word[:-1] if word[-1] == "e" and word[-2:] not in ("ee", "ye", "oe") else word


def _past(word: str, stem: str) -> str:
    if word[-1] == "y" and word[-2:-1] not in "aeiou":
        return word[:-1] + "ied"
    return stem + "ed" if word[-1] != "e" else word + "d"


@cached
def english_mentions(text: str) -> tuple[Mention, ...]:
    """The words of the table in an English text, in order."""
    known = table()
    words = latin_words(text)
    found: list[Mention] = []
    free = 0
    for at, word in enumerate(words):
        low = word.low
        if (low not in known.heads and "-" not in low) or at < free:
            continue
        count, senses = 1, known.english.get(low)
        for phrase in known.phrases.get(low, ()):
            size = phrase.count(" ") + 1
            if " ".join(w.low for w in words[at : at + size]) == phrase:
                senses, count = known.english[phrase], size
                break
        if senses is None and "-" in low:
            senses = next((known.english[p] for p in low.split("-") if p in known.english), None)
        if senses:
            end = words[at + count - 1].end
            found.append(Mention(text[word.start : end], word.start, end, senses))
        free = at + count
    return tuple(found)


_FAR_NEGATOR = re.compile(r"not?|never|without|neither|nor|cannot|none|nobody|unable|\w+n['’]t")
_NEAR_NEGATOR = re.compile(
    r"few|little|hardly|scarcely|barely|rarely|seldom|fail(?:s|ed|ing)?|less|least|unlikely"
    r"|lack(?:s|ed|ing)?|absence|instead|rather|prevent(?:s|ed|ing)?|avoid(?:s|ed|ing)?|minimal"
    r"|stop(?:s|ped)?|revers(?:e|es|ed|al)|counteract|offsets?"
)
_BREAK = re.compile(r"[,;:.()]\s")
_FAR, _NEAR = 5, 2
"""How many words before the mention a negator may stand."""


def negated_english(text: str, mention: Mention) -> bool:
    """Whether a word before, in the same clause, negates (``not … until`` does not)."""
    clause: str = _BREAK.split(text[max(0, mention.start - 64) : mention.start])[-1]
    words = [*clause.lower().split()[-_FAR:], mention.text.lower()]
    for i in range(len(words) - 2, -1, -1):
        near = len(words) - 1 - i <= _NEAR
        if (near and _NEAR_NEGATOR.fullmatch(words[i])) or _FAR_NEGATOR.fullmatch(words[i]):
            return (
                words[i + 1] not in ("only", "merely", "just", "simply")
                and " until " not in text[mention.end : mention.end + 24]
            )
    return words[-1].startswith("non-")


@cached
def chinese_mentions(text: str) -> tuple[Mention, ...]:
    """The words of the table in a Chinese text, in order; the longest at each place counts."""
    known = table()
    found: list[Mention] = []
    end = 0
    for start, words in known.starts.places(text):
        if start < end:
            continue
        for word in words:
            if text.startswith(word, start):
                end = start + len(word)
                if senses := known.chinese[word]:
                    found.append(Mention(word, start, end, senses))
                break
    for m in _MEASURED.finditer(text):
        if not any(a.start <= m.start() < a.end for a in found):
            found.append(Mention(m[0], m.start(), m.end(), known.chinese["更" + m[0]]))
    return tuple(found)


# 比对照组高12%, 多了两天: the single character compares.
_COMPARED = "高低多少长短快慢"
_MEASURED = re.compile(
    rf"(?<![最身至大])[{_COMPARED}](?=[了出约近]{{0,2}}\s?[\d一二两三四五六七八九十百数几半])"
)
_NOT_BEFORE = re.compile(
    "(?:不(?![仅但断良同管论足过])|未(?!来)|没|无(?!论|线)|非(?!常|洲)|勿|难以|避免|防止|阻止|以免|而非|缺乏|缺少"
    "|逆转|抵消|不会|很少|较少)[^，。；：、,;]{0,6}$"
)
_NOT_AFTER = re.compile(
    "[^，。；：、,;]{0,3}(?:不(?:明显|显著|大|足|佳|良)|无统计学|无显著|无明显)"
)
_NEGATES = re.compile("[不未没无非勿难避防阻免缺逆抵少]")


def negated_chinese(text: str, mention: Mention) -> bool:
    """Whether the characters right before, or a 不明显 right behind, negate."""
    before = text[max(0, mention.start - 9) : mention.start]
    if _NEGATES.search(before) and _NOT_BEFORE.search(before):
        return True
    return _NOT_AFTER.match(text, mention.end) is not None
