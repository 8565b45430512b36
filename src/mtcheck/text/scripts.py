"""Writing systems: what script a character has, how much of each a text holds, Latin words.

Only the scripts that matter when English is translated into Chinese are told apart. All
offsets are code points into the text given.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from mtcheck.text.parses import cached

__all__ = [
    "HAN",
    "LATIN",
    "LatinRun",
    "LatinWord",
    "Script",
    "ScriptCounts",
    "bracketed",
    "counts",
    "english_words",
    "han_ratio",
    "latin_runs",
    "latin_words",
    "script",
    "sentence_starts",
    "shouted",
]

Script: TypeAlias = Literal[
    "han", "latin", "kana", "hangul", "cyrillic", "greek", "arabic", "digit", "other"
]

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
"""The inside of a regex class that matches one Han character (with 〇)."""
LATIN = "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
"""The inside of a regex class that matches one half-width Latin letter."""

_CLASSES: tuple[tuple[Script, str], ...] = (
    ("han", HAN),
    ("latin", LATIN + "\uff21-\uff3a\uff41-\uff5a"),
    ("kana", "\u3041-\u3096\u30a1-\u30fa\u30fd-\u30ff\u31f0-\u31ff\uff66-\uff9d"),
    ("hangul", "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3"),
    ("cyrillic", "\u0400-\u052f"),
    ("greek", "\u0370-\u03ff\u1f00-\u1fff"),
    ("arabic", "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc"),
    ("digit", "0-9\uff10-\uff19"),
)
_ONE = {name: re.compile(f"[{inside}]") for name, inside in _CLASSES}


@cached
def script(char: str) -> Script:
    """The script of one character; ``"other"`` for punctuation, spaces and rarer scripts."""
    for name, pattern in _ONE.items():
        if pattern.fullmatch(char):
            return name
    return "other"


@dataclass(frozen=True, slots=True)
class ScriptCounts:
    """How many characters of each script a text has."""

    han: int = 0
    latin: int = 0
    kana: int = 0
    hangul: int = 0
    cyrillic: int = 0
    greek: int = 0
    arabic: int = 0
    digit: int = 0
    other: int = 0

    @property
    def letters(self) -> int:
        """All characters that belong to a script: no digits, punctuation or spaces."""
        return (
            self.han
            + self.latin
            + self.kana
            + self.hangul
            + self.cyrillic
            + self.greek
            + self.arabic
        )


@cached
def counts(text: str) -> ScriptCounts:
    """Characters of each script in ``text``; the fields sum to its length."""
    found: dict[str, int] = Counter(map(script, text))
    return ScriptCounts(**found)


def han_ratio(text: str) -> float:
    """Share of Han among the letters of all scripts, 0 to 1; 0 where there are no letters."""
    c = counts(text)
    return c.han / c.letters if c.letters else 0.0


class LatinWord(NamedTuple):
    """A run of Latin letters, digits and Greek letters joined by hyphens, apostrophes or ``_``.

    ``Anti-inflammatory``, ``IL-6``, ``patient's`` and ``N-acetyl`` are one word each. ``low`` is
    the text in lower case. A named tuple, since of nothing else are so many made.
    """

    text: str
    start: int
    end: int
    low: str

    @property
    def parts(self) -> tuple[str, ...]:
        """The pieces between hyphens, apostrophes and underscores."""
        return tuple(_JOINT.split(self.text))

    @property
    def plain(self) -> bool:
        """Only letters, none of them a capital inside a part: shaped like an ordinary word."""
        return _PLAIN.fullmatch(self.text) is not None

    @property
    def capitalised(self) -> bool:
        """Whether the first letter is a capital."""
        return self.text[:1].isupper()


_LETTER = f"[{LATIN}]"
_ANY = f"[{LATIN}0-9\u0370-\u03ff\u2080-\u2089\u00b2\u00b3\u00b9\u2070-\u2079]"
_WORD = re.compile(rf"{_ANY}+(?:[-\u2010-\u2013\u2212'’_]{_ANY}+)*")
_HAS_LETTER = re.compile(_LETTER)
_JOINT = re.compile(r"[-\u2010-\u2013\u2212'’_]")
_LOWER = "a-z\u00df-\u00f6\u00f8-\u00ff"
_PLAIN = re.compile(rf"[{LATIN}]?[{_LOWER}]*(?:[-\u2010-\u2013\u2212'’][A-Z]?[{_LOWER}]+)*")


# What LatinWord's own constructor does, less a call of Python.
_made: Callable[[tuple[str, int, int, str]], LatinWord] = functools.partial(
    tuple.__new__, LatinWord
)


@cached
def latin_words(text: str) -> tuple[LatinWord, ...]:
    """The words of ``text`` that hold at least one Latin letter, in order."""
    found: list[LatinWord] = []
    end = 0
    # Strings are found faster than matches made; between two words no character could be one's.
    for word in _WORD.findall(text):
        start = text.index(word, end)
        end = start + len(word)
        if (word.isascii() and word.isalpha()) or _HAS_LETTER.search(word):
            found.append(_made((word, start, end, word.lower())))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class LatinRun:
    """Latin words with nothing but spaces and light punctuation between them."""

    words: tuple[LatinWord, ...]

    @property
    def start(self) -> int:
        """Offset of the first word."""
        return self.words[0].start

    @property
    def end(self) -> int:
        """Offset after the last word."""
        return self.words[-1].end


_LINK = re.compile(r"[ \u00a0\t,.;:&'’/“”\"-]{1,4}")


@cached
def latin_runs(text: str) -> tuple[LatinRun, ...]:
    """``latin_words`` grouped into stretches that other scripts and brackets interrupt."""
    runs: list[list[LatinWord]] = []
    for word in latin_words(text):
        if runs and _LINK.fullmatch(text, runs[-1][-1].end, word.start):
            runs[-1].append(word)
        else:
            runs.append([word])
    return tuple(LatinRun(tuple(r)) for r in runs)


@cached
def english_words(text: str) -> frozenset[str]:
    """The ordinary words of an English text in lower case, whole and by their parts.

    A word counts as ordinary when it occurs in lower case somewhere in the text: a name or
    an acronym does not.
    """
    found: set[str] = set()
    for word in latin_words(text):
        if word.plain and not word.capitalised:
            found.add(word.text)
            found.update(word.parts)
    return frozenset(found)


_AFTER_START = re.compile(r"(?:^|[.!?:;\n])[\s\"'“‘(\[]*(?=[^\s\"'“‘(\[])")


@cached
def sentence_starts(text: str) -> frozenset[int]:
    """Offsets in an English text where a sentence or a clause after a colon begins."""
    return frozenset(m.end() for m in _AFTER_START.finditer(text))


_OPEN = {"(": ")", "（": "）", "[": "]", "【": "】", "《": "》", "〈": "〉", "「": "」", "『": "』"}


@cached
def bracketed(text: str) -> tuple[tuple[int, int], ...]:
    """``(start, end)`` of what stands between matching brackets, outermost pairs only.

    Half- and full-width forms of a bracket match each other. The bounds leave out the
    brackets themselves. An unclosed bracket is ignored.
    """
    found: list[tuple[int, int]] = []
    depth: list[tuple[str, int]] = []
    for i, char in enumerate(text):
        if char in _OPEN:
            depth.append((_narrow(_OPEN[char]), i + 1))
        elif depth and _narrow(char) == depth[-1][0]:
            _, start = depth.pop()
            while found and found[-1][0] >= start:
                found.pop()
            found.append((start, i))
    return tuple(found)


def _narrow(bracket: str) -> str:
    return {"）": ")", "】": "]"}.get(bracket, bracket)


_SHOUTED = 0.6


@cached
def shouted(text: str) -> bool:
    """Whether a text is set in capitals: then capitals make no acronym."""
    letters = [c for c in text if c.isalpha()]
    return sum(c.isupper() for c in letters) > _SHOUTED * len(letters)
