"""Which Latin words of a Chinese text are left-over English, and which belong there."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from mtcheck.languages.en.lexicon import (
    FUNCTION_WORDS,
    KEPT_PHRASES,
    KEPT_WORDS,
    LABELS,
    OPENERS,
    PARTICLES,
    UNITS,
    binomial_epithet,
)
from mtcheck.text.parses import cached
from mtcheck.text.scripts import (
    LatinRun,
    LatinWord,
    bracketed,
    counts,
    english_words,
    latin_runs,
    latin_words,
    sentence_starts,
)
from mtcheck.text.verbatim import verbatim
from mtcheck.text.zones import Zones

__all__ = [
    "Leftover",
    "copied_stretches",
    "left_in_source_language",
    "leftovers",
    "mostly_latin",
    "prefixes",
]


@dataclass(frozen=True, slots=True)
class Leftover:
    """Left-over English words, half-open offsets; ``sure`` is False where it may be a name."""

    start: int
    end: int
    sure: bool


_LOWER_PAIR = re.compile(r"[a-z]{2}")
_QUOTED = re.compile(r"[“\"'‘]([^“”\"'‘’\n]{1,200})[”\"'’]")
_HAN = re.compile("[\u4e00-\u9fff]")
_PREFIX = re.compile(r"(?<![A-Za-z0-9-])([Aa]nti|[Nn]on)[-\u2010-\u2013](?=[A-Z][A-Za-z]*[A-Z0-9])")
# Endings that make a sentence's first word an ordinary one, whatever its capital.
_DERIVED = re.compile(
    r"[A-Z][a-z]{2,}(?:tion|tions|ment|ments|ness|ing|ity|ities|ism|ous|ive|ally)"
)
# A gene called by its likeness to another: enhancer of zeste homolog 2.
# the Latin word cella, the Greek term polis: a word as a word
_MENTIONED = re.compile(
    r"\b(?:Latin|Greek|German|French|Spanish|Italian|Portuguese|Dutch|Arabic|Hebrew|Sanskrit|Norse"
    r"|Japanese|Korean|Turkish|Persian|Hindi)\s(?:(?:word|term|verb|noun|phrase|root|name)s?\s)?"
    r"(?:for\s)?([a-z]{3,})\b(?=[,.;)]|\s(?:which|that|means?|meaning|for|and)\b|$)"
)
_HOMOLOG = re.compile(r"\b([a-z]{3,})[ -](?:homolog|ortholog)(?:ue)?s?\b")
# So many words in one run are a passage: one finding, names and codes inside it included.
_PASSAGE = 6
_SINGLE_OK = re.compile(
    r"[a-zA-Z][-\u2010-\u2013](?:test|tests|value|values|tailed|squared|ray|rays|cigarettes?"
    r"|statistics?|scores?|learning|commerce|health|waves?)"
)


@dataclass(frozen=True, slots=True)
class _Source:
    """What the judgement of a word asks about the source, gathered once."""

    ordinary: frozenset[str]
    """Words in lower case."""
    codes: frozenset[str]
    """Acronyms and codes, lower-cased."""
    opening: frozenset[str]
    """Words that occur at the start of a sentence only."""
    inside: frozenset[str]
    """Words that occur elsewhere."""
    pairs: frozenset[tuple[str, str]]
    """Neighbouring words."""
    mentioned: frozenset[str]
    """Words of other languages that it speaks of."""


@cached
def _source(text: str) -> _Source:
    words = latin_words(text)
    starts = sentence_starts(text)
    inside = frozenset(w.text for w in words if w.start not in starts)
    return _Source(
        ordinary=english_words(text) - set(_HOMOLOG.findall(text)),
        mentioned=frozenset(_MENTIONED.findall(text)),
        codes=frozenset(w.low for w in words if not w.plain),
        opening=frozenset(w.text for w in words if w.start in starts) - inside,
        inside=inside,
        pairs=frozenset((a.text, b.text) for a, b in itertools.pairwise(words)),
    )


@cached
def leftovers(source: str, hypothesis: str) -> tuple[Leftover, ...]:
    """Stretches of ordinary English words in a Chinese hypothesis, in order."""
    if not _LOWER_PAIR.search(hypothesis):
        return ()
    zones = Zones(
        [
            *verbatim(hypothesis),
            *((m.start(), m.end()) for m in KEPT_PHRASES.finditer(hypothesis)),
            *_glosses(hypothesis),
            *copied_stretches(source, hypothesis),
        ]
    )
    view = _source(source)
    return tuple(
        left for run in latin_runs(hypothesis) for left in _of_run(run, view, hypothesis, zones)
    )


_MIN_COPIED = 5
_MIN_COPIED_ORDINARY = 3
_MAX_PLACES = 4


@cached
def copied_stretches(source: str, hypothesis: str) -> tuple[tuple[int, int], ...]:
    """Stretches of five or more running source words that stand unchanged in the hypothesis.

    At least three of the words are in lower case, so that names and titles of works are none;
    what stands in brackets or quotation marks is none either. Half-open offsets into the
    hypothesis.
    """
    found: list[tuple[int, int]] = []
    runs = [r for r in latin_runs(hypothesis) if len(r.words) >= _MIN_COPIED]
    if not runs:
        return ()
    known = [w.text for w in latin_words(source)]
    # The first places of every five-word stretch; a loop in the source needs no more of them.
    places: dict[tuple[str, ...], list[int]] = {}
    for at in range(len(known) - _MIN_COPIED + 1):
        found_at = places.setdefault(tuple(known[at : at + _MIN_COPIED]), [])
        if len(found_at) < _MAX_PLACES:
            found_at.append(at)
    zones = Zones([*_glosses(hypothesis), *verbatim(hypothesis)])
    for run in runs:
        texts = [w.text for w in run.words]
        i = 0
        while i + _MIN_COPIED <= len(texts):
            candidates = places.get(tuple(texts[i : i + _MIN_COPIED]), ())
            length = max((_shared(texts, i, known, at) for at in candidates), default=0)
            stretch = [w for w in run.words[i : i + length] if not zones.touch(w.start, w.end)]
            ordinary = sum(w.plain and not w.capitalised and len(w.text) > 1 for w in stretch)
            if len(stretch) >= _MIN_COPIED and ordinary >= _MIN_COPIED_ORDINARY:
                found.append((stretch[0].start, stretch[-1].end))
            i += max(1, length)
    return tuple(found)


def _shared(texts: list[str], i: int, known: list[str], at: int) -> int:
    """How many words agree from the two places on."""
    n = 0
    while i + n < len(texts) and at + n < len(known) and texts[i + n] == known[at + n]:
        n += 1
    return n


def _glosses(text: str) -> list[tuple[int, int]]:
    """Zones where English is quoted on purpose: brackets, titles and quotation marks.

    What stands beside Han inside the brackets is running text: （对照组 and plate 组）.
    """
    return [
        *((a, b) for a, b in bracketed(text) if not _HAN.search(text, a, b)),
        *((m.start(1), m.end(1)) for m in _QUOTED.finditer(text)),
    ]


def prefixes(source: str, hypothesis: str) -> tuple[tuple[int, int], ...]:
    """Where ``anti`` or ``non`` before an acronym was taken over, half-open offsets.

    Chinese has 抗 and 非 for them, also where the acronym itself is kept. Brackets are no
    excuse: what stands in them is the abbreviation, not a gloss.
    """
    if "nti" not in hypothesis and "on" not in hypothesis:
        return ()
    zones = Zones(verbatim(hypothesis))
    known = source.lower()
    return tuple(
        (m.start(1), m.end(1))
        for m in _PREFIX.finditer(hypothesis)
        if m[0].lower() in known and not zones.touch(m.start(), m.end())
    )


def _of_run(run: LatinRun, source: _Source, hypothesis: str, zones: Zones) -> list[Leftover]:
    words = run.words
    judged = [
        None if zones.cover(w.start, w.end) else _judge(i, words, source, hypothesis)
        for i, w in enumerate(words)
    ]
    first = next((i for i, j in enumerate(judged) if j is not None), None)
    if first is not None and sum(j is not None for j in judged) >= _PASSAGE:
        last = max(i for i, j in enumerate(judged) if j is not None)
        return [Leftover(words[first].start, words[last].end, True)]
    found: list[Leftover] = []
    i = 0
    while i < len(words):
        if judged[i] is None:
            i += 1
            continue
        j = i
        while j + 1 < len(words) and judged[j + 1] is not None:
            j += 1
        stretch = words[i : j + 1]
        content = [w for w in stretch if w.text.lower() not in FUNCTION_WORDS]
        sure = any(judged[i : j + 1]) or len(content) > 1
        found.append(Leftover(stretch[0].start, stretch[-1].end, sure))
        i = j + 1
    return found


def _judge(i: int, words: tuple[LatinWord, ...], source: _Source, hypothesis: str) -> bool | None:
    """True: an ordinary English word. False: likely one. None: it belongs there."""
    word = words[i]
    text, low = word.text, word.text.lower()
    kept = low in UNITS or low in KEPT_WORDS or low in source.mentioned
    if kept or not _wordlike(word, hypothesis):
        return None
    if word.capitalised:
        return _judge_capitalised(word, source)
    beside_genus = i > 0 and words[i - 1].end + 2 >= word.start and _genus(words[i - 1])
    if (low in PARTICLES and _inside_name(i, words)) or (beside_genus and binomial_epithet(text)):
        return None
    if low in FUNCTION_WORDS:
        return True if len(words) > 1 or len(low) > 2 else None
    if len(text) > 2 and (text in source.ordinary or text.capitalize() in source.opening):
        return not _phrase_of_name(i, words, source)
    # An acronym in small letters is ACC006's.
    return False if len(text) > 3 and low not in source.codes else None


def _wordlike(word: LatinWord, text: str) -> bool:
    """Whether it has the shape of an ordinary word and no sign of a code or formula on it."""
    if not word.plain or len(word.text) < 2 or _code_beside(word, text):
        return False
    return all(len(p) > 1 for p in word.parts) or _SINGLE_OK.fullmatch(word.text) is not None


def _judge_capitalised(word: LatinWord, source: _Source) -> bool | None:
    """As ``_judge``. The source has the last word: a capital inside its sentence is a name."""
    low = word.text.lower()
    if len(low) < 4 or word.text in source.inside:
        return None
    if low in OPENERS or low in source.ordinary:
        return True
    return False if word.text in source.opening and _DERIVED.fullmatch(word.text) else None


def _phrase_of_name(i: int, words: tuple[LatinWord, ...], source: _Source) -> bool:
    """Whether a capitalised word stands before this one on both sides: `Espace culturel`."""
    if not i or not words[i - 1].capitalised or words[i - 1].end + 1 != words[i].start:
        return False
    return (words[i - 1].text, words[i].text) in source.pairs


# `Sierra de la Culebra`: no name has more small words in a row.
_NAME_REACH = 4


def _genus(word: LatinWord) -> bool:
    return word.capitalised and (len(word.text) <= 2 or word.plain)


def _inside_name(i: int, words: tuple[LatinWord, ...]) -> bool:
    """Whether a small word stands between capitalised words, other small words apart."""
    left = i - 1
    while left >= max(0, i - _NAME_REACH) and words[left].text in PARTICLES:
        left -= 1
    right = i + 1
    while right < min(len(words), i + _NAME_REACH) and words[right].text in PARTICLES:
        right += 1
    before = left >= 0 and words[left].capitalised
    after = right < len(words) and words[right].capitalised
    return (before and after) or (after and left < 0) or (before and right == len(words))


def _code_beside(word: LatinWord, text: str) -> bool:
    """Whether the word is glued to something that makes it part of a code or formula."""
    before = text[word.start - 1 : word.start]
    after = text[word.end : word.end + 1]
    return (
        (before != "" and before in "_@#$\\=^{<&~*+.\u03b1\u03b2")
        or (after != "" and after in "_=^{}(>\\@~*+")
        or (
            after == "."
            and text[word.end + 1 : word.end + 2].isalnum()
            and text[word.end + 1].isascii()
        )
        or (before == "-" and text[word.start - 2 : word.start - 1].isalnum())
    )


# Latin letters for each Han character; about three make as much text as one Han.
_HARDLY = 10


@cached
def mostly_latin(text: str) -> bool:
    """Whether a text that should be Chinese has hardly any Han but running Latin words.

    Addresses, markup and code are left out of the count, and so are capitalised words and
    codes: a name or a formula is the same in both languages.
    """
    c = counts(text)
    if not c.latin or c.han * _HARDLY > c.latin:
        return False
    plain, ordinary = _running(text)
    if len(plain) == 1:
        return plain[0].text.lower() in LABELS
    if len(ordinary) < max(1, 0.3 * len(plain)):
        return False
    only = ordinary[0].text
    return len(ordinary) > 1 or (len(only) > 3 and not binomial_epithet(only))


def _running(text: str) -> tuple[list[LatinWord], list[LatinWord]]:
    """Words that are no code, and those of them in lower case that are no units."""
    zones = Zones(verbatim(text))
    plain = [
        w
        for w in latin_words(text)
        if w.plain and len(w.text) > 1 and not zones.touch(w.start, w.end)
    ]
    return plain, [w for w in plain if not w.capitalised and w.text not in UNITS]


@cached
def left_in_source_language(source: str, hypothesis: str) -> bool:
    """Whether the hypothesis has hardly any Han and mostly the source's own words."""
    if not source or not mostly_latin(hypothesis):
        return False
    plain, _ = _running(hypothesis)
    known = {w.low for w in latin_words(source)}
    return sum(w.low in known for w in plain) >= 0.6 * len(plain)
