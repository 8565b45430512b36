"""Comparators are read with their direction, right before or behind a number."""

from __future__ import annotations

import pytest

from mtcheck.languages.en_zh.comparators import comparator
from mtcheck.languages.en_zh.numbers import LanguageCode, Strength, numbers


def relation(text: str, language: LanguageCode) -> str:
    value = next(v for v in numbers(text, language) if v.strength == Strength.DIGITS)
    found = comparator(text, value, language)
    if found is None:
        return ""
    assert text[found.start : found.end] == found.text
    return found.relation


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P < 0.05", "<"),
        ("P &lt; 0.05", "<"),
        ("n ≥ 30", "≥"),
        ("n >= 30", "≥"),
        ("at least 30 beds", "≥"),
        ("no more than about 30 beds", "≤"),
        ("more than $30", ">"),
        ("fewer than US$30", "<"),
        ("aged 65 years or older", "≥"),
        ("30 mg or less", "≤"),
        ("30+ sites", "≥"),
        ("up to 30%", "≤"),
        ("the other than usual 30 beds", ""),
        ("turnover 30", ""),
        ("30 beds", ""),
    ],
)
def test_english(text: str, expected: str) -> None:
    assert relation(text, "en") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P＜0.05", "<"),
        ("P值小于0.05", "<"),
        ("大于或等于30", "≥"),
        ("不少于30例", "≥"),
        ("不超过30例", "≤"),
        ("超过了30例", ">"),
        ("不到30例", "<"),
        ("30岁及以上", "≥"),
        ("30多家", "≥"),
        ("30毫克以下", "≤"),
        ("至少随访30个月", "≥"),
        ("成长于1970年代", ""),
        ("30例", ""),
    ],
)
def test_chinese(text: str, expected: str) -> None:
    assert relation(text, "zh") == expected


def test_direction_and_firmness() -> None:
    value = numbers("超过30例", "zh")[0]
    found = comparator("超过30例", value, "zh")
    assert found is not None
    assert found.upward
    assert found.firm
    assert found.tight
    over = comparator("over 30 days", numbers("over 30 days", "en")[0], "en")
    assert over is not None
    assert not over.firm
