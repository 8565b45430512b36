"""Names of statistics beside numbers: P, CI, OR, HR, SD, n =, ±, in English and Chinese."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from mtcheck.text.values import LanguageCode, plain

__all__ = ["Statistic", "statistics"]


@dataclass(frozen=True, slots=True)
class Statistic:
    """A statistic's name in a text: half-open place in code points, and its usual symbol."""

    start: int
    end: int
    text: str
    symbol: str


# A bare symbol may be a word (OR, SE): it counts when a number follows.
_NUMBER = r"(?=(?:\s?[=<>≤≥:(,]|\s(?:was|were|is|are|of))?\s?[-(\[]?\.?\d)"
# In Chinese no word looks like one: OR为1.5, OR值, HR及其95%CI.
_ALONE = r"(?![A-Za-z])"
# symbol: pattern in English (symbols are kept in Chinese too), Chinese words
_TABLE = {
    "±": (r"±|\+/-", "±"),
    "CI": (
        r"\bC\.?I\.?(?=\W|\d|$)|(?<=%)\s?Ci\b|\b(?:confidence|credible) intervals?\b",
        "置信区间|可信区间|置信界限|可信限",
    ),
    "P": (
        rf"\b[Pp](?:[- ]values?)?(?=\s?[=<>≤≥]\s?0?\.\d)|\b[Pp][- ]values?\b{_NUMBER}",
        r"[Pp]\s?值|[Pp]均?[为是]|[Pp](?=均?[<>＜＞=≤≥])"
        # P 0.05, P&0.05: the sign after it is damaged, which is comparator-mismatch's.
        r"|(?<![A-Za-z])[Pp](?=\s?[^\w\s]{0,2}\s?0?\.\d)|显著性水平|显著性(?=[<>=])",
    ),
    "OR": (
        rf"\b[ac]?ORs?{_NUMBER}|\b[ac]?ORs\b|\bodds ratios?\b",
        rf"(?<![A-Za-z])[ac]?ORs?{_ALONE}|比值比|优势比|赔率比|几率比|让步比|胜算比|机会比",
    ),
    "HR": (
        rf"\b[acs]?HRs?{_NUMBER}|\b[acs]?HRs\b|\bhazards? ratios?\b",
        rf"(?<![A-Za-z])[acs]?HRs?{_ALONE}|风险比|危险比|风险率|危害比",
    ),
    "RR": (
        rf"\b[ac]?RRs?{_NUMBER}|\b[ac]?RRs\b|\b(?:relative risks?|risk ratios?|rate ratios?)\b",
        rf"(?<![A-Za-z])[ac]?I?RRs?{_ALONE}|相对风险|相对危险度?|率比|比率比",
    ),
    "SD": (
        rf"\bS\.?D\.?{_NUMBER}|\bstandard deviations?\b",
        rf"(?<![A-Za-z])SDs?{_ALONE}|标准差|标准偏差|标准离差",
    ),
    "SE": (
        rf"\bS\.?E\.?M?\.?{_NUMBER}|\bstandard errors?\b",
        rf"(?<![A-Za-z])SEM?{_ALONE}|标准误差?",
    ),
    "IQR": (
        rf"\bIQRs?{_NUMBER}|\binterquartile ranges?\b",
        rf"(?<![A-Za-z])IQRs?{_ALONE}|P_?25|Q1?[1lL]\s?[,，、~～–-]\s?Q|四分位[数值]|四分位距|四分位数?(?:间距|范围|区间)|四分位差",
    ),
    "n": (r"\b[nN](?=\s?=\s?\d)", r"样本量|[nN]\s?[为是]"),
    "median": (r"\b[Mm]edians?\b", r"中位|M(?=\s?\(P)"),
    "mean": (r"\b[Mm]eans?\b(?! that| to\b| by )|\b[Aa]verages?\b", "平均|均值|均数|x̄"),
}
_EN = re.compile(
    "|".join(f"(?P<g{i}>{en})" for i, (en, _) in enumerate(_TABLE.values())),
    re.ASCII,
)
_ZH = re.compile(
    "|".join(f"(?P<g{i}>{zh}|{en})" for i, (en, zh) in enumerate(_TABLE.values())),
    re.ASCII,  # so that a word ends where Han begins
)
_SYMBOLS = tuple(_TABLE)


@functools.lru_cache(maxsize=8192)
def statistics(text: str, language: LanguageCode) -> tuple[Statistic, ...]:
    """The statistics named in ``text``, in order."""
    flat = plain(text).replace("\u00a0", " ")
    return tuple(
        Statistic(*m.span(), text[m.start() : m.end()], _SYMBOLS[int((m.lastgroup or "g0")[1:])])
        for m in (_EN if language == "en" else _ZH).finditer(flat)
    )
