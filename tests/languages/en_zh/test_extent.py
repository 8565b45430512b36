"""How much a text says, and cutting it in proportion."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtcheck.languages.en_zh.extent import cut, extent
from mtcheck.languages.en_zh.numbers import LanguageCode


def test_function_words_weigh_less_than_content_words() -> None:
    assert extent("of the and", "en") < extent("two big dogs", "en")
    assert extent("", "en") == extent("，。", "zh") == 1.0
    assert extent("湿地固碳12吨", "zh") == 1.0 + 7


def test_both_languages_come_out_alike() -> None:
    english = "Wetlands store large amounts of carbon in their soils."
    assert extent("湿地在其土壤中储存了大量的碳。", "zh") == pytest.approx(
        extent(english, "en"), rel=0.25
    )


@pytest.mark.parametrize(
    ("text", "share", "language", "parts"),
    [
        ("Bays lost, but nobody cared.", 0.5, "en", ("Bays lost", "but nobody cared.")),
        ("湿地固碳，森林也是。", 0.4, "zh", ("湿地固碳", "森林也是。")),
        ("一二三四五六七八九十", 0.3, "zh", ("一二三", "四五六七八九十")),
        ("Photosynthesis", 0.5, "en", ("Photosynthesis", "Photosynthesis")),
        ("", 0.5, "zh", ("", "")),
    ],
)  # fmt: skip
def test_cutting(text: str, share: float, language: LanguageCode, parts: tuple[str, str]) -> None:
    assert cut(text, share, language) == parts


@given(
    text=st.text(alphabet="ab 12,;.，；。中文", max_size=60),
    share=st.floats(0, 1),
    language=st.sampled_from(["en", "zh"]),
)
def test_a_cut_loses_no_letter(text: str, share: float, language: LanguageCode) -> None:
    one, two = cut(text, share, language)
    if (one, two) != (text, text):
        letters = [c for c in text if c.isalnum()]
        assert [c for c in one + two if c.isalnum()] == letters
        assert one
        assert two


def test_no_word_and_no_number_is_cut_in_two() -> None:
    one, two = cut("共有1234567890人使用cytochromeP450检测", 0.5, "zh")
    assert "1234567890" in one or "1234567890" in two
    assert "cytochromeP450" in one or "cytochromeP450" in two
