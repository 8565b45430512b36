"""The table of opposites holds together, and mentions and reversals are read from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtcheck.languages.en_zh.opposites import (
    PoleStrength,
    chinese_mentions,
    english_mentions,
    table,
)
from mtcheck.languages.en_zh.reversals import reversals

SENSES = [
    (word, sense)
    for words in (table().english, table().chinese)
    for word, senses in words.items()
    for sense in senses
]
WORDS = st.sampled_from([*table().english, *table().chinese, "not", "不", "未", "，", ". "])
MIXED = st.lists(st.one_of(WORDS, st.text(max_size=4)), max_size=12).map(" ".join)


def test_the_table_is_as_large_as_promised() -> None:
    assert len({sense.pole.group for _, sense in SENSES}) >= 150
    assert sum(bool(senses) for senses in table().english.values()) >= 400
    assert sum(bool(senses) for senses in table().chinese.values()) >= 600


def test_every_group_has_both_poles_and_one_kind() -> None:
    poles = {sense.pole for _, sense in SENSES}
    for group in {pole.group for pole in poles}:
        ends = [pole for pole in poles if pole.group == group]
        assert {pole.sign for pole in ends} == {1, -1}, group
        assert len({(pole.axis, pole.kind) for pole in ends}) == 1, group
    assert {pole.kind for pole in poles} == {"direction", "valence", "place"}


def test_what_stands_for_a_pole_is_a_pole_of_its_axis() -> None:
    known = {(s.pole.group, s.pole.sign): s.pole.axis for _, s in SENSES}
    for _, sense in SENSES:
        assert all(known[other] == sense.pole.axis for other in sense.pole.also)


def test_no_word_is_both_ends_of_a_group() -> None:
    for words in (table().english, table().chinese):
        for word, senses in words.items():
            firm = {(s.pole.group, s.pole.sign) for s in senses if s.strength > PoleStrength.HINT}
            assert not {(group, -sign) for group, sign in firm} & firm, word


def test_chinese_words_have_two_characters_or_more() -> None:
    assert all(len(word) > 1 for word in table().chinese)


@pytest.mark.parametrize("word", ["fell", "dropping", "declines", "lower", "reductions"])
def test_inflected_forms_are_known(word: str) -> None:
    assert any(s.pole.sign < 0 for m in english_mentions(f"a {word} b") for s in m.senses)


@given(MIXED, MIXED)
def test_mentions_lie_in_their_text(source: str, hypothesis: str) -> None:
    for text, mentions in (
        (source, english_mentions(source)),
        (hypothesis, chinese_mentions(hypothesis)),
    ):
        assert all(text[m.start : m.end] == m.text for m in mentions)
    found = reversals(source, hypothesis)
    assert len({r.source.start for r in found}) == len(found)
    assert len({r.hypothesis.start for r in found}) == len(found)


def test_each_occurrence_counts() -> None:
    source = "Weight increased, pressure decreased, and sleep improved."
    assert not reversals(source, "体重增加，血压下降，睡眠改善。")
    (found,) = reversals(source, "体重增加，血压上升，睡眠改善。")
    assert (found.source.text, found.hypothesis.text) == ("decreased", "上升")
