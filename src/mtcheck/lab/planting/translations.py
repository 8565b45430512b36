"""Make a right translation wrong in a known way, for contrast.

What is marked is what is now wrong: nothing, where something was left out. A site borrows from
the first of its ``others``, the translation of another source.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from mtcheck.lab.planting.anywhere import ANYWHERE, LOOSELY, words
from mtcheck.lab.planting.kinds import Changed, Kind, Site, once
from mtcheck.types import Place, Segment

__all__ = ["MEANING", "WAYS", "Ways", "corrupt"]

Ways = tuple[tuple[Kind, float], ...]
"""Kinds with their weights in the draw."""

_HAN_RUN = re.compile("[\u4e00-\u9fff]{2,}")
_CLAUSE = re.compile(r"[^，；,;：:。]+[，；,;：:]?")
_DIGITS = re.compile(r"\d+|[一二三四五六七八九十百]{1,3}(?=[个名年月日次种岁例天倍])")
_ENGLISH = re.compile(r"[A-Za-z]{4,}")
_TWO_MORE = re.compile(r"(?: [A-Za-z]+){0,2}")
_LISTED = re.compile(
    r"[^，、；。：（）()]{2,12}、|、[^，、；。：（）()和及或]{2,12}|（[^（）]{3,}）|\([^()]{3,}\)"
)
_TURNS = {kind.name: kind.make for kind in (*ANYWHERE, *LOOSELY)}
_OPPOSITES = (
    *("direction flipped", "frequency turned", "quantity turned", "certainty turned"),
    *("side turned", "order or time turned", "sex turned", "valence turned"),
    "another word turned",
)
_COMPARISONS = (
    "comparator turned, in words",
    "comparator turned, as a sign",
    "comparison turned",
)
_UNITS = [(old, new) for old, _, new in words("units")]
_REVERSED = [(old, new) for old, _, new in words("affirmed")]
_NEGATED = [(old, new) for old, _, new in words("negated")]
_BOUND = re.compile("|".join(old for old, *_ in words("bound")))


def _replace(site: Site, start: int, end: int, new: str) -> Changed:
    text = site.hypothesis
    marks = ((start, start + len(new)),) if new else ()
    return site.with_hypothesis(text[:start] + new + text[end:], marks, text[start:end])


def _stretch(text: str, low: int, high: int, rng: random.Random) -> Place | None:
    """A random run of Han, ``low`` to ``high`` characters long."""
    runs = [m for m in _HAN_RUN.finditer(text) if len(m[0]) >= low]
    if not runs:
        return None
    run = rng.choice(runs)
    size = rng.randint(low, min(high, len(run[0])))
    start = rng.randint(run.start(), run.end() - size)
    return start, start + size


def _clauses(text: str) -> list[re.Match[str]]:
    return [m for m in _CLAUSE.finditer(text) if len(m[0]) >= 4]


def _other(site: Site) -> str:
    """The translation of another source."""
    return site.others[0].hypothesis


def _omitted_clause(site: Site) -> Changed | None:
    """Leave out one clause."""
    text = site.hypothesis
    clauses = _clauses(text)
    if len(clauses) < 2:
        return None
    cut = site.rng.choice(clauses)
    left = text[: cut.start()] + text[cut.end() :]
    return site.with_hypothesis(re.sub(r"[，；,;：:]([。.]?)$", r"\1", left))


def _omitted_words(site: Site) -> Changed | None:
    """Leave out some characters in the middle of a clause."""
    text = site.hypothesis
    place = _stretch(text, 3, 10, site.rng) if len(text) > 12 else None
    return _replace(site, *place, "") if place else None


def _cut_short(site: Site) -> Changed | None:
    """Stop before the end."""
    text = site.hypothesis
    if len(text) < 16:
        return None
    return site.with_hypothesis(text[: int(len(text) * site.rng.uniform(0.3, 0.75))] + "。")


def _number(site: Site) -> Changed | None:
    """Change a number."""
    found = list(_DIGITS.finditer(site.hypothesis))
    if not found:
        return None
    rng = site.rng
    match = rng.choice(found)
    digits = "0123456789" if match[0].isascii() else "二三四五六七八九"
    at = rng.randrange(len(match[0]))
    new = rng.choice([d for d in digits if d != match[0][at]])
    changed = match[0][:at] + new + match[0][at + 1 :]
    if rng.random() < 0.2:
        changed = match[0] + new
    return _replace(site, match.start(), match.end(), changed)


def _places(text: str, table: Sequence[tuple[str, str]]) -> list[tuple[int, int, str]]:
    """Where a wording of the table stands as a word of its own: start, end, what replaces it.

    A longer wording hides the shorter ones in it.
    """
    bound = {i for m in _BOUND.finditer(text) for i in range(m.start(), m.end())}
    taken: set[int] = set()
    out = []
    for old, new in sorted(table, key=lambda pair: -len(pair[0])):
        for m in re.finditer(re.escape(old), text):
            own = set(range(m.start(), m.end()))
            if not own & taken and not (own <= bound):
                out.append((m.start(), m.end(), new))
                taken |= own
    return out


def _negation(site: Site) -> Changed | None:
    """Drop a negation or add one, each as often where the text can carry both."""
    dropped, added = _places(site.hypothesis, _REVERSED), _places(site.hypothesis, _NEGATED)
    ways = site.rng.choice([ways for ways in (dropped, added) if ways] or [[]])
    if not ways:
        return None
    start, end, new = site.rng.choice(ways)
    changed = _replace(site, start, end, new)
    if changed.marks:
        return changed
    beside = max(0, start - 1), min(len(changed.hypothesis), start + 1)
    return site.with_hypothesis(changed.hypothesis, (beside,))


def _turned(site: Site, names: Sequence[str]) -> Changed | None:
    """One of the changes of these kinds that the text can carry."""
    made = (changed for name in names for changed in _TURNS[name](site))
    found = [changed for changed in made if isinstance(changed, Changed)]
    return site.rng.choice(found) if found else None


def _opposite(site: Site) -> Changed | None:
    """Turn a word into its opposite."""
    return _turned(site, _OPPOSITES)


def _comparator(site: Site) -> Changed | None:
    """Turn a comparison round, in words or signs."""
    return _turned(site, _COMPARISONS)


def _unit(site: Site) -> Changed | None:
    """Another unit after a number."""
    table = (*_UNITS, *((b, a) for a, b in _UNITS))
    found = [
        (m.start(), m.end(), b)
        for a, b in table
        for m in re.finditer(rf"(?<=[0-9一二三四五六七八九十]){a}(?![a-z])", site.hypothesis)
    ]
    return _replace(site, *site.rng.choice(found)) if found else None


def _omitted_from_list(site: Site) -> Changed | None:
    """Leave out a member of a list, or what stands in brackets."""
    found = list(_LISTED.finditer(site.hypothesis))
    return _replace(site, *site.rng.choice(found).span(), "") if found else None


def _untranslated(site: Site) -> Changed | None:
    """Leave one to three words in English."""
    words = list(_ENGLISH.finditer(site.source))
    place = _stretch(site.hypothesis, 2, 6, site.rng)
    if not words or not place:
        return None
    word = site.rng.choice(words)
    more = _TWO_MORE.match(site.source, word.end()) if site.rng.random() < 0.4 else None
    return _replace(site, *place, word[0] + (more[0] if more else ""))


def _clauses_swapped(site: Site) -> Changed | None:
    """Put a clause in the place of another, and the reverse."""
    text = site.hypothesis
    clauses = _clauses(text)
    if len(clauses) < 2:
        return None
    i, j = sorted(site.rng.sample(range(len(clauses)), 2))
    a, b = clauses[i], clauses[j]
    return _replace(site, a.start(), b.end(), b[0] + text[a.end() : b.start()] + a[0])


def _words_swapped(site: Site) -> Changed | None:
    """Change the places of two stretches within one run."""
    text = site.hypothesis
    place = _stretch(text, 6, 14, site.rng)
    if not place:
        return None
    start, end = place
    one, two = sorted(site.rng.sample(range(start + 1, end), 2))
    new = text[two:end] + text[one:two] + text[start:one]
    return _replace(site, start, end, new) if new != text[start:end] else None


def _copied(site: Site) -> Changed | None:
    """The source instead of the translation, wholly or from the middle on."""
    words, text = site.source.split(), site.hypothesis
    if len(words) < 5:
        return None
    if site.rng.random() < 0.5:
        return _replace(site, 0, len(text), site.source)
    share = site.rng.uniform(0.3, 0.7)
    start = int(len(text) * share)
    return _replace(site, start, len(text), " ".join(words[int(len(words) * share) :]))


def _other_sentence(site: Site) -> Changed:
    """The translation of another source."""
    return _replace(site, 0, len(site.hypothesis), _other(site))


def _wrong_words(site: Site) -> Changed | None:
    """Some words of another sentence in place of the right ones."""
    other = _other(site)
    place, theirs = _stretch(site.hypothesis, 2, 6, site.rng), _stretch(other, 2, 6, site.rng)
    return _replace(site, *place, other[slice(*theirs)]) if place and theirs else None


def _addition(site: Site) -> Changed | None:
    """A clause of another sentence added."""
    clauses, theirs = _clauses(site.hypothesis), _clauses(_other(site))
    if not clauses or not theirs:
        return None
    place = site.rng.choice(clauses).start()
    new = site.rng.choice(theirs)[0].rstrip("，；,;：:。.") + "，"
    return _replace(site, place, place, new)


def _repeated(site: Site) -> Changed | None:
    """A stretch said again, up to four times."""
    place = _stretch(site.hypothesis, 3, 12, site.rng)
    if not place:
        return None
    again = site.hypothesis[slice(*place)] * site.rng.randint(1, 4)
    return _replace(site, place[1], place[1], again)


def _ways(*ways: tuple[str, Callable[[Site], Changed | None], float]) -> Ways:
    return tuple((Kind(name, once(plant)), weight) for name, plant, weight in ways)


WAYS = _ways(
    ("omitted clause", _omitted_clause, 3),
    ("omitted words", _omitted_words, 2),
    ("cut short", _cut_short, 1),
    ("number", _number, 3),
    ("negation", _negation, 3),
    ("opposite", _opposite, 2),
    ("comparator", _comparator, 1),
    ("unit", _unit, 0.3),
    ("untranslated", _untranslated, 2),
    ("clauses swapped", _clauses_swapped, 1.5),
    ("words swapped", _words_swapped, 1),
    ("copied", _copied, 0.7),
    ("other sentence", _other_sentence, 0.7),
    ("wrong words", _wrong_words, 3),
    ("addition", _addition, 1),
    ("repeated", _repeated, 0.7),
)
"""Every way with its weight in the draw."""


MEANING = _ways(
    ("omitted clause", _omitted_clause, 4),
    ("omitted words", _omitted_words, 1),
    ("omitted from a list", _omitted_from_list, 1),
    ("number", _number, 2),
    ("unit", _unit, 0.5),
    ("negation", _negation, 5),
    ("opposite", _opposite, 4),
    ("comparator", _comparator, 7),
    ("wrong words", _wrong_words, 1),
    ("clauses swapped", _clauses_swapped, 0.5),
    ("addition", _addition, 0.5),
)
"""Those that leave fluent Chinese with another meaning, for abstracts."""


def corrupt(
    source: str, text: str, other: str, rng: random.Random, ways: Ways = WAYS
) -> tuple[str, str, tuple[Place, ...]]:
    """The name of a way, the wrong text, and its stretches that are wrong.

    Ways that the text can't carry are passed over.
    """
    site = Site([Segment("", "", source, text)], 0, [Segment("", "", "", other)], rng)
    weights = [weight for _, weight in ways]
    while any(weights):
        at = rng.choices(range(len(ways)), weights)[0]
        for made in ways[at][0].make(site):
            if isinstance(made, Changed) and made.hypothesis.strip() and made.hypothesis != text:
                return ways[at][0].name, made.hypothesis, made.marks
        weights[at] = 0
    instead = other or source
    return "other sentence", instead, ((0, len(instead)),)
