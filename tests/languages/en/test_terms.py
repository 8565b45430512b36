from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtcheck.languages.en.terms import TermIndex, english_words, singular, term_key
from mtcheck.languages.en_zh.variants import VARIANTS, variant_index


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("cohorts", "cohort"),
        ("studies", "study"),
        ("boxes", "box"),
        ("branches", "branch"),
        ("masses", "mass"),
        ("analyses", "analysis"),
        ("criteria", "criterion"),
        ("mice", "mouse"),
        ("analysis", "analysis"),
        ("stress", "stress"),
        ("virus", "virus"),
        ("series", "series"),
        ("gas", "gas"),
        ("its", "its"),
    ],
)
def test_singular(plural: str, one: str) -> None:
    assert singular(plural) == one


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Odds ratios", "odds ratio"),
        ("Randomised controlled trials", "randomized controlled trial"),
        ("urbanisation", "Urbanization"),
        ("vapour pressure", "vapor pressure"),
        ("fine-tuning", "fine tuning"),
        ("oedema", "edema"),
        ("anaemia", "anemia"),
        ("fibre", "fiber"),
        ("analysed", "analyzed"),
        ("RCTs", "RCT"),
        ("patient's", "patients"),
    ],
)
def test_equal_terms(a: str, b: str) -> None:
    assert term_key(a) == term_key(b)


def test_an_acronym_is_no_word() -> None:
    assert term_key("AIDS") != term_key("aids")
    assert term_key("WHO") != term_key("who")


def test_longest_match_without_overlap() -> None:
    index = TermIndex({term_key(t): t for t in ("grain", "grain boundary", "boundary")})
    text = "Grains, grain-boundaries and a grain, boundary."
    found = [(m.value, text[m.start : m.end]) for m in index.find(text)]
    assert found == [
        ("grain", "Grains"),
        ("grain boundary", "grain-boundaries"),
        ("grain", "grain"),
        ("boundary", "boundary"),
    ]


@given(st.text(max_size=60))
def test_tokens_lie_where_they_say(text: str) -> None:
    for token in english_words(text):
        assert text[token.start : token.end] == token.text
        assert token.key


def test_variants_are_well_formed() -> None:
    assert len(VARIANTS) > 150
    for term, ways in VARIANTS.items():
        assert len(set(ways)) == len(ways) >= 2, term
        assert all(way == way.strip() and way for way in ways), term
        assert [m.value[0] for m in variant_index().find(f"The {term} here.")] == [term]
