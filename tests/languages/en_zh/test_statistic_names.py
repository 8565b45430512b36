"""Names of statistics have one symbol in both languages."""

from __future__ import annotations

import pytest

from mtcheck.languages.en_zh.numbers import LanguageCode
from mtcheck.languages.en_zh.statistic_names import statistics


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("OR 1.8, 95% CI 1.2-2.6, P = 0.01", "en", ["OR", "CI", "P"]),
        ("odds ratio, hazard ratios, relative risk", "en", ["OR", "HR", "RR"]),
        ("5.2 ± 1.1 (n = 20)", "en", ["±", "n"]),
        ("standard deviation; IQR 3-8", "en", ["SD", "IQR"]),
        ("one OR the other; the HR department", "en", []),
        ("95%置信区间，比值比", "zh", ["CI", "OR"]),
        ("95%CI为1.2（n=20，P值<0.05）", "zh", ["CI", "n", "P"]),
        ("标准差和标准误", "zh", ["SD", "SE"]),
    ],
)
def test_reads(text: str, language: LanguageCode, expected: list[str]) -> None:
    found = statistics(text, language)
    assert [s.symbol for s in found] == expected
    assert all(text[s.start : s.end] == s.text for s in found)
