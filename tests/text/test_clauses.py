"""Cutting sentences into clauses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtcheck.text.clauses import chinese_clauses, clauses, english_clauses
from mtcheck.text.numbers import Language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Losses were greater in bays, particularly where inputs were high.",
            ["Losses were greater in bays", "particularly where inputs were high"],
        ),
        ("In 2019, 3,000 units were sold in May.", ["In 2019, 3,000 units were sold in May"]),
        ("It rained all day but nobody got wet.", ["It rained all day", "but nobody got wet"]),
        ("There were no signs of rust, dry rot, or damage by mice.", None),
        ("Yes, no, maybe.", ["Yes, no, maybe"]),
        ("It rained.", ["It rained"]),
        ("...", []),
    ],
)  # fmt: skip
def test_english(text: str, expected: list[str] | None) -> None:
    found = [text[a:b] for a, b in english_clauses(text)]
    assert found == ([text[:-1]] if expected is None else expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("海湾的损失更大，尤其在养分输入高处。", ["海湾的损失更大", "尤其在养分输入高处"]),
        ("然而，产量下降了3,000个单位。", ["然而，产量下降了3,000个单位"]),
        ("夜间气温下降；白天气温上升，但幅度小。", ["夜间气温下降", "白天气温上升，但幅度小"]),
        ("，。", []),
    ],
)
def test_chinese(text: str, expected: list[str]) -> None:
    assert [text[a:b] for a, b in chinese_clauses(text)] == expected


@given(text=st.text(alphabet="ab ,;:.，；。—中文1"))
def test_clauses_are_in_order_and_apart(text: str) -> None:
    languages: tuple[Language, ...] = ("en", "zh")
    for language in languages:
        last = 0
        for start, end in clauses(text, language):
            assert last <= start < end <= len(text)
            last = end
