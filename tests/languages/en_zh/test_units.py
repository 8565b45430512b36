"""Units behind numbers have one name in both languages."""

from __future__ import annotations

import pytest

from mtcheck.languages.en_zh.numbers import LanguageCode, Strength, numbers
from mtcheck.languages.en_zh.units import unit


def name(text: str, language: LanguageCode) -> str:
    value = next(v for v in numbers(text, language) if v.strength == Strength.DIGITS)
    found = unit(text, value, language)
    if found is None:
        return ""
    assert text[found.start : found.end] == found.text
    return found.name


PAIRS = [
    ("5 mg/kg", "5毫克/千克", "mg/kg"),
    ("5mg", "5 mg", "mg"),
    ("5 μg", "5微克", "µg"),
    ("5 hours", "5小时", "h"),
    ("5-h", "5个小时", "h"),
    ("5 min", "5分钟", "min"),
    ("5 weeks", "5周", "wk"),
    ("5-year-old", "5岁", "yr"),
    ("5 months", "5个月", "mo"),
    ("5 °C", "5℃", "°C"),
    ("5 mmHg", "5毫米汞柱", "mmHg"),
    ("5 kDa", "5千道尔顿", "kDa"),
    ("5 kg", "5公斤", "kg"),
    ("5 km", "5千米", "km"),
    ("5 km²", "5平方公里", "km²"),
    ("5 feet", "5英尺", "ft"),
]


@pytest.mark.parametrize(("english", "chinese", "expected"), PAIRS)
def test_one_name_in_both_languages(english: str, chinese: str, expected: str) -> None:
    assert name(english, "en") == expected
    assert name(chinese, "zh") == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("5 groups", "en"),
        ("5 e.g. this", "en"),
        ("5 girls", "en"),
        ("5 h-index", "en"),
        ("2019年", "zh"),
        ("从5升至7", "zh"),
        ("5帕金森病", "zh"),
        ("5分之一", "zh"),
        ("5例", "zh"),
    ],
)
def test_no_unit(text: str, language: LanguageCode) -> None:
    assert not name(text, language)
