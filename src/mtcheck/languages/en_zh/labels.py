"""Labels of structured abstracts, English and Chinese: BACKGROUND, 方法 and their like."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

__all__ = ["CHINESE_LABELS", "Label", "chinese_labels", "english_labels", "run_on_label"]

_ENGLISH = {
    "background": "background|introduction|context|rationale|importance",
    "aim": "objectives?|aims?|purposes?|goals?|aims? of the study|study objectives?",
    "background and aim": "background(?: and |[ /&]+)(?:objectives?|aims?|purpose)",
    "setting": "setting|settings",
    "methods": (
        "methods?|(?:materials?|patients|subjects|design|methods) and (?:methods|materials)"
        "|methodology|(?:study |experimental )?design|study selection|data sources?"
        "|data extraction|participants|patients|interventions?|measurements?"
        "|main outcome measures?|main outcomes and measures|statistical analysis|approach"
    ),
    "results": "(?:main |key )?results?|findings|results and discussion",
    "conclusions": (
        "conclusions?(?: and (?:relevance|significance))?|interpretation|summary|implications"
        "|discussion(?: and conclusions?)?"
    ),
    "limitations": "limitations?|strengths and limitations",
    "registration": "(?:clinical )?(?:trial )?registration",
    "funding": "funding",
    "keywords": "key ?words",
}
_CHINESE = {
    "background": "研究背景|背景(?:资料|介绍)?|引言|前言|介绍|导言|简介|绪论|(?:研究)?重要性",
    "aim": "研究目的|研究目标|目的|目标|宗旨",
    "background and aim": "背景[与和及/、](?:研究)?(?:目的|目标)|目的[与和及]背景",
    "setting": "(?:研究)?(?:场所|地点|环境)|设置|背景设置",
    "methods": (
        "(?:研究|实验)?方法(?:学|论)?|(?:材料|资料|对象|患者|受试者|病例|病人|设计|方法)[与和及]"
        "(?:方法|材料)|(?:研究|实验)?设计|研究选择|(?:数据|资料)(?:来源|提取)|受试者|参与者"
        "|研究对象|患者|病人|干预(?:措施)?|测量(?:指标)?|主要(?:结局指标|结果测量|观察指标)"
        "|主要(?:结局|结果)[与和](?:测量|衡量)(?:指标)?|统计(?:学)?分析|途径"
    ),
    "results": "(?:研究|主要|关键)?结果|结果[与和及]讨论|(?:研究|主要)?发现",
    "conclusions": (
        "(?:研究|主要)?结论|结论[与和及](?:意义|相关性|讨论)|讨论(?:[与和及]结论)?|结语|总结|小结"
        "|解释|解读|释义|意义|启示"
    ),
    "limitations": "(?:优势|优点)[与和及]局限性?|局限性?|限制|不足",
    "registration": "(?:临床)?(?:试验)?注册(?:号|信息)?",
    "funding": "资金(?:来源)?|资助|基金(?:项目|资助)?|经费",
    "keywords": "关键词|关键字|主题词",
}
CHINESE_LABELS = {
    "background": "背景",
    "aim": "目的",
    "background and aim": "背景与目的",
    "setting": "研究场所",
    "methods": "方法",
    "results": "结果",
    "conclusions": "结论",
    "limitations": "局限性",
    "registration": "试验注册",
    "funding": "资金",
    "keywords": "关键词",
}
"""The usual Chinese label for each kind."""


def _pattern(kinds: dict[str, str]) -> str:
    return "|".join(f"(?P<{k.replace(' ', '_')}>{v})" for k, v in kinds.items())


# At the start, or after a full stop: "RESULTS:", "Results:", "RESULTS We" (capitals only).
_EN = re.compile(
    rf"(?:^|(?<=[.!?)]\s)|(?<=[.!?]))\s{{0,3}}[\[(<]{{0,1}}(?:{_pattern(_ENGLISH)})[\])>]{{0,1}}\s?"
    r"(?P<mark>[:：]|\.(?=\s[A-Z])|[-–—](?=\s)|(?=\s[A-Z0-9]))",
    re.IGNORECASE,
)
_ZH = re.compile(
    rf"(?:^|(?<=[。！？.!?；;）]))\s{{0,3}}(?P<open>[【\[（(〔]?)\s?(?:{_pattern(_CHINESE)})\s?"
    rf"(?P<mark>[】\]）)〕]\s?[:：]?|[:：]|[.。\s\u3000](?=\S)|$)"
)


@dataclass(frozen=True, slots=True)
class Label:
    """A label at ``[start, end)``, its mark left out, and its kind."""

    start: int
    end: int
    kind: str


def _labels(pattern: re.Pattern[str], text: str) -> list[tuple[re.Match[str], Label]]:
    found = []
    for m in pattern.finditer(text):
        for kind in _ENGLISH:
            group = kind.replace(" ", "_")
            if m[group] is not None:
                found.append((m, Label(*m.span(group), kind)))
    return found


@functools.lru_cache(maxsize=4096)
def english_labels(text: str) -> tuple[Label, ...]:
    """The labels of an English text: at its start or after a stop, with a colon or in capitals."""
    found = []
    for m, label in _labels(_EN, text):
        word = text[label.start : label.end]
        if word.isupper() or (word[0].isupper() and m["mark"] in (":", "：")):
            found.append(label)
    return tuple(found)


@functools.lru_cache(maxsize=4096)
def chinese_labels(text: str) -> tuple[Label, ...]:
    """The labels of a Chinese text: at its start or after a stop, and set off by a mark."""
    found = []
    for m, label in _labels(_ZH, text):
        bracketed = bool(m["open"]) and bool(m["mark"]) and m["mark"][0] in "】]）)〕"
        if bracketed or (not m["open"] and (m["mark"] == "" or m["mark"][0] in ":：.。 \u3000")):
            found.append(label)
    return tuple(found)


# At the very start; in title case a capital must follow, as in "Methods We sowed".
_EN_START = re.compile(
    rf"\s{{0,3}}(?:{_pattern(_ENGLISH)})(?P<mark>\s?[:：.]\s|\s(?=[A-Z0-9]))", re.IGNORECASE
)
_ZH_START = re.compile(rf"\s{{0,3}}(?:{_pattern(_CHINESE)})(?=[㐀-鿿])")
# What makes a label the subject of its sentence: 结果表明, 方法的选择, 目的是.
_GOES_ON = re.compile(
    r"[的是在为有中上和与及或均也都将可以]|表[明示]|显示|提示|证[实明]|发现|如下|包括"
)


@functools.lru_cache(maxsize=4096)
def run_on_label(source: str, hypothesis: str) -> Label | None:
    """The label that starts the hypothesis and runs into its sentence without a mark or space.

    Only where the source starts with a label of the same kind, so that 结果 is one here.
    """
    english = _EN_START.match(source)
    chinese = _ZH_START.match(hypothesis)
    if not english or not chinese:
        return None
    # IGNORECASE lets the look-ahead pass small letters
    if not (source[english.end() : english.end() + 1].isupper() or english["mark"].strip()):
        return None
    if not source.lstrip()[0].isupper() or _GOES_ON.match(hypothesis, chinese.end()):
        return None
    for kind in _ENGLISH:
        group = kind.replace(" ", "_")
        if english[group] is not None and chinese[group] is not None:
            return Label(*chinese.span(group), kind)
    return None
