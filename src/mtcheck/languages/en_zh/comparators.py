"""Comparators around a number: ``<``, ``at least``, 不超过, 以上, with their direction."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from mtcheck.languages.en_zh.scales import Scale, Turned, turned
from mtcheck.text.values import LanguageCode, Value, plain

__all__ = ["Comparator", "Relation", "comparator", "turned_bound"]

Relation: TypeAlias = Literal["<", "≤", ">", "≥"]


@dataclass(frozen=True, slots=True)
class Comparator:
    """A comparator's place, half-open in code points, and its relation.

    ``firm`` ones say nothing else and are never dropped freely; "over 5 years" may be a span
    of time and 高达 mere emphasis. ``strict`` ones tell ``<`` from ``≤``; 以上 does not. A
    ``tight`` one stands right at the number, with no other word between (至少随访6个月 is not).
    """

    start: int
    end: int
    text: str
    relation: Relation
    firm: bool
    strict: bool
    tight: bool

    @property
    def upward(self) -> bool:
        """Whether the number is a lower bound."""
        return self.relation in ">≥"


_Entry = tuple[Relation, bool, bool]


def _table(*rows: tuple[Relation, str, str]) -> dict[str, _Entry]:
    """Words by row: relation, flags (f firm, s strict), words parted by ``|``."""
    return {
        word: (relation, "f" in flags, "s" in flags)
        for relation, flags, words in rows
        for word in words.split("|")
    }


_SIGNS = _table(
    ("<", "fs", "<|&lt;"),
    ("≤", "fs", "≤|<=|=<|≦|⩽|&le;"),
    (">", "fs", ">|&gt;"),
    ("≥", "fs", "≥|>=|=>|≧|⩾|&ge;"),
)
_EN_BEFORE = _SIGNS | _table(
    (
        "≤",
        "fs",
        "no more than|not more than|at most|not exceeding|no greater than|not greater than",
    ),
    ("≤", "fs", "no larger than|no higher than|not higher than|no longer than|not longer than"),
    ("≤", "fs", "not exceed|a maximum of|maximum of|maximum|less than or equal to|no later than"),
    ("≤", "", "up to|within|as many as|as much as|as high as"),
    ("<", "f", "less than|fewer than|lower than|smaller than|younger than|shorter than"),
    ("<", "", "under|below|almost|nearly|close to|just under"),
    ("≥", "fs", "no less than|not less than|no fewer than|not fewer than|at least"),
    ("≥", "fs", "no lower than|not lower than|no shorter than|a minimum of|minimum of|minimum"),
    ("≥", "fs", "greater than or equal to|more than or equal to|no smaller than"),
    ("≥", "", "as few as|as little as|as low as|from"),
    (">", "f", "more than|greater than|higher than|larger than|older than|longer than"),
    (">", "f", "in excess of|exceeding|exceeded|exceeds|exceed"),
    (">", "", "over|above|beyond|upwards of|just over|well over|some"),
)
_EN_AFTER = _table(
    (
        "≥",
        "f",
        "or more|or greater|or above|or older|or higher|or over|or longer|or later|and above",
    ),
    ("≥", "f", "and older|and over|and higher|and more"),
    ("≤", "f", "or less|or fewer|or below|or under|or younger|or lower|or shorter|and under"),
    ("≤", "f", "and below|and younger|or earlier"),
    ("≥", "", "+|plus"),
)
_ZH_BEFORE = _SIGNS | {c: _SIGNS[c] for c in ("<", ">")} | _table(
    ("≤", "fs", "不超过|不大于|不高于|不多于|不长于|不晚于|小于等于|小于或等于|不得超过|至多|最多"),
    ("≤", "", "不逾|未超过|没有超过|最高|最长|最大|多达|高达|长达|可达|达到|达"),
    ("<", "fs", "小于|少于|低于|短于"),
    ("<", "", "不到|不足|未满|不满|未达|未到|近|接近|将近"),
    ("≥", "fs", "不少于|不小于|不低于|不短于|大于等于|大于或等于|至少|最少|起码|不得少于"),
    ("≥", "", "最低|最短|不止|不下|年满|已满|满"),
    (">", "fs", "大于|超过|多于|高于|长于|超出"),
    (">", "", "逾|超|突破|上"),
)  # fmt: skip
_ZH_AFTER = _table(
    ("≥", "", "以上|及以上|或以上|及其以上|多|余|之上|或更多|或更高|+"),
    ("≤", "", "以下|及以下|或以下|以内|之内|或更少|或更低|之下|不到"),
    # 比7天更长
    (">", "", "更长|更高|更多|更大|更久|还长|还高|还多|还大"),
    ("<", "", "更短|更低|更少|更小|还短|还低|还少|还小"),
)


def _before(table: dict[str, _Entry], link: str) -> re.Pattern[str]:
    words = "|".join(re.escape(w) for w in sorted(table, key=len, reverse=True))
    return re.compile(rf"(?P<word>{words}){link}$", re.I)


def _after(table: dict[str, _Entry], unit: str) -> re.Pattern[str]:
    words = "|".join(re.escape(w) for w in sorted(table, key=len, reverse=True))
    return re.compile(rf"{unit}(?P<word>{words})(?![A-Za-z])", re.I)


_FIRST_EN = _before(
    _EN_BEFORE,
    # below the target of 95%
    r"\s{0,2}(?:(?:an?|the|its|their|our)\s[a-z]{3,14}\s(?:[a-z]{3,14}\s)?of\s"
    r"|(?:an?|the|about|approximately)\s|US\s?)?[$£€¥]?",
)
_FIRST_ZH = _before(_ZH_BEFORE, r"[了为有其至]?\s{0,2}[$£€¥]?")
_LAST_EN = _after(_EN_AFTER, r"(?:[\s-]?[A-Za-z%°]{1,12}){0,2}?(?:\sof\sage)?\s?")
_LOOSE_ZH = _before(_ZH_BEFORE, r"[\u4e00-\u9fff]{0,4}\s{0,2}[$£€¥]?")
_LAST_ZH = _after(_ZH_AFTER, r"[^\d,，。；;、（(]{0,5}?[（(]?")
# the signs of <a href="x">12</a> compare nothing
_TAG = 304
_TAG_BEFORE = re.compile(r"</?[A-Za-z][^<>]{0,300}>$")
_TAG_AFTER = re.compile(r"</?[A-Za-z][^<>]{0,300}>")
_YEAR = re.compile(r"\s?年")
_IN_YEAR = re.compile(r"\s?年(?!的?(?:历史|时间)|[前来以之多]|[，。])")


def comparator(text: str, value: Value, language: LanguageCode) -> Comparator | None:
    """The comparator right before or right behind the number ``value`` of ``text``, if any."""
    flat = plain(text)
    start = value.start - 1 if value.negative else value.start
    at = max(0, start - 36)
    first = _FIRST_EN if language == "en" else _FIRST_ZH
    table = _EN_BEFORE if language == "en" else _ZH_BEFORE
    m = first.search(flat[at:start]) if _may_end(flat[at:start], language) else None
    if m is not None and not _inside_word(flat, at + m.start("word"), m["word"]):
        end = at + m.end("word")
        if flat[end - 1] == ">" and _TAG_BEFORE.search(flat, max(0, end - _TAG), end):
            return None
        if _of_year(flat, value, m["word"]):
            return None
        place = (at + m.start("word"), at + m.end("word"))
        return _made(text, *place, table[m["word"].lower()])
    last = _LAST_EN if language == "en" else _LAST_ZH
    table = _EN_AFTER if language == "en" else _ZH_AFTER
    m = last.match(flat, value.end, value.end + 40)
    if m is not None and not _TAG_AFTER.match(flat, m.start("word")):
        return _made(text, m.start("word"), m.end("word"), table[m["word"].lower()])
    at = max(0, start - 14)
    near = flat[at:start]
    if language == "zh" and _LAST_HAN & set(near) and (m := _LOOSE_ZH.search(near)):
        place = (at + m.start("word"), at + m.end("word"))
        return _made(text, *place, _ZH_BEFORE[m["word"]], tight=False)
    return None


def _of_year(flat: str, value: Value, word: str) -> bool:
    """Whether the number is a date: 亚历山大于321年, 超过2003年的SARS."""
    if word.endswith("于"):
        if value.kind in ("decade", "century"):
            return True
        return value.value >= 100 and _YEAR.match(flat, value.end) is not None
    return 1900 <= value.value <= 2100 and _IN_YEAR.match(flat, value.end) is not None


_LAST_WORDS = frozenset(w.rpartition(" ")[2] for w in _EN_BEFORE) | {"about", "approximately"}
_LAST_WORDS |= {"the", "a", "an", "us", "of"}
_LAST_HAN = frozenset(w[-1] for w in _ZH_BEFORE)


def _may_end(before: str, language: LanguageCode) -> bool:
    """Whether the text before a number can end in a comparator: a cheap test for most cases."""
    tail = before.rstrip(" \u00a0$£€¥")
    if language == "zh":
        tail = tail.rstrip("了为有其至")
        return tail[-1:] in _LAST_HAN
    return tail[-1:] in "<>≤≥=≦≧⩽⩾;" or tail.rpartition(" ")[2].lower() in _LAST_WORDS


def _inside_word(flat: str, start: int, word: str) -> bool:
    return bool(start and word[0].isascii() and word[0].isalpha() and flat[start - 1].isalpha())


def _made(text: str, start: int, end: int, entry: _Entry, *, tight: bool = True) -> Comparator:
    relation, firm, strict = entry
    return Comparator(start, end, text[start:end], relation, firm, strict, tight)


# Bounds in words, wherever they stand: clear ones, and whatever may say such a bound.
_LEAST_EN = re.compile(
    r"\b(?:at (?:the very )?least|(?:no|not) (?:less|fewer|lower|shorter|smaller|younger) than"
    r"|(?:a|the|at a) minimum|minimum of|or (?:more|older|above|higher|longer|greater|over)\b"
    r"|(?<!no )(?<!not )more than|over (?=\d|half|one|two|three|a (?:hundred|thousand|million))"
    r"|in excess of|(?<!not )exceed(?:s|ed|ing)?|upwards? of)\b|[≥>＞]",
    re.I,
)
_MOST_EN = re.compile(
    r"\b(?:at (?:the very )?most|(?:no|not) (?:more|greater|higher|longer|larger|older|later) than"
    r"|(?:a|the) maximum|maximum of|up to|or (?:less|fewer|younger|below|lower|under|shorter)\b"
    r"|(?<!no )(?<!not )(?:less|fewer) than|under (?=\d|half|age)"
    r"|not exceed(?:ing)?|within)\b|[≤<＜]",
    re.I,
)
# Chinese bounds, each with the English that it may render.
_MORE_EN = (
    r"more|over|above|exceed\w*|excess|greater|higher|older|longer|larger|beyond|surpass\w*|top\w*"
    r"|outnumber\w*|plus|upwards?|later|better|m(?:any|ost|ultiple)|several|numerous"
    r"|(?:no|not) less"
)
_LESS_EN = (
    r"less|fewer|under|below|lower|smaller|younger|shorter|within|almost|nearly|short|close|just"
    r"|insufficien\w*|inadequa\w*|lack\w*|barely|hardly|slower|earlier|limit\w*"
)
_AT_LEAST_ZH = "至少|最少|最低|起码|不少于|不小于|不低于|不短于|不得少于|不下于?"
_OVER_ZH = (
    "(?<!不)(?<!没有)(?<!未)超过|(?<!不)[多高大]于|逾|以上|之上|不止|超出|[>≥＞]"
    "|[多余][名个年人次种例项岁%万天家]"
)
_AT_MOST_ZH = "至多|最多|(?:不|未|没有)超过|不多于|不高于|不大于|不得超过"
_UNDER_ZH = (
    "不到|不足(?=[一二三两四五六七八九十百千万半\\d ])|(?<!不)[少低小]于|未满"
    "|不满(?=[\\d一二三十])|(?<!可)以内|之内|[<≤＜]|以下(?!简称|几|[方问因内三四五]|是|为|的[几三四])"
)
_AMOUNT_EN = (
    r"\d|an? |the (?:first|next|last|past)|one|two|three|f(?:our|ive)|six|seven|eight|ten|half"
)
_GONE = {
    "least": (
        (
            _AT_MOST_ZH,
            r"most(?! (?:of|\w+s|people|men|women|children)\b)|maxim\w+|up to|limit\w*|cap(?:ped)?"
            rf"|(?:within|only) (?={_AMOUNT_EN})"
            r"|(?:no|not|never|n['’]t)\s(?:\w+\s){0,4}(?:more|greater|over|exceed\w*|beyond|later|longer)",
        ),
        (_UNDER_ZH, _LESS_EN + "|up to|maxim\\w+|at most|no more|not|n['’]t"),
    ),
    "most": (
        (_AT_LEAST_ZH, r"least|minim\w+|lowest|fewest|(?:no|not) (?:less|fewer|lower)|" + _MORE_EN),
        (_OVER_ZH, _MORE_EN + rf"|at least|minim\w+|from (?={_AMOUNT_EN})"),
    ),
}
_LEAST_ZH = re.compile(f"{_AT_LEAST_ZH}|{_OVER_ZH}")
_MOST_ZH = re.compile(f"{_AT_MOST_ZH}|{_UNDER_ZH}")


_BOUNDS = tuple(
    Scale.of(mine, kept, [(zh, re.compile(rf"\b(?:{en})\b|[{signs}]", re.I)) for zh, en in gone])
    for mine, kept, gone, signs in (
        (_LEAST_EN, _LEAST_ZH, _GONE["least"], "≤<＜"),
        (_MOST_EN, _MOST_ZH, _GONE["most"], "≥>＞+"),
    )
)


def turned_bound(source: str, hypothesis: str) -> Turned | None:
    """A bound in words of which the hypothesis has the opposite, and fewer of its own kind.

    It needs no number beside the word: ``at least among farmers`` and 最多在农民中.
    """
    return next(turned(_BOUNDS, source, hypothesis), None)
