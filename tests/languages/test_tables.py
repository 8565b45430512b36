"""The word tables kept as data: well formed, large enough, read by what uses them."""

from __future__ import annotations

import re

import pytest

from mtcheck.languages.en_zh.acronym_words import misread_acronyms
from mtcheck.languages.tables import rows

TABLES = ("acronym_words.tsv", "classified.tsv", "currencies.tsv", "series.tsv")


@pytest.mark.parametrize("name", TABLES)
def test_no_row_stands_twice_and_no_cell_is_empty(name: str) -> None:
    body = rows("en_zh", name)
    assert len(set(body)) == len(body)
    assert all(cell and cell == cell.strip() for row in body for cell in row)


@pytest.mark.parametrize("row", rows("en_zh", "acronym_words.tsv"), ids=lambda r: r[0])
def test_each_acronym_read_as_its_word_is_reported(row: tuple[str, ...]) -> None:
    """The first plain word of each row, in a sentence that gives nothing else a reason for it."""
    acronym, chinese, english, context, _ = row
    plain = [w for w in chinese.split() if re.fullmatch("[\u4e00-\u9fff]+", w)]
    if not plain:
        pytest.skip("patterns only")
    beside = {"-": "", "medical": "patient"}.get(context, context.split()[0])
    if beside and any(beside.lower().startswith(w.lower()) for w in english.split()):
        beside = context.split()[-1]
    assert misread_acronyms(f"The {acronym} {beside} outcome varied.", f"{plain[0]}结局各异。")


def test_at_least_150_acronyms_are_known() -> None:
    assert len({row[0] for row in rows("en_zh", "acronym_words.tsv")}) >= 150


def test_a_row_of_the_wrong_length_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def __truediv__(self, _: str) -> Broken:
            return self

        def read_text(self, encoding: str) -> str:
            return "a\tb\n1\t2\t3\n"

    monkeypatch.setattr("mtcheck.languages.tables.files", lambda _: Broken())
    with pytest.raises(ValueError, match="3 cells where the head has 2"):
        rows("xx", "broken.tsv")
