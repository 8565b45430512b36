"""The direction of a change or difference that is told with a number: fell by 12%, 下降12%."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mtcheck.text.values import LanguageCode, Value, plain

__all__ = ["Change", "change"]


@dataclass(frozen=True, slots=True)
class Change:
    """The word that says whether it went up, with its half-open place in code points."""

    start: int
    end: int
    text: str
    upward: bool


_EN_UP = (
    "increas(?:e|es|ed|ing)|rises?|rose|risen|rising|grew|grows?|grown|growing|growth"
    "|climb(?:s|ed|ing)?|elevated|elevation|up-?regulated"
)
_EN_DOWN = (
    "decreas(?:e|es|ed|ing)|reduc(?:e|es|ed|ing|tions?)|declin(?:e|es|ed|ing)|falls?|fell|fallen"
    "|falling|drop(?:s|ped|ping)?|lower(?:s|ed|ing)?|shr[aiu]nk|down-?regulated|diminish(?:es|ed)?"
)
# `increased (significantly) by about 12%`, `a fall from 3.1 to 2.4`
_BEFORE_EN = re.compile(
    rf"\b(?:(?P<up>{_EN_UP})|(?P<down>{_EN_DOWN}))\s(?:(?:\w{{2,16}}ly|in\s\w{{2,16}})\s)?"
    r"(?:from\s[\d.,]{1,12}[^\d,;:.()]{0,14}\sto\s|(?:by|of|to)\s)?"
    r"(?:(?:about|around|approximately|roughly|nearly|almost|over|only|just|another|up\sto"
    r"|more\sthan|less\sthan|at\sleast|an?\s(?:average|mean|median|further)(?:\sof)?)\s){0,2}"
    r"[$£€]?$",
    re.I,
)
# `12% higher`, `a 12% reduction`, `3 days longer`
_AFTER_EN = re.compile(
    r"(?:[\s-]?(?:per\s?cent|percentage\spoints?|fold))?(?:[\s-][A-Za-z]{1,10})?\s"
    r"(?:(?P<up>higher|greater|longer|larger|faster|increase|rise|growth)"
    r"|(?P<down>lower|fewer|shorter|smaller|slower|decrease|reduction|decline|drop|fall))\b",
    re.I,
)
_ABOUT_ZH = "(?:大约|超过|将近|接近|至少|不到|平均|仅|约|近|逾)?"
_BEFORE_ZH = re.compile(
    "(?:(?P<up>增[加长多大高幅]?|上[升涨调]|[提升]高|提升|[涨升]幅?|延长)"
    "|(?P<down>减[少小幅]?|降[低幅]?|下[降调跌滑]|缩[短小]|跌幅?))"
    rf"[了达到至为]{{0,2}}{_ABOUT_ZH}\s?[$£€]?$"
    rf"|(?P<more>[高长多大快])[出了]?{_ABOUT_ZH}\s?$|(?P<less>[低短少小慢])了?{_ABOUT_ZH}\s?$"
)
_AFTER_ZH = re.compile(
    r"\s?[\u4e00-\u9fffA-Za-z/·]{0,4}?的(?:[\u4e00-\u9fff]{2})?"
    "(?:(?P<up>增长|增幅|涨幅|升幅|上升|增加|提高|升高)|(?P<down>下降|降幅|减少|降低|跌幅|减幅))"
)
# 最高12%, 至少12%, 身高, 大多, 减少 …: no comparison of its own
_PART_OF_WORD = frozenset("最至身海大许很众减缩不提升增放扩延")
_LAST_EN = frozenset(
    {"by", "of", "to", "about", "around", "approximately", "roughly", "nearly", "almost", "over"}
    | {"only", "just", "another", "than", "least", "average", "mean", "median", "further"}
)
_CHANGE_EN = re.compile(f"(?:{_EN_UP}|{_EN_DOWN})", re.I)
_LAST_ZH = frozenset("加长升高涨多大幅减少低降小短调跌滑增了达到至为约过近接均仅逾出不快慢")


def change(text: str, value: Value, language: LanguageCode) -> Change | None:
    """The word right before or behind the number ``value`` that gives a change its direction.

    In Chinese a single 高, 低, 多 or 少 counts only before a percentage: 身高180 is no change.
    """
    flat = plain(text)
    if language == "en":
        at = max(0, value.start - 64)
        before = flat[at : value.start]
        m = _BEFORE_EN.search(before) if _may_end(before) else None
        m = m or _AFTER_EN.match(flat, value.end, value.end + 40)
    else:
        at = max(0, value.start - 14)
        before = flat[at : value.start]
        near = before.rstrip(" $£€")[-1:]
        m = _BEFORE_ZH.search(before) if near in _LAST_ZH else None
        if m is not None and not (m["up"] or m["down"]):
            first = before[m.start() - 1 : m.start()] if m.start() else ""
            if value.kind != "percent" or first in _PART_OF_WORD:
                return None
        m = m or _AFTER_ZH.match(flat, value.end, value.end + 12)
    if m is None:
        return None
    word = next(name for name, found in m.groupdict().items() if found)
    shift = at if m.endpos == len(before) and m.string is before else 0
    start, end = shift + m.start(word), shift + m.end(word)
    return Change(start, end, text[start:end], word in ("up", "more"))


def _may_end(before: str) -> bool:
    """Whether a change can stand before the number: a cheap test for most cases."""
    last = before.rstrip(" $£€").rpartition(" ")[2].lower()
    return last in _LAST_EN or _CHANGE_EN.fullmatch(last) is not None
