from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtcheck.languages.en_zh.negation import (
    chinese_denials,
    english_negations,
    lost_negations,
)
from mtcheck.text.acronyms import acronym_key, acronyms, introductions, spells
from mtcheck.text.distance import within_one_edit
from mtcheck.text.formulas import formulas, is_formula
from mtcheck.text.loops import loops

MIXED = st.text(
    alphabet=st.one_of(
        st.sampled_from(list("ABCabc0129αβμ-–.·+/() 的不没有无，")), st.characters(codec="utf-8")
    ),
    max_size=60,
)


TOKENS = """
    SXXBC QUAD mRNA COVID-19 IL-6 TNF-α HbA1c p53 PM2.5 RCTs miR-21 BRCA1 5-HT CD4+ pH qPCR
    SARS-CoV-2 H2O2 CO₂
"""
ORDINARY = "word Word Anglo-Saxon 2023 10mg 2-year 5th III 3.5 x Meta-Analysis 20-30 day-7 Type-2"


@pytest.mark.parametrize("token", TOKENS.split())
def test_acronyms_are_found_whole(token: str) -> None:
    assert [a.text for a in acronyms(f"使用{token}进行")] == [token]


@pytest.mark.parametrize("token", ORDINARY.split())
def test_ordinary_tokens_are_no_acronyms(token: str) -> None:
    assert acronyms(f"the {token} here") == ()


def test_two_tokens_at_a_slash() -> None:
    assert [a.text for a in acronyms("A CRISPR/Cas9 screen")] == ["CRISPR", "Cas9"]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("TNF-α", "TNF alpha"),
        ("TNF-α", "TNFα"),
        ("COVID-19", "COVID\u201119"),
        ("RCTs", "RCT"),
        ("CO₂", "CO2"),
        ("PM2.5", "PM 2.5"),
        ("ＲＮＡ", "RNA"),
    ],
)
def test_variants_have_one_key(a: str, b: str) -> None:
    assert acronym_key(a) == acronym_key(b)


def test_case_and_digits_stay_in_the_key() -> None:
    assert len({acronym_key(t) for t in ("IL-6", "IL-8", "Il-6")}) == 3


@given(MIXED)
def test_acronyms_lie_in_the_text(text: str) -> None:
    assert all(text[a.start : a.end] == a.text for a in acronyms(text))


@given(st.text(alphabet="ABDEFGHJKLMNOPQRSTUWYZ", min_size=3, max_size=6))
def test_a_planted_acronym_is_found(token: str) -> None:
    assert [a.text for a in acronyms(f"采用{token}方法")] == [token]


def test_introductions() -> None:
    text = "We ran randomised controlled trials (RCTs) on tumour necrosis factor (TNF-α) levels."
    assert [(i.short.text, i.long) for i in introductions(text)] == [
        ("RCTs", "randomised controlled trials"),
        ("TNF-α", "tumour necrosis factor"),
    ]
    assert all(text[i.start : i.end] == i.long for i in introductions(text))


def test_no_introduction_without_matching_initials() -> None:
    assert introductions("The yield (FAO) of maize") == ()


@pytest.mark.parametrize(
    ("short", "words", "expected"),
    [
        ("RCT", ("randomised", "controlled", "trial"), True),
        ("HbA1c", ("hemoglobin", "A1c"), True),
        ("RCT", ("a", "randomised", "controlled", "trial"), False),
        ("XYZ", ("randomised", "trial"), False),
        ("RCT", (), False),
    ],
)
def test_spells(short: str, words: tuple[str, ...], expected: bool) -> None:
    assert spells(short, words) is expected


@given(st.text(alphabet="ab12", max_size=6), st.text(alphabet="ab12", max_size=6))
def test_within_one_edit_agrees_with_trying_all_edits(a: str, b: str) -> None:
    letters = "ab12"
    edits = {a}
    for i in range(len(a) + 1):
        edits |= {a[:i] + c + a[i:] for c in letters}
        if i < len(a):
            edits.add(a[:i] + a[i + 1 :])
            edits |= {a[:i] + c + a[i + 1 :] for c in letters}
        if i + 1 < len(a):
            edits.add(a[:i] + a[i + 1] + a[i] + a[i + 2 :])
    assert within_one_edit(a, b) is (b in edits)


@pytest.mark.parametrize("token", ["H2SO4", "Fe2O3", "NaCl", "CO2", "C6H12O6", "CO₂", "Ca(OH)2"])
def test_formulas(token: str) -> None:
    assert [f.text for f in formulas(f"加入{token}后")] == [token]


@pytest.mark.parametrize("token", ["RCT", "BRCA1", "IL6", "WHO", "In", "H1", "PM25", "NaN"])
def test_no_formulas(token: str) -> None:
    assert not is_formula(token)


@given(st.text(alphabet="甲乙丙丁戊", min_size=2, max_size=6), st.integers(3, 6))
def test_a_planted_loop_is_found(unit: str, times: int) -> None:
    found = loops("开头" + unit * times + "结尾")
    assert bool(found) is (len(set(unit)) > 1)


def test_no_loop_in_plain_text() -> None:
    assert loops("研究表明，土壤湿度与产量之间存在显著的关系。") == ()


def test_negation_cues() -> None:
    assert [c.text for c in english_negations("It did not fall, and no one won without help.")] == [
        "not",
        "no",
        "without",
    ]
    assert english_negations("Not only the yield rose; see No. 5.") == ()
    assert [c.text for c in chinese_denials("结果并未改变，不仅如此，非常稳定。")] == ["并未"]
    assert not lost_negations("It does not explain it.", "难以解释")
    assert [c.text for c in lost_negations("It does not explain it.", "可以解释")] == ["not"]


@settings(deadline=None)  # the first call compiles the tables
@given(MIXED)
def test_cues_lie_in_the_text(text: str) -> None:
    for cue in (*english_negations(text), *chinese_denials(text)):
        assert text[cue.start : cue.end] == cue.text
