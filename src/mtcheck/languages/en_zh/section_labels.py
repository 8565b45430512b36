"""Labels of structured abstracts, English and Chinese: BACKGROUND, 方法 and their like."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

__all__ = ["CHINESE_LABELS", "SectionLabel", "chinese_labels", "english_labels", "run_on_label"]

_ENGLISH = {
    "background": "background|introduction|context|rationale|importance|purpose of (?:the )?review",
    "aim": (
        "objectives?|aims?|purposes?|goals?|aims? of the study|(?:study|main|primary) objectives?"
        "|study aims?|(?:review |research |study )?questions?|hypothes[ie]s"
    ),
    "background and aim": (
        "(?:background|introduction|importance)(?: and |[ /&]+)(?:objectives?|aims?|purpose)"
    ),
    "setting": "(?:study )?settings?|settings? and locations?|locations?",
    "methods": (
        "(?:main )?methods?|(?:materials?|patients|subjects|participants|design|methods)"
        " (?:and|&) (?:methods|materials)|research design and methods|methodology"
        "|(?:study |trial |experimental |research )?design"
        "|(?:study )?designs?,? settings?,? (?:and|&) (?:participants|patients|subjects|population)"
        "|(?:study )?design and (?:settings?|participants)|settings? and (?:participants|design)"
        "|participants and settings?|study selection|data sources?|data sources and study selection"
        "|data sources and searches|information sources|search (?:methods?|strategy)"
        "|(?:selection|eligibility|inclusion|study eligibility|selection and exclusion) criteria"
        "|eligibility criteria for (?:selecting )?studies|inclusion and exclusion criteria"
        "|study appraisal(?: and synthesis methods?)?|data (?:collection|extraction) (?:and|&) "
        "(?:data )?(?:analysis|synthesis)|data (?:extraction|synthesis|collection|analysis)"
        "|review methods?|evidence (?:review|acquisition|synthesis)|participants?|patients?"
        "|(?:study )?population|subjects|samples?|interventions?|exposures?|comparisons?"
        "|interventions? or exposures?|exposures? and comparators?"
        "|(?:main |primary |secondary |key )?outcomes?(?: (?:and )?measure(?:s|ments)?)?"
        "|primary and secondary outcome measures?|main outcomes and measures|measurements?"
        "|main (?:measures?|variables)|statistical analysis|randomi[sz]ation|approach|procedures?"
        "|methods (?:and|&) (?:results?|findings)"
    ),
    "results": (
        "(?:main |key |principal )?results?|(?:main |key |principal )?findings"
        "|results and discussion|evidence synthesis results"
    ),
    "conclusions": (
        "(?:authors?['’]s? |reviewers?['’] |main )?conclusions?"
        "(?: (?:and|&) (?:relevance|significance|implications|recommendations))?|interpretation"
        "|summary|(?:clinical |policy )?implications|discussion(?: and conclusions?)?|meaning"
        "|significance|clinical (?:relevance|significance)|relevance"
    ),
    "key points": "key (?:points?|messages?)|plain[- ]language (?:summary|title)|highlights",
    "limitations": "(?:study )?limitations?|strengths and limitations",
    "registration": (
        "(?:(?:clinical )?trial |systematic review |study |review |protocol )?registration"
        "(?: number| no\\.?)?|clinicaltrials\\.gov(?: identifier)?"
    ),
    "funding": "(?:study |primary )?funding(?: sources?)?|sources? of funding|financial support",
    "keywords": "key ?words|index terms",
}
_AND = "[与和及、，/](?:其)?"
_CHINESE = {
    "background": (
        "研究背景|背景(?:资料|介绍)?|引言|前言|介绍|导言|简介|绪论|(?:研究|选题)?(?:重要性|依据)"
    ),
    "aim": "研究目的|研究目标|目的|目标|宗旨|(?:研究|综述)?问题|(?:研究)?假设",
    "background and aim": f"背景{_AND}(?:研究)?(?:目的|目标)|目的{_AND}背景",
    "setting": "(?:研究)?(?:场所|地点|环境|机构|场景|背景环境)|设置|背景设置|环境设置|地点和环境",
    "methods": (
        f"(?:研究|实验|主要|综述)?方法(?:学|论)?|(?:材料|资料|对象|患者|受试者|参与者|病例|病人|设计|方法){_AND}"
        "(?:方法|材料)|(?:研究|实验|试验)?设计|研究选择|研究筛选|(?:数据|资料|信息)来源"
        f"|数据来源{_AND}(?:研究选择|研究筛选|检索)"
        f"|(?:研究)?设计{_AND}\\s?(?:研究)?(?:地点|场所|环境|设置|背景|机构|场景|现场)"
        "[与和及、，以]{0,2}\\s?(?:研究)?(?:参与者|受试者|对象|患者|人群|参与人群)"
        f"|(?:研究)?设计{_AND}(?:地点|场所|环境|参与者|设置)|(?:检索|搜索|检索和筛选)(?:方法|策略)"
        f"|(?:研究)?(?:入选|纳入|选择|筛选|合格|入组|遴选|选取)(?:标准|准则)|纳入{_AND}排除标准"
        f"|(?:研究)?(?:纳入|入选)研究的?标准|(?:数据|资料)(?:收集|采集|提取|合成|综合|分析|整合)"
        f"(?:{_AND}(?:数据|资料)?(?:分析|综合|合成|整合))?|证据(?:综述|审查|回顾|评估|获取|综合|检索)"
        "|研究评价|受试者|参与者|研究对象|患者|病人|(?:研究)?人群|样本|干预(?:措施|方法|手段)?"
        f"|暴露(?:因素|情况)?|干预{_AND}暴露|对照|比较|测量(?:指标)?|(?:主要|次要|关键)?(?:结局|结果|终点|观察)"
        f"(?:指标|测量|测量指标|衡量指标)|(?:主要|次要)(?:结局|终点)|(?:主要)?(?:结局|结果){_AND}(?:测量|衡量|评价|评估|观察)?(?:指标|方法)?"
        "|统计(?:学)?(?:分析|方法)|随机化|途径|流程"
        f"|方法{_AND}(?:结果|发现)"
    ),
    "results": f"(?:研究|主要|关键)?结果|结果{_AND}讨论|(?:研究|主要|关键)?发现|主要研究结果",
    "conclusions": (
        f"(?:研究|主要|作者|综述|作者的|评价者)?结论(?:{_AND}(?:临床)?(?:意义|相关性|讨论|启示|关联性?|建议|价值|重要性))?"
        f"|讨论(?:{_AND}结论)?|结语|总结|小结|解释|解读|释义|(?:临床|研究)?(?:意义|启示|含义)|相关性"
    ),
    "key points": (
        "要点|关键(?:点|要点|信息)|主要信息|核心信息|亮点"
        "|(?:通俗|简明|平实)(?:易懂)?(?:语言)?的?(?:概要|摘要|总结|概述)"
    ),
    "limitations": f"(?:优势|优点){_AND}局限性?|(?:研究)?局限(?:性|与不足)?|限制|不足(?:之处)?",
    "registration": (
        "(?:临床|系统综述|系统评价|研究|方案)?(?:试验|研究)?(?:注册|登记)(?:号码?|信息|编号)?"
    ),
    "funding": (
        "(?:主要|研究)?资金(?:来源|支持|资助)?|(?:经费|研究)?资助(?:来源|机构|方|信息)?"
        "|基金(?:项目|资助|来源|支持)?|经费(?:来源)?"
    ),
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
    "key points": "要点",
    "limitations": "局限性",
    "registration": "试验注册",
    "funding": "资金",
    "keywords": "关键词",
}
"""The usual Chinese label for each kind."""


def _alternatives(pattern: str) -> list[str]:
    """The alternatives of a pattern, parted where ``|`` stands outside brackets."""
    found, depth = [""], 0
    for c in pattern:
        depth += (c == "(") - (c == ")")
        if c == "|" and not depth:
            found.append("")
        else:
            found[-1] += c
    return found


def _pattern(kinds: dict[str, str]) -> str:
    """The labels of all kinds, the longest first, so that none is cut short by another."""
    every = {a for pattern in kinds.values() for a in _alternatives(pattern)}
    return f"(?P<label>{'|'.join(sorted(every, key=lambda a: (-len(a), a)))})"


_KINDS = {
    language: {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in kinds.items()}
    for language, kinds in (("en", _ENGLISH), ("zh", _CHINESE))
}


@functools.lru_cache(maxsize=1024)
def _kind(label: str, language: str) -> str:
    return next(k for k, pattern in _KINDS[language].items() if pattern.fullmatch(label))


_EN_LABEL, _ZH_LABEL = _pattern(_ENGLISH), _pattern(_CHINESE)

# At the start, or after a full stop: "RESULTS:", "Results:", "RESULTS We" (capitals only).
_EN = re.compile(
    rf"(?:^|(?<=[.!?)]\s)|(?<=[.!?]))\s{{0,3}}[\[(<]{{0,1}}{_EN_LABEL}[\])>]{{0,1}}\s?"
    r"(?P<mark>[:：]|\.(?=\s[A-Z])|[-–—](?=\s)|(?=\s[A-Z0-9]))",
    re.IGNORECASE,
)
_ZH = re.compile(
    rf"(?:^|(?<=[。！？.!?；;）]))\s{{0,3}}(?P<open>[【\[（(〔]?)\s?{_ZH_LABEL}\s?"
    rf"(?P<mark>[】\]）)〕]\s?[:：]?|[:：]|[.。\s\u3000](?=\S)|$)"
)


@dataclass(frozen=True, slots=True)
class SectionLabel:
    """A label at ``[start, end)``, its mark left out, and its kind."""

    start: int
    end: int
    kind: str


def _labels(
    pattern: re.Pattern[str], text: str, language: str
) -> list[tuple[re.Match[str], SectionLabel]]:
    return [
        (m, SectionLabel(*m.span("label"), _kind(m["label"], language)))
        for m in pattern.finditer(text)
    ]


@functools.lru_cache(maxsize=4096)
def english_labels(text: str) -> tuple[SectionLabel, ...]:
    """The labels of an English text: at its start or after a stop, with a colon or in capitals."""
    found = []
    for m, label in _labels(_EN, text, "en"):
        word = text[label.start : label.end]
        if word.isupper() or (word[0].isupper() and m["mark"] in (":", "：")):
            found.append(label)
    return tuple(found)


@functools.lru_cache(maxsize=4096)
def chinese_labels(text: str) -> tuple[SectionLabel, ...]:
    """The labels of a Chinese text: at its start or after a stop, and set off by a mark."""
    found = []
    for m, label in _labels(_ZH, text, "zh"):
        bracketed = bool(m["open"]) and bool(m["mark"]) and m["mark"][0] in "】]）)〕"
        if bracketed or (not m["open"] and (m["mark"] == "" or m["mark"][0] in ":：.。 \u3000")):
            found.append(label)
    return tuple(found)


# At the very start; in title case a capital must follow, as in "Methods We sowed".
_EN_START = re.compile(rf"\s{{0,3}}{_EN_LABEL}(?P<mark>\s?[:：.]\s|\s(?=[A-Z0-9]))", re.IGNORECASE)
_ZH_START = re.compile(rf"\s{{0,3}}{_ZH_LABEL}(?=[㐀-鿿])")
# What makes a label the subject of its sentence: 结果表明, 方法的选择, 目的是.
_GOES_ON = re.compile(
    r"[的是在为有中上和与及或均也都将可以]|表[明示]|显示|提示|证[实明]|发现|如下|包括"
)


@functools.lru_cache(maxsize=4096)
def run_on_label(source: str, hypothesis: str) -> SectionLabel | None:
    """The label that starts the hypothesis and runs into its sentence without a mark or space.

    Only where the source starts with a label of the same kind, so that 结果 is one here.
    """
    if any(not hypothesis[: x.start].strip() for x in chinese_labels(hypothesis)):
        return None  # a label as it should be: 主要结局和测量指标：
    english = _EN_START.match(source)
    chinese = _ZH_START.match(hypothesis)
    if not english or not chinese:
        return None
    # IGNORECASE lets the look-ahead pass small letters
    if not (source[english.end() : english.end() + 1].isupper() or english["mark"].strip()):
        return None
    if not source.lstrip()[0].isupper() or _GOES_ON.match(hypothesis, chinese.end()):
        return None
    kind = _kind(chinese["label"], "zh")
    return (
        SectionLabel(*chinese.span("label"), kind)
        if kind == _kind(english["label"], "en")
        else None
    )
