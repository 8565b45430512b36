"""Numbers are read as exact values, in either language, and paired across languages."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtcheck.languages.en_zh.numbers import Language, Strength, compare, numbers, render


def values(text: str, language: Language, least: Strength = Strength.SMALL) -> list[Fraction]:
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


PIECES = [
    "1.5", "万", "亿", "百", "一", "二十", "％", "%", "-", "–", "~", "/", ":", ",", " ", "年",
    "月", "世纪", "年代", "倍", "分之", "半", "第", "个", "10", "^", "×", "2020", "s", "th", "III",
    "Ⅲ", "½", "⁶", "million", "twenty", "one", "hundred", "and", "third", "in", "fold", "e", "CD",
    "[", "]", "'", ".", "多", "the", "。",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join), st.sampled_from(["en", "zh"]))
def test_spans_lie_in_the_text_in_order(text: str, language: Language) -> None:
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
