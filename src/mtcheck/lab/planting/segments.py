"""Corrupters: each plants one error of a known kind into a pair or a text that is right.

A corrupter changes only what a rule's page claims to see: a number is changed only where its
very digits stand on both sides, a negation is dropped only where each side has just one. What
a page claims is told here in words of our own or by the reading of the source that the page
names, never by whether the rule fires.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence

from mtcheck.lab.planting.kinds import (
    Changed,
    Kind,
    Needs,
    Pair,
    PlantPair,
    Retold,
    Site,
    of_pair,
    once,
)
from mtcheck.languages.en_zh.glossary import load_glossary
from mtcheck.languages.en_zh.negation import may_negate_english
from mtcheck.languages.en_zh.opposites import english_mentions
from mtcheck.languages.en_zh.variants import variant_index
from mtcheck.text.scripts import bracketed
from mtcheck.types import Segment, Side

__all__ = ["CLAIMED"]

CLAIMED: list[Kind] = []
"""Every kind, in the order of the table."""


def _kind(
    kind: str, *aims: str, needs: Needs = "", claimed: bool = True
) -> Callable[[PlantPair], PlantPair]:
    def add(plant: PlantPair) -> PlantPair:
        CLAIMED.append(Kind(kind, of_pair(plant), aims, needs, claimed))
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
_DOUBLED = ("因此", "这些", "由于", "患者", "以及")
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
                "少于",
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


@_kind("unit dropped", "ACC009")
def _unit_dropped(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    gap = r"(?<=\d)\s?"
    # no list or range goes on, no measure word follows
    end = "(?=[。，；）)]|$|[的内后厚深左]|以上)(?![，、]\\d)"
    words = (
        (r"\d\s?(?:km|kilomet(?:er|re)s?)\b", "(?:公里|千米|km)"),
        (r"\d\s?mg\b(?!/)", "(?:mg|毫克)"),
        (r"\d\s?(?:kg|kilograms?)\b(?!/)", "(?:kg|千克|公斤)"),
        (r"\d\s?(?:cm|centimet(?:er|re)s?)\b", "(?:cm|厘米)"),
        (r"\d\s?(?:mm|millimet(?:er|re)s?)\b", "(?:mm|毫米)"),
        (r"\d\s?(?:nm|nanomet(?:er|re)s?)\b", "(?:nm|纳米)"),
        (r"\d\s?mL\b", "(?:mL|毫升)"),
        (r"\d\s?°C", "(?:°C|℃|摄氏度)"),
        (r"\d\s?kHz\b", "(?:kHz|千赫)"),
        (r"\d\s?(?:miles)\b", "英里"),
        (r"\d\s?(?:minutes|min)\b", "(?:分钟|min)"),
        (r"\d\s?(?:hours|h)\b", "(?:个?小时|h)"),
        (r"\d\s?(?:weeks)\b", "周"),
        (r"\d\s?(?:months)\b", "个月"),
    )
    # a unit that the text names twice may be shared
    once = [(en, zh) for en, zh in words if len(re.findall(zh, hypothesis)) == 1]
    return _paired(source, hypothesis, rng, [(en, gap + zh + end, "") for en, zh in once])


@_kind("decimal comma", "ACC008", "ACC005")
def _decimal_comma(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    decimal = re.compile(r"(?<![\d.,A-Za-z-])\d+\.\d{1,2}(?![\dA-Za-z.-]|[.,]\d)")
    match = _pick(_once_each(decimal, source, hypothesis), rng)
    return (source, _cut(hypothesis, match, match[0].replace(".", ","))) if match else None


@_kind("decade became a year", "ACC013")
def _decade_lost(source: str, hypothesis: str, _rng: random.Random) -> Pair | None:
    decades = re.findall(r"\b(1[89]|20)(\d)0s\b", source)
    found = list(re.finditer(r"(\d\d)世纪(\d)0年代", hypothesis))
    if len(decades) != 1 or len(found) != 1:
        return None
    century, tens = decades[0]
    same = found[0][1] == str(int(century) + 1) and found[0][2] == tens
    return (source, _cut(hypothesis, found[0], f"{century}{tens}0年")) if same else None


@_kind("early and late swapped", "ACC013")
def _early_late(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    """The early 1990s; planted on both sides where the source has no such word of its own."""
    if re.search(r"\b(?:early|earl|late|mid|begin|end)", source, re.I):
        return None
    found = re.search(r"\bthe (?=(?:1[89]|20)\d0s\b)", source)
    place = re.search(r"(?<=\d0年代)(?![初早中末后晚前])", hypothesis)
    if not found or not place or len(re.findall("年代", hypothesis)) != 1:
        return None
    word, wrong = rng.choice((("early", "末"), ("late", "初")))
    return _cut(source, found, f"the {word} "), _cut(hypothesis, place, wrong)


@_kind("effect size swapped", "ACC011")
def _effect(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    if re.search(r"\b[OHR]R\b|odds|hazard|relative risk", source):
        return None
    right, wrong = rng.choice((("OR", "HR"), ("HR", "OR"), ("RR", "OR"), ("OR", "RR")))
    value = f"1.{rng.randint(2, 9)}"
    return (
        _insert_before_end(source, f" ({right} {value}, 95% CI 1.1-2.6)"),
        _insert_before_end(hypothesis, f"（{wrong} {value}，95% CI 1.1-2.6）"),
    )


@_kind("statistic misnamed or lost", "ACC011", "ACC005")
def _statistic(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    return _paired(
        source,
        hypothesis,
        rng,
        (
            (r"\bodds ratio\b", "比值比", "风险比"),
            (r"\bhazard ratio\b", "风险比", "比值比"),
            (r"\brelative risk\b", "相对风险", "比值比"),
            (r"\bstandard deviation\b|\bSD\b", "标准差", "标准误"),
            (r"\bstandard error\b", "标准误", "标准差"),
            (r"\bIQR\b", "四分位距", "标准差"),
            (r"\d ± \d", r"(?<=\d) ± (?=\d)", "至"),
            (r"\bconfidence interval", "置信区间", ""),
            (r"\d% CI \d", r"(?<=\d)% CI (?=\d)", "%为"),
        ),
    )


@_kind("multiple without 倍", "ACC014")
def _fold_lost(source: str, hypothesis: str, _rng: random.Random) -> Pair | None:
    digits = re.findall(r"\b(\d+(?:\.\d+)?)-fold\b", source)
    found = list(re.finditer(r"(?<![\d.])(\d+(?:\.\d+)?)倍", hypothesis))
    if len(digits) != 1 or [m[1] for m in found] != digits:
        return None
    return source, _cut(hypothesis, found[0], found[0][1])


@_kind("formula digit changed", "ACC016")
def _formula(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    compound = re.compile(
        r"(?<![A-Za-z0-9-])(?:(?:Ti|Si|Fe|Al|Na|Ca|Zn|Mg|[HCNOSP])\d?){2,5}(?![A-Za-z0-9-])"
    )
    found = [m for m in _once_each(compound, source, hypothesis) if re.search(r"\d", m[0])]
    match = _pick(found, rng)
    if not match:
        return None
    at = rng.choice([i for i, c in enumerate(match[0]) if c.isdigit()])
    new = rng.choice([d for d in "2345" if d != match[0][at]])
    return source, _cut(hypothesis, match, match[0][:at] + new + match[0][at + 1 :])


@_kind("Greek letter changed", "ACC016", "ACC006")
def _greek(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    match = _pick(_once_each(re.compile("[αβγδθ]"), source, hypothesis), rng)
    others = [c for c in "αβγδθ" if c not in source]
    return (source, _cut(hypothesis, match, rng.choice(others))) if match else None


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


@_kind("left in English, nearly as it was", "ACC003")
def _nearly_copied(source: str, _hypothesis: str, _rng: random.Random) -> Pair | None:
    words = source.split()
    ordinary = [w for w in words if re.fullmatch("[a-z]{3,}", w)]
    return (source, " ".join(words[1:])) if len(ordinary) >= 5 else None


_NEGATIVE = (
    r"\b(?:not|no|never|neither|nor|none|without|cannot|lack|fail\w*|un\w+|in\w+|non\w*)\b|n't\b"
)
_NEGATIVE_HAN = re.compile(
    "[不未没无非否别勿拒缺难失禁止防免少仅只零罕绝]|除[了外非去]|取消|忽[略视]|避|消除|废|放弃|反对|相反|代替|才能|之前|以前"
)


@_kind("negation dropped", "ACC017")
def _negation_dropped(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    if len(re.findall(r"\b(?:not|cannot|never|[Nn]o)\b|n't\b", source)) != 1:
        return None
    if re.search(r"not only|not to\b|[Nn]o (?:longer|more|less)|or not", source):
        return None
    # one clear negation, and no other word of lack, failure, refusal, exclusion, difficulty
    negations = len(re.findall(_NEGATIVE, source, re.I))
    if negations != 1 or len(_NEGATIVE_HAN.findall(hypothesis)) != 1:
        return None
    kept = {
        "不能": "能",
        "不会": "会",
        "不是": "是",
        "不应": "应",
        "不再": "仍",
        "没有": "有",
        "并未": "",
        "从未": "曾",
        "未能": "能",
        "无法": "可以",
        "不支持": "支持",
        "不相关": "相关",
        "不表达": "表达",
    }
    return _swap(kept, source, hypothesis, rng)


@_kind("negation added", "ACC025", "ACC017")
def _negation_added(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    # the page: silent where the source has any word that Chinese may render with a negation
    if may_negate_english(source) or len(source) > 400:
        return None
    if re.search("[不未没无非否]|缺乏|避免|防止", hypothesis):
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


_UP = "[增升涨扩促提高多大强长快更越好超兴激倍优旺猛剧崛飙攀翻丰壮善产引久延常频普易]"
_DOWN = "[罕稀非偶减降低少小跌落弱缩削短轻慢衰消失退差缓节浅不没未无下]"


def _flipped(
    source: str,
    hypothesis: str,
    rng: random.Random,
    ways: Sequence[tuple[str, str]],
) -> Pair | None:
    """Turn round a word of amount, where each side speaks of one direction and only once.

    ``ways`` are pairs of Chinese opposites, the upward one first.
    """
    if re.search(r"\b(?:not|no|never|neither|nor|none|without|cannot)\b|n't\b", source):
        return None
    senses = [sense for mention in english_mentions(source) for sense in mention.senses]
    signs = {sense.pole.sign for sense in senses if sense.pole.axis == "amount"}
    if len(signs) != 1:
        return None
    upward = signs == {1}
    pairs = [(a, b) if upward else (b, a) for a, b in ways]
    # what is left beside the word must not lean the same way, not even within another word,
    # nor negate
    leaning = (_UP if upward else _DOWN) + "|[不没无未非]"
    table = {
        a: b
        for a, b in pairs
        if hypothesis.count(a) == 1 and not re.search(leaning, hypothesis.replace(a, ""))
    }
    return _swap(table, source, hypothesis, rng)


@_kind("increase and decrease flipped", "ACC018")
def _increase(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    ways = (
        ("增加", "减少"),
        ("升高", "降低"),
        ("上升", "下降"),
        ("增多", "减少"),
        ("增长", "下降"),
    )
    return _flipped(source, hypothesis, rng, ways)


@_kind("higher and lower flipped", "ACC018")
def _higher(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    ways = (("更高", "更低"), ("较高", "较低"), ("高于", "低于"))
    return _flipped(source, hypothesis, rng, ways)


@_kind("longer and shorter flipped", "ACC018")
def _longer(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    return _flipped(source, hypothesis, rng, (("更长", "更短"), ("较长", "较短")))


@_kind("more and less common flipped", "ACC018")
def _commoner(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    ways = (("更常见", "较少见"), ("更频繁", "更少"), ("更有可能", "不太可能"))
    return _flipped(source, hypothesis, rng, ways)


@_kind("direction beside a number flipped", "ACC018")
def _beside_number(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    """Fell by 12%, 12% higher; whatever else the sentence says."""
    up = r"(?:increased|rose|grew|increase of) (?:by )?(?:about )?"
    down = r"(?:decreased|reduced|fell|dropped|declined) (?:by )?(?:about )?"
    ways = (
        ("增加", "减少"),
        ("升高", "降低"),
        ("上升", "下降"),
        ("增长", "下降"),
        ("提高", "降低"),
    )
    usable: list[tuple[re.Match[str], str]] = []
    for number in _once_each(_NUMBER, source, hypothesis):
        digits = re.escape(number[0])
        for pattern, ahead in ((up, True), (down, False)):
            told = re.search(rf"\b{pattern}{digits}(?![\d.])", source)
            more = "higher|increase|rise" if ahead else "lower|reduction|decline|decrease"
            told = told or re.search(rf"(?<![\d.]){digits}% (?:{more})\b", source)
            for a, b in ways if told else ():
                old, new = (a, b) if ahead else (b, a)
                usable += [
                    (m, new) for m in re.finditer(rf"{old}(?=约?{digits}(?![\d.]))", hypothesis)
                ]
    if not usable:
        return None
    match, new = rng.choice(usable)
    return source, _cut(hypothesis, match, new)


_READINGS = (
    ("MS", "multiple sclerosis", "多发性硬化", "质谱"),
    ("MS", "mass spectrometry", "质谱", "多发性硬化"),
    ("MI", "myocardial infarction", "心肌梗死", "动机性访谈"),
    ("RA", "rheumatoid arthritis", "类风湿关节炎", "视黄酸"),
    ("AD", "Alzheimer's disease", "阿尔茨海默病", "特应性皮炎"),
    ("PCA", "principal component analysis", "主成分分析", "自控镇痛"),
    ("AF", "atrial fibrillation", "心房颤动", "纤维环"),
    ("IR", "insulin resistance", "胰岛素抵抗", "红外"),
    ("GC", "gas chromatography", "气相色谱", "胃癌"),
    ("HF", "heart failure", "心力衰竭", "高频"),
    ("CBT", "cognitive behavioural therapy", "认知行为疗法", "计算机化测试"),
    ("CKD", "chronic kidney disease", "慢性肾病", "周期蛋白依赖激酶"),
    ("PD", "Parkinson's disease", "帕金森病", "腹膜透析"),
    ("RF", "random forest", "随机森林", "射频"),
    ("PM", "particulate matter", "颗粒物", "多发性肌炎"),
    ("SEM", "scanning electron microscopy", "扫描电子显微镜", "结构方程模型"),
    ("ED", "emergency department", "急诊科", "勃起功能障碍"),
    ("ML", "machine learning", "机器学习", "最大似然"),
    ("OA", "osteoarthritis", "骨关节炎", "开放获取"),
    ("UC", "ulcerative colitis", "溃疡性结肠炎", "尿路上皮癌"),
    ("OR", "odds ratio", "比值比", "手术室"),
    ("CI", "confidence interval", "置信区间", "人工耳蜗"),
    ("HR", "hazard ratio", "风险比", "心率"),
)


@_kind("acronym read as another thing", "ACC024")
def _reading(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    usable = [
        (long, wrong)
        for short, english, long, wrong in _READINGS
        if re.search(rf"\b{english}\b", source, re.I)
        and re.search(rf"\b{short}\b", source)
        and hypothesis.count(long) == 1
    ]
    if not usable:
        return None
    long, wrong = rng.choice(usable)
    return source, hypothesis.replace(long, wrong)


# --- missing, repeated, wrong text -------------------------------------------------------------


@_kind("cut to a third", "ACC007", "ACC028", "ACC001")
def _cut_to_third(source: str, hypothesis: str, _rng: random.Random) -> Pair | None:
    if len(source.split()) < 15 or len(hypothesis) < 24:
        return None
    return source, hypothesis[: len(hypothesis) // 3] + "。"


@_kind("cut in mid-sentence", "ACC028", "ACC007")
def _cut_off(source: str, hypothesis: str, _rng: random.Random) -> Pair | None:
    if len(source.split()) < 12 or len(hypothesis) < 24 or not re.search(r"[a-z)]\.$", source):
        return None
    rest = hypothesis[: 2 * len(hypothesis) // 5]  # so that it is on the short side as well
    return (source, rest) if re.search(rf"{_HAN}$", rest) else None


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


@_kind("copyright line", "STR005")
def _copyright(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    return source, hypothesis + rng.choice(
        ("© 2020 某出版社。版权所有。", "版权所有，保留一切权利。")
    )


_LABELS = (
    ("BACKGROUND", "背景"),
    ("OBJECTIVE", "目的"),
    ("METHODS", "方法"),
    ("RESULTS", "结果"),
    ("CONCLUSIONS", "结论"),
)


@_kind("label dropped", "STR003")
def _label_dropped(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    english, _ = rng.choice(_LABELS)
    if re.match(r"[A-Z]{4,}|[\w ]{3,20}:", source) or re.match(f"{_HAN}{{2,6}}[：:]", hypothesis):
        return None
    return f"{english}: {source}", hypothesis


@_kind("label changed", "STR003")
def _label_changed(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    (english, _), (_, chinese) = rng.sample(_LABELS, 2)
    if re.match(r"[A-Z]{4,}|[\w ]{3,20}:", source) or re.match(f"{_HAN}{{2,6}}[：:]", hypothesis):
        return None
    return f"{english}: {source}", f"{chinese}：{hypothesis}"


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
    """Not where two words may meet (是|是否, 告诉他们|他们的): the page says so."""
    words = "|".join(_DOUBLED)
    doubled = rf"(?<!{_HAN})他们|(?<![但可还就于也都正只总])是(?![否非的])|{words}"
    match = _pick(list(re.finditer(doubled, hypothesis)), rng)
    return (source, _cut(hypothesis, match, match[0] * 2)) if match else None


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


def _exchanged(site: Site) -> list[str]:
    """The hypotheses, with that of the site and the next one in each other's place."""
    order = site.hypotheses()
    order[site.at : site.at + 2] = reversed(order[site.at : site.at + 2])
    return order


def _neighbours_swapped(site: Site) -> Changed | None:
    if len(site.document) < 5 or site.at + 1 >= len(site.document):
        return None
    speak = all(map(_speaks, site.document[site.at : site.at + 2]))
    return site.told(_exchanged(site)) if speak else None


def _foreign(site: Site) -> Changed | None:
    here = site.document[site.at]
    if len(site.document) < 5 or not _speaks(here):
        return None
    other = site.rng.choice(site.others)
    if other.doc_id == here.doc_id or not _speaks(other):
        return None
    return site.with_hypothesis(other.hypothesis)


def _shifted(site: Site) -> Changed | None:
    """A row was lost: three hypotheses move up by one, the fourth row gets a later one."""
    i = site.at
    if len(site.document) < 6 or i + 3 >= len(site.document):
        return None
    if not all(map(_speaks, site.document[i : i + 4])):
        return None
    order = site.hypotheses()
    order[i : i + 4] = [*order[i + 1 : i + 4], order[i]]
    return site.told(order)


def _other_way(site: Site, document: Sequence[Segment], least: int) -> Changed | None:
    """A term that ``least`` other segments of ``document`` render alike is rendered otherwise."""
    found = []
    for match in variant_index().find(site.source):
        term, ways = match.value
        mine = [way for way in ways if way in site.hypothesis]
        alike = sum(
            k != site.at
            and term in (m.value[0] for m in variant_index().find(s.source))
            and [way for way in ways if way in s.hypothesis] == mine
            for k, s in enumerate(document)
        )
        others = [w for w in ways if mine and w not in mine[0] and mine[0] not in w]
        if alike >= least and len(mine) == 1 and others:
            found.append((mine[0], others))
    if not found:
        return None
    way, others = site.rng.choice(found)
    return site.with_hypothesis(site.hypothesis.replace(way, site.rng.choice(others)))


def _renamed(site: Site) -> Changed | None:
    """In the later of two segments: of equally frequent renderings the first used is the usual."""
    return _other_way(site, site.document[: site.at + 1], 1)


def _renamed_in_run(site: Site) -> Changed | None:
    """The document stands for the run: at least five segments with the usual rendering."""
    return _other_way(site, site.document, 5)


def _redefined(site: Site) -> Changed | None:
    """An acronym that an earlier segment introduces in both languages becomes another thing."""
    found = [
        m
        for m in _once_each(_ACRONYM, site.source, site.hypothesis)
        if sum(f"({m[0]}" in s.source for s in site.document) == 1
        and any(
            f"({m[0]}" in s.source and re.search(rf"{_HAN}{{3}}（{m[0]}）", s.hypothesis)
            for s in site.document[: site.at]
        )
    ]
    match = _pick(found, site.rng)
    return site.with_hypothesis(_cut(site.hypothesis, match, "麻疹")) if match else None


def _whole(site: Site, hypotheses: Sequence[str], side: Side, *sentences: str) -> Retold:
    source = " ".join(s.source for s in site.document)
    return Retold(source, "".join(hypotheses), side, sentences)


def _is_text(site: Site) -> bool:
    """Whether the document is a text of five sentences or more, and the site's says something."""
    return (
        len(site.document) >= 5
        and all(s.hypothesis for s in site.document)
        and _speaks(site.document[site.at])
    )


def _left_out(site: Site) -> Retold | None:
    if not _is_text(site):
        return None
    rest = site.hypotheses()
    del rest[site.at]
    return _whole(site, rest, "source", site.source)


def _invented(site: Site) -> Retold | None:
    here = site.document[site.at]
    others = [s for s in site.others if s.doc_id != here.doc_id and _speaks(s)]
    if not _is_text(site) or not others:
        return None
    other = site.rng.choice(others)
    order = site.hypotheses()
    order.insert(site.at + 1, other.hypothesis)
    return _whole(site, order, "hypothesis", other.hypothesis)


def _sentences_swapped(site: Site) -> Retold | None:
    after = site.document[site.at + 1 : site.at + 2]
    if not _is_text(site) or not after or not _speaks(after[0]):
        return None
    order = _exchanged(site)
    return _whole(site, order, "hypothesis", *order[site.at : site.at + 2])


@_kind("clause dropped", "ACC026", "ACC007", needs="clauses", claimed=False)
def _clause_dropped(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    """A clause of eight characters or more, of a source that has clauses of its own."""
    if not re.search(r"\w+ \w+ \w+ \w+, \w+ \w+ \w+ \w+", source):
        return None
    parts = list(re.finditer(rf"，(?:{_HAN}){{8,}}(?=[，。])", hypothesis))
    match = _pick(parts, rng)
    return (source, _cut(hypothesis, match)) if match else None


@_kind("clause added", "ACC027", "ACC007", needs="clauses", claimed=False)
def _clause_added(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    clauses = (
        "，因此建议在全国范围内推广",
        "，这与以往的研究结果完全一致",
        "，值得有关部门高度重视",
    )
    match = re.search("。$", hypothesis)
    return (source, _cut(hypothesis, match, rng.choice(clauses) + "。")) if match else None


def _glossary_term(site: Site, *, forbidden: bool) -> Changed | None:
    """One accepted translation of a term becomes a forbidden one, or something else."""
    text = site.hypothesis
    usable = []
    for match in load_glossary(site.glossary).find(site.source):
        entry = match.value
        mine = [t for t in entry.targets if t in text]
        if len(mine) == 1 and text.count(mine[0]) == 1:
            wrong = entry.forbidden if forbidden else ("某种对象",)
            usable += [(mine[0], w) for w in wrong if w not in text and w not in mine[0]]
    if not usable:
        return None
    return site.with_hypothesis(text.replace(*site.rng.choice(usable)))


def _term_missing(site: Site) -> Changed | None:
    return _glossary_term(site, forbidden=False)


def _term_forbidden(site: Site) -> Changed | None:
    return _glossary_term(site, forbidden=True)


CLAIMED += [
    Kind("glossary term missing", once(_term_missing), ("TER001",), "glossary"),
    Kind("forbidden term used", once(_term_forbidden), ("TER002",), "glossary"),
    Kind("term rendered in a second way", once(_renamed), ("TER003",)),
    Kind("term rendered otherwise than in the run", once(_renamed_in_run), ("TER005",)),
    Kind("acronym used for another thing", once(_redefined), ("TER004",)),
    Kind("neighbours swapped", once(_neighbours_swapped), ("ACC022",), "similarities"),
    Kind("rows shifted by one", once(_shifted), ("ACC022",), "similarities"),
    Kind("sentence of another text", once(_foreign), ("ACC023", "ACC022"), "similarities", False),
    Kind("sentence left out", once(_left_out), ("ACC001",), "alignment"),
    Kind("sentence invented", once(_invented), ("ACC002",), "alignment"),
    Kind("sentences swapped", once(_sentences_swapped), ("STR006",), "alignment"),
]
