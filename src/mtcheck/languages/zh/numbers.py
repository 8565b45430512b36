"""Numbers of a Chinese text: what follows a numeral in digits, and numerals in Han."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from mtcheck.text.digits import MAX_DIGITS, MOST, PERCENT, as_fraction, with_digits
from mtcheck.text.values import Strength, Taken, Value, ValueKind, retext

__all__ = ["chinese", "han_number"]

_DIGIT = dict(
    zip("零〇○一二三四五六七八九两俩仨廿", (0, 0, 0, *range(1, 10), 2, 2, 3, 20), strict=True)
)
_SCALE = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8,
          "兆": 10**12}  # fmt: skip
# 3千克, 5兆赫, 3十字路口: there the scale belongs to the next word.
_SCALE_CHARS = (
    r"(?:[万亿萬億]|百(?!帕|分[位点比数])|十(?![字分足])"
    r"|千(?![克米瓦卡帕赫伏安焦兆字巴乏牛]|道尔|电子|碱基|秒差|比特)"
    r"|兆(?![赫瓦帕字欧位焦比巴伏安卡像]|电子|碱基|秒差|道尔))"
)
_SCALES = re.compile(rf"\s{{0,2}}[多余几]?(?P<scale>{_SCALE_CHARS}{{1,4}})")
_MORE = re.compile(rf"零?(?P<n>\d{{1,4}}(?:\.\d+)?)(?P<scale>{_SCALE_CHARS}{{1,4}})")
# 3万4000, 1千零1; 13万2 is 13万2千.
_REST = re.compile(r"(?P<zero>零)?(?P<n>\d{1,8})(?![\d.,%年月]|\s?%)")
_SUFFIX = re.compile(
    r"\s{0,2}(?:(?P<century>世纪)(?:\s?(?P<tens>\d0|[一二三四五六七八九]?十)\s?年代)?"
    r"|(?P<decade>年代)|(?P<month>月(?!龄|大))|(?P<fold>[多余]?倍)|(?P<tenth>成(?P<five>半|[一二三四五六七八九])?(?![功果员分年本为立就长熟型绩套对像不]|人(?![口数群员])))"
    r"|(?P<points>个?百分点)|(?P<half>个半|[年岁天倍周]半(?!年|月|数|径))|(?P<parts>分之)|(?P<year>年))"
)
_RISE = re.compile(r"[增升提扩涨多高大快长][^，。；,;]{0,8}$")
_ABOVE = re.compile(
    r"\s?(?:(?P<digits>\d+(?:\.\d+)?)|(?P<han>[零〇一二三四五六七八九十百千两点]+))"
)


def chinese(text: str) -> Iterator[Value]:
    """All values of a plain Chinese text, in order."""
    found: Iterator[Value]
    if _FINANCIAL_HINT.search(text):
        text, original = _FINANCIAL.sub(lambda m: m[0].translate(_PLAIN_HAN), text), text
        found = (retext(v, original, v.end) for v in _chinese(text))
    else:
        found = _chinese(text)
    yield from _joined(text, sorted(found, key=lambda v: v.start))


def _chinese(text: str) -> Iterator[Value]:
    taken = Taken(text)
    for v in _decades(text) if "世纪" in text else ():
        if taken.free(v.start, v.end):
            yield taken.add(v)
    for m in _SHARE.finditer(text):  # first, since the numerator may be in digits
        below = han_number(m[0])
        if below is not None:
            bare = Value(*m.span(), m[0], "cardinal", (below,), Strength.WORDS)
            yield taken.add(_suffixed(text, bare))
    for found in (with_digits(text, _tail), itertools.islice(_in_han(text), MOST)):
        for v in found:
            if taken.free(v.start, v.end):
                yield taken.add(v)
    for m in _OTHER_WORDS.finditer(text):
        if taken.free(*m.span()):
            yield Value(*m.span(), m[0], "cardinal", _OTHER[m[0]], Strength.LOOSE)


# 伍仟元整: numerals that can't be forged, only where they form a number.
_FINANCIAL_HINT = re.compile("[拾佰仟]")
_FINANCIAL = re.compile(
    "(?=[壹贰貳叁參肆伍陆陸柒捌玖零万亿]{0,7}[拾佰仟])[壹贰貳叁參肆伍陆陸柒捌玖拾佰仟零万亿]{2,}"
)
_PLAIN_HAN = str.maketrans("壹贰貳叁參肆伍陆陸柒捌玖拾佰仟", "一二二三三四五六六七八九十百千")


def _decades(text: str) -> Iterator[Value]:
    """``20世纪30至40年代``, ``上世纪八九十年代``, ``本世纪``: each decade by itself."""
    for m in _DECADES.finditer(text):
        if m["which"]:
            base = 1900 if m["which"].startswith(("上", "前")) else 2000
        else:
            base = int(_small(m["century"]) - 1) * 100
        tens = list(_TENS.finditer(text, m.start("tens"), m.end("tens")))
        start = m.start()
        for i, ten in enumerate(tens):
            end = m.end() if i == len(tens) - 1 else ten.end()
            decade = int(_small(ten[0]))
            key = (Fraction(base + (decade if decade >= 10 else 10 * decade)),)
            strength = Strength.DIGITS if ten[0].isdigit() else Strength.WORDS
            yield Value(start, end, text[start:end], "decade", key, strength)
            start = end
    for m in _RELATIVE.finditer(text):
        base = 1900 if m["which"].startswith("上") else 2000
        keys = (Fraction(base // 100 + 1), Fraction(base))
        yield Value(*m.span(), m[0], "century", keys, Strength.LOOSE)


def _joined(text: str, values: Sequence[Value]) -> Iterator[Value]:
    """The values, with "每10万人中有3例" as one."""
    end = 0
    for value, following in itertools.zip_longest(values, values[1:]):
        if value.start < end:
            continue
        share = following and _one_in(text, value, following)
        if share:
            end = share.end
        yield share or value


_IN_EACH = re.compile(r"[^，。；、,;\d每]{0,12}")


def _one_in(text: str, below: Value, top: Value) -> Value | None:
    """``每5人中有1人``, ``每10万人3例``: the share, with the two numbers as parts."""
    if text[below.start - 1 : below.start] != "每" or below.kind != "cardinal":
        return None
    if top.kind != "cardinal" or not 0 < top.value < below.value:
        return None
    gap = text[below.end : top.start]
    if not _IN_EACH.fullmatch(gap) or not (below.value >= 100 or "中" in gap or "里" in gap):
        return None
    place = (below.start, top.end, text[below.start : top.end])
    strength = max(top.strength, below.strength)
    return Value(*place, "fraction", (top.value / below.value,), strength, (below, top))


# --- behind a numeral -------------------------------------------------------------------------


def _tail(text: str, value: Value) -> Value:
    """The value with the scales and suffixes behind it: 万, 世纪, 年代, 倍, 分之, 月, 年."""
    if text[value.start - 1 : value.start] == "第":
        value = replace(value, kind="ordinal")
    scaled = _SCALES.match(text, value.end)
    if scaled is None:
        return _suffixed(text, value)
    scale = _product(scaled["scale"])
    number = value.value * scale
    end = scaled.end()
    while more := _MORE.match(text, end):  # 1亿2000万
        part, before = as_fraction(more["n"]), scale
        scale = _product(more["scale"])
        if part < before < scale:  # 1百50万 is 150万
            number = (number + part) * scale
        else:
            number += part * scale
        end = more.end()
    if (rest := _REST.match(text, end)) and int(rest["n"]) < scale:
        alone = len(rest["n"]) == 1 and not rest["zero"]
        number += int(rest["n"]) * (scale // 10 if alone else 1)
        end = rest.end()
    value = replace(retext(value, text, end), keys=(number,), parts=())
    if percent := PERCENT.match(text, end):
        return retext(value, text, percent.end())
    return _suffixed(text, value)


def _product(scales: str) -> int:
    product = 1
    for c in scales:
        product *= _SCALE[c]
    return product


def _suffixed(text: str, value: Value) -> Value:
    """The value with the suffix that changes its kind or its readings."""
    suffix = _SUFFIX.match(text, value.end)
    if suffix is None:
        return value
    return _READ[suffix.lastgroup or "year"](text, value, suffix)


def _as(text: str, value: Value, end: int, kind: ValueKind, *keys: Fraction) -> Value:
    return replace(retext(value, text, end), kind=kind, keys=keys, parts=())


def _century(text: str, value: Value, suffix: re.Match[str]) -> Value:
    first_year = (value.value - 1) * 100
    if suffix["tens"]:
        return _as(text, value, suffix.end(), "decade", first_year + _small(suffix["tens"]))
    return _as(text, value, suffix.end("century"), "century", value.value, first_year)


def _decade(text: str, value: Value, suffix: re.Match[str]) -> Value:
    number = value.value
    keys: tuple[Fraction, ...] = (number,)
    if number >= 1000 and not number % 100:
        keys = (number, number / 100 + 1)
    elif number < 100:
        keys = (number + 1900, number, number + 2000, number + 1800)
    return _as(text, value, suffix.end(), "decade", *keys)


def _month(text: str, value: Value, suffix: re.Match[str]) -> Value:
    if 1 <= value.value <= 12 and value.text.isalnum():
        return _as(text, value, suffix.end(), "month", value.value)
    return value


def _fold(text: str, value: Value, suffix: re.Match[str]) -> Value:
    number = value.value
    if _RISE.search(text[max(0, value.start - 12) : value.start]):  # 增加2倍: thrice as much
        return _as(text, value, suffix.end(), "fold", number, number + 1)
    return _as(text, value, suffix.end(), "fold", number)


def _tenth(text: str, value: Value, suffix: re.Match[str]) -> Value:
    five = suffix["five"]
    more = 0 if five is None else 5 if five == "半" else _DIGIT[five]
    return _as(text, value, suffix.end(), "percent", value.value / 10 + Fraction(more, 100))


def _points(text: str, value: Value, suffix: re.Match[str]) -> Value:
    return _as(text, value, suffix.end(), "percent", value.value / 100, value.value)


def _half(text: str, value: Value, suffix: re.Match[str]) -> Value:
    if suffix["half"] == "个半":
        value = retext(value, text, suffix.end())
    return replace(value, keys=(value.value, value.value + Fraction(1, 2)))


def _parts(text: str, value: Value, suffix: re.Match[str]) -> Value:
    """``N分之M``: M/N, and the two numbers as parts."""
    below = value.value
    top = _ABOVE.match(text, suffix.end())
    above = None
    if top is not None:
        above = Fraction(top["digits"]) if top["digits"] else han_number(top["han"])
    if top is None or above is None or not below:
        return value
    digits = value.strength is Strength.DIGITS or top["digits"]
    strength = Strength.DIGITS if digits else Strength.WORDS
    whole = replace(retext(value, text, top.end()), strength=strength)
    if below == 100:
        return replace(whole, kind="percent", keys=(above / below, above))
    part = Value(top.start(), top.end(), top[0], "cardinal", (above,), strength)
    rate = below > 100 and str(below).rstrip("0") == "1"  # 千分之三
    kind: ValueKind = "percent" if rate else "fraction"
    return replace(whole, kind=kind, keys=(above / below,), parts=(value, part))


def _year(_text: str, value: Value, _suffix: re.Match[str]) -> Value:
    number = value.value
    if 10 <= number < 100 and value.strength is Strength.DIGITS:  # 98年
        return replace(value, keys=(number, number + 1900, number + 2000))
    return value


_READ = {
    "century": _century,
    "tens": _century,
    "decade": _decade,
    "month": _month,
    "fold": _fold,
    "tenth": _tenth,
    "five": _tenth,
    "points": _points,
    "half": _half,
    "parts": _parts,
    "year": _year,
}

# --- numerals in Han --------------------------------------------------------------------------


def _small(text: str) -> Fraction:
    return Fraction(int(text)) if text.isdigit() else (han_number(text) or Fraction(0))


def han_number(run: str) -> Fraction | None:
    """Value of a numeral in Han (一百二十, 两千零五, 二〇一九, 三点五); None when it is none."""
    whole, point, decimals = run.partition("点")
    base = _whole(whole)
    if not point or base is None:
        return base
    digits = [_DIGIT.get(c) for c in decimals]
    if not digits or None in digits:
        return None
    return base + Fraction(int("".join(map(str, digits))), 10 ** len(digits))


def _whole(run: str) -> Fraction | None:
    if not run or len(run) > MAX_DIGITS:
        return None
    if all(c in _DIGIT for c in run):  # 二〇一九
        return Fraction(int("".join(str(_DIGIT[c]) for c in run)))
    total = section = digit = last = 0
    waiting = False  # a digit waits for its scale
    for c in run:
        if c in _DIGIT:
            if waiting and digit:
                return None  # 三五百
            digit = _DIGIT[c]
            waiting = bool(digit)
            last = last if waiting else 1
            continue
        scale = _SCALE[c]
        if scale < 10**4:
            section += (digit if waiting else 1) * scale
        elif scale > total > 0:  # 一万亿
            total, section = (total + section + (digit if waiting else 0)) * scale, 0
        else:
            section += digit if waiting else 0
            total, section = total + (section or (0 if total else 1)) * scale, 0
        digit, waiting, last = 0, False, scale
    if waiting:  # 两千五 = 2500, but 两千零五 = 2005 and 二十五 = 25
        section += digit * (last // 10 if last >= 100 else 1)
    return Fraction(total + section)


_HAN_RUN = re.compile(
    r"[零〇○一二三四五六七八九两俩仨十百千万亿廿]+(?:点[零〇一二三四五六七八九]+)?"
)
_SHARE = re.compile(r"(?<!\d)[二三四五六七八九十百千万两]{1,6}(?=分之)")
_ROUGH = re.compile(
    r"(?P<head>[一二两三四五六七八九]?[十百千万]*?)(?P<a>[一二三四五六七八九两])(?P<b>[一二三四五六七八九两])"
    r"(?P<scale>[十百千万亿]*)"
)
_VAGUE_SCALE = re.compile(rf"[多余几](?P<scale>{_SCALE_CHARS}{{1,3}})")
# Words that only look like numbers: adverbs, units, names, days. Behind the numeral …
_IDIOM = re.compile(
    r"一(?:半|些|般|致|直|定|起|旦|样|切|律|并|再|经|向|度|贯|概|味|时|系列|方面|下|面|边|同|体|代"
    r"|线|番|流)|十(?:分(?!钟|之)|足|字架)|百(?:姓|科|货|合|度|分比|分点)"
    r"|千(?:克|米|瓦|卡|帕|赫|伏|安|焦|兆|字|方百计)|万(?:一|物|岁|圣|能|维网|分感)"
    r"|三(?:明治|文鱼|角)|四(?:川|处|周(?!年|内|后|的)|人帮|分五裂)|九江|五(?:角大楼|金)|两[侧边岸旁]"
)
# … and before it.
_BEFORE = re.compile(r"(?:[统进唯专某任另逐划不]|(?<!\d)之|万|星期|礼拜|周|尼)$")
# What a number may count: classifiers, measures, and a few nouns that stand without one.
_COUNTED = frozenset(
    "个名例位组种项次年天日周月岁家篇只条台套份类期批层级倍点分时小所张件座辆艘人部门轮者届代"
    "国块枚颗株头匹尾片段章节行列排对双句字词幅副架支枝根粒滴杯瓶盒包箱袋桶成千百万亿"
)
_VAGUE_BEFORE = frozenset("数几上成若好")
_VAGUE_AFTER = frozenset("几多余来")
_TEN = r"(?:\d0|[一二三四五六七八九]?十|[一二三四五六七八九](?=[一二三四五六七八九]十))"
_TENS = re.compile(_TEN)
_DECADES = re.compile(
    r"(?:(?P<which>上个?|本|这个?|前)世纪|(?P<century>\d{1,2}|[一二]?十[一二三四五六七八九]?)\s?世纪)\s?"
    rf"(?P<tens>{_TEN}(?:(?:年代)?[初中末后前]?期?\s?[至到和与及、～~—–-]*\s?{_TEN}){{0,3}})\s?年代"
)
_RELATIVE = re.compile(r"(?P<which>上个?|本|这个?)世纪")


def _in_han(text: str) -> Iterator[Value]:
    """Values written with Han numerals."""
    for m in _HAN_RUN.finditer(text):
        start, end = m.span()
        before = text[start - 1 : start]
        if before.isdigit() or end - start > MAX_DIGITS:
            continue  # the scale of a numeral with digits (3万); an endless run
        if end - start == 1 and before != "第" and _IDIOM.match(text, start):
            continue
        if end - start <= 3 and _BEFORE.search(text[max(0, start - 2) : start]):
            continue
        if m[0] in ("万一", "百分", "千万") and before != "第":
            continue
        yield from _han_values(text, start, end, before)


def _han_values(text: str, start: int, end: int, before: str) -> Iterator[Value]:
    if end - start > 1 and _NOT_COUNTED.match(text, end - 1):
        end -= 1  # 二十万两, 九十五百分位
    run = text[start:end]
    rough = _ROUGH.fullmatch(run)
    if rough and _near(rough):  # 三五天, 二三十, 二十七八: two numbers, both rough
        head = han_number(rough["head"]) or Fraction(0)
        for name in ("a", "b"):
            key = head + _DIGIT[rough[name]] * _product(rough["scale"])
            place = (start + rough.start(name), start + rough.end(name))
            yield Value(*place, rough[name], "cardinal", (key,), Strength.LOOSE)
        return
    number = han_number(run)
    if number is None:
        return
    strength = Strength.LOOSE
    if before not in _VAGUE_BEFORE and text[end : end + 1] not in _VAGUE_AFTER:
        counts = before == "第" or text[end : end + 1] in _COUNTED
        if len(run) == 1 and 2 <= number <= 10 and counts:  # not 二氧化碳, 五指山
            strength = Strength.SMALL
        elif len(run) > 1 and number > 10 and run[0] not in "百千万亿":
            strength = Strength.WORDS
    if vague := _VAGUE_SCALE.match(text, end):  # 三十万多亿
        end, number = vague.end(), number * _product(vague["scale"])
        run = text[start:end]
    kind: ValueKind = "ordinal" if before == "第" else "cardinal"
    yield _suffixed(text, Value(start, end, run, kind, (number,), strength))


# The last sign of a run that belongs to the next word: 二十万两 (taels), 九十五百分位.
_NOT_COUNTED = re.compile(r"(?<=[十百千万亿])两|百(?=分[位点比数])")


def _near(rough: re.Match[str]) -> bool:
    """Whether two digits side by side are a guess (七八, 三五, 两三) and no year or telephone."""
    a, b = _DIGIT[rough["a"]], _DIGIT[rough["b"]]
    return not rough["head"] or (rough["head"][-1] in "十百千万" and b - a == 1)


# Words that stand for a number; none of them is ever missed.
_OTHER = {
    word: tuple(Fraction(k) for k in keys)
    for keys, words in (
        ((2,), "翻一番 翻了一番 翻番 翻倍 加倍 翻了一倍 双 亚军"),
        ((4,), "翻两番 翻了两番"),
        ((Fraction(1, 2), 50), "一半 半数"),
        ((Fraction(1, 2), 6), "半年"),
        ((Fraction(1, 2),), "过半 半"),
        ((1,), "首 单 冠军"),
        ((6,), "半打"),
        ((15,), "刻钟"),
        ((30, Fraction(1, 2)), "点半"),
        ((50, Fraction(1, 2)), "半个世纪"),
        ((3,), "季军 立体"),
        ((12,), "正午 中午"),
        ((0, 12, 24), "午夜"),
        ((24,), "全天候"),
        ((100,), "世纪"),
    )
    for word in words.split()
}
_OTHER_WORDS = re.compile("|".join(sorted(_OTHER, key=len, reverse=True)))
