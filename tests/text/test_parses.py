"""The memory of parses has a budget, whatever the length of the texts."""

from __future__ import annotations

import tracemalloc

import pytest

from mtcheck.languages.en.sentences import split_english
from mtcheck.languages.en.terms import english_words
from mtcheck.text import parses
from mtcheck.text.parses import cached, forget_parses
from mtcheck.text.scripts import latin_words


def test_a_text_is_parsed_once_until_it_is_forgotten() -> None:
    made: list[str] = []

    @cached
    def parse(text: str, language: str = "en") -> str:
        made.append(text)
        return text.upper()

    assert [parse("ab"), parse("ab"), parse("ab", "zh")] == ["AB"] * 3
    assert made == ["ab", "ab"]
    forget_parses()
    assert (parse("ab"), made) == ("AB", ["ab"] * 3)


def test_a_parse_within_a_parse_may_use_up_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parses, "ROOM", 150)

    @cached
    def depth(text: str) -> int:
        return 1 + depth(text[1:]) if text else 0

    assert [depth("a" * n) for n in (30, 30, 29, 31)] == [30, 30, 29, 31]


def test_long_texts_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a budget 40 texts of 20,000 characters keep 67 MB in these three parses alone."""
    monkeypatch.setattr(parses, "ROOM", 500_000)
    forget_parses()
    tracemalloc.start()
    try:
        most = 0
        for n in range(150):
            text = (f"The drug {n} was given to word{n} patients. " * 600)[:20_000]
            for parse in (split_english, english_words, latin_words):
                parse(text)
            most = max(most, tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    forget_parses()
    assert most < 30_000_000
