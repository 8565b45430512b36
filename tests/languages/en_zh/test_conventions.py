"""Properties of the small parsers behind the convention rules."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtcheck.languages.en.source import cut_off, glued_stops, is_english, residue
from mtcheck.languages.en_zh.boilerplate import chat_lines, copyright_lines, translation_notices
from mtcheck.languages.en_zh.section_labels import CHINESE_LABELS, chinese_labels, english_labels
from mtcheck.languages.tables import rows
from mtcheck.languages.zh.punctuation import doubled, end_mark
from mtcheck.languages.zh.spacing import doubled_spaces, han_latin_borders, spaces_between_han
from mtcheck.languages.zh.traditional import traditional
from mtcheck.languages.zh.wrong_characters import contexts, replacements, wrong_words
from mtcheck.text.garbled import garbles
from mtcheck.text.markup import changed, markup_of
from mtcheck.text.repeats import doubled_words

HAN_TEXT = st.text("研究结果表明该方法有效", min_size=2, max_size=12)
ANY = st.text("研究的是在。，,. \u3000ABC12<b>/&lt;$x^{}%s©译文結這â€™\u200b:：", max_size=60)


def test_the_table_is_large_and_sound() -> None:
    groups = rows("zh", "wrong_characters.tsv")
    pairs = [w for _, words in groups for w in words.split()]
    assert len(pairs) >= 60
    assert len(pairs) == len(replacements()), "a wrong form is listed twice"
    assert all(wrong != right and right for wrong, (right, _) in replacements().items())
    assert set(contexts()) <= set(replacements())
    assert all(why for why, _ in groups)


@pytest.mark.parametrize("wrong", sorted(replacements()))
def test_every_wrong_form_is_found_and_mended(wrong: str) -> None:
    after = contexts()[wrong].after[:1] if wrong in contexts() else ""
    right = replacements()[wrong][0]
    assert [w.right for w in wrong_words(f"，{wrong}{after}")] == [right]
    assert wrong_words(f"，{right}{after}") == ()


@given(HAN_TEXT, HAN_TEXT, st.sampled_from([" ", "  ", "\u3000"]))
def test_a_space_between_han_is_found(left: str, right: str, space: str) -> None:
    text = left + space + right
    if not left.endswith(("结果", "方法")):
        assert spaces_between_han(text) == ((len(left), len(left) + len(space)),)
    assert spaces_between_han(left + right) == ()


@given(HAN_TEXT, st.text("ABCxyz019", min_size=1, max_size=5), HAN_TEXT)
def test_borders_are_the_same_spaced_or_not(left: str, latin: str, right: str) -> None:
    tight, spaced = left + latin + right, f"{left} {latin} {right}"
    assert [b - a for a, b in han_latin_borders(tight)] == [0, 0]
    assert [spaced[a:b] for a, b in han_latin_borders(spaced)] == [" ", " "]


@given(HAN_TEXT, st.sampled_from(["這個", "國家", "研究結論", "變化"]), HAN_TEXT)
def test_traditional_characters_are_found_and_turned(left: str, word: str, right: str) -> None:
    text = left + word + right
    found = traditional(text)
    assert found
    for run in found:
        assert text[run.start : run.end] != run.simplified
        assert len(run.simplified) == run.end - run.start
    mended = list(text)
    for run in found:
        mended[run.start : run.end] = run.simplified
    assert traditional("".join(mended)) == ()


@given(HAN_TEXT, st.sampled_from(["\ufffd", "\u200b", "\ue000", "\x07", "\ufeff"]), HAN_TEXT)
def test_a_garbled_character_is_found(left: str, char: str, right: str) -> None:
    assert [(g.start, g.end) for g in garbles(left + char + right)] == [(len(left), len(left) + 1)]
    assert garbles(left + right) == ()


@given(ANY)
def test_markup_of_equal_texts_is_equal(text: str) -> None:
    assert changed(text, text) == ((), ())


def test_markup_tokens() -> None:
    text = "<i>P</i> &lt; 0.05, $x^2$, \\alpha, {0}, %s, $5 and $6, a<b>c"
    assert [t.key for t in markup_of(text)] == [
        *("<i>", "</i>", "&lt;", "$x^2$", "\\alpha", "{0}", "%s", "<b>"),
    ]


@pytest.mark.parametrize("kind", sorted(CHINESE_LABELS))
def test_the_suggested_label_is_understood(kind: str) -> None:
    label = CHINESE_LABELS[kind]
    for text in (f"{label}：内容", f"【{label}】内容", f"{label} 内容"):
        assert [(x.kind, x.start) for x in chinese_labels(text)] == [(kind, text.index(label))]
    assert chinese_labels(f"{label}表明内容") == ()


def test_english_labels_need_a_mark() -> None:
    text = "BACKGROUND: One. Methods: two. RESULTS Three. Results were good. Conclusions four."
    assert [x.kind for x in english_labels(text)] == ["background", "methods", "results"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("好。", "stop"),
        ("好。”）", "stop"),
        ("good.", "stop"),
        ("Is it?", "question"),
        ("等等……", "ellipsis"),
        ("and so on...", "ellipsis"),
        ("好，", "comma"),
        ("如下：", "colon"),
        ("好", ""),
        ("", ""),
    ],
)
def test_end_marks(text: str, kind: str) -> None:
    assert end_mark(text)[0] == kind


def test_sources() -> None:
    text = "It needs help.The paper shows it. See https://a.org/x.The for e.g.More."
    assert [text[a : a + 4] for a in glued_stops(text)] == [".The"]
    assert cut_off("We compared the yields of maize in fields with and") == (47, 50)
    assert cut_off("We compared the yields of maize in all the fields.", last=True) is None
    assert residue("a <sub>2</sub> &lt; b") == ((2, 7), (8, 14), (15, 19))
    assert is_english("The soil was dry in all of the fields that we saw.")
    assert not is_english("El suelo estaba seco en todos los campos que vimos con ellos.")


@given(ANY, ANY)
def test_places_are_inside_the_text(source: str, text: str) -> None:
    places = [
        *doubled(text),
        *doubled_words(source, text),
        *spaces_between_han(text),
        *doubled_spaces(text),
        *han_latin_borders(text),
        *chat_lines(text),
        *copyright_lines(text),
        *translation_notices(text),
        *residue(text),
        *((w.start, w.end) for w in wrong_words(text)),
        *((t.start, t.end) for t in markup_of(text)),
        *((x.start, x.end) for x in chinese_labels(text) + english_labels(text)),
        *((g.start, g.end) for g in garbles(text)),
        *((r.start, r.end) for r in traditional(text)),
    ]
    assert all(0 <= a <= b <= len(text) for a, b in places)


@pytest.mark.parametrize(
    "piece",
    [
        "的的",
        "研究" * 4,
        " 。",
        "<a ",
        "$x",
        "{{a",
        "&am",
        "© ",
        "以下是",
        "结果：",
        "Results: ",
        "這",
        "[[",
    ],
)
def test_long_adverse_text_is_read_in_linear_time(piece: str) -> None:
    text = "中文" * 9000 + (piece * 50_000)[:50_000]
    start = time.perf_counter()
    doubled(text)
    doubled_words(text, text)
    spaces_between_han(text)
    chat_lines(text)
    copyright_lines(text)
    wrong_words(text)
    markup_of(text)
    residue(text)
    chinese_labels(text)
    english_labels(text)
    garbles(text)
    traditional(text)
    cut_off(text)
    is_english(text)
    glued_stops(text)
    assert time.perf_counter() - start < 3
