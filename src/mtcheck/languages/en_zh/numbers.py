"""The numbers of an English or a Chinese sentence, as exact values with their places.

:func:`numbers` reads one text, :func:`compare` pairs the values of a sentence with those of its
translation. Both are cached. A value knows every number it may stand for (``keys``), how surely
it is a number at all (``strength``), and, where it is built from others ("2/3", "1 in 5"), those
``parts``: a translation may keep the whole or render the parts.

The reading is by hand-written grammar, not by a table of sentences: digit groups, decimals,
powers of ten, percentages, ratios, decades and centuries, English number words and fractions,
Chinese numerals and their scales (十百千万亿), 百分之 and 分之, 倍, 世纪 and 年代.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from mtcheck.languages import language as language_of
from mtcheck.languages.en.numbers import roman
from mtcheck.languages.en_zh.boilerplate import copyright_lines
from mtcheck.languages.en_zh.units import unit
from mtcheck.text.digits import VULGAR
from mtcheck.text.parses import cached
from mtcheck.text.values import LanguageCode, Strength, Taken, Value, ValueKind, plain

__all__ = [
    "LanguageCode",
    "Strength",
    "Value",
    "ValueKind",
    "ValuePairs",
    "compare",
    "numbers",
    "plain",
    "render",
]

# Ⅲ ⅲ, and the marks of a list: ③ ⑶ ⒊ ❸ ㈢
_NUMBERED_SIGNS = {
    chr(first + i): i + 1
    for first, many in ((0x2160, 12), (0x2170, 12), (0x2460, 20), (0x2474, 20), (0x2488, 20),
                        (0x2776, 10), (0x3220, 10))
    for i in range(many)
}  # fmt: skip
_SIGNS = re.compile("[" + "".join((*VULGAR, *_NUMBERED_SIGNS)) + "]")
_ROMAN_WORD = re.compile(r"(?<![A-Za-z])[IVXL]{1,8}(?![A-Za-z])")


@dataclass(frozen=True, slots=True)
class ValuePairs:
    """The values of two texts: paired, left over in the source, left over in the hypothesis.

    ``pairs`` hold (source, hypothesis) values, by their place in the source.
    """

    pairs: tuple[tuple[Value, Value], ...]
    lost: tuple[Value, ...]
    added: tuple[Value, ...]


@cached
def numbers(text: str, language: LanguageCode) -> tuple[Value, ...]:
    """All values of ``text`` in reading order; spans are half-open code points into ``text``.

    Values do not overlap. A text without numbers gives ``()``, as does any text of a language
    without a grammar of numbers; of a text with thousands, those after the first 5,000 of a kind
    are left out. Raises UsageError for an unknown language.
    """
    read = language_of(language).numbers
    if read is None:
        return ()
    flat = plain(text)
    found = list(read(flat))
    if language == "zh":
        found += _free(flat, found, _ROMAN_WORD)
    found += _free(flat, found, _SIGNS)
    found.sort(key=lambda v: (v.start, v.end))
    for start, end in copyright_lines(text):  # dropped by most who translate
        found = [
            replace(v, strength=Strength.LOOSE, parts=()) if start <= v.start < end else v
            for v in found
        ]
    if flat != text:
        found = [_original(text, v) for v in found]
    return tuple(found)


def _free(flat: str, found: Sequence[Value], pattern: re.Pattern[str]) -> list[Value]:
    """Roman numerals and signs like ½ and Ⅲ outside the values found."""
    matches = list(pattern.finditer(flat))
    if not matches:
        return []
    taken = Taken(flat)
    for v in found:
        taken.add(v)
    values = []
    for m in matches:
        if not taken.free(*m.span()):
            continue
        if m[0] in VULGAR:
            place = (m.start(), m.end(), m[0])
            values.append(Value(*place, "fraction", (VULGAR[m[0]],), Strength.DIGITS))
        elif number := _NUMBERED_SIGNS.get(m[0]) or roman(m[0]):
            key = (Fraction(number),)
            values.append(Value(m.start(), m.end(), m[0], "roman", key, Strength.LOOSE))
    return values


def _original(text: str, value: Value) -> Value:
    if text[value.start : value.end] == value.text:
        return value
    parts = tuple(_original(text, p) for p in value.parts)
    return replace(value, text=text[value.start : value.end], parts=parts)


def compare(
    source: str, hypothesis: str, languages: tuple[LanguageCode, LanguageCode] = ("en", "zh")
) -> ValuePairs:
    """Pair the values of a source with those of its translation.

    First by the plain reading, then by any reading, then part by part, then by what value and
    unit measure together (30 min, 半小时). A value that only repeats one already paired is not
    left over, nor is one that is said in a word.
    """
    return _compared(source, hypothesis, languages)


@cached
def _compared(
    source: str, hypothesis: str, languages: tuple[LanguageCode, LanguageCode]
) -> ValuePairs:
    # Behind a name of its own: the cache would tell a default from the same value given.
    left, right = list(numbers(source, languages[0])), list(numbers(hypothesis, languages[1]))
    if any(v.parts for v in (*left, *right)):
        left, right = _opened(left, right), _opened(right, left)
    pairs: list[tuple[Value, Value]] = []
    for readings in (_equal, _any):
        pairs += _pair(left, right, readings)
    if any(v.parts for v in (*left, *right)):
        # What is left may be a whole on one side and its parts on the other.
        wholes = [v for v in left if v.parts], [v for v in right if v.parts]
        left = [p for v in left for p in (v.parts or (v,))]
        right = [p for v in right for p in (v.parts or (v,))]
        pairs += _pair(left, right, _any)
        left, right = _whole_again(left, wholes[0]), _whole_again(right, wholes[1])
    if left and right:  # a third, 33%
        pairs += _pair_near(left, right)
    if left and right:  # 12 months, 一年
        pairs += _pair(
            left, right, _quantities(source, languages[0]), _quantities(hypothesis, languages[1])
        )
    known_left = {k for a, _ in pairs for v in (a, *a.parts) for k in v.keys}
    known_right = {k for _, b in pairs for v in (b, *b.parts) for k in v.keys}
    pairs.sort(key=lambda p: p[0].start)
    traded = _traded(left, right)
    return ValuePairs(
        tuple(pairs),
        tuple(
            v
            for v in left
            if v in traded or (known_right.isdisjoint(v.keys) and not _said(v, hypothesis))
        ),
        tuple(v for v in right if v in traded or known_left.isdisjoint(v.keys)),
    )


def _traded(left: Sequence[Value], right: Sequence[Value]) -> Sequence[Value]:
    """The one value left on each side, if no other is: 40, 60 and 80 became 40, 80 and 80.

    So it is no repetition of a value that found its partner.
    """
    solid = [[v for v in values if v.strength >= Strength.SMALL] for values in (left, right)]
    return [*solid[0], *solid[1]] if len(solid[0]) == len(solid[1]) == 1 else ()


# What says 100% or 0 without a number.
_ALL = re.compile("全部|所有|全体|全都|全数|完全|无一例外|均|都|皆|悉数|百分之百")
_NONE = re.compile("[无没未零]|不")


def _said(value: Value, hypothesis: str) -> bool:
    """Whether the hypothesis says the value in a word: 100% as 全部, "0 of 12" as 无人."""
    if value.kind == "percent" and value.value == 1:
        return _ALL.search(hypothesis) is not None
    return not value.value and _NONE.search(hypothesis) is not None


_Reading = Callable[[Value], Iterable[Hashable]]


_ROUGHLY = Fraction(1, 100)


def _pair_near(left: list[Value], right: list[Value]) -> list[tuple[Value, Value]]:
    """Take fractions in words and the percentages near them out of both lists: a third, 33%."""
    pairs = []
    for a in list(left):
        for b in right:
            words, digits = (a, b) if b.kind == "percent" else (b, a)
            if digits.kind != "percent" or words.strength is Strength.DIGITS:
                continue
            near = (k for k in words.keys if 0 < k < 1 and k.denominator in (3, 6, 7, 9))
            if any(abs(k - digits.value) <= _ROUGHLY for k in near):
                pairs.append((a, b))
                left.remove(a)
                right.remove(b)
                break
    return pairs


def _equal(value: Value) -> Iterable[Hashable]:
    """The plain reading, of the same strength."""
    return ((value.strength, value.keys[0]),)


def _any(value: Value) -> Iterable[Hashable]:
    return value.keys


def _quantities(text: str, language: LanguageCode) -> _Reading:
    """The readings of a value with its unit: what it measures, in base units."""

    def read(value: Value) -> Iterable[Hashable]:
        behind = unit(text, value, language)
        return () if behind is None else tuple(q for k in value.keys if (q := behind.amount(k)))

    return read


def _opened(values: Sequence[Value], others: Sequence[Value]) -> list[Value]:
    """The values, those in parts whose parts all stand on the other side, each by itself.

    So that in "5 of 20 (25%)" / 20例中有5例（25%） the share does not take the percentage.
    """
    apart = {o.value for o in others if not o.parts}
    return [
        part
        for v in values
        for part in (v.parts if v.parts and all(p.value in apart for p in v.parts) else (v,))
    ]


def _whole_again(values: Sequence[Value], wholes: Sequence[Value]) -> list[Value]:
    """Put values together again none of whose parts found a partner; in reading order."""
    kept = {(v.start, v.end): v for v in values}
    for whole in wholes:
        places = [(p.start, p.end) for p in whole.parts]
        if all(place in kept for place in places):
            for place in places:
                del kept[place]
            kept[whole.start, whole.end] = whole
    return sorted(kept.values(), key=lambda v: (v.start, v.end))


def _pair(
    left: list[Value], right: list[Value], mine: _Reading, theirs: _Reading | None = None
) -> list[tuple[Value, Value]]:
    """Take partners out of both lists: values that share a reading.

    Digits choose first, and prefer digits; among equals the order of the text decides.
    """
    if not left or not right:
        return []
    theirs = theirs or mine
    waiting: dict[Hashable, list[int]] = {}
    for j in sorted(range(len(right)), key=lambda j: (right[j].strength, -j)):
        for key in theirs(right[j]):
            waiting.setdefault(key, []).append(j)
    used: set[int] = set()
    paired: set[int] = set()
    pairs: list[tuple[Value, Value]] = []
    for i in sorted(range(len(left)), key=lambda i: (-left[i].strength, i)):
        for key in mine(left[i]):
            stack = waiting.get(key, [])
            while stack and stack[-1] in used:
                stack.pop()
            if stack:
                used.add(stack[-1])
                paired.add(i)
                pairs.append((left[i], right[stack.pop()]))
                break
    left[:] = [v for i, v in enumerate(left) if i not in paired]
    right[:] = [v for j, v in enumerate(right) if j not in used]
    return pairs


def render(value: Value) -> str:
    """The normalised value for a message: ``1,200,000``, ``12.5%``, ``2/3``, ``1990s``."""
    number = value.value
    if value.kind == "percent":
        return f"{_decimal(number * 100)}%"
    if value.kind == "decade" and number >= 1000:
        return f"{number}s"
    if value.kind == "fraction":
        return str(number)
    return _decimal(number)


def _decimal(number: Fraction) -> str:
    if number.denominator == 1 and number < 10**15:
        return f"{int(number):,}" if number >= 10000 else str(number)
    if not Fraction(1, 10**300) < number < 10**300:
        return "a number beyond reckoning"
    return f"{float(number):,.10g}" if number < 10**15 else f"{float(number):.6g}"
