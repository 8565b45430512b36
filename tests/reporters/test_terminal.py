"""The terminal summary and the one-line text format."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from rich.cells import cell_len
from rich.console import Console

from mtcheck.inspected import ranked
from mtcheck.records import findings
from mtcheck.reporters.terminal import Worst, print_summary, text_line
from mtcheck.summary import Summary
from tests.reporters.conftest import as_batch

Hostile = Callable[[str], list[pd.DataFrame]]


def printed(
    summary: Summary, *, worst: Worst | None = None, folder: Path | None = None, width: int = 140
) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    print_summary(summary, console, worst=worst, folder=folder)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_summary_says_it_all(summary: Summary, frames: list[pd.DataFrame]) -> None:
    worst = Worst()
    for frame in frames:
        worst.add(as_batch(frame))
    text = printed(summary, worst=worst, folder=Path("reports/abstracts"))
    lines = text.splitlines()
    assert lines[0] == "FAIL  3 findings of severity major or above"
    assert lines[1] == (
        "2 documents, 5 segments: 1 reject, 2 review, 2 accept; 1 input row set aside"
    )
    ids = [line.split()[0] for line in lines if line.strip().startswith("reef-")]
    assert ids == ["reef-01#1", "reef-02#1", "reef-01#2"]
    assert "direction-flipped" in text
    assert "28.1 to 34.0" in text
    assert "Note: No back-translation column" in text
    assert lines[-1] == "Report: reports/abstracts"


def test_summary_without_segments_or_folder(summary: Summary) -> None:
    text = printed(summary)
    assert "reef-01" not in text
    assert "Report:" not in text


def test_chinese_is_trimmed_by_cells(summary: Summary, frames: list[pd.DataFrame]) -> None:
    long = frames[1].iloc[[1]].assign(hypothesis="长" * 200)
    worst = Worst()
    worst.add(as_batch(long))
    shown = [line for line in printed(summary, worst=worst).splitlines() if "长" in line]
    assert sum(line.count("长") for line in shown) == 19
    assert all(cell_len(line) <= 140 for line in shown)


def test_ids_with_a_common_beginning_are_told_apart(
    summary: Summary, frames: list[pd.DataFrame]
) -> None:
    long = "https://example.org/journals/of-some-length/abstracts/2019/"
    worst = Worst()
    for frame in frames:
        worst.add(as_batch(frame.assign(segment_id=long + frame["segment_id"])))
    shown = printed(summary, worst=worst, width=80)
    ids = ["…reef-01#1", "…reef-02#1", "…reef-01#2"]
    assert [line.split()[0] for line in shown.splitlines() if "…reef" in line] == ids
    assert "stands for https://example.org" in shown


def test_worst_keeps_the_worst(frames: list[pd.DataFrame]) -> None:
    worst = Worst(2)
    for frame in frames:
        worst.add(as_batch(frame))
    assert [r["segment_id"] for r in worst.records] == ["reef-01#1", "reef-02#1"]


@pytest.mark.parametrize("text", ["[bold red]x[/]", "[link=http://e]x", "[/nothing]"])
def test_rich_markup_is_text(hostile: Hostile, summary: Summary, text: str) -> None:
    worst = Worst()
    for frame in hostile(text):
        worst.add(as_batch(frame))
    assert f"Note: {text}" in printed({**summary, "notes": [text]}, worst=worst, width=400)


def test_escape_sequences_are_stripped(hostile: Hostile, summary: Summary) -> None:
    worst = Worst()
    text = "\x1b[2J\x1b]0;owned\x07gone\x9b1m\r"
    for frame in hostile(text):
        worst.add(as_batch(frame))
    shown = printed({**summary, "notes": [text]}, worst=worst, folder=Path(text))
    assert "\x1b" not in shown
    assert "\x9b" not in shown
    assert "\r" not in shown
    assert "Note: gone" in shown


def test_text_line(frames: list[pd.DataFrame]) -> None:
    (_, flagged) = list(ranked(as_batch(frames[1])))[1]
    (found,) = findings(flagged)
    end = "ACC018 major “fell” became 增加."
    assert text_line(flagged, found) == f"data/abstracts.csv:3: {end}"
    assert text_line(flagged | {"line": None}, found) == f"data/abstracts.csv:reef-02#1: {end}"
    assert text_line(flagged | {"path": ""}, found) == f"reef-02#1: {end}"
    hostile = found.copy()
    hostile["message"] = "a\nb\x1b[31m"
    assert text_line(flagged, hostile) == "data/abstracts.csv:3: ACC018 major a b"
