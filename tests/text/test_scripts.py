from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtcheck.languages.en_zh.leftover import copied_stretches, leftovers, mostly_latin
from mtcheck.text.scripts import (
    bracketed,
    counts,
    english_words,
    han_ratio,
    latin_runs,
    latin_words,
    script,
    sentence_starts,
)
from mtcheck.text.verbatim import identifiers, verbatim

MIXED = st.text(
    alphabet=st.one_of(
        st.sampled_from(list("abcXYZé09αβ的了，。（）()[]《》“”\"'-–_ .:/@#$\\{}<>&;かハ한ж𠀀")),
        st.characters(codec="utf-8"),
    ),
    max_size=80,
)


@pytest.mark.parametrize(
    ("char", "expected"),
    [
        ("汉", "han"),
        ("〇", "han"),
        ("𠀀", "han"),
        ("a", "latin"),
        ("é", "latin"),
        ("Ａ", "latin"),
        ("か", "kana"),
        ("ﾊ", "kana"),
        ("한", "hangul"),
        ("ж", "cyrillic"),
        ("β", "greek"),
        ("ع", "arabic"),
        ("7", "digit"),
        ("７", "digit"),
        ("，", "other"),
        ("ー", "other"),
        (" ", "other"),
    ],
)
def test_script_of_a_character(char: str, expected: str) -> None:
    assert script(char) == expected


@given(MIXED)
def test_counts_add_up_and_agree_with_script(text: str) -> None:
    c = counts(text)
    assert c.letters + c.digit + c.other == len(text)
    assert c.han == sum(script(ch) == "han" for ch in text)
    assert c.latin == sum(script(ch) == "latin" for ch in text)
    assert 0 <= han_ratio(text) <= 1


def test_han_ratio() -> None:
    assert han_ratio("汉字ab") == 0.5
    assert han_ratio("123，。") == 0.0


@given(MIXED)
def test_latin_words_lie_in_the_text_and_do_not_overlap(text: str) -> None:
    words = latin_words(text)
    assert all(text[w.start : w.end] == w.text for w in words)
    assert all(a.end <= b.start for a, b in pairwise(words))
    assert tuple(w for r in latin_runs(text) for w in r.words) == words
    covered = {i for w in words for i in range(w.start, w.end)}
    assert all(i in covered for i, ch in enumerate(text) if ch.isascii() and ch.isalpha())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Anti-inflammatory drugs", ["Anti-inflammatory", "drugs"]),
        ("患者的IL-6和TNF-α", ["IL-6", "TNF-α"]),
        ("the patient's N-acetyl group", ["the", "patient's", "N-acetyl", "group"]),
        ("12 345", []),
        ("naïve café", ["naïve", "café"]),
    ],
)
def test_latin_words(text: str, words: list[str]) -> None:
    assert [w.text for w in latin_words(text)] == words


@pytest.mark.parametrize(
    ("word", "plain"),
    [
        ("word", True),
        ("Word", True),
        ("well-known", True),
        ("Anglo-Saxon", True),
        ("mRNA", False),
        ("IL-6", False),
        ("WHO", False),
        ("user24", False),
    ],
)
def test_plain_words(word: str, plain: bool) -> None:
    assert latin_words(word)[0].plain is plain


def test_runs_are_broken_by_han() -> None:
    runs = latin_runs("使用deep learning, e.g. a net，以及tree方法")
    assert [[w.text for w in r.words] for r in runs] == [
        ["deep", "learning", "e", "g", "a", "net"],
        ["tree"],
    ]


def test_english_words_are_those_in_lower_case() -> None:
    assert english_words("The Nile flows past well-known Cairo.") == {
        "flows",
        "past",
        "well-known",
        "well",
        "known",
    }


def test_sentence_starts() -> None:
    text = "Soil eroded. “Dust fell: Crops died."
    assert sorted(text[i:].split(maxsplit=1)[0] for i in sentence_starts(text)) == [
        "Crops",
        "Dust",
        "Soil",
    ]


@given(MIXED)
def test_bracketed_gives_outermost_pairs_in_order(text: str) -> None:
    found = bracketed(text)
    assert all(0 < s <= e < len(text) for s, e in found)
    assert all(a[1] < b[0] for a, b in pairwise(found))


def test_bracketed() -> None:
    text = "甲（b(c)）乙(d）丙（e"
    assert [text[s:e] for s, e in bracketed(text)] == ["b(c)", "d"]


@given(MIXED)
def test_identifiers_and_zones_lie_in_the_text(text: str) -> None:
    assert all(text[i.start : i.end] == i.text for i in identifiers(text))
    assert all(0 <= s < e <= len(text) for s, e in verbatim(text))


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("见https://example.org/a_b?c=1。", "URL", "https://example.org/a_b?c=1"),
        ("See www.example.org.", "URL", "www.example.org"),
        ("(doi:10.5555/x(1)2).", "DOI", "10.5555/x(1)2"),
        ("写信给a.b-c@example.org，", "e-mail address", "a.b-c@example.org"),
        ("PMID: 12345678.", "PMID", "PMID: 12345678"),
        ("试验NCT01234567已注册", "trial number", "NCT01234567"),
        ("存于GSE12345。", "accession number", "GSE12345"),
    ],
)
def test_identifiers(text: str, kind: str, value: str) -> None:
    (found,) = identifiers(text)
    assert (found.kind, found.text) == (kind, value)


@given(st.sampled_from(["overgrazing", "drought", "governance", "membrane"]), st.booleans())
def test_a_planted_lower_case_source_word_is_left_over(word: str, spaced: bool) -> None:
    gap = " " if spaced else ""
    hypothesis = f"研究表明{gap}{word}{gap}是主要原因。"
    (left,) = leftovers(f"The study names {word} as the main cause.", hypothesis)
    assert hypothesis[left.start : left.end] == word
    assert left.sure


@given(MIXED, MIXED)
def test_leftovers_lie_in_the_hypothesis_and_not_in_copied_stretches(a: str, b: str) -> None:
    for left in leftovers(a, b):
        assert 0 <= left.start < left.end <= len(b)
        assert not any(s <= left.start and left.end <= e for s, e in copied_stretches(a, b))


def test_mostly_latin() -> None:
    assert mostly_latin("The yield of maize fell.")
    assert not mostly_latin("玉米产量下降。")
    assert not mostly_latin("IL-6; TNF-α; CRISPR/Cas9")
    assert not mostly_latin("https://example.org/how-to-read-this")
    assert not mostly_latin("")
