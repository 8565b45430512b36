"""Fractions in words that became others: half as 三分之一, every third as 每三户都."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from mtcheck.languages.en_zh.numbers import Value, numbers
from mtcheck.languages.zh.numbers import han_number
from mtcheck.text.parses import cached
from mtcheck.text.values import plain

__all__ = ["Share", "changed_shares"]


@dataclass(frozen=True, slots=True)
class Share:
    """A fraction said in words at ``[start, end)``."""

    start: int
    end: int
    value: Fraction


_COUNTS = {
    w: n
    for n, w in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"), 1
    )
} | {"a": 1, "an": 1, "ten": 10}
_PARTS = {
    w: n
    for n, w in enumerate(
        ("half", "third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), 2
    )
} | {"halves": 2, "fourth": 4}
_ORDINALS = {"second": 2, "other": 2} | {
    w: n for w, n in _PARTS.items() if n > 2 and w != "quarter"
}
_COUNT = "|".join(_COUNTS)
_EN = re.compile(
    rf"\b(?P<top>{_COUNT})[\s-](?P<part>{'|'.join(_PARTS)})s?\b(?!\s(?:time|group|study|party|hand|century))"
    r"|\b(?P<half>half)(?=\s(?:of|the|all|our|their|its)\b)(?!\s(?:of\s)?(?:the\s)?(?:year|century|decade))"
    rf"|\b(?P<n>{_COUNT}|\d{{1,2}})\s(?:in|out\sof)\s(?:every\s)?(?P<m>{_COUNT}|\d{{1,2}})\b(?!\s?[%\d])"
    rf"|\bevery\s(?P<every>{'|'.join(_ORDINALS)})\s(?=[a-z])",
    re.IGNORECASE,
)
_HAN = "[一二两三四五六七八九十]"
_ZH = re.compile(
    rf"(?P<below>{_HAN}{{1,2}}|\d{{1,2}})分之(?P<top>{_HAN}|\d{{1,2}})(?![百千点.\d])|(?P<half>一半|半数|一大半)"
)
_ALL = re.compile(
    rf"每(?P<n>{_HAN}|\d{{1,2}})\s?(?:个|名|位|户|人|家|所|座|只|辆|例|台|对|头|棵|株)"
)
_SHARE = re.compile(r"[中里]|(?:一|1)\s?[个名位户人家例所座只]|之一|隔|就")
_NEAR = Fraction(1, 50)


def _shares_en(text: str) -> Iterator[Share]:
    for m in _EN.finditer(text):
        if m["top"]:
            value = Fraction(_COUNTS[m["top"].lower()], _PARTS[m["part"].lower()])
        elif m["half"]:
            value = Fraction(1, 2)
        elif m["every"]:
            value = Fraction(1, _ORDINALS[m["every"].lower()])
        else:
            top, below = (int(_COUNTS.get(m[g].lower(), 0) or m[g]) for g in ("n", "m"))
            value = Fraction(top, below) if below else Fraction(0)
        if 0 < value < 1:
            yield Share(*m.span(), value)


def _han(written: str) -> int:
    return int(written) if written.isdigit() else int(han_number(written) or 0)


def _shares_zh(text: str) -> Iterator[Share]:
    for m in _ZH.finditer(text):
        if m["half"]:
            yield Share(*m.span(), Fraction(1, 2))
        elif below := _han(m["below"]):
            yield Share(*m.span(), Fraction(_han(m["top"]), below))


@cached
def _of_source(source: str) -> tuple[Share, ...]:
    return tuple(_shares_en(plain(source)))


@cached
def changed_shares(source: str, hypothesis: str) -> tuple[tuple[Share, Share], ...]:
    """Fractions of the source that no number of the hypothesis renders, each with its stranger.

    A percentage near a fraction renders it (a third: 33%), and so does the ratio of two numbers.
    """
    mine = _of_source(source)
    if not mine:
        return ()
    flat = plain(hypothesis)
    theirs = list(_shares_zh(flat))
    found: list[tuple[Share, Share]] = []
    known = _sorted(theirs, numbers(hypothesis, "zh"))
    named = _sorted(mine, numbers(source, "en"))
    lost = [s for s in mine if not _near(s.value, known)]
    added = [s for s in theirs if not _near(s.value, named)]
    found += zip(lost, added, strict=False)
    for s in mine:
        if source[s.start : s.end].lower().startswith("every"):
            found += [(s, t) for t in _every_one(flat, s.value.denominator)]
            # "every other player" is all the others
            untold = s.value.denominator > 2 and not _near(s.value, known)
            if untold and not found and (t := _each_one(flat)):
                found.append((s, t))
    return tuple(found)


def _sorted(shares: Sequence[Share], values: Sequence[Value]) -> list[Fraction]:
    """The numbers that a text names, each once."""
    return sorted({*(s.value for s in shares), *(k for v in values for k in v.keys)})


def _near(value: Fraction, others: list[Fraction]) -> bool:
    at = bisect.bisect_left(others, value - _NEAR)
    return at < len(others) and others[at] <= value + _NEAR


_EACH = re.compile("每一?[个名位户人家例所座只辆对头棵株]|所有的?|全部")


def _each_one(flat: str) -> Share | None:
    """Where 每一户 speaks of all, and nothing of one in so many (每十户, 隔, 第十)."""
    each = _EACH.search(flat)
    if each is None or re.search(
        "隔|第[二两三四五六七八九十\\d]|每[二两三四五六七八九十\\d]", flat
    ):
        return None
    return Share(*each.span(), Fraction(1))


def _every_one(flat: str, number: int) -> Iterator[Share]:
    """Where 每三户 speaks of all three, not of one of them."""
    for m in _ALL.finditer(flat):
        if _han(m["n"]) == number and not _SHARE.search(flat, m.end(), m.end() + 8):
            yield Share(*m.span(), Fraction(1))
