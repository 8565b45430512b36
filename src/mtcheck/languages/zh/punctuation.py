"""Punctuation of Chinese text: half-width marks that should be full-width, pairs of brackets.

The reading follows GB/T 15834-2011, which asks for full-width marks in Chinese text and lets
Latin words, numbers and formulas keep their own. Every function is pure and linear in time.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from mtcheck.languages.zh.characters import CJK_MARKS, is_chinese, is_han
from mtcheck.text.parses import cached
from mtcheck.text.scripts import HAN

__all__ = [
    "FULL_WIDTH",
    "QUOTES",
    "Pairing",
    "PunctuationMark",
    "ascii_marks",
    "clause_marks",
    "doubled",
    "end_mark",
    "family",
    "half_width_brackets",
    "lone_families",
    "pairing",
]

FULL_WIDTH = {
    ",": "，",
    ";": "；",
    ":": "：",
    "?": "？",
    "!": "！",
    ".": "。",
    "(": "（",
    ")": "）",
}
"""Half-width marks and what Chinese text has in their place."""

_CLASS = frozenset(",;:，；：（）()")
_MARK = re.compile(r"[,;:?!.，；：]")
_CHINESE = re.compile(f"[{HAN}{CJK_MARKS}]")

_FAMILIES: tuple[str, ...] = (
    "(（)）",
    "[［]］",
    "{｛}｝",
    "【【】】",
    "《《》》",
    "〈〈〉〉",
    "〔〔〕〕",
)
_FAMILIES += ("「「」」", "『『』』", "““””", "‘‘’’")
QUOTES = frozenset("「『“‘")
"""The families of quotation marks."""
_OPEN = {c: f[0] for f in _FAMILIES for c in f[:2]}
_CLOSE = {c: f[0] for f in _FAMILIES for c in f[2:]}
_BRACKET = re.compile("[" + re.escape("".join(_FAMILIES)) + "]")

# Half-open intervals, [0, 1): two different brackets that do belong together.
_INTERVAL = re.compile(r"[\[(（]\s?[-+−]?[\d.]{1,9}%?\s?[,，;~–-]\s?[-+−]?[\d.∞]{1,9}%?\s?[\])）]")
# A list's number before a lone bracket: 1) a) iv) 二）
_ITEM = re.compile(
    rf"(?:^|[\s{HAN}，；。、：,;.:(（“])(?:1?\d|20|[A-Za-z]|[ivx]{{2,4}}|[一二三四五六七八九十]{{1,2}})$"
)
# Words whose full stop stays at the end of a Chinese sentence.
_ABBREVIATION = re.compile(
    r"(?:\.\w+|\b(?:al|etc|Inc|Ltd|Co|Corp|Jr|Sr|Dr|vs|spp?|No|St|cv|subsp))$"
)

_EMOTICON = re.compile(r"[:;]-?[()DP](?!\w)")


@dataclass(frozen=True, slots=True)
class PunctuationMark:
    """A mark at ``at`` that stands in Chinese text.

    ``half`` says that it is half-width and should not be; ``systematic`` that it is of the
    class (comma, colon, semicolon, brackets) whose width a whole document tends to share.
    """

    at: int
    char: str
    half: bool
    systematic: bool


@dataclass(frozen=True, slots=True)
class Pairing:
    """Offsets of the brackets and quotes of a text: ``pairs`` of them, and the ``unpaired``."""

    pairs: tuple[tuple[int, int], ...]
    unpaired: tuple[int, ...]


def family(char: str) -> str:
    """The kind of a bracket or quote, the same for both of a pair and for both widths."""
    return _OPEN.get(char) or _CLOSE.get(char, "")


def lone_families(text: str) -> frozenset[str]:
    """The families of the unpaired marks; a straight quote without a partner counts as “”."""
    lone = {family(text[at]) for at in pairing(text).unpaired}
    return frozenset(lone | {family("“")} if text.count('"') % 2 else lone)


def _latin(char: str) -> bool:
    """Whether it is a letter or digit of another script; False for ``""``."""
    return char.isalnum() and not is_han(char)


def _is_apostrophe(text: str, at: int) -> bool:
    """Don’t: a mark between letters never closes a quotation."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return at > 0 and _latin(before) and _latin(after)


def _stands_alone(text: str, at: int) -> bool:
    """Whether a bracket or quote without a partner is in order where it is."""
    char, before, after = text[at], text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if char in "‘’":  # students’, 5’, ‘90s
        return _latin(before) if char == "’" else after.isdigit()
    if char in "{}":
        return "\\" in text or "$" in text
    if char in ")）" and before not in tuple(":;：；-^_"):
        item = _ITEM.search(text[max(0, at - 8) : at]) is not None
        return item and bool(after) and after not in "，。；、,.;)）"
    # What is left may be an emoticon.
    return char in ")）" or (char == "(" and before in (":", "-") and not after.strip())


@cached
def pairing(text: str) -> Pairing:
    """Match brackets and quotes. A full-width bracket may pair with a half-width one.

    Apostrophes, primes, list numbers such as ``1)``, emoticons and half-open intervals are
    neither paired nor unpaired.
    """
    spots = [m.start() for m in _BRACKET.finditer(text)]
    if not spots:
        return Pairing((), ())
    skip: set[int] = set()
    pairs: list[tuple[int, int]] = []
    for m in _INTERVAL.finditer(text):
        if _OPEN[m[0][0]] != _CLOSE[m[0][-1]]:
            skip.update((m.start(), m.end() - 1))
    stack: list[int] = []
    waiting = dict.fromkeys((f[0] for f in _FAMILIES), 0)
    lone: list[int] = []
    for at in spots:
        char = text[at]
        if at in skip or (char == "’" and _is_apostrophe(text, at)):
            continue
        if char in _OPEN:
            stack.append(at)
            waiting[_OPEN[char]] += 1
            continue
        kind = _CLOSE[char]
        if not waiting[kind]:
            lone.append(at)
            continue
        while True:
            top = stack.pop()
            waiting[_OPEN[text[top]]] -= 1
            if _OPEN[text[top]] == kind:
                break
            lone.append(top)
        pairs.append((top, at))
    lone += stack
    return Pairing(
        tuple(sorted(pairs)), tuple(sorted(at for at in lone if not _stands_alone(text, at)))
    )


def _side(text: str, at: int, step: int) -> str:
    """The nearest character in a direction, over one space; ``""`` at the end."""
    at += step
    if 0 <= at < len(text) and text[at] == " ":
        at += step
    return text[at] if 0 <= at < len(text) else ""


def _ends_sentence(text: str, at: int) -> bool:
    """Whether the half-width stop at ``at`` ends a Chinese sentence."""
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if before == "." or after == ".":
        return False
    if before and _CHINESE.match(before):
        return not after or after.isspace() or _CHINESE.match(after) is not None
    return not text[at + 1 :].strip() and (
        before in (")", "]", "%")
        or (_latin(before) and _ABBREVIATION.search(text[max(0, at - 12) : at]) is None)
    )


def _is_ratio(text: str, at: int) -> bool:
    """男:女=3:1, the colon of a ratio."""
    left, right = text[max(0, at - 3) : at], text[at + 1 : at + 6]
    return re.match(rf"\s?[{HAN}]{{1,3}}\s?[=＝]", right) is not None and is_han(left[-1:])


def _clause_mark(text: str, at: int) -> PunctuationMark | None:
    char = text[at]
    before, after = _side(text, at, -1), _side(text, at, 1)
    if char in "，；：":
        touches = _CHINESE.match(before) or _CHINESE.match(after)
        return PunctuationMark(at, char, half=False, systematic=True) if touches else None
    if char == ".":
        wrong = _ends_sentence(text, at)
    elif char in "?!":
        wrong = bool(_CHINESE.match(before)) or (
            before in (")", '"') and not text[at + 1 :].strip()
        )
    else:
        wrong = bool(_CHINESE.match(before) or _CHINESE.match(after))
        wrong = wrong and not (char == ":" and _is_ratio(text, at))
        wrong = wrong and not (char in ":;" and _EMOTICON.match(text, at))
    return PunctuationMark(at, char, half=True, systematic=char in _CLASS) if wrong else None


@cached
def clause_marks(text: str) -> tuple[PunctuationMark, ...]:
    """The marks that stand in Chinese text, with whether they are wrongly half-width.

    A comma, semicolon or colon counts when a neighbour is Chinese, a question or exclamation
    mark after Chinese, a full stop at the end of a Chinese sentence, a pair of brackets when
    there is Han inside or when only one of the two is half-width. Text that is not
    Chinese has none.
    """
    if not is_chinese(text):
        return ()
    marks = [m for found in _MARK.finditer(text) if (m := _clause_mark(text, found.start()))]
    pairs = [p for p in pairing(text).pairs if text[p[0]] in "(（"]
    if pairs:
        before = list(itertools.accumulate((is_han(c) for c in text), initial=0))
        for start, end in pairs:
            mixed = (text[start] == "(") != (text[end] == ")")
            if mixed or before[end] > before[start]:
                marks += [
                    PunctuationMark(at, text[at], half=text[at] in "()", systematic=True)
                    for at in (start, end)
                ]
    return tuple(sorted(marks, key=lambda m: m.at))


_CLOSERS = "“”’\"'」』）)】］]》〉 \u3000\n*_"
_ENDS = {
    "stop": "。.．｡",
    "question": "？?",
    "exclamation": "！!",
    "ellipsis": "…·",
    "colon": "：:",
    "semicolon": "；;",
    "comma": "，,、",
}
_END_OF = {c: name for name, chars in _ENDS.items() for c in chars}


@cached
def end_mark(text: str) -> tuple[str, int]:
    """The kind of mark a text ends with, and where it stands, closing quotes and brackets aside.

    The kinds are stop, question, exclamation, ellipsis, colon, semicolon, comma and ``""`` for
    none; then the offset is the end of the text without outer space. Three stops are an ellipsis.
    """
    bare = text.rstrip(_CLOSERS)
    kind = _END_OF.get(bare[-1:], "")
    if kind == "stop" and bare.endswith(("...", "。。。")):
        kind = "ellipsis"
    return (kind, len(bare) - 1) if kind else ("", len(text.rstrip()))


_DOUBLED = re.compile(
    r"[，。、；：,.;:](?:[ \u3000]?[，。、；：？！,.;:])+|[？！?!][，。、；：,.;:]+"
)


@cached
def doubled(text: str) -> tuple[tuple[int, int], ...]:
    """``(start, end)`` of two or more marks in a row of which one is too many.

    An ellipsis of any make, also before ？ or ！, ``？！`` and a mark after the stop of an
    abbreviation (``et al.，``) are in order. Text that is not Chinese has none.
    """
    if not is_chinese(text):
        return ()
    found = []
    for m in _DOUBLED.finditer(text):
        start, end = m.span()
        run = m[0].replace(" ", "").replace("\u3000", "")
        before = _side(text, start, -1)
        if run[0] == "." and before and before.isascii() and before.isalpha():
            start, run = start + 1, run[1:]
            start += len(m[0]) > 1 and text[start] in " \u3000"
        dots = run.rstrip("？！?!")
        if len(run) < 2 or (dots.strip(".。") == "" and (len(dots) > 2 or dots != run)):
            continue
        if any(c in "，。、；：？！" for c in run) or _CHINESE.match(before):
            found.append((start, end))
    return tuple(found)


_ASCII = re.compile(r"(?<![ \u00a0])[ \u00a0]+(?=[。，；：？！、）》】”])|\.{2,}")
_STRAIGHT = {
    mark: re.compile(
        rf"(?<![\dA-Za-z]){mark}|(?<=[{HAN}\dA-Za-z]){mark}(?=[{HAN}，。；：、！？）]|$)"
    )
    for mark in ('"', "'")
}


def _is_ascii_mark(text: str, m: re.Match[str]) -> bool:
    """Whether it is a space behind a character, or stops beside Chinese (three of them before)."""
    before = text[m.start() - 1 : m.start()]
    if m[0][0] != ".":
        return bool(before)
    follows = is_han(text[m.end() : m.end() + 1]) and len(m[0]) > 2
    return follows or _CHINESE.match(before) is not None


@cached
def ascii_marks(text: str) -> tuple[tuple[int, int], ...]:
    """``(start, end)`` of straight quotes around Chinese, ``...`` and spaces before a mark.

    A pair of quotes counts where Han stands inside it.
    """
    found = [m.span() for m in _ASCII.finditer(text) if _is_ascii_mark(text, m)]
    for mark, pattern in _STRAIGHT.items():
        quotes = [m.start() for m in pattern.finditer(text)] if mark in text else []
        for a, b in zip(quotes[::2], quotes[1::2], strict=False):
            if any(is_han(c) for c in text[a:b]):
                found += [(a, a + 1), (b, b + 1)]
    return tuple(sorted(found))


def half_width_brackets(text: str) -> tuple[int, ...]:
    """Offsets of half-width brackets without Han inside that stand beside Han, over one space."""
    found: list[int] = []
    for start, end in pairing(text).pairs:
        if text[start] != "(" or text[end] != ")" or any(is_han(c) for c in text[start:end]):
            continue
        before = _side(text, start, -1)
        if is_han(before) or (not _latin(before) and is_han(_side(text, end, 1))):
            found += (start, end)
    return tuple(found)
