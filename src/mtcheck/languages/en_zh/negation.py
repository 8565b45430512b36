"""Negations of a sentence in English and Chinese, told apart from those inside words, and paired.

``unstable`` and 不稳定 negate nothing: where both sides have the word, both are set aside. What
then negates on one side wants a counterpart on the other. A right translation may say a negative
without one (did not differ, 相当), so what stands for a counterpart is read widely. The words are
data: ``negatives.tsv`` (pairs), ``negation.toml`` (the rest). Offsets are code points.
"""

from __future__ import annotations

import functools
import itertools
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib.resources import files
from typing import Any, Literal, TypeAlias

from mtcheck.languages.en_zh.numbers import Value, compare
from mtcheck.text.parses import cached
from mtcheck.text.scripts import LatinWord, latin_words, sentence_starts

__all__ = [
    "Cue",
    "chinese_denials",
    "complements",
    "english_negations",
    "lost_affixes",
    "lost_negations",
    "may_negate_english",
    "negates_english",
]


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that negates, with half-open offsets."""

    text: str
    start: int
    end: int


# --- tables -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Row:
    """Words with an inner negation in both languages, and their bare words, if they have any."""

    english: tuple[str, ...]
    chinese: tuple[str, ...]
    bare_english: tuple[str, ...]
    bare_chinese: tuple[str, ...]


def _read(name: str) -> str:
    return (files("mtcheck.languages.en_zh") / name).read_text(encoding="utf-8")


@functools.cache
def _rows() -> tuple[_Row, ...]:
    lines = (line for line in _read("negatives.tsv").splitlines() if not line.startswith("#"))
    cells = ((line + "\t\t\t").split("\t")[:4] for line in lines)
    return tuple(_Row(*(tuple(cell.split()) for cell in row)) for row in cells)


class _Words:
    """Which rows an English word belongs to; ``unstab*`` and ``*less`` are read as such."""

    def __init__(self, cells: Iterable[Sequence[str]]) -> None:
        self._whole: dict[str, set[int]] = {}
        self._heads: dict[str, set[int]] = {}
        self._tails: dict[str, set[int]] = {}
        for i, words in enumerate(cells):
            for word in words:
                kind = (
                    self._heads
                    if word.endswith("*")
                    else self._tails
                    if word.startswith("*")
                    else self._whole
                )
                kind.setdefault(word.strip("*"), set()).add(i)

    def rows(self, word: str) -> frozenset[int]:
        """The rows of a word in lower case."""
        found = set(self._whole.get(word, ()))
        for end in range(2, len(word) + 1):
            found |= self._heads.get(word[:end], set())
        for start in range(1, len(word)):
            found |= self._tails.get(word[start:], set())
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class _Way:
    """A negative said without one: behind what English, by what Chinese, unless it renders what."""

    english: re.Pattern[str]
    chinese: re.Pattern[str]
    unless: re.Pattern[str]

    def open(self, scope: str, source: str, hypothesis: str) -> bool:
        """Whether the hypothesis may say this way what ``scope`` negates."""
        if not self.english.search(scope):
            return False
        said = len(self.chinese.findall(hypothesis))
        return said > 0 and said > len(self.unless.findall(source))


CueKind: TypeAlias = Literal["name", "word", "negator"]


@dataclass(frozen=True, slots=True)
class _Tables:
    """Both files in the form in which they are looked up.

    ``cue`` finds the Chinese words, ``kinds`` tells what each is, ``chinese`` gives the rows of
    one, ``english`` and ``bare`` those of an English word.
    """

    cue: re.Pattern[str]
    kinds: dict[str, CueKind]
    chinese: dict[str, frozenset[int]]
    english: _Words
    bare: _Words
    ways: tuple[_Way, ...]


def _branches(words: Iterable[str]) -> str:
    """A pattern for the longest of some words, branching by character so that it is fast."""
    tails: dict[str, list[str]] = {}
    ends = False
    for word in words:
        if word:
            tails.setdefault(word[0], []).append(word[1:])
        else:
            ends = True
    if not tails:
        return ""
    inner = "|".join(re.escape(first) + _branches(rest) for first, rest in sorted(tails.items()))
    return f"(?:{inner})" + ("?" if ends else "")


@functools.cache
def _content() -> dict[str, Any]:
    return tomllib.loads(_read("negation.toml"))


@functools.cache
def _idioms(name: str) -> frozenset[str]:
    return frozenset(_content()[name].split())


@functools.cache
def _tables() -> _Tables:
    content = _content()
    chinese: dict[str, set[int]] = {}
    for i, row in enumerate(_rows()):
        for word in row.chinese:
            chinese.setdefault(word, set()).add(i)
    kinds: dict[str, CueKind] = dict.fromkeys(content["negators"].split(), "negator")
    kinds |= dict.fromkeys(chinese, "word")
    kinds |= dict.fromkeys(content["names"].split(), "name")
    # 是不是 asks; 可能不能 does not
    cue = re.compile(rf"(?<!可)([\u4e00-\u9fff])[不没](?=\1)|{_branches(kinds)}")
    ways = tuple(
        _Way(
            re.compile(w["english"], re.I),
            re.compile("|".join(w["chinese"].split())),
            re.compile(rf"\b(?:{w['unless']})" if w["unless"] else "(?!)", re.I),
        )
        for w in content["ways"]
    )
    return _Tables(
        cue,
        kinds,
        {w: frozenset(r) for w, r in chinese.items()},
        _Words(row.english for row in _rows()),
        _Words(row.bare_english for row in _rows()),
        ways,
    )


@cached
def _rows_of(word: str, *, bare: bool = False) -> frozenset[int]:
    """The rows that an English word belongs to, whatever its case."""
    low = word.lower().replace("’", "'")
    return (_tables().bare if bare else _tables().english).rows(low)


def _kind(m: re.Match[str]) -> CueKind:
    return _tables().kinds.get(m.group(), "name")


# --- English ------------------------------------------------------------------------------------

_CLEAR = frozenset(
    {"not", "cannot", "never", "none", "nobody", "nothing", "nowhere", "neither", "without", "n't"}
)
_NEGATORS = _CLEAR | {"no"}
_NEGATED = re.compile(
    r"\b(?:no(?:ne|body|thing|where|t)?|never|neither|cannot|without)\b|n['’]t\b", re.I
)
# `not uncommonly`, `not without`: an affirmation.
_DOUBLE = re.compile(
    r"un(?!der|til|it|iq|i[fv])|without|ir(?:reg|rel|rat|resp)|im(?:poss|prob|plaus|perc|mat|perf)"
    r"|in(?:freq|signif|consid|consist|sens|comp|diff|effec|exp|acc|adeq|appro|vis|evit|sub|toler|cur)"
)
# `cannot but`, `can't help`, `couldn't be happier`, `never fails to`, `isn't it?`
_AFFIRMED = re.compile(
    r"\W+(?:but|help|wait|be\s\w+er|be\smore|fail(?:s|ed)?\sto|agree\smore|cease[sd]?\sto)\b"
    r"|\W+(?:it|he|she|they|you|we|i)\s?\?|\W+been\s(?:better|more|higher)\b",
    re.I,
)
_TAKES_BACK = frozenset(
    {"without", "fail", "fails", "failed", "lack", "lacks", "unable", "unlikely", "absence"}
)


@functools.cache
def _weak() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Words and phrases with an inner negation that want a counterpart as ``not`` does."""
    content = _content()
    words = "|".join(content["weak_words"].split())
    return re.compile(words), re.compile(rf"\b(?:{content['weak_phrases']})\b", re.I)


@cached
def _is_weak(word: str) -> bool:
    return _weak()[0].fullmatch(word) is not None


@cached
def _weak_negations(text: str) -> tuple[Cue, ...]:
    cues = [Cue(m.group(), *m.span()) for m in _weak()[1].finditer(text)]
    starts = sentence_starts(text)
    cues += [
        Cue(word.text, word.start, word.end)
        for word in latin_words(text)
        # a capital inside a sentence is a name
        if _is_weak(word.low) and (word.text == word.low or word.start in starts)
    ]
    return tuple(sorted(cues, key=lambda cue: cue.start))


@cached
def english_negations(text: str) -> tuple[Cue, ...]:
    """The clear negations of an English text, such as ``not``, ``no``, ``never`` and ``didn't``.

    ``not only``, ``no longer than``, ``no. 5`` and questions (``isn't it?``) are left out.
    """
    words = latin_words(text)
    at = [i for i, w in enumerate(words) if w.low in _NEGATORS or w.low.endswith(("n't", "n’t"))]
    if not at or not _NEGATED.search(text):
        return ()
    return tuple(
        Cue(words[i].text, words[i].start, words[i].end) for i in at if _negates(text, words, i)
    )


def _negates(text: str, words: Sequence[LatinWord], i: int) -> bool:
    """Whether a negation is no part of an idiom that affirms."""
    word = words[i]
    low = word.low.replace("’", "'")
    low = "n't" if low.endswith("n't") else low
    before, follower, second = (
        words[j].low if 0 <= j < len(words) else "" for j in (i - 1, i + 1, i + 2)
    )
    opens = word.start in sentence_starts(text)
    affirms = (
        (low != "no" and _DOUBLE.match(follower) is not None)  # `no unstable lesions` negates
        or (low != "without" and _AFFIRMED.match(text, word.end) is not None)
        or (word.text[0].isupper() and not opens and _in_title(text, words, i))
        or _MENTIONED.match(text, word.end) is not None
        or (second == "than" and (low == "no" or follower in _idioms("bounds")))  # a bound
    )
    if affirms:
        return False
    if low == "no":
        after = text[word.end : word.end + 2]
        number = after[:1] not in (" ", "-") or after[1:].isdigit()
        return (
            not number
            and before not in _idioms("before_no")
            and follower not in _idioms("behind_no")
        )
    if low == "without":
        return follower not in _idioms("behind_without") and before not in ("with", "or")
    if low in ("nothing", "none"):
        return follower not in ("but", "other")
    asks = low == "n't" and opens and text.rstrip().endswith("?")  # `isn't it simple?`
    return (
        not asks and follower not in _idioms("behind_not") and before not in _idioms("before_not")
    )


_MENTIONED = re.compile(r"\sto\s(?:mention|say|speak)\b")


def _in_title(text: str, words: Sequence[LatinWord], i: int) -> bool:
    """Whether a neighbour of a word with a capital has one too."""
    near = [w for w in (*words[max(0, i - 1) : i], *words[i + 1 : i + 2]) if w.capitalised]
    return any(
        text[min(words[i].end, w.end) : max(words[i].start, w.start)].isspace() for w in near
    )


@cached
def _required(text: str) -> tuple[Cue, ...]:
    """The negations of an English text that want a counterpart, the weak ones among them."""
    return tuple(_uncancelled(text))


def _uncancelled(text: str) -> Iterator[Cue]:
    weak = (cue for cue in _weak_negations(text) if not _AFFIRMED_WEAK.search(text, 0, cue.start))
    cues = sorted((*english_negations(text), *weak), key=lambda cue: cue.start)
    last: Cue | None = None
    for cue in cues:
        if last is not None and _EVEN.match(text, cue.start):
            continue  # `no nation, not even Armenia`: said once more
        # `did not fail to`, `not … without`: two that cancel out, or one said twice.
        if last is not None and _cancels(text, last, cue):
            last = None
            continue
        if last is not None:
            yield last
        last = cue
    if last is not None:
        yield last


# `never fails to`, `not uncommon`: no negation of their own
_AFFIRMED_WEAK = re.compile(r"(?:\bnever|\bnot|\bno|n['’]t)\s$", re.I)
_EVEN = re.compile(r"not\s(?:even|a\ssingle|at\sall)\b", re.I)


def _cancels(text: str, first: Cue, second: Cue) -> bool:
    """Whether the second takes the first back: ``did not fail to``, ``never … without``."""
    between = text[first.end : second.start]
    return (
        second.text.lower() in _TAKES_BACK
        and len(between) < 40
        and not re.search(r"[,;:.–—]| - |\b(?:and|but|or|nor|while)\b", between)
    )


# --- Chinese ------------------------------------------------------------------------------------

_HINT = re.compile("[不没無无未非勿毋莫甭别岂罔]")


_DENIES = ("无法", "不能", "没有", "未能", "未被")


def chinese_denials(text: str) -> tuple[Cue, ...]:
    """The negations of a Chinese text, such as 没有, 不能 and 并未, and words that deny a verb.

    A 不 or 无 of a word that does not negate (不仅, 无论, 非常, 不同 …) is left out.
    """
    if not _HINT.search(text):
        return ()
    return tuple(
        Cue(m.group(), *m.span())
        for m in _tables().cue.finditer(text)
        if _kind(m) == "negator" or m.group().startswith(_DENIES)
    )


# --- both ---------------------------------------------------------------------------------------


@cached
def lost_negations(source: str, hypothesis: str) -> tuple[Cue, ...]:
    """The negations of the source for which nothing in the hypothesis can stand."""
    required = list(_required(source))
    if not required:
        return ()
    spare, rest, paired = _spare(source, hypothesis)
    required = [cue for cue in required if cue.start not in paired]
    if "既" in hypothesis:  # neither … nor as 既不…也不
        required += [cue for cue in required if cue.text.lower() == "neither"]
    if len(spare) >= len(required) or complements(source, hypothesis):
        return ()
    ways = _tables().ways
    waiting = []
    for cue in required:
        scope = source[cue.start : cue.start + 90]
        if not any(way.open(scope, source, rest) for way in ways):
            waiting.append(cue)
    for place in spare[: len(waiting)]:
        at = place * len(source) / len(hypothesis)
        waiting.remove(min(waiting, key=lambda cue: abs(cue.start - at)))
    return tuple(waiting)


@cached
def _spare(source: str, hypothesis: str) -> tuple[tuple[int, ...], str, frozenset[int]]:
    """The places in the hypothesis that may stand for a negation of the source.

    Those with an inner negation that the source has too do not. Without these, and without
    names, the hypothesis is given back, and where the words of the source stand.
    """
    tables = _tables()
    waiting = [
        (word.start, rows)
        for word in latin_words(source)
        if (rows := _rows_of(word.text))
        and word.low not in _CLEAR
        and not (word.low == "than" and _NONE_THAN.search(source, 0, word.start))
    ]
    weak = {cue.start for cue in _weak_negations(source)}
    waiting.sort(key=lambda word: word[0] not in weak)
    paired: set[int] = set()
    spare: list[int] = []
    rest = list(hypothesis)
    for m in tables.cue.finditer(hypothesis):
        kind = _kind(m)
        rows = tables.chinese.get(m.group(), frozenset())
        at = next((i for i, (_, r) in enumerate(waiting) if not rows.isdisjoint(r)), None)
        if at is not None:
            paired.add(waiting.pop(at)[0])
        elif kind != "name":
            if kind == "negator" or _HINT.search(m.group()):
                spare.append(m.start())
            continue
        rest[m.start() : m.end()] = "\n" * len(m.group())
    return tuple(spare), "".join(rest), frozenset(paired)


# `none was older than 50`, 均不超过50岁: the 不 stands for the none, not for the than.
_NONE_THAN = re.compile(r"\b(?:none|no|nobody|never)\b[^,;.]{0,40}$", re.I)


@cached
def complements(source: str, hypothesis: str) -> tuple[tuple[Value, Value], ...]:
    """Numbers of which the one is told for the other: 3 of 12 did not, 12项中有9项.

    Only where the source negates more often than the hypothesis.
    """
    compared = compare(source, hypothesis)
    if not compared.lost or not compared.added:
        return ()
    required = _required(source)
    if not required:
        return ()
    spare, _, paired = _spare(source, hypothesis)
    if len(spare) >= sum(cue.start not in paired for cue in required):
        return ()
    wholes = {Fraction(1), Fraction(100), *(a.value for a, _ in compared.pairs)}
    return tuple(
        (a, b)
        for a in compared.lost
        for b in compared.added
        if any(x + y in wholes for x, y in itertools.product(a.keys, b.keys))
    )


_AFFIX = re.compile(r"(?:un|in|im|il|ir|non|dis|mis|a|mal)[a-z]|\w+less", re.I)
# What turns a bare word round from before (缺乏有效) or behind (稳定性差).
_TURNED_BEFORE = re.compile("[不没無无未非缺失难欠低少异反违勿免丧][^，。；]{0,3}$")
_TURNED_BEHIND = re.compile("[性度力]?(?:较|很|更|的)?(?:[差低不缺丧失弱难欠]|问题|有限)")


@cached
def lost_affixes(source: str, hypothesis: str) -> tuple[tuple[Cue, Cue], ...]:
    """Words with a negative affix and the bare words that they became: unusual, 寻常.

    Silent where the source has the bare word too, or negates besides.
    """
    words = [(w, rows) for w in latin_words(source) if (rows := _affixed(w.text))]
    if not words or _NEGATED.search(source):
        return ()
    return tuple(_affixes(words, source, hypothesis))


@cached
def _affixed(word: str) -> tuple[int, ...]:
    """The rows that have a bare word in Chinese, of a word with an affix."""
    if not _AFFIX.match(word):
        return ()
    return tuple(i for i in _rows_of(word) if _rows()[i].bare_chinese)


def _affixes(
    words: Sequence[tuple[LatinWord, tuple[int, ...]]], source: str, hypothesis: str
) -> Iterator[tuple[Cue, Cue]]:
    for word, rows in words:
        for i in rows:
            row = _rows()[i]
            if any(w in hypothesis for w in row.chinese):
                continue
            bare = re.compile("|".join(row.bare_chinese))
            places = list(bare.finditer(hypothesis))
            if not places or any(_turned(hypothesis, m) for m in places):
                continue
            if any(i in _rows_of(w.text, bare=True) for w in latin_words(source)):
                continue
            first = places[0]
            yield Cue(word.text, word.start, word.end), Cue(first.group(), *first.span())


def _turned(text: str, m: re.Match[str]) -> bool:
    before = text[max(0, m.start() - 5) : m.start()]
    behind = _TURNED_BEHIND.match(text, m.end())
    return behind is not None or _TURNED_BEFORE.search(before) is not None


@functools.cache
def _may_negate() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(_content()['wide'].split())})\b", re.IGNORECASE)


def negates_english(text: str) -> bool:
    """Whether an English text holds a clear negation, be it in an idiom that affirms."""
    return _NEGATED.search(text) is not None


def may_negate_english(text: str, about: float = 0.5, reach: float = 1.0) -> bool:
    """Whether an English text holds a word that Chinese may render with a negation.

    It must begin within ``reach`` of ``about``, both shares of the text; at first, anywhere.
    """
    size = max(len(text), 1)
    return any(abs(m.start() / size - about) <= reach for m in _may_negate().finditer(text))
