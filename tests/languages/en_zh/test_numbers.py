"""Numbers are read as exact values, in either language, and paired across languages."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtcheck.languages.en_zh.numbers import LanguageCode, Strength, compare, numbers, render


def values(text: str, language: LanguageCode, least: Strength = Strength.SMALL) -> list[Fraction]:
    return [v.value for v in numbers(text, language) if v.strength >= least]


ENGLISH = {
    "3,450 samples": [3450],
    "3 450 samples": [3450],
    "10 000 and 20 000 cells": [10000, 20000],
    "between 3 and 5 years": [3, 5],
    "a value of .05": [Fraction(1, 20)],
    "at 12.5% and 3 per cent": [Fraction(1, 8), Fraction(3, 100)],
    "some 2‰ of births": [Fraction(1, 500)],
    "1.2 million, $2.5bn, 40k": [1_200_000, 2_500_000_000, 40],
    "fifteen hundred thousand": [1_500_000],
    "two hundred and fifty-three": [253],
    "one thousand two hundred and five": [1205],
    "in nineteen ninety-five": [1995],
    "the twenty-first century": [21],
    "the 21st century, in the 1990s": [21, 1990],
    "two-thirds of 3/4": [Fraction(2, 3), Fraction(3, 4)],
    "one in five": [Fraction(1, 5)],
    "2½ years": [Fraction(5, 2)],
    "1.2 × 10^-3 and 10⁶ and 5 × 10(6)": [Fraction(12, 10**4), 10**6, 5 * 10**6],
    "a 3-fold rise": [3],
    "stage III": [3],
    "36x24 mm": [36, 24],
    "3 per 1,000": [Fraction(3, 1000)],
    "12.5/100,000 and 4 deaths per 1000 births": [Fraction(1, 8000), Fraction(1, 250)],
    "6‰ or 6 per mille": [Fraction(3, 500), Fraction(3, 500)],
    "half a million, a quarter of a million": [500_000, 250_000],
    "two and a half million": [2_500_000],
    "1 234.56 and 1.234,56 and 12'345": [Fraction(123456, 100)] * 2 + [12345],
    "in 2019/20": [2019, 20],
    "10(5) and 10-3 M": [10**5, Fraction(1, 1000)],
    "5 mg kg-1 day-1": [5],
    "percentiles P25 and P75, R2 of 0.8, 5 m(2)": [Fraction(4, 5), 5],
    "The 18F and 131I scans of Ca2+": [],
    "This was studied.1,2 Others followed.3": [],
    "seven or eight": [7, 8],
}
CHINESE = {
    "３４５０份": [3450],
    "1.2百万": [1_200_000],
    "120万和3.5亿": [1_200_000, 350_000_000],
    "1亿2000万": [120_000_000],
    "5千克和3千米": [5, 3],
    "100兆赫": [100],
    "一百二十三万四千五百六十七": [1_234_567],
    "两千零五": [2005],
    "两千五百": [2500],
    "两万五": [25000],
    "一万亿": [10**12],
    "二〇一九年": [2019],
    "十二点五": [Fraction(25, 2)],
    "百分之十二点五": [Fraction(1, 8)],
    "百分之50": [Fraction(1, 2)],
    "千分之三": [Fraction(3, 1000)],
    "三分之二": [Fraction(2, 3)],
    "三成以上": [Fraction(3, 10)],
    "本世纪20年代初": [2020],
    "上世纪90年代": [1990],
    "20世纪90年代": [1990],
    "二十一世纪二十年代": [2020],
    "1990年代": [1990],
    "5 00万": [5_000_000],
    "100, 000": [100_000],
    "3倍": [3],
    "3月5日": [3, 5],
    "第95百分位数": [95],
    "九十五百分位": [95],
    "3/10万和12.5/万": [Fraction(3, 10**5), Fraction(1, 800)],
    "万分之三，10万分之七": [Fraction(3, 10**4), Fraction(7, 10**5)],
    "每10万人中有3例": [Fraction(3, 10**5)],
    "3万4000和13万2和1千零1": [34_000, 132_000, 1001],
    "二十万两": [200_000],
    "伍仟元整": [5000],
    "大陆和收拾": [],
    "七成五，两成半": [Fraction(3, 4), Fraction(1, 4)],
    "3成功能": [3],
    "20世纪30至40年代": [1930, 1940],
    "上世纪五六十年代": [1950, 1960],
    "5千秒差距": [5],
    "5百万碱基": [5_000_000],
    "十个百分点": [Fraction(1, 10)],
    "两三个": [],
}


@pytest.mark.parametrize("text", ENGLISH)
def test_reads_english(text: str) -> None:
    assert values(text, "en") == ENGLISH[text]


@pytest.mark.parametrize("text", CHINESE)
def test_reads_chinese(text: str) -> None:
    assert values(text, "zh") == CHINESE[text]


@pytest.mark.parametrize(
    "text",
    [
        "COVID-19", "PM2.5", "SF-36", "CD4+ cells", "H1N1", "IL-6", "see [1, 3-5]",
        "10.1000/ab.12", "one of them", "a 3D image", "user@site2.org", "https://a.b/12",
    ],
)  # fmt: skip
def test_digits_of_names_are_not_missed(text: str) -> None:
    assert values(text, "en") == []


@pytest.mark.parametrize(
    "text", ["一般来说", "统一进行", "十分重要", "星期五", "万一失败", "老百姓", "之一", "数十种"]
)
def test_chinese_words_that_look_like_numbers(text: str) -> None:
    assert values(text, "zh") == []


PAIRS = [
    ("1.2 million", "120万"),
    ("50%", "一半"),
    ("half", "50%"),
    ("two-thirds", "2/3"),
    ("two-thirds", "三分之二"),
    ("one in five", "20%"),
    ("the early 2020s", "本世纪20年代初"),
    ("the early 2020s", "2020年代初"),
    ("the 1990s", "90年代"),
    ("the 1900s", "20世纪"),
    ("the nineteenth century", "19世纪"),
    ("2018-19", "2018年至2019年"),
    ("10-20%", "10%到20%"),
    ("30,000 to 40,000", "3-4万"),
    ("3-fold", "三倍"),
    ("twofold", "2倍"),
    ("a 2-fold increase", "增加了1倍"),
    ("March 5", "3月5日"),
    ("type 2", "Ⅱ型"),
    ("phase III", "3期"),
    ("2:30 p.m.", "14:30"),
    ("20 years", "二十年"),
    ("two decades", "20年"),
    ("18.5 months", "18个半月"),
    ("twelve", "12"),
    ("COVID-19", "2019冠状病毒病"),
    ("12 months", "一年"),
    ("30 min", "半小时"),
    ("90 minutes", "一个半小时"),
    ("1000 mL", "1 L"),
    ("a fortnight", "14天"),
    ("5 Mb", "500万碱基"),
    ("500 MW", "50万千瓦"),
    ("5 out of 20 (25%)", "20例中有5例（25%）"),
    ("3/4 (75%)", "4例中3例（75%）"),
    ("1 in 5", "每5人中有1人"),
    ("(1) one; (2) two", "①；②"),
    ("(i) one; (b) two", "（1）；（2）"),
    ("100% of them", "他们全部"),
    ("0 of 12", "12人中无人"),
    ("© 2020 Example Press", ""),
    ("IQR 150-980", "（150，980）"),
]


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_equal_in_meaning(english: str, chinese: str) -> None:
    compared = compare(english, chinese)
    left = [v.text for v in (*compared.lost, *compared.added) if v.strength > Strength.LOOSE]
    assert not left


def test_a_repeated_number_is_no_surplus() -> None:
    compared = compare("In 2019 we found 12 cases.", "2019年，我们发现12例，即2019年的全部病例。")
    assert not compared.added


amounts = st.integers(min_value=11, max_value=10**12)


@given(amounts)
def test_grouped_digits_are_read_back(number: int) -> None:
    for text in (f"{number:,}", f"{number:,}".replace(",", "\u202f"), str(number)):
        for language in ("en", "zh"):
            assert values(f"({text})", language) == [number]


ONES = "零一二三四五六七八九"


def han(number: int) -> str:
    """A number below 10**8 in Han numerals, written out the plain way."""
    if number >= 10**4:
        high, low = divmod(number, 10**4)
        gap = "零" if low and low < 1000 else ""
        return han(high) + "万" + gap + (han(low) if low else "")
    text = ""
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, scale)
        if digit:
            text += ONES[digit] + name
        elif text and number and not text.endswith("零"):
            text += "零"
    return text


@given(st.integers(min_value=21, max_value=10**8 - 1))
def test_han_numerals_are_read_back(number: int) -> None:
    found = [v.value for v in numbers(f"共{han(number)}人", "zh")]
    assert number in found


SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"


def english_words(number: int) -> str:
    """A number from 1 to 999,999 in English words."""
    ones, tens = SMALL.split(), TENS.split()
    if number < 20:
        return ones[number]
    if number < 100:
        ten, one = divmod(number, 10)
        return tens[ten - 2] + (f"-{ones[one]}" if one else "")
    scale, name = (100, "hundred") if number < 1000 else (1000, "thousand")
    high, low = divmod(number, scale)
    joint = " and " if low and low < 100 else " "
    rest = f"{joint}{english_words(low)}" if low else ""
    return f"{english_words(high)} {name}{rest}"


@given(st.integers(min_value=2, max_value=999_999))
def test_english_words_are_read_back(number: int) -> None:
    assert values(f"They saw {english_words(number)} birds.", "en") == [number]


@given(st.decimals(min_value="0.001", max_value="99999", places=3))
def test_percentages_match_across_languages(share: object) -> None:
    compared = compare(f"It rose by {share}%.", f"上升了百分之{share}。")
    assert not compared.lost
    assert not compared.added


DIFFERENT = [
    ("3 per 1,000", "千分之五"),
    ("3 per 1,000", "万分之三"),
    ("12.5/100,000", "12.5/万"),
    ("6%", "千分之六"),
    ("half a million", "5万"),
    ("34,000", "3万400"),
    ("12 months", "两年"),
    ("1000 mL", "10 L"),
    ("5 of 20 (25%)", "20例中有6例（25%）"),
    ("70%", "六成"),
    ("10(5)", "10⁴"),
    ("the 1930s and '40s", "20世纪30至50年代"),
]


@pytest.mark.parametrize(("english", "chinese"), DIFFERENT)
def test_different_in_meaning(english: str, chinese: str) -> None:
    compared = compare(english, chinese)
    left = [v for v in (*compared.lost, *compared.added) if v.strength > Strength.LOOSE]
    units = {(a.value, b.value) for a, b in compared.pairs if a.value != b.value}
    assert left or units


@given(st.integers(1, 99), st.sampled_from([10**3, 10**4, 10**5, 10**6]))
def test_rates_are_one_in_all_notations(top: int, below: int) -> None:
    han = {10**3: "千", 10**4: "万", 10**5: "十万", 10**6: "百万"}[below]
    rate = Fraction(top, below)
    for text in (f"{top} per {below:,}", f"{top} in {below:,}", f"{top} cases per {below}"):
        assert values(text, "en") == [rate]
    for text in (
        f"{han}分之{top}",
        f"{top}/{han}",
        f"每{below}人{top}例",
        f"每{below}人中有{top}例",
    ):
        assert values(text, "zh") == [rate]


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_mixed_numerals_are_read_back(high: int, low: int) -> None:
    zero = "零" if low < 1000 else ""
    assert values(f"共{high}万{zero}{low}人", "zh") == [high * 10**4 + low]


@given(st.integers(10**4, 10**7 - 1), st.integers(1, 99))
def test_groups_and_decimals_are_read_back(whole: int, cents: int) -> None:
    grouped = f"{whole:,}.{cents:02}"
    swapped = grouped.translate(str.maketrans(",.", ".,"))
    for text in (grouped, grouped.replace(",", " "), grouped.replace(",", "'"), swapped):
        assert values(f"It was {text}.", "en") == [Fraction(whole * 100 + cents, 100)]


EQUAL = [
    ("h", "小时", "min", "分钟", 60),
    ("kg", "千克", "g", "克", 1000),
    ("L", "升", "mL", "毫升", 1000),
    ("years", "年", "months", "个月", 12),
]


@given(st.integers(1, 500), st.sampled_from(EQUAL))
def test_equal_quantities_are_no_difference(
    number: int, units: tuple[str, str, str, str, int]
) -> None:
    large, large_zh, small, small_zh, ratio = units
    for english, chinese in (
        (f"It was {number} {large}.", f"为{number * ratio}{small_zh}。"),
        (f"It was {number * ratio} {small}.", f"为{number}{large_zh}。"),
    ):
        compared = compare(english, chinese)
        assert not [v for v in (*compared.lost, *compared.added) if v.strength > Strength.LOOSE]


PIECES = [
    "1.5", "万", "亿", "百", "一", "二十", "％", "%", "-", "–", "~", "/", ":", ",", " ", "年",
    "月", "世纪", "年代", "倍", "分之", "半", "第", "个", "10", "^", "×", "2020", "s", "th", "III",
    "Ⅲ", "½", "⁶", "million", "twenty", "one", "hundred", "and", "third", "in", "fold", "e", "CD",
    "[", "]", "'", ".", "多", "the", "。",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join), st.sampled_from(["en", "zh"]))
def test_spans_lie_in_the_text_in_order(text: str, language: LanguageCode) -> None:
    end = 0
    for v in numbers(text, language):
        assert end <= v.start < v.end <= len(text)
        assert text[v.start : v.end] == v.text
        assert all(v.start <= p.start < p.end <= v.end for p in v.parts)
        assert v.keys
        assert render(v)
        end = v.end


@given(st.lists(st.sampled_from(PIECES), max_size=10).map("".join))
def test_every_value_is_paired_or_left_over_once(text: str) -> None:
    compared = compare(text, text)
    sides = [p[0] for p in compared.pairs] + list(compared.lost)
    assert len({(v.start, v.end) for v in sides}) == len(sides)
