from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtcheck.languages.en_zh.boilerplate import translation_notices
from mtcheck.languages.en_zh.length import length_fit
from mtcheck.languages.zh.punctuation import FULL_WIDTH, clause_marks, lone_families, pairing
from mtcheck.text.spans import content

HAN_TEXT = st.text("研究结果表明该方法有效", min_size=2, max_size=12)
MARKED = st.text("研究患者,;:?!.()[]{}，；：？！。（）【】《》“”‘’「」『』 aB1-=\n", max_size=60)


@given(st.lists(HAN_TEXT, min_size=2, max_size=6), st.sampled_from(",;:?!"))
def test_every_half_width_mark_between_han_is_found(parts: list[str], mark: str) -> None:
    text = mark.join(parts)
    assert [m.at for m in clause_marks(text) if m.half] == [
        i for i, c in enumerate(text) if c == mark
    ]
    assert not [m for m in clause_marks(FULL_WIDTH[mark].join(parts)) if m.half]


@given(MARKED)
def test_marks_are_where_they_say(text: str) -> None:
    for mark in clause_marks(text):
        assert text[mark.at] == mark.char
        assert mark.half == (mark.char in FULL_WIDTH)


@given(MARKED)
def test_a_bracket_is_paired_once_or_lone(text: str) -> None:
    found = pairing(text)
    places = [at for pair in found.pairs for at in pair] + list(found.unpaired)
    assert len(places) == len(set(places))
    assert all(start < end for start, end in found.pairs)


@given(
    HAN_TEXT, HAN_TEXT, st.sampled_from(["（）", "“”", "《》", "【】", "「」", "()", "[]", "‘’"])
)
def test_dropping_one_of_a_pair_shows(outer: str, inner: str, pair: str) -> None:
    whole = f"{outer}{pair[0]}{inner}{pair[1]}{outer}"
    assert not pairing(whole).unpaired
    for mark in pair:
        broken = whole.replace(mark, "")
        assert [broken[at] for at in pairing(broken).unpaired] == [pair.replace(mark, "")]


def test_the_stop_of_a_sentence_is_no_decimal_point() -> None:
    assert [m.char for m in clause_marks("共测量3.5小时。")] == []
    assert [m.char for m in clause_marks("共测量3.5小时.")] == ["."]
    assert [m.char for m in clause_marks("结果见图.3")] == []
    assert [m.char for m in clause_marks("此处省略...")] == []


def test_straight_quotes_of_the_source_count() -> None:
    assert lone_families('"It is over. We go') == {"“"}
    assert lone_families('"It is over."') == set()


@given(st.integers(1, 60), st.integers(1, 200))
def test_length_is_judged_by_its_ratio(words: int, characters: int) -> None:
    fit = length_fit("word " * words, "字" * characters)
    assert fit is not None
    assert (fit.words, fit.characters) == (words, characters)
    longer = length_fit("word " * words, "字" * (characters + 1))
    assert longer is not None
    assert longer.z > fit.z
    assert (fit.z > 0) == (characters > fit.expected)


def test_length_needs_both_sides() -> None:
    assert length_fit("", "结果") is None
    assert length_fit("Results", "") is None
    assert length_fit("Results were good", "Results were good") is None


@given(st.text(max_size=20))
def test_content_is_the_text_without_outer_space(text: str) -> None:
    span = content(text)
    if span is None:
        assert not any(c.isalnum() for c in text)
    else:
        assert text[slice(*span)] == text.strip()


def test_a_notice_in_two_clauses_is_one() -> None:
    text = "前景广阔。本文章由计算机程序翻译，如有差异，请以英文原文为准。"
    assert [text[a:b] for a, b in translation_notices(text)] == [text[5:]]


@pytest.mark.parametrize(
    "piece",
    ["(", ")", "（(", "“‘", "]", "中,", "中(文", "1) ", ".", "[0,1", "本文由", "如有", "译 "],
)
def test_long_adverse_text_is_read_in_linear_time(piece: str) -> None:
    text = (piece * 50_000)[:50_000] + "中文" * 1000
    start = time.perf_counter()
    clause_marks(text)
    pairing(text)
    translation_notices(text)
    length_fit(text, text)
    assert time.perf_counter() - start < 1.5
