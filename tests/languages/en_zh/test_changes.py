"""Directions of change beside numbers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtcheck.languages.en_zh.changes import change
from mtcheck.languages.en_zh.numbers import LanguageCode, numbers


def told(text: str, language: LanguageCode, n: int = 0) -> tuple[str, bool] | None:
    found = change(text, numbers(text, language)[n], language)
    if found is None:
        return None
    assert text[found.start : found.end] == found.text
    return found.text, found.upward


@pytest.mark.parametrize(
    ("text", "word", "upward"),
    [
        ("Costs fell by about 12%.", "fell", False),
        ("Costs rose sharply by 12%.", "rose", True),
        ("An increase of 12% was seen.", "increase", True),
        ("There was 12% reduction in cost.", "reduction", False),
        ("Rents were 12% higher there.", "higher", True),
        ("Stays were 3 days shorter.", "shorter", False),
        ("The level increased to 72 h.", "increased", True),
        ("Prices declined by at least 5 euros.", "declined", False),
    ],
)
def test_english(text: str, word: str, upward: bool) -> None:
    assert told(text, "en") == (word, upward)


def test_the_end_of_a_range_has_the_direction() -> None:
    assert told("Yields rose from 7.8 t/ha to 9.4 t/ha.", "en", 1) == ("rose", True)


@pytest.mark.parametrize(
    ("text", "word", "upward"),
    [
        ("成本下降约12%。", "下降", False),
        ("成本上升了12%。", "上升", True),
        ("价格提高到12元。", "提高", True),
        ("租金高12%。", "高", True),
        ("票价低了12%。", "低", False),
        ("12%的降幅很大。", "降幅", False),
    ],
)
def test_chinese(text: str, word: str, upward: bool) -> None:
    assert told(text, "zh") == (word, upward)


@pytest.mark.parametrize(
    "text", ["身高180厘米。", "最高12%。", "至少12%。", "共有12%。", "高达12%。"]
)
def test_no_change_in_chinese(text: str) -> None:
    assert told(text, "zh") is None


@pytest.mark.parametrize("text", ["In 12 towns.", "More than 12%.", "Of these 12% fell ill."])
def test_no_change_in_english(text: str) -> None:
    assert told(text, "en") is None


@settings(deadline=None)
@given(st.text(alphabet="增加下降高低12.5%约了increased by fel of"))
def test_offsets_hold(text: str) -> None:
    for language in ("en", "zh"):
        for value in numbers(text, language):
            found = change(text, value, language)
            assert found is None or text[found.start : found.end] == found.text
