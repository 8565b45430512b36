"""Cutting sentences into clauses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtcheck.languages.en_zh.clauses import chinese_clauses, clauses, english_clauses, stretches
from mtcheck.languages.en_zh.extent import extent
from mtcheck.languages.en_zh.numbers import LanguageCode


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
    languages: tuple[LanguageCode, ...] = ("en", "zh")
    for language in languages:
        last = 0
        for start, end in clauses(text, language):
            assert last <= start < end <= len(text)
            last = end


def test_stretches_are_runs_of_phrases() -> None:
    text = "Losses were greater in bays, where inputs were high."
    found = {text[s.start : s.end]: s.bounds for s in stretches(text, "en", 2.0, 8.1)}
    assert found["where inputs were high"] == 2
    assert found["in bays"] == 1
    assert found["Losses were greater in bays"] == 2
    assert text[:-1] not in found
    assert stretches(text, "en", 100.0, 200.0) == ()


@given(
    text=st.text(alphabet="ab ,;and中文，和。1()", max_size=80),
    language=st.sampled_from(["en", "zh"]),
    least=st.floats(0, 9),
    more=st.floats(0, 30),
)
def test_stretches_have_the_extent_asked_for(
    text: str, language: LanguageCode, least: float, more: float
) -> None:
    for stretch in stretches(text, language, least, least + more):
        assert 0 <= stretch.start < stretch.end <= len(text)
        assert least <= stretch.extent <= least + more
        inside = extent(text[stretch.start : stretch.end], language) - 1.0
        assert inside == pytest.approx(stretch.extent)


def test_a_long_list_is_not_searched() -> None:
    assert stretches("one two three, " * 3000, "en", 3.0, 9999.0) == ()
