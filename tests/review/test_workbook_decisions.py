"""Decisions made in the workbook are read back like exported ones."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import mtcheck
from mtcheck.config import Config
from mtcheck.errors import DataError
from mtcheck.review.suppressions import read_decisions

openpyxl = pytest.importorskip("openpyxl", reason="the reviewer's part is played by openpyxl")
CONFIG = Config(
    risk=False, similarity=False, metrics=("none",), select=("ACC005",), formats=("xlsx",)
)
FRAME = pd.DataFrame(
    {
        "segment_id": ["a", "b", "c"],
        "source": ["It rose by 12%.\n", "=It fell by 7\u202e days.", "Fine words."],
        "hypothesis": ["上升了21%。", "下降了8天。", "好话。"],
        "note": ["own", "own", "own"],
    }
)


def decided(tmp_path: Path, *said: str) -> Path:
    mtcheck.audit(FRAME, config=CONFIG, out=tmp_path / "out")
    path = tmp_path / "out" / "report.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["Findings"]
    head = [cell.value for cell in sheet[1]]
    assert head[:2] == ["decision", "note"]
    assert "input_note" in head
    (rule,) = sheet.data_validations.dataValidation
    assert (rule.type, rule.formula1) == ("list", '"confirm,false-alarm,fixed"')
    assert str(rule.sqref) == "A2:A3"
    assert [sheet.cell(n, head.index("input_note") + 1).value for n in (2, 3)] == ["own", "own"]
    for number, word in enumerate(said, 2):
        sheet.cell(number, 1).value = word
        sheet.cell(number, 2).value = f"why {number}"
    book.save(tmp_path / "decided.xlsx")
    return tmp_path / "decided.xlsx"


def test_a_false_alarm_is_silent_the_next_time(tmp_path: Path) -> None:
    path = decided(tmp_path, "false-alarm", "False alarm")
    one, two = read_decisions(path)
    assert {one.segment_id, two.segment_id} == {"a", "b"}
    assert (one.code, one.decision, one.note) == ("ACC005", "false-alarm", "why 2")
    assert one.origin == f"{path.as_posix()}:2"
    again = mtcheck.audit(FRAME, config=CONFIG.replace(decisions=(str(path),)))
    assert again.findings.empty
    assert [len(s) for s in again.segments["suppressed"]] == [1, 1, 0]


def test_what_was_not_decided_stays(tmp_path: Path) -> None:
    path = decided(tmp_path, "confirm")
    assert [d.decision for d in read_decisions(path)] == ["confirm"]
    again = mtcheck.audit(FRAME, config=CONFIG.replace(decisions=(str(path),)))
    assert len(again.findings) == 2


def test_a_word_that_is_none_is_refused(tmp_path: Path) -> None:
    path = decided(tmp_path, "maybe")
    with pytest.raises(DataError, match=r"decided\.xlsx:2: decision is 'maybe'; use one of"):
        read_decisions(path)
