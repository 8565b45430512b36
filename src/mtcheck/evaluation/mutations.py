"""Plant one error of a known kind into pairs that are right, and count which rules notice.

``python -m mtcheck.evaluation.mutations FILE.jsonl --hypothesis-column reference`` prints a
row per kind: how many pairs could carry it, how many the rule aimed at caught, how many any
rule caught, and how often the rule aimed at fires on the same pairs untouched.

A corrupter changes only what a rule's page claims to see: a number is changed only where its
very digits stand on both sides, a negation is dropped only where each side has just one. An
error is caught when there is a finding that was not there before. The choice of the place is
random with a seed of its own per kind and pair, so adding a kind changes no other's figures.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mtcheck.config import Config
from mtcheck.errors import MtcheckError
from mtcheck.evaluation.labelled import Labelled, documents, read_labelled
from mtcheck.evaluation.rules import wilson
from mtcheck.models import Encoder, load_encoder
from mtcheck.models.remembering import Remembering
from mtcheck.rules import CRASH_CODE, Rule, selected
from mtcheck.scoring import with_similarity
from mtcheck.text.scripts import bracketed
from mtcheck.types import Finding, Segment

__all__ = [
    "MUTATIONS",
    "Mutation",
    "MutationFigures",
    "Pair",
    "evaluate_mutations",
    "main",
    "table",
]

Pair = tuple[str, str]
"""Source and hypothesis."""
Plant = Callable[[str, str, random.Random], Pair | None]
Arrange = Callable[[Sequence[Segment], int, Sequence[Segment], random.Random], list[str] | None]


@dataclass(frozen=True, slots=True)
class Mutation:
    """A kind of error. ``aims`` are the codes of the rules that ought to see it.

    ``plant`` returns the corrupted pair, or None where the pair can't carry this error.
    ``arrange``, for errors between rows, gets the document, the place, all segments of the
    file and the random source, and returns the document's hypotheses in their new order; such
    an error shows only when the similarities are known. ``claimed`` is False for a kind that
    no rule's page says it sees: it stands in the table to show the gap.
    """

    kind: str
    aims: tuple[str, ...]
    plant: Plant | None = None
    arrange: Arrange | None = None
    claimed: bool = True

    def corrupt(
        self,
        document: Sequence[Segment],
        i: int,
        everything: Sequence[Segment],
        rng: random.Random,
    ) -> list[Segment] | None:
        """The document with the error at segment ``i``, or None where it can't be planted."""
        if self.arrange is not None:
            order = self.arrange(document, i, everything, rng)
            pairs = zip((s.source for s in document), order, strict=True) if order else None
            return (
                [_with(s, pair) for s, pair in zip(document, pairs, strict=True)] if pairs else None
            )
        pair = self.plant(document[i].source, document[i].hypothesis, rng) if self.plant else None
        if pair is None or pair == (document[i].source, document[i].hypothesis):
            return None
        return [*document[:i], _with(document[i], pair), *document[i + 1 :]]


def _with(segment: Segment, pair: Pair) -> Segment:
    source, hypothesis = pair
    return replace(
        segment,
        source=source,
        hypothesis=hypothesis,
        source_end=len(source),
        hypothesis_end=len(hypothesis),
    )


@dataclass(frozen=True, slots=True)
class MutationFigures:
    """One row of the table.

    ``untouched`` counts the carrying pairs on which an aimed rule fires before anything is
    planted; ``misses`` are the pairs that no aimed rule caught.
    """

    kind: str
    aims: tuple[str, ...]
    planted: int
    caught: int
    caught_by_any: int
    untouched: int
    claimed: bool = True
    misses: tuple[Pair, ...] = ()


MUTATIONS: list[Mutation] = []
"""Every kind, in the order of the table."""


def _kind(kind: str, *aims: str, claimed: bool = True) -> Callable[[Plant], Plant]:
    def add(plant: Plant) -> Plant:
        MUTATIONS.append(Mutation(kind, aims, plant, claimed=claimed))
        return plant

    return add


# --- helpers -----------------------------------------------------------------------------------

_HAN = "[\u4e00-\u9fff]"
_NUMBER = re.compile(r"(?<![\d.,A-Za-z-])\d+(?:\.\d+)?(?![\dA-Za-z-]|[.,]\d)")
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d-]|[.,]\d)")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_DOUBLED = ("是", "因此", "他们", "这些", "由于", "患者", "以及")
_ACRONYM = re.compile(r"(?<![A-Za-z0-9-])[A-Z]{3,6}(?![A-Za-z0-9+-])")
_ACRONYM_DIGIT = re.compile(r"(?<![A-Za-z0-9-])[A-Z]{2,6}-?\d{1,2}(?![A-Za-z0-9-])")


def _cut(text: str, match: re.Match[str], new: str = "") -> str:
    return text[: match.start()] + new + text[match.end() :]


def _pick(matches: Sequence[re.Match[str]], rng: random.Random) -> re.Match[str] | None:
    return rng.choice(matches) if matches else None


def _once_each(pattern: re.Pattern[str], source: str, hypothesis: str) -> list[re.Match[str]]:
    """Matches in the hypothesis whose text stands exactly once on each side."""
    ours = [m[0] for m in pattern.finditer(source)]
    theirs = list(pattern.finditer(hypothesis))
    texts = [m[0] for m in theirs]
    return [m for m in theirs if texts.count(m[0]) == 1 and ours.count(m[0]) == 1]


def _swap(
    table: Mapping[str, str], source: str, hypothesis: str, rng: random.Random
) -> Pair | None:
    """Replace one occurrence of one of the keys by its value."""
    found = [m for key in table for m in re.finditer(re.escape(key), hypothesis)]
    match = _pick(found, rng)
    return (source, _cut(hypothesis, match, table[match[0]])) if match else None


def _insert_before_end(text: str, addition: str) -> str:
    stop = len(text) - 1 if text and text[-1] in "。.!?！？" else len(text)
    return text[:stop] + addition + text[stop:]


def _paired(
    source: str, hypothesis: str, rng: random.Random, words: Sequence[tuple[str, str, str]]
) -> Pair | None:
    """Replace a Chinese word whose English counterpart stands in the source.

    ``words``: pattern of the English, the Chinese, its replacement.
    """
    usable = [
        (m, new)
        for english, chinese, new in words
        if len(re.findall(english, source, re.I)) == 1
        for m in re.finditer(chinese, hypothesis)
        if hypothesis.count(m[0]) == 1
    ]
    if not usable:
        return None
    match, new = rng.choice(usable)
    return source, _cut(hypothesis, match, new)


# --- numbers -----------------------------------------------------------------------------------


@_kind("number dropped", "ACC005")
def _number_dropped(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    match = _pick(_once_each(_NUMBER, source, hypothesis), rng)
    return (source, _cut(hypothesis, match)) if match else None


@_kind("digit changed", "ACC005")
def _digit_changed(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    match = _pick(_once_each(_NUMBER, source, hypothesis), rng)
    if not match:
        return None
    digits = [i for i, c in enumerate(match[0]) if c.isdigit()]
    at = rng.choice(digits)
    others = [d for d in "123456789" if d != match[0][at]]
    new = match[0][:at] + rng.choice(others) + match[0][at + 1 :]
    return source, _cut(hypothesis, match, new)


@_kind("decimal point moved", "ACC005")
def _point_moved(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    decimal = re.compile(r"(?<![\d.,A-Za-z-])[1-9]\d*\.\d+(?![\dA-Za-z-]|[.,]\d)")
    match = _pick(_once_each(decimal, source, hypothesis), rng)
    if not match:
        return None
    whole, _, part = match[0].partition(".")
    new = f"{whole}{part[0]}.{part[1:]}" if part[1:] else whole + part
    return source, _cut(hypothesis, match, new)


@_kind("万 and 亿 swapped", "ACC005")
def _wan_yi(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    if not re.search(r"\d{2},\d{3}|\b(?:thousand|million|billion|trillion)\b", source):
        return None
    match = _pick(list(re.finditer(r"(?<=\d)\s?[万亿](?!亿)", hypothesis)), rng)
    return (source, _cut(hypothesis, match, "亿" if "万" in match[0] else "万")) if match else None


@_kind("percent sign dropped", "ACC009", "ACC005", "ACC011")
def _percent_dropped(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    percent = re.compile(r"(?<![\d.,])\d+(?:\.\d+)?%")
    match = _pick(_once_each(percent, source, hypothesis), rng)
    return (source, _cut(hypothesis, match, match[0][:-1])) if match else None


@_kind("year changed", "ACC005", "ACC012")
def _year_changed(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    match = _pick(_once_each(_YEAR, source, hypothesis), rng)
    if not match:
        return None
    return source, _cut(hypothesis, match, str(int(match[0]) + rng.choice((-10, -2, -1, 1, 2))))


@_kind("month changed", "ACC012", "ACC005")
def _month_changed(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    there = {i + 1 for i, name in enumerate(_MONTHS) if re.search(rf"\b{name}\b", source)}
    found = [
        m
        for m in re.finditer(r"(?<!\d)(\d{1,2})(?=月(?!龄|余|后|前|内))", hypothesis)
        if int(m[1]) in there
    ]
    match = _pick(found, rng)
    if not match or len(there) != 1 or len(found) != 1:
        return None
    return source, _cut(hypothesis, match, str(int(match[1]) % 12 + 1))


@_kind("decade changed", "ACC013", "ACC005")
def _decade_changed(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    decades = re.findall(r"\b(?:1[89]|20)(\d)0s\b", source)
    found = [m for m in re.finditer(r"(?<=\d|纪)(\d)0(?=\s?年代)", hypothesis) if [m[1]] == decades]
    match = _pick(found, rng)
    if not match or len(found) != 1:
        return None
    return source, _cut(hypothesis, match, f"{(int(match[1]) + 1) % 10}0")


@_kind("p value changed", "ACC005", "ACC011")
def _p_value(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    value = rng.choice(("0.05", "0.01", "0.001", "0.03"))
    wrong = value.replace("0.0", "0.", 1)
    return (
        _insert_before_end(source, f" (P < {value})"),
        _insert_before_end(hypothesis, f"（P < {wrong}）"),
    )


@_kind("p value comparator flipped", "ACC010", "ACC011")
def _p_flipped(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    value = rng.choice(("0.05", "0.01", "0.001"))
    return (
        _insert_before_end(source, f" (P < {value})"),
        _insert_before_end(hypothesis, f"（P > {value}）"),
    )


@_kind("comparator flipped", "ACC010")
def _comparator(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    return _paired(
        source,
        hypothesis,
        rng,
        (
            (
                r"\b(?:more|greater|larger|higher) than \d|\bover \d|\babove \d",
                "(?<!不)超过(?=\\d)",
                "不足",
            ),
            (r"\bmore than \d", r"(?<=\d)多(?=[个名人年例次种])", "不到"),
            (
                r"\b(?:less|fewer|lower) than \d|\bbelow \d|\bunder \d",
                "(?:不到|不足|低于|少于|小于)(?=\\d)",
                "超过",
            ),
            (r"\bat least \d", "(?:至少|不少于)(?=[\\d有])", "至多"),
            (r"\bup to \d|\bat most \d|\bno more than \d", "(?:最多|至多|不超过)(?=\\d)", "至少"),
            (r"<", "[<＜]", ">"),
            (r">", "[>＞]", "<"),
            (r"≤", "≤", "≥"),
            (r"≥", "≥", "≤"),
        ),
    )


@_kind("unit changed", "ACC009")
def _unit_changed(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    gap = r"(?<=\d)\s?"
    return _paired(
        source,
        hypothesis,
        rng,
        (
            (r"\d\s?(?:km|kilomet(?:er|re)s?)\b", gap + "(?:公里|千米|km)", "米"),
            (r"\d\s?(?:m|met(?:er|re)s?)\b", gap + "米(?![秒\\d])", "厘米"),
            (r"\d\s?mg\b(?!/)", gap + "(?:mg|毫克)(?![/A-Za-z])", "克"),
            (r"\d\s?kg\b(?!/)", gap + "(?:kg|千克|公斤)(?![/A-Za-z])", "克"),
            (r"\d\s?(?:miles)\b", gap + "英里", "公里"),
            (r"\d\s?(?:minutes|min)\b", gap + "分钟", "小时"),
            (r"\d\s?(?:hours|h)\b", gap + "(?:个)?小时", "天"),
            (r"\d\s?(?:weeks)\b", gap + "周", "天"),
            (r"\d\s?(?:months)\b", gap + "个月", "周"),
        ),
    )


@_kind("unit dropped", "ACC009", claimed=False)
def _unit_dropped(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    gap = r"(?<=\d)\s?"
    return _paired(
        source,
        hypothesis,
        rng,
        (
            (r"\d\s?(?:km|kilomet(?:er|re)s?)\b", gap + "(?:公里|千米|km)", ""),
            (r"\d\s?mg\b(?!/)", gap + "(?:mg|毫克)(?![/A-Za-z])", ""),
            (r"\d\s?kg\b(?!/)", gap + "(?:kg|千克|公斤)(?![/A-Za-z])", ""),
            (r"\d\s?(?:miles)\b", gap + "英里", ""),
            (r"\d\s?(?:minutes|min)\b", gap + "分钟", ""),
            (r"\d\s?(?:hours|h)\b", gap + "(?:个)?小时", ""),
        ),
    )


# --- names, words, polarity --------------------------------------------------------------------


@_kind("acronym re-cased", "ACC029")
def _acronym_recased(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    match = _pick(_once_each(_ACRONYM, source, hypothesis), rng)
    return (source, _cut(hypothesis, match, match[0].capitalize())) if match else None


@_kind("acronym letters swapped", "ACC006")
def _acronym_letters(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    match = _pick(_once_each(_ACRONYM, source, hypothesis), rng)
    if not match:
        return None
    text = match[0]
    places = [i for i in range(len(text) - 1) if text[i] != text[i + 1]]
    if not places:
        return None
    at = rng.choice(places)
    return source, _cut(hypothesis, match, text[:at] + text[at + 1] + text[at] + text[at + 2 :])


@_kind("acronym digit changed", "ACC006", "ACC015", "ACC016")
def _acronym_digit(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    match = _pick(_once_each(_ACRONYM_DIGIT, source, hypothesis), rng)
    if not match:
        return None
    last = int(match[0][-1])
    return source, _cut(hypothesis, match, match[0][:-1] + str((last + rng.randint(1, 8)) % 10))


@_kind("identifier changed", "ACC015")
def _identifier(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    number = rng.randint(10_000_000, 79_999_999)
    form = rng.choice(("NCT{:08d}", "doi: 10.1186/s{:08d}", "PMID: {}", "https://example.org/{}"))
    return (
        _insert_before_end(source, f" ({form.format(number)})"),
        _insert_before_end(hypothesis, f"（{form.format(number + 1000)}）"),
    )


@_kind("English word left", "ACC004")
def _english_left(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    words = sorted(set(re.findall(r"(?<![\w-])[a-z]{5,12}(?![\w-])", source)))
    places = list(re.finditer(rf"(?<={_HAN}){_HAN}{{2}}(?={_HAN})", hypothesis))
    inside = bracketed(hypothesis)  # there a foreign word may be a gloss
    match = _pick([m for m in places if not any(a <= m.start() < b for a, b in inside)], rng)
    return (source, _cut(hypothesis, match, rng.choice(words))) if match and words else None


@_kind("source copied", "ACC021", "ACC003")
def _copied(source: str, _hypothesis: str, _rng: random.Random) -> Pair | None:
    return (source, source) if len(source.split()) >= 5 else None


_NEGATIVE = (
    r"\b(?:not|no|never|neither|nor|none|without|cannot|lack|fail\w*|un\w+|in\w+|non\w*)\b|n't\b"
)


@_kind("negation dropped", "ACC017")
def _negation_dropped(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    if len(re.findall(r"\b(?:not|cannot|never)\b|n't\b", source)) != 1:
        return None
    if len(re.findall(_NEGATIVE, source)) != 1 or "not only" in source:
        return None
    # one clear negation, and no other word that is negative in any way
    if len(re.findall("[不未没无非否别勿拒缺难失禁止防免少仅只]", hypothesis)) != 1:
        return None
    kept = {
        "不能": "能",
        "不会": "会",
        "不是": "是",
        "不应": "应",
        "不再": "仍",
        "没有": "有",
        "并未": "",
        "未能": "能",
        "无法": "可以",
    }
    return _swap(kept, source, hypothesis, rng)


@_kind("negation added", "ACC025", "ACC017")
def _negation_added(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    if re.search(_NEGATIVE, source, re.I) or re.search("[不未没无非否]|缺乏|避免|防止", hypothesis):
        return None
    return _swap(
        {
            "可以": "不能",
            "能够": "无法",
            "具有": "没有",
            "导致": "并未导致",
            "表明": "并未表明",
            "发现": "没有发现",
            "提高了": "没有提高",
            "包括": "并未包括",
        },
        source,
        hypothesis,
        rng,
    )


def _flipped(
    source: str,
    hypothesis: str,
    rng: random.Random,
    *,
    words: tuple[str, str],
    ways: Sequence[tuple[str, str]],
) -> Pair | None:
    """Turn round the Chinese of one of two opposite English words, where only one stands."""
    if re.search(r"\b(?:not|no|never|neither|nor|none|without|cannot)\b|n't\b", source):
        return None
    there = [bool(re.search(word, source, re.I)) for word in words]
    if sum(there) != 1:
        return None
    forward = there[0]
    return _paired(
        source,
        hypothesis,
        rng,
        [(words[0], a, b) if forward else (words[1], b, a) for a, b in ways],
    )


@_kind("increase and decrease flipped", "ACC018")
def _increase(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    words = (r"\bincreas(?:e|ed|es|ing)\b", r"\bdecreas(?:e|ed|es|ing)\b")
    ways = (("增加", "减少"), ("升高", "降低"), ("上升", "下降"), ("增多", "减少"))
    return _flipped(source, hypothesis, rng, words=words, ways=ways)


@_kind("higher and lower flipped", "ACC018", claimed=False)
def _higher(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    ways = (("更高", "更低"), ("较高", "较低"), ("高于", "低于"))
    return _flipped(source, hypothesis, rng, words=(r"\bhigher\b", r"\blower\b"), ways=ways)


# --- missing, repeated, wrong text -------------------------------------------------------------


@_kind("cut to a third", "ACC007", "ACC028", "ACC001")
def _cut_to_third(source: str, hypothesis: str, _rng: random.Random) -> Pair | None:
    if len(source.split()) < 15 or len(hypothesis) < 24:
        return None
    return source, hypothesis[: len(hypothesis) // 3] + "。"


@_kind("last clause looped", "ACC019")
def _looped(source: str, hypothesis: str, _rng: random.Random) -> Pair | None:
    match = re.search(rf"({_HAN}{{4,12}})[。]$", hypothesis)
    return (source, hypothesis[:-1] + ("，" + match[1]) * 4 + "。") if match else None


@_kind("hypothesis in Japanese", "ACC020")
def _japanese(source: str, _hypothesis: str, rng: random.Random) -> Pair | None:
    sentences = (
        "この研究では、患者のデータを用いて治療の効果を調べました。",
        "結果は、新しい方法がこれまでのものより優れていることを示しています。",
    )
    return source, rng.choice(sentences)


@_kind("chat preface", "STR004")
def _preface(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    return source, rng.choice(("以下是翻译：", "好的，以下是译文：", "翻译如下：\n")) + hypothesis


@_kind("disclaimer", "STR001")
def _disclaimer(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    return source, hypothesis + rng.choice(
        ("（本文由机器翻译，仅供参考）", "本译文由计算机程序翻译。")
    )


@_kind("markup lost", "STR002")
def _markup_lost(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    words = list(re.finditer(r"\b[a-z]{4,}\b", source))
    match = _pick(words, rng)
    return (_cut(source, match, f"<i>{match[0]}</i>"), hypothesis) if match else None


# --- writing -----------------------------------------------------------------------------------


@_kind("half-width comma", "LNG001")
def _half_width(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    match = _pick(list(re.finditer(rf"(?<={_HAN})，(?={_HAN})", hypothesis)), rng)
    return (source, _cut(hypothesis, match, ",")) if match else None


@_kind("bracket dropped", "LNG002")
def _bracket(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    match = _pick(list(re.finditer("[（）《》]|(?<=[^\\d])[()](?=[^\\d])", hypothesis)), rng)
    return (source, _cut(hypothesis, match)) if match else None


@_kind("full stop dropped", "LNG003", "ACC028")
def _stop_dropped(source: str, hypothesis: str, _rng: random.Random) -> Pair | None:
    if not re.search(r"[a-z)]\.$", source) or not re.search(rf"{_HAN}。$", hypothesis):
        return None
    return source, hypothesis[:-1]


@_kind("punctuation doubled", "LNG004")
def _mark_doubled(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    match = _pick(list(re.finditer(rf"(?<={_HAN})[，。；](?={_HAN}|$)", hypothesis)), rng)
    return (source, _cut(hypothesis, match, match[0] * 2)) if match else None


@_kind("word doubled", "LNG005")
def _word_doubled(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    return _swap({w: w * 2 for w in _DOUBLED}, source, hypothesis, rng)


@_kind("space between Han", "LNG006")
def _space(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    match = _pick(list(re.finditer(rf"(?<={_HAN})(?={_HAN})", hypothesis)), rng)
    return (source, _cut(hypothesis, match, " ")) if match else None


@_kind("wrong character", "LNG008")
def _wrong_character(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    words = {
        "显著": "显着",
        "作为": "做为",
        "部署": "布署",
        "好像": "好象",
        "已经": "己经",
        "自己": "自已",
    }
    return _swap(words, source, hypothesis, rng)


@_kind("full-width digits", "LNG009")
def _full_width(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    match = _pick(list(_NUMBER.finditer(hypothesis)), rng)
    if not match:
        return None
    wide = match[0].translate({ord(str(d)): chr(0xFF10 + d) for d in range(10)})
    return source, _cut(hypothesis, match, wide)


@_kind("Traditional character", "LNG010")
def _traditional(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    simplified = "国学对时会个来这说们为进过种长问关东车门见话语书让认该传报标难劳动应务"
    traditional = "國學對時會個來這說們為進過種長問關東車門見話語書讓認該傳報標難勞動應務"
    return _swap(dict(zip(simplified, traditional, strict=True)), source, hypothesis, rng)


@_kind("garbled character", "LNG011")
def _garbled(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    match = _pick(list(re.finditer(rf"(?<={_HAN})(?={_HAN})", hypothesis)), rng)
    junk = rng.choice(("\ufffd", "\u200b", "\x07", "\ue010", "锟斤拷"))
    return (source, _cut(hypothesis, match, junk)) if match else None


# --- rows --------------------------------------------------------------------------------------


def _speaks(segment: Segment) -> bool:
    """Long enough for its similarity to mean something, as ACC022 and ACC023 want it."""
    return len(segment.source.split()) >= 5 and len(segment.hypothesis) >= 6


def _neighbours_swapped(
    document: Sequence[Segment], i: int, _everything: Sequence[Segment], _rng: random.Random
) -> list[str] | None:
    if len(document) < 5 or i + 1 >= len(document):
        return None
    if not (_speaks(document[i]) and _speaks(document[i + 1])):
        return None
    order = [s.hypothesis for s in document]
    order[i], order[i + 1] = order[i + 1], order[i]
    return order


def _foreign(
    document: Sequence[Segment], i: int, everything: Sequence[Segment], rng: random.Random
) -> list[str] | None:
    if len(document) < 5 or not _speaks(document[i]):
        return None
    order = [s.hypothesis for s in document]
    other = rng.choice(everything)
    if other.doc_id == document[i].doc_id or not _speaks(other):
        return None
    order[i] = other.hypothesis
    return order


MUTATIONS += [
    Mutation("neighbours swapped", ("ACC022",), arrange=_neighbours_swapped),
    Mutation("sentence of another text", ("ACC023", "ACC022"), arrange=_foreign),
]


# --- running -----------------------------------------------------------------------------------


def evaluate_mutations(
    rows: Sequence[Labelled],
    config: Config | None = None,
    *,
    kinds: Collection[str] = (),
    limit: int = 300,
    seed: int = 1,
    encoder: Encoder | None = None,
) -> list[MutationFigures]:
    """Plant each kind into at most ``limit`` pairs (evenly spread) and run the rules.

    ``rows`` are taken as right translations. Document rules see the whole document with the
    one error in it. An aim that is not among the rules of ``config`` counts as silent. Kinds
    that only similarities can show are left out without an ``encoder``.
    """
    config = config or Config()
    rules = selected(config)
    grouped = [[row.segment for row in document] for document in documents(rows)]
    if encoder is not None:
        grouped = [with_similarity(segments, encoder) for segments in grouped]
    everything = [segment for segments in grouped for segment in segments]
    before: dict[tuple[int, int], dict[str, set[_Mark]]] = {}
    figures = []
    for mutation in MUTATIONS:
        if (kinds and mutation.kind not in kinds) or (mutation.arrange and encoder is None):
            continue
        carriers: list[tuple[int, int, list[Segment]]] = []
        for d, segments in enumerate(grouped):
            for i, segment in enumerate(segments):
                rng = random.Random(f"{seed}|{mutation.kind}|{segment.source}")
                changed = mutation.corrupt(segments, i, everything, rng)
                if changed is not None:
                    carriers.append((d, i, changed))
        if len(carriers) > limit:
            carriers = [carriers[k * len(carriers) // limit] for k in range(limit)]
        caught = by_any = noisy = 0
        misses: list[Pair] = []
        for d, i, changed in carriers:
            if (d, i) not in before:
                before[d, i] = _marks(rules, grouped[d], i, config)
            old = before[d, i]
            if encoder is not None and mutation.arrange is not None:
                changed = with_similarity(changed, encoder)  # noqa: PLW2901
            new = _marks(rules, changed, i, config)
            fresh = {code for code, marks in new.items() if marks - old.get(code, set())}
            noisy += any(code in old for code in mutation.aims)
            by_any += bool(fresh)
            if fresh & set(mutation.aims):
                caught += 1
            else:
                misses.append((changed[i].source, changed[i].hypothesis))
        figures.append(
            MutationFigures(
                mutation.kind,
                mutation.aims,
                len(carriers),
                caught,
                by_any,
                noisy,
                mutation.claimed,
                tuple(misses),
            )
        )
    return figures


_Mark = tuple[str, tuple[str, ...]]


def _marks(
    rules: Sequence[Rule], document: Sequence[Segment], i: int, config: Config
) -> dict[str, set[_Mark]]:
    """The findings on segment ``i`` by code, as message and marked text."""
    found: dict[str, set[_Mark]] = {}
    for rule in rules:
        if rule.scope == "segment":
            hits = [f for _, f in rule.run([document[i]], config)]
        else:
            hits = [f for at, f in rule.run(document, config) if at == i]
        for hit in hits:
            if hit.code != CRASH_CODE:
                found.setdefault(hit.code, set()).add(_mark(hit, document[i]))
    return found


def _mark(finding: Finding, segment: Segment) -> _Mark:
    return finding.message, tuple(segment.text(s.side)[s.start : s.end] for s in finding.spans)


def table(figures: Sequence[MutationFigures]) -> str:
    """The figures as a Markdown table."""
    lines = [
        "| planted | pairs | rule | caught | share | 95% | by any rule | fires untouched |",
        "|---|---:|---|---:|---:|---|---:|---:|",
    ]
    for f in figures:
        interval = wilson(f.caught, f.planted)
        shares = [
            f"{x / f.planted:.2f}" if f.planted else "–"
            for x in (f.caught, f.caught_by_any, f.untouched)
        ]
        cells = (
            f.kind if f.claimed else f"{f.kind} (not claimed)",
            str(f.planted),
            ", ".join(f.aims),
            str(f.caught),
            shares[0],
            f"{interval[0]:.2f}–{interval[1]:.2f}" if interval else "–",
            *shares[1:],
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run as a command; returns the exit code (0, or 2 after an error on stderr)."""
    parser = argparse.ArgumentParser(
        prog="python -m mtcheck.evaluation.mutations",
        description="Plant errors into right translations and count which rules notice.",
    )
    add = parser.add_argument
    add("files", nargs="+", type=Path, metavar="FILE", help="JSONL, CSV or TSV of aligned rows")
    add("--source-column", default="source")
    add("--hypothesis-column", default="hypothesis", help="the column with the right translation")
    add("--only-systems", default="", help="names, separated by commas")
    add("--preview", action="store_true", help="also run rules still in preview")
    add("--encoder", default="", help="also errors that only similarities show: 'embedded'")
    add("--limit", type=int, default=300, help="pairs per kind (default 300)")
    add("--seed", type=int, default=1)
    add("--format", choices=("markdown", "json"), default="markdown")
    add("--misses", default="", metavar="KIND", help="list the uncaught pairs of one kind instead")
    options = parser.parse_args(arguments)
    systems: str = options.only_systems
    wanted = {s.strip() for s in systems.split(",") if s.strip()}
    try:
        rows: list[Labelled] = []
        for path in options.files:
            rows += read_labelled(
                path,
                source_column=options.source_column,
                hypothesis_column=options.hypothesis_column,
                clean=True,
            )
        figures = evaluate_mutations(
            [row for row in rows if not wanted or row.system in wanted],
            Config(preview=options.preview),
            kinds=[options.misses] if options.misses else [],
            limit=options.limit,
            seed=options.seed,
            encoder=Remembering(load_encoder(options.encoder)) if options.encoder else None,
        )
    except MtcheckError as error:
        print(error, file=sys.stderr)
        return 2
    if options.misses:
        for f in figures:
            for source, hypothesis in f.misses:
                print(f"{source}\n{hypothesis}\n")
    elif options.format == "json":
        plain = [
            {
                "kind": f.kind,
                "aims": list(f.aims),
                "planted": f.planted,
                "caught": f.caught,
                "caught_by_any": f.caught_by_any,
                "fires_untouched": f.untouched,
                "claimed": f.claimed,
            }
            for f in figures
        ]
        print(json.dumps(plain, ensure_ascii=False, indent=2))
    else:
        print(table(figures), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
