"""Which value, name or date belongs to which, by their order on both sides.

Names are known from ``anchors.tsv``, or as the same Latin letters on both sides. Where names or
values can't be told apart nothing is said. All offsets are half-open code points.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mtcheck.languages.en_zh.numbers import Strength, compare
from mtcheck.languages.en_zh.opposites import (
    Mention,
    PoleStrength,
    chinese_mentions,
    english_mentions,
)
from mtcheck.languages.tables import rows
from mtcheck.text.digits import MONTHS
from mtcheck.text.scripts import latin_words
from mtcheck.types import Place

__all__ = ["Swap", "swaps"]


@dataclass(frozen=True, slots=True)
class Swap:
    """What changed places, in words for a message, and where it stands on both sides."""

    what: str
    source: Place
    hypothesis: Place


@dataclass(frozen=True, slots=True)
class _Pair:
    """A name or a value that stands once on each side."""

    source: Place
    hypothesis: Place


def swaps(source: str, hypothesis: str) -> Iterator[Swap]:
    """Values given to each other's names, operands of a comparison, ends of a span, ratios."""
    yield from _ratios(source, hypothesis)
    yield from _dates(source, hypothesis)
    if " by " in source or " to " in source:
        yield from _amounts(source, hypothesis)
    names = _names(source, hypothesis)
    months = _months(source, hypothesis)
    if len(names) < 2 and not months and "from " not in source:
        return
    values = _values(source, hypothesis)
    yield from _belonging(names, values, source, hypothesis)
    if poles := _poles(source, hypothesis):
        yield from _belonging(names, poles, source, hypothesis)
        yield from _belonging(poles, months, source, hypothesis)
    yield from _ends([*names, *values, *months], source, hypothesis)
    yield from _operands(names, source, hypothesis)
    yield from _agents(names, source, hypothesis)
    yield from _former(names, source, hypothesis)


# --- names and values ---------------------------------------------------------------------------

_LATIN = re.compile(r"(?<![A-Za-z0-9-])[A-Z](?:[A-Za-z]?[A-Z][A-Za-z]*)?(?:-?\d+)?(?![A-Za-z0-9-])")


@functools.cache
def _anchors() -> dict[str, re.Pattern[str]]:
    """The Chinese names of an English word in lower case."""
    return {
        word: re.compile("|".join(chinese.split()))
        for english, chinese in rows("en_zh", "anchors.tsv")
        for word in english.split()
    }


def _names(source: str, hypothesis: str) -> list[_Pair]:
    """Names that stand exactly once on each side, by their place in the source."""
    anchors = _anchors()
    known = [(w, p) for w in latin_words(source) if (p := anchors.get(w.low))]
    often = Counter(pattern for _, pattern in known)
    found = []
    for word, pattern in known if len(often) >= 2 else ():
        if often[pattern] == 1 and len(theirs := list(pattern.finditer(hypothesis))) == 1:
            found.append(_Pair((word.start, word.end), theirs[0].span()))
    mine = _letters(source)
    if len(mine) >= 2:
        there = _letters(hypothesis)
        found += [
            _Pair(place, other)
            for name, place in mine.items()
            if place and (other := there.get(name)) and (name != "A" or "B" in mine)
        ]
    return sorted(found, key=lambda pair: pair.source)


def _letters(text: str) -> dict[str, Place | None]:
    """Words in Latin capitals and their places, None for one that stands there twice."""
    found: dict[str, Place | None] = {}
    for m in _LATIN.finditer(text):
        if m.group() != "I":
            found[m.group()] = None if m.group() in found else m.span()
    return found


def _values(source: str, hypothesis: str) -> list[_Pair]:
    """The numbers in digits of both sides, if each has one counterpart; else none at all."""
    compared = compare(source, hypothesis)
    if any(v.strength >= Strength.DIGITS for v in (*compared.lost, *compared.added)):
        return []
    pairs = [(a, b) for a, b in compared.pairs if a.strength >= Strength.DIGITS]
    keys = Counter(a.value for a, _ in pairs)
    return [
        _Pair((a.start, a.end), (b.start, b.end))
        for a, b in pairs
        if keys[a.value] == 1 and b.strength >= Strength.DIGITS
    ]


_ONE_MONTH_EN = re.compile(
    rf"\b({'|'.join(sorted(MONTHS, key=len, reverse=True))})\b(?!\s\d)", re.I
)
_ONE_MONTH_ZH = re.compile(r"(?<![\d年])(?<!年 )(1[0-2]|[1-9])\s?月(?!\s?\d)")


def _months(source: str, hypothesis: str) -> list[_Pair]:
    """The months without a year or a day that stand exactly once on each side."""
    mine = [(MONTHS[m[1].lower()], m.span()) for m in _ONE_MONTH_EN.finditer(source)]
    if len(mine) < 2:
        return []
    theirs = [(int(m[1]), m.span()) for m in _ONE_MONTH_ZH.finditer(hypothesis)]
    count, there = Counter(n for n, _ in mine), Counter(n for n, _ in theirs)
    places = dict(theirs)
    return [_Pair(place, places[n]) for n, place in mine if count[n] == there[n] == 1]


def _poles(source: str, hypothesis: str) -> list[_Pair]:
    """Both ends of one axis, such as *lowers* and *raises*, if each stands once on each side."""
    mine, theirs = _once(english_mentions(source)), _once(chinese_mentions(hypothesis))
    for (axis, sign), place in mine.items():
        other = (axis, -sign)
        if sign > 0 and place and (there := mine.get(other)):
            ends = theirs.get((axis, sign)), theirs.get(other)
            if ends[0] and ends[1] and place != there:
                return sorted(
                    [_Pair(place, ends[0]), _Pair(there, ends[1])], key=lambda pair: pair.source
                )
    return []


def _once(mentions: Sequence[Mention]) -> dict[tuple[str, int], Place | None]:
    """The place of each end of an axis, None for one that is named twice."""
    found: dict[tuple[str, int], Place | None] = {}
    for mention in mentions:
        ends = {
            (s.pole.axis, s.pole.sign)
            for s in mention.senses
            if s.strength is not PoleStrength.HINT
        }
        for end in ends:
            found[end] = None if end in found else (mention.start, mention.end)
    return found


# --- which value belongs to which name ----------------------------------------------------------


def _belonging(
    names: Sequence[_Pair], values: Sequence[_Pair], source: str, hypothesis: str
) -> Iterator[Swap]:
    """45% and 62% in men and women, 男性和女性分别为62%和45%."""
    if not 2 <= len(names) == len(values) <= 4:
        return
    mine = _assigned([n.source for n in names], [v.source for v in values], source)
    theirs = _assigned([n.hypothesis for n in names], [v.hypothesis for v in values], hypothesis)
    if mine is None or theirs is None or mine == theirs:
        return
    wrong = next(i for i, (a, b) in enumerate(zip(mine, theirs, strict=True)) if a != b)
    value = values[mine[wrong]]
    name = source[slice(*names[wrong].source)]
    yield Swap(
        f"{source[slice(*value.source)]} of “{name}” is given to another",
        names[wrong].source,
        value.hypothesis,
    )


_LINKED = re.compile(
    r"^(?!.*\b(?:to|of|from)\b).{0,16}"
    r"(?:\band\b|\bor\b|\bv(?:ersu)?s\b|[,/、和与及或对，]).{0,16}$"
)


def _assigned(names: list[Place], values: list[Place], text: str) -> tuple[int, ...] | None:
    """For each name the index of its value, or None where their order does not tell it.

    It does where a list of the names meets a list of the values, or both take turns.
    """
    items = sorted(
        [(place, "n", i) for i, place in enumerate(names)]
        + [(place, "v", i) for i, place in enumerate(values)]
    )
    kinds = "".join(kind for _, kind, _ in items)
    count = len(names)
    order = {kind: [i for _, k, i in items if k == kind] for kind in "nv"}
    if kinds in ("n" * count + "v" * count, "v" * count + "n" * count):
        told = all(
            _LINKED.match(text[a[0][1] : b[0][0]]) is not None
            for a, b in itertools.pairwise(items)
            if a[1] == b[1]
        )
    else:
        told = kinds in ("nv" * count, "vn" * count) and all(
            items[i + 1][0][0] - items[i][0][1] <= 24 for i in range(0, 2 * count, 2)
        )
    if not told:
        return None
    found = dict(zip(order["n"], order["v"], strict=True))
    return tuple(found[i] for i in range(count))


# --- ends of a span -----------------------------------------------------------------------------

_FROM_EN = re.compile(r"\bfrom\s(?:the\s|about\s|[$£€])?$", re.I)
_TO_EN = re.compile(r"^[^,;.()]{0,24}?\bto\s(?:the\s|about\s|[$£€])?$", re.I)
_FROM_ZH = re.compile("[从由自](?:约|大约)?$")
_TO_ZH = re.compile("^[^，。；从由自]{0,10}[到至向往为](?:了|约|大约)?$")


def _ends(pairs: Sequence[_Pair], source: str, hypothesis: str) -> Iterator[Swap]:
    """From east to west, 从西向东."""
    for a in pairs:
        for b in pairs:
            if (
                a.source < b.source
                and b.hypothesis < a.hypothesis
                and _FROM_EN.search(source[max(0, a.source[0] - 12) : a.source[0]])
                and _TO_EN.match(source[a.source[1] : b.source[0]])
                and _FROM_ZH.search(hypothesis[max(0, b.hypothesis[0] - 3) : b.hypothesis[0]])
                and _TO_ZH.match(hypothesis[b.hypothesis[1] : a.hypothesis[0]])
            ):
                mine = (a.source[0], b.source[1])
                theirs = (b.hypothesis[0], a.hypothesis[1])
                yield Swap(f"“{source[slice(*mine)]}” runs the other way", mine, theirs)


# --- operands of a comparison -------------------------------------------------------------------

_MORE_EN = re.compile(
    r"\b(?:exceed(?:s|ed)?|surpass(?:es|ed)?|outperform(?:s|ed)?|outnumber(?:s|ed)?"
    r"|(?:higher|greater|larger|longer|older|faster|better|heavier|stronger|cheaper"
    r"|more\s?\w*) than)\b",
    re.I,
)
_LESS_EN = re.compile(
    r"\b(?:(?:lower|smaller|shorter|younger|slower|worse|lighter|weaker"
    r"|(?:less|fewer)\s?\w*) than)\b",
    re.I,
)
_MORE_ZH = "高于|大于|多于|超过|长于|优于|快于|强于|重于|胜过|高出"
_LESS_ZH = "低于|小于|少于|短于|劣于|慢于|弱于|轻于|不及|不如"
_BETWEEN_ZH = re.compile(f"(?P<more>{_MORE_ZH})|(?P<less>{_LESS_ZH})|比")
_AFTER_ZH = re.compile(
    "^[^，。；]{0,8}?(?:(?P<more>[高大多长快好强重贵]|便宜)|(?P<less>[低小少短慢差弱轻]))"
)


def _operands(names: Sequence[_Pair], source: str, hypothesis: str) -> Iterator[Swap]:
    """Exports exceeded imports, 进口超过出口."""
    for first, second in itertools.pairwise(names):
        if second.hypothesis < first.hypothesis:
            yield from _turned_operands(first, second, source, hypothesis)


def _turned_operands(first: _Pair, second: _Pair, source: str, hypothesis: str) -> Iterator[Swap]:
    said = source[first.source[1] : second.source[0]]
    up, down = _MORE_EN.search(said), _LESS_EN.search(said)
    if (up is None) == (down is None) or re.search(r"[,;.]|\bn[o']t\b", said):
        return
    later, earlier = first.hypothesis, second.hypothesis
    between = hypothesis[earlier[1] : later[0]]
    m = _BETWEEN_ZH.search(between)
    if m is None or re.search("[，。；不与和同]", between):
        return
    if m.group() == "比":
        m = _AFTER_ZH.match(hypothesis[later[1] :])
    if m is None:
        return
    cheap = up is not None and up.group().lower().startswith("cheaper")
    if cheap or (m["more"] is not None) == (up is not None):
        mine = (first.source[0], second.source[1])
        theirs = (earlier[0], later[1])
        yield Swap("the two sides of the comparison changed places", mine, theirs)


_PASSIVE_EN = re.compile(
    r"\s(?:was|were|is|are|been|being)\s(?:\w+ly\s)?\w+(?:ed|en|ght|ld|de|it|st|ot|uck)\sby\s"
    r"(?:the\s|an?\s|two\s)?"
)
# Whatever may say that the first suffers what the second does, or that both are no such pair.
_PASSIVE_ZH = re.compile("[被由受遭给让为获得经从向对与和同之的，。；、]|接受")


def _agents(names: Sequence[_Pair], source: str, hypothesis: str) -> Iterator[Swap]:
    """The doctor was sued by the patient, 医生起诉了患者."""
    for a, b in itertools.pairwise(names):
        if not _PASSIVE_EN.fullmatch(source[a.source[1] : b.source[0]]):
            continue
        between = hypothesis[a.hypothesis[1] : b.hypothesis[0]]
        if 1 < len(between) <= 6 and not _PASSIVE_ZH.search(between):
            mine, theirs = (a.source[0], b.source[1]), (a.hypothesis[0], b.hypothesis[1])
            yield Swap("the one that acts became the one acted upon", mine, theirs)


_CLAUSES_EN = re.compile(r"[,;]|\b(?:and|but|while|whereas)\b")


def _former(names: Sequence[_Pair], source: str, hypothesis: str) -> Iterator[Swap]:
    """The former …, the latter …: 后者……，前者……. In a comparison both may change places."""
    both = [n for n in names if source[slice(*n.source)].lower() in ("former", "latter")]
    if len(both) != 2 or both[0].hypothesis < both[1].hypothesis:
        return
    first, second = both
    mine, theirs = (first.source[0], second.source[1]), (second.hypothesis[0], first.hypothesis[1])
    parted = _CLAUSES_EN.search(source[first.source[1] : second.source[0]])
    if parted and re.search("[，；,;]", hypothesis[second.hypothesis[1] : first.hypothesis[0]]):
        yield Swap("the former and the latter changed places", mine, theirs)


# --- dates and ratios ---------------------------------------------------------------------------

_MONTH_EN = re.compile(
    rf"\b({'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?,?\s(?:\d{{1,2}},?\s)?(\d{{4}})\b",
    re.I,
)
_MONTH_ZH = re.compile(r"(\d{4})\s?年\s?(\d{1,2})\s?月")


def _dates(source: str, hypothesis: str) -> Iterator[Swap]:
    """From May 2012 to June 2014, 2012年6月至2014年5月."""
    theirs = [(int(m[1]), int(m[2]), m.span()) for m in _MONTH_ZH.finditer(hypothesis)]
    if len(theirs) < 2:
        return
    mine = [(int(m[2]), MONTHS[m[1].lower()], m.span()) for m in _MONTH_EN.finditer(source)]
    if len(mine) != len(theirs):
        return
    years = Counter(year for year, _, _ in mine) == Counter(year for year, _, _ in theirs)
    months = Counter(month for _, month, _ in mine) == Counter(month for _, month, _ in theirs)
    dates = Counter(d[:2] for d in mine) == Counter(d[:2] for d in theirs)
    if years and months and not dates:
        a = next(d for d in mine if d[:2] not in {t[:2] for t in theirs})
        b = next(t for t in theirs if t[:2] not in {d[:2] for d in mine})
        yield Swap(f"{source[slice(*a[2])]} is no date of the translation", a[2], b[2])


_RATIO = re.compile(r"(?<![\d:：.])(\d+(?:\.\d+)?)\s?[:：∶]\s?(\d+(?:\.\d+)?)(?![\d:：])")


def _ratios(source: str, hypothesis: str) -> Iterator[Swap]:
    """3:1 as 1:3; the two things it is between may change places with the numbers."""
    theirs = list(_RATIO.finditer(hypothesis))
    if not theirs:
        return
    there = {(m[1], m[2]) for m in theirs}
    for m in _RATIO.finditer(source):
        if m[1] == m[2] or (m[1], m[2]) in there:
            continue
        names = _names(source, hypothesis)
        if len(names) >= 2 and names[0].hypothesis > names[1].hypothesis:
            continue
        turned = next((t for t in theirs if (t[1], t[2]) == (m[2], m[1])), None)
        if turned is not None:
            yield Swap(f"{m.group()} became {turned.group()}", m.span(), turned.span())


# --- the change and what it led to --------------------------------------------------------------

_CHANGE_EN = (
    r"(?:r[io]se[sn]?|rising|f[ae]ll(?:en|s)?|increas\w+|decreas\w+|grew|grow\w*|drop\w*|declin\w+"
    r"|climb\w*|reduc\w+|rais\w+|lower\w+|jump\w*|soar\w*|expand\w*|shr[aiu]nk)"
)
_ABOUT_EN = r"(?:(?:about|around|approximately|nearly|almost|over|roughly)\s)?[$£€]?$"
_BY_EN = re.compile(rf"\b{_CHANGE_EN}(?:\s\w+ly)?\sby\s{_ABOUT_EN}", re.I)
_TO_LEVEL_EN = re.compile(rf"\b{_CHANGE_EN}(?:\s\w+ly)?\sto\s{_ABOUT_EN}", re.I)
_CHANGE_ZH = "(?:增加|减少|上[升涨调]|下[降跌调]|提高|降低|升高|增长|减小|扩大|缩小|上浮|下滑)"
_ABOUT_ZH = "(?:大约|将近|接近|约|近|超过)?\\s?[$£€]?$"
_TO_LEVEL_ZH = re.compile(f"(?:{_CHANGE_ZH}|[升降增减涨跌提])了?[到至]了?{_ABOUT_ZH}")
_BY_ZH = re.compile(f"(?:{_CHANGE_ZH})了?{_ABOUT_ZH}")


def _amounts(source: str, hypothesis: str) -> Iterator[Swap]:
    """Rose by 30%, 上涨到30%; rose to 30%, 上涨了30%."""
    for a, b in compare(source, hypothesis).pairs:
        if min(a.strength, b.strength) < Strength.DIGITS:
            continue
        mine, theirs = (
            source[max(0, a.start - 48) : a.start],
            hypothesis[max(0, b.start - 10) : b.start],
        )
        if " by " not in mine and " to " not in mine:
            continue
        by = _BY_EN.search(mine) is not None and _TO_LEVEL_ZH.search(theirs)
        to = _TO_LEVEL_EN.search(mine) is not None and _BY_ZH.search(theirs)
        if by or to:
            word = "by" if by else "to"
            yield Swap(
                f"the change “{word} {a.text}” is told as “{'to' if by else 'by'}”",
                (a.start, a.end),
                (b.start, b.end),
            )
