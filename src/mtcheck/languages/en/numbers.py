"""Numbers of an English text: numerals in digits, number words, and what joins them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from mtcheck.text.digits import MONTHS, MOST, with_digits
from mtcheck.text.values import Strength, Taken, Value, ValueKind

__all__ = ["english", "roman"]


def _numbered(words: str, first: int, step: int = 1) -> dict[str, int]:
    return {w: first + step * i for i, w in enumerate(words.split())}


_ONES = _numbered("one two three four five six seven eight nine", 1)
_TEENS = _numbered(
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 10
)
_TENS = _numbered("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10)
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_ADDED = _ONES | _TEENS | _TENS | {"zero": 0}
_MULTIPLIED = _SCALES | {"hundred": 100, "dozen": 12}
_ORDINAL_ONES = _numbered("first second third fourth fifth sixth seventh eighth ninth", 1)
_ORDINALS = (
    _ORDINAL_ONES
    | _numbered(
        "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth "
        "eighteenth nineteenth twentieth",
        10,
    )
    | _numbered(
        "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth", 20, 10
    )
    | {"hundredth": 100, "thousandth": 1000, "millionth": 10**6}
)
_PARTS = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4} | {
    word + s: n for word, n in _ORDINALS.items() if n > 3 for s in ("", "s")
}
_HALF = Fraction(1, 2)


def _any(words: Sequence[str] | dict[str, int]) -> str:
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


_BELOW_100 = rf"(?:{_any(_TENS)}(?:[\s-]{_any(_ONES)}\b)?|{_any(_TEENS)}|{_any(_ONES)}|zero)"
_BELOW_1000 = (
    rf"(?:{_BELOW_100}?[\s-]?\b(?:hundred|dozen)\b(?:\s(?:and\s)?{_BELOW_100}\b)?|{_BELOW_100}\b)"
)
_SCALED = rf"[\s-]?\b{_any(_SCALES)}\b"
_CARDINAL = re.compile(
    rf"(?P<century>{_any(_TEENS)}|twenty)[\s-](?P<year>{_any(_TENS)}(?:[\s-]{_any(_ONES)})?"
    rf"|{_any(_TEENS)})\b"
    rf"|(?:{_BELOW_1000}|(?=[tmb]))(?:{_SCALED}(?:,?\s(?:and\s)?{_BELOW_1000})?){{0,4}}",
    re.I,
)
_WORD = re.compile(r"[A-Za-z]+")
_ORDINAL_NEXT = re.compile(rf"(?:[\s-]|\sand\s)(?P<word>{_any(_ORDINALS)})\b", re.I)
_PART_NEXT = re.compile(rf"[\s-](?P<word>{_any(_PARTS)})\b", re.I)
_CENTURY = re.compile(r"[\s-]centur", re.I)
_LONG = re.compile(r"[\s-](?P<unit>decade|centur)", re.I)
_OF = re.compile(r"[\s-](?:in|out of|of)[\s-](?:(?:every|each|all|the|an?)\s(?:one\s)?)?")
_PER = re.compile(
    r"(?:[\s-][A-Za-z-]{1,20}){0,4}\s?(?:\sper|\sin(?:\severy)?|/)\s?(?:an?\s|one\s)?"
)

# Words that a numeral may stand for on the other side; none of them is ever missed.
_OTHER: dict[str, tuple[Fraction, ...]] = {
    word: tuple(Fraction(k) for k in keys)
    for keys, words in (
        ((_HALF, 50), "half"),
        ((_HALF,), "halves halved halving semi"),
        ((Fraction(1, 4), 4, 15, 3), "quarter"),
        ((Fraction(1, 4),), "quarters"),
        (
            (1,),
            "a an another each every per once single sole solo lone only unit same annual annually "
            "yearly weekly monthly year month primary initial initially previous last next top "
            "mono uni unanimous",
        ),
        ((3, Fraction(1, 3)), "tertile tertiles"),
        ((4,), "quartile quartiles"),
        ((5,), "quintile quintiles"),
        ((10,), "decile deciles"),
        ((1,), "firstly"),
        ((2,), "secondly"),
        ((3,), "thirdly"),
        ((4,), "fourthly"),
        ((1, 24), "day daily"),
        ((1, 60), "hour"),
        ((1, 7), "week"),
        (
            (2,),
            "twice both couple pair pairs paired dual double doubles doubled doubling doubly twin "
            "twins duo binary either secondary bilateral bi biennial runner flat plane square "
            "squared",
        ),
        ((14, 2), "fortnight"),
        (
            (3,),
            "thrice triple triples tripled treble threes tri trio trios triad triads triplet "
            "triplets ternary threesome trilogy trilogies trinity trimester trimesters triathlon "
            "triathlons tricycle tripod triceps trivalent tertiary cubic cube",
        ),
        (
            (4,),
            "quadruple quadrupled quadruplets quads fours foursome quadriceps quadrivalent "
            "quartet tetralogy",
        ),
        ((5,), "fives quintet quintuple quintuplets pentagon pentathlon pentavalent"),
        ((6,), "sixes sextet hexagon sextuplets"),
        ((7,), "sevens septet heptathlon"),
        ((8,), "eights octet octave octagon octopus"),
        ((9,), "nines"),
        ((10,), "decade decades tens teens teenage"),
        ((12,), "dozens noon midday"),
        ((0, 12, 24), "midnight"),
        ((20,), "score"),
        ((100,), "century centuries hundreds all whole fully centenary centennial"),
        ((200,), "bicentenary bicentennial"),
        ((1000,), "thousands millennium millennia"),
        ((10**6,), "millions millionaire"),
        ((10**9, 10**8), "billions billionaire"),
        ((10**12,), "trillions"),
        ((0,), "no none nil"),
    )
    for word in words.split()
} | {
    word: tuple(Fraction(n + k) for k in (0, 1900, 2000))
    for word, n in _numbered(
        "twenties thirties forties fifties sixties seventies eighties nineties", 20, 10
    ).items()
}
_FOLDS = {
    word + "fold": (Fraction(n), Fraction(n - 1), Fraction(n + 1))
    for word, n in (_ONES | _TEENS).items()
    if n > 1
}
# Technical words with a number inside that Chinese spells out (十二指肠, 四分之一决赛).
_PREFIXES = {
    "duoden": Fraction(12),
    "icosahedr": Fraction(20),
    "dodeca": Fraction(12),
    "quarterfinal": Fraction(1, 4),
    "semifinal": _HALF,
}
_PREFIXED = re.compile("|".join(_PREFIXES))
# sixmonth, twoyear: the hyphen was lost
_GLUED = re.compile(rf"(?P<number>{_any(_ONES | _TEENS)})-?(?:day|week|month|year|hour)s?", re.I)
_GLUED_STARTS = frozenset((w + c)[:4] for w in (*_ONES, *_TEENS) for c in "dwmyh")
# (i), (b): the number of a list's item, as 1) or 二 on the other side
_MARK = re.compile(r"\((?P<mark>i{1,3}|iv|vi{0,3}|ix|x|[a-h])\)")
_ROMAN = re.compile(r"(?P<tens>X{0,3}|XL|LX{0,3})(?P<ones>I{0,3}|IV|VI{0,3}|IX)")
_ROMAN_TENS = ("", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX")
_ROMAN_ONES = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_CLASSED = frozenset(("type", "phase", "stage", "grade", "class", "level", "part", "group"))


_KNOWN = frozenset((*_ADDED, *_MULTIPLIED, *_ORDINALS, *_PARTS, *_OTHER, *_FOLDS, *MONTHS))
_PREFIX_STARTS = frozenset(p[:4] for p in _PREFIXES) | _GLUED_STARTS


def english(text: str) -> Iterator[Value]:
    """All values of a plain English text, in order."""
    taken = Taken(text)
    digits = [taken.add(v) for v in with_digits(text)]
    words = list(itertools.islice(_in_words(text, taken), MOST))
    if "(" in text:
        words += _list_marks(text)
    yield from _joined(text, sorted((*digits, *words), key=lambda v: v.start))


def _list_marks(text: str) -> Iterator[Value]:
    for m in _MARK.finditer(text):
        mark = m["mark"]
        number = roman(mark.upper()) or ord(mark) - ord("a") + 1
        yield Value(*m.span("mark"), mark, "roman", (Fraction(number),), Strength.LOOSE)


def roman(word: str) -> int:
    """Value of a Roman numeral up to 89 in capitals; 0 when it is none."""
    m = _ROMAN.fullmatch(word)
    return 10 * _ROMAN_TENS.index(m["tens"]) + _ROMAN_ONES.index(m["ones"]) if m else 0


def _in_words(text: str, taken: Taken) -> Iterator[Value]:
    end = 0
    before = ""
    for m in _WORD.finditer(text):
        written = m[0]
        word = written.lower()
        may_hold = word in _KNOWN or word[:4] in _PREFIX_STARTS or written[0] in "IVXL"
        if may_hold and m.start() >= end and taken.free(*m.span()):
            value = None
            if word in _ADDED or word in _MULTIPLIED:
                value = _number(text, m.start())
            if value is None:
                value = _word(text, m, word, before)
            if value is not None:
                end = value.end
                yield value
        before = word


def _number(text: str, start: int) -> Value | None:
    """The number that begins at the number word at ``start``: cardinal, ordinal or fraction."""
    m = _CARDINAL.match(text, start)
    if m is None or not m[0]:
        return None
    end = m.end()
    words = [w.lower() for w in _WORD.findall(m[0])]
    if m["year"]:  # nineteen ninety-five
        first = Fraction(_ADDED[m["century"].lower()])
        number = first * 100 + sum(_ADDED[w] for w in words[1:])
    else:
        number = _sum(words)
    ordinal = _ORDINAL_NEXT.match(text, end)
    if ordinal and _may_end(words[-1], ordinal["word"].lower(), text[end]):
        number += _ORDINALS[ordinal["word"].lower()]
        keys = _with_century(text, ordinal.end(), number)
        place = (start, ordinal.end(), text[start : ordinal.end()])
        return Value(*place, "century" if len(keys) > 1 else "ordinal", keys, Strength.WORDS)
    if number and (part := _PART_NEXT.match(text, end)):
        return _fraction(text, start, number, part)
    strength = Strength.SMALL if number <= 10 else Strength.WORDS
    if words[0] in _MULTIPLIED or number < 2 or "dozen" in words:
        strength = Strength.LOOSE  # a hundred, two dozen: often rough
    return Value(start, end, text[start:end], "cardinal", (number,), strength)


def _sum(words: Sequence[str]) -> Fraction:
    total = below = 0
    for word in words:
        if word in _SCALES:
            total, below = total + (below or 1) * _SCALES[word], 0
        elif word in _MULTIPLIED:
            below = (below or 1) * _MULTIPLIED[word]
        else:
            below += _ADDED.get(word, 0)  # "and"
    return Fraction(total + below)


def _may_end(last: str, ordinal: str, gap: str) -> bool:
    """Whether an ordinal ends the number: twenty-first, two hundred and fifth; not one third."""
    if last in _TENS:
        return ordinal in _ORDINAL_ONES
    return last in _MULTIPLIED and last != "dozen" and gap != "-" and _ORDINALS[ordinal] < 100


def _fraction(text: str, start: int, number: Fraction, part: re.Match[str]) -> Value:
    """``two-thirds``; ``one third`` may also be an ordinal after a number (part one, third …)."""
    word = part["word"].lower()
    below = _PARTS[word]
    keys = (number / below, number, Fraction(below)) if word in _ORDINALS else (number / below,)
    strength = Strength.WORDS if number < below else Strength.LOOSE
    return Value(start, part.end(), text[start : part.end()], "fraction", keys, strength)


def _with_century(text: str, end: int, number: Fraction) -> tuple[Fraction, ...]:
    return (number, (number - 1) * 100) if _CENTURY.match(text, end) else (number,)


def _word(text: str, m: re.Match[str], word: str, before: str) -> Value | None:
    """A single word that is or holds a number."""
    kind: ValueKind = "cardinal"
    strength = Strength.LOOSE
    keys: tuple[Fraction, ...] = ()
    if word in _OTHER:
        keys = _OTHER[word]
    elif word in _ORDINALS:
        if 3 < _ORDINALS[word] <= 10:  # the fourth time; a third may be a share
            strength = Strength.SMALL
        keys = _with_century(text, m.end(), Fraction(_ORDINALS[word]))
        kind = "century" if len(keys) > 1 else "ordinal"
        if word in _PARTS:
            keys += (Fraction(1, _PARTS[word]),)
    elif word in _PARTS:
        kind, keys = "fraction", (Fraction(1, _PARTS[word]),)
    elif word in _FOLDS:
        kind, keys = "fold", _FOLDS[word]
    elif word in MONTHS and m[0][0].isupper():
        kind, keys = "month", (Fraction(MONTHS[word]),)
    elif number := roman(m[0]):
        kind, keys = "roman", (Fraction(number),)
        strength = Strength.WORDS if before in _CLASSED and len(word) > 1 else strength
    elif prefix := _PREFIXED.match(word):
        keys = (_PREFIXES[prefix[0]],)
    elif glued := _GLUED.fullmatch(word):
        keys = (Fraction(_ADDED[glued["number"]]),)
    return Value(*m.span(), m[0], kind, keys, strength) if keys else None


def _joined(text: str, values: Sequence[Value]) -> Iterator[Value]:
    """The values, with "one in five" and "half a million" as one and "two decades" also as 20."""
    end = 0
    for i, value in enumerate(values):
        if value.start < end:
            continue
        # "a" and "every" are values too; what they stand before is the one meant.
        if value.text.lower() in _HALVES and (unit := _OF_UNIT.match(text, value.end)):
            end = unit.end()
            yield replace(value, end=end, text=text[value.start : end])
            continue
        following = next(
            (v for v in values[i + 1 : i + 4] if v.text.lower() not in _ARTICLES), None
        )
        if following is not None:
            joint = _portion(text, value, following) or _one_in(text, value, following)
            if joint is not None:
                end = joint.end
                yield joint
                continue
        if value.kind == "cardinal":
            if half := _AND_HALF.match(text, value.end):
                end = half.end()
                yield _and_half(text, value, half)
                continue
            if long := _LONG.match(text, value.end):
                years = 10 if long["unit"].lower() == "decade" else 100
                yield replace(value, keys=(value.value, value.value * years))
                continue
        yield value


# half an hour: the value goes up to its unit
_HALVES = frozenset(("half", "quarter"))
_OF_UNIT = re.compile(
    r"(?:\sof)?\san?(?=\s(?:minute|hour|day|week|month|year|mile|kilomet|litre|liter|gram|kilo))"
)
_ARTICLES = frozenset(("a", "an", "every", "each", "all", "per"))
_AND_HALF = re.compile(
    rf"[\s-]and[\s-](?:a|one)[\s-](?P<part>half|quarter|third)\b(?:[\s-](?P<scale>{_any(_SCALES)})\b)?"
)


def _and_half(text: str, value: Value, m: re.Match[str]) -> Value:
    """``two and a half million``."""
    number = value.value + Fraction(1, _PARTS[m["part"]])
    number *= _SCALES[m["scale"]] if m["scale"] else 1
    strength = max(value.strength, Strength.SMALL)
    return Value(value.start, m.end(), text[value.start : m.end()], "cardinal", (number,), strength)


_PORTION = re.compile(r"(?:\sof)?\s(?:an?|one)[\s-]|[\s-]")
_LONG_TIMES = {"century": 100, "decade": 10, "year": 1}


def _portion(text: str, part: Value, whole: Value) -> Value | None:
    """``half a million``, ``a quarter of a century``, ``three quarters of a billion``."""
    word = whole.text.lower()
    if word not in _MULTIPLIED and word not in _LONG_TIMES:
        return None
    if not 0 < part.value < 1 or part.strength is Strength.DIGITS:
        return None
    if not _PORTION.fullmatch(text[part.end : whole.start]):
        return None
    place = (part.start, whole.end, text[part.start : whole.end])
    if word in _MULTIPLIED:
        strength = Strength.LOOSE if word == "dozen" else Strength.WORDS
        return Value(*place, "cardinal", (part.value * _MULTIPLIED[word],), strength)
    keys = (part.value * _LONG_TIMES[word], part.value)
    return Value(*place, "cardinal", keys, Strength.LOOSE)


def _one_in(text: str, top: Value, below: Value) -> Value | None:
    """``one in five``, ``3 of the 10``, ``3 per 1,000``: the share, the two numbers as parts."""
    if top.kind != "cardinal" or below.kind != "cardinal" or not 0 < top.value < below.value:
        return None
    gap = text[top.end : below.start]
    large = below.value >= 100 and _is_power_of_ten(below.value)
    if _OF.fullmatch(gap):
        if below.value > 1000 and not large and " in" in gap:
            return None  # 12 in 2019
    elif not (large and _PER.fullmatch(gap)):
        return None
    place = (top.start, below.end, text[top.start : below.end])
    strength = max(top.strength, below.strength)
    return Value(*place, "fraction", (top.value / below.value,), strength, (top, below))


def _is_power_of_ten(number: Fraction) -> bool:
    return str(number).rstrip("0") == "1"
