"""Months and weekdays are read in both languages."""

from __future__ import annotations

import pytest

from mtcheck.languages.en_zh.dates import calendar
from mtcheck.languages.en_zh.numbers import LanguageCode


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("on 3 March 2014", "en", [("month", 3, True)]),
        ("Sept. 5", "en", [("month", 9, True)]),
        ("in May we met on Tuesday", "en", [("month", 5, False), ("weekday", 2, False)]),
        ("May it be so; the March on Rome", "en", []),
        ("this may hold", "en", []),
        ("2014年3月5日", "zh", [("month", 3, True)]),
        ("十二月", "zh", [("month", 12, False)]),
        ("周一和星期天", "zh", [("weekday", 1, False), ("weekday", 7, False)]),
        ("3个月", "zh", []),
        ("12月龄", "zh", []),
        ("一周一次", "zh", [("weekday", 1, False)]),
        ("五周年", "zh", []),
    ],
)
def test_reads(text: str, language: LanguageCode, expected: list[tuple[str, int, bool]]) -> None:
    found = calendar(text, language)
    assert [(n.kind, n.number, n.dated) for n in found] == expected
    assert all(text[n.start : n.end] == n.text for n in found)
