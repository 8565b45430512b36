"""report.xlsx, read back by another library: sheets, colours, limits, hostile text."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from mtcheck import schema
from mtcheck.config import Config
from mtcheck.reporters import Run
from mtcheck.reporters.folder import all_formats, xlsx
from mtcheck.summary import Summary
from tests.reporters.conftest import EMPTY, as_batch, failed, found, row

Hostile = Callable[[str], list[pd.DataFrame]]
Sheet = list[dict[str, object]]


def written(folder: Path, frames: list[pd.DataFrame], summary: Summary) -> Path:
    folder.mkdir(exist_ok=True)
    writer = all_formats()["xlsx"].open(folder, Run(Config()))
    for frame in frames:
        writer.add(as_batch(frame))
    writer.end(summary)
    assert [p.name for p in folder.iterdir()] == ["report.xlsx"]
    return folder / "report.xlsx"


def sheet(path: Path, name: str) -> Sheet:
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name).to_python()
    return [dict(zip(map(str, rows[0]), r, strict=True)) for r in rows[1:]]


def xml(path: Path, part: str) -> str:
    with zipfile.ZipFile(path) as book:
        return book.read(f"xl/{part}").decode()


def one(**more: object) -> list[pd.DataFrame]:
    return [schema.frame([row(0, "Three of 4.", "四个中的三个。") | more], schema.SEGMENT)]


def test_sheets_and_their_order(
    tmp_path: Path, frames: list[pd.DataFrame], summary: Summary
) -> None:
    path = written(tmp_path, frames, summary)
    assert CalamineWorkbook.from_path(str(path)).sheet_names == ["Summary", "Segments", "Findings"]
    segments = sheet(path, "Segments")
    assert list(segments[0]) == [*xlsx.segment_columns(), "journal", "year"]
    assert [s["segment_id"] for s in segments] == [
        "reef-01#1",
        "reef-02#1",
        "reef-01#2",
        "reef-01#0",
        "reef-02#0",
    ]
    first = segments[0]
    assert (first["status"], first["severity"]) == ("reject", "critical")
    assert first["codes"] == "ACC005 LNG001 LNG002"
    assert first["source"] == "We surveyed 1,240 coral colonies (NOAA, 2019)."
    assert (first["similarity"], first["line"], first["risk"]) == (0.8125, 2.0, "")
    assert first["reasons"] == "a number differs\n11 penalty points"
    assert [s["year"] for s in segments] == ["", 2021.0, "", "", 2021.0]
    findings = sheet(path, "Findings")
    assert list(findings[0]) == ["decision", "note", *schema.FINDING, "journal", "year"]
    assert [f["code"] for f in findings] == ["ACC005", "LNG001", "LNG002", "ACC018", "ACC001"]


def test_summary_sheet(tmp_path: Path, frames: list[pd.DataFrame], summary: Summary) -> None:
    path = written(tmp_path, frames, summary)
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Summary").to_python()
    told = {str(r[0]): r[1] for r in rows if r[0]}
    assert (told["Verdict"], told["Documents"], told["reject"]) == ("Fail", 2.0, 1.0)
    assert told["BLEU"] == "31.2"
    cells = [c for r in rows for c in r]
    assert "3 findings of severity major or above" in cells
    assert "nrefs:1|case:mixed|eff:no|tok:zh|smooth:exp|version:2.5.1" in cells
    assert ["ACC005", "number-mismatch", 1.0] in [r[:3] for r in rows]


def test_header_is_frozen_and_filtered(
    tmp_path: Path, frames: list[pd.DataFrame], summary: Summary
) -> None:
    path = written(tmp_path, frames, summary)
    for part, area in (("sheet2", "A1:W6"), ("sheet3", "A1:R6")):
        page = xml(path, f"worksheets/{part}.xml")
        assert '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' in page
        assert f'<autoFilter ref="{area}"/>' in page
    assert xml(path, "styles.xml").count('wrapText="1"') > 5


def test_marked_text_is_in_colour(
    tmp_path: Path, frames: list[pd.DataFrame], summary: Summary
) -> None:
    page = xml(written(tmp_path, frames, summary), "worksheets/sheet2.xml")
    runs = re.findall(r"<r>(?:<rPr>(.*?)</rPr>)?<t[^>]*>(.*?)</t></r>", page)
    inked = [(re.findall(r'rgb="FF(\w+)"', p), t) for p, t in runs if "<u/>" in p]
    assert (["9C0006"], "1,240") in inked
    assert (["9C0006"], "1,420") in inked
    assert (["B45F06"], "（NOAA, 2019).") in inked
    assert (["C00000"], "fell") in inked
    # Text that is marked from end to end has the colour as the cell's own.
    assert "Bleaching was worst on the inner shelf.</t></is></c>" in page
    for status, colour in (("reject", "FFC7CE"), ("review", "FFEB9C"), ("accept", "C6EFCE")):
        assert f"<t>{status}</t>" in page
        assert colour in xml(tmp_path / "report.xlsx", "styles.xml")


def test_equal_runs_give_equal_files(
    tmp_path: Path, frames: list[pd.DataFrame], summary: Summary
) -> None:
    single = [frame.iloc[[i]] for frame in frames for i in range(len(frame))]
    first = written(tmp_path / "a", frames, summary).read_bytes()
    assert first == written(tmp_path / "b", single, summary).read_bytes()


def test_nothing_at_all(tmp_path: Path) -> None:
    path = written(tmp_path, [], EMPTY)
    assert sheet(path, "Segments") == sheet(path, "Findings") == []


# --- hostile text --------------------------------------------------------------------------

HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://e.example","x")',
    "+cmd|'/C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "＝1+1",
    "https://e.example/a",
    "mailto:a@e.example",
    "internal:Sheet1!A1",
    "javascript:alert(1)",
    "{=1+1}",
    "</script><script>alert(1)</script>",
    "]]></t></is></c>&amp;",
    "::error::owned",
    "_x0041_ and _x000D_",
    " leading and trailing ",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text(
    tmp_path: Path, hostile: Hostile, summary: Summary, text: str
) -> None:
    hurt: Summary = {**summary, "inputs": [text], "notes": [text], "verdict": failed(text)}
    path = written(tmp_path, hostile(text), hurt)
    (segment,) = sheet(path, "Segments")
    assert segment["doc_id"] == segment["reference"] == segment["reasons"] == text
    assert segment["source"] == f"{text} in the source"
    assert segment["hypothesis"] == f"{text} 在译文中"
    (finding,) = sheet(path, "Findings")
    assert finding["message"] == finding["suggestion"] == text
    for part in ("sheet1", "sheet2", "sheet3"):
        page = xml(path, f"worksheets/{part}.xml")
        assert "<f>" not in page
        assert "hyperlink" not in page


@pytest.mark.parametrize("text", ["=1+1", "＝1", " @SUM(A1)"])
def test_formulas_stay_text_when_their_cell_is_edited(
    tmp_path: Path, hostile: Hostile, summary: Summary, text: str
) -> None:
    path = written(tmp_path, hostile(text), summary)
    styles = re.findall(r"<xf [^>]*>", xml(path, "styles.xml").partition("<cellXfs")[2])
    quoted = [i for i, style in enumerate(styles) if 'quotePrefix="1"' in style]
    page = xml(path, "worksheets/sheet2.xml")
    cells = re.findall(r'<c r="(\w+)" s="(\d+)" t="inlineStr"><is>(.*?)</is></c>', page)
    live = {at: int(style) for at, style, body in cells if text in re.sub("<.*?>", "", body)}
    heads = [at for at in live if at.endswith("1") and len(at) == 2]
    assert live
    assert {style for at, style in live.items() if at not in heads} == set(quoted)


@pytest.mark.parametrize(
    "text",
    [
        "<r><t>=1+1</t></r>",
        "<r></is></c><c r='A9'><f>1+1</f></c><c><is></r>",
    ],
)
def test_text_like_the_writers_own_markup_is_text(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, one(source=text, reference=text, doc_id=text), EMPTY)
    (segment,) = sheet(path, "Segments")
    assert segment["source"] == segment["reference"] == segment["doc_id"] == text
    assert "<f>" not in xml(path, "worksheets/sheet2.xml")


def test_marks_within_codes_like_excels(tmp_path: Path) -> None:
    text = "a _x0041_ b"
    mark = found("ACC005", "n", "c", "major", "m", ("source", 0, 1), ("source", 2, 6))
    (segment,) = sheet(written(tmp_path, one(source=text, findings=[mark]), EMPTY), "Segments")
    assert segment["source"] == text


def test_control_and_direction_characters_are_written_out(tmp_path: Path) -> None:
    path = written(tmp_path, one(source="a\x00b\u202ec\ufffed\x1b[31m\r\ne"), EMPTY)
    (segment,) = sheet(path, "Segments")
    assert segment["source"] == "a⟦U+0000⟧b⟦U+202E⟧c\ufffdd⟦U+001B⟧[31m\ne"


# --- limits --------------------------------------------------------------------------------


def test_long_text_is_cut_and_said(tmp_path: Path) -> None:
    mark = found("ACC005", "n", "c", "major", "m", ("source", 3, 9), ("hypothesis", 3, 9))
    long = "字" * 40_000
    wide = "😀" * 20_000  # two units each
    path = written(tmp_path, one(source=long, hypothesis=wide, findings=[mark]), EMPTY)
    (segment,) = sheet(path, "Segments")
    for name, count in (("source", "40,000"), ("hypothesis", "20,000")):
        value = str(segment[name])
        assert value.endswith(f" … [cut: {count} characters]")
        assert 32_700 < len(value.encode("utf-16-le")) // 2 <= 32_767


def test_more_rows_than_a_sheet_holds(
    tmp_path: Path,
    frames: list[pd.DataFrame],
    summary: Summary,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(xlsx, "ROWS", 4)
    path = written(tmp_path, frames, summary)
    assert [s["segment_id"] for s in sheet(path, "Segments")] == [
        "reef-01#1",
        "reef-02#1",
        "reef-01#2",
    ]
    assert len(sheet(path, "Findings")) == 3
    cells = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Summary").to_python()
    note = "2 segments and 2 findings found no room in this workbook; segments.csv has all."
    assert note in [r[1] for r in cells]


def test_more_columns_than_a_sheet_holds(
    tmp_path: Path, frames: list[pd.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "COLUMNS", len(xlsx.segment_columns()) + 1)
    path = written(tmp_path, frames, EMPTY)
    assert list(sheet(path, "Segments")[0]) == [*xlsx.segment_columns(), "journal"]
    cells = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Summary").to_python()
    assert "Some columns found no room in this workbook." in [r[1] for r in cells]


def test_values_keep_their_kind(tmp_path: Path) -> None:
    extra = {"share": 0.25, "flag": True, "big": 2**60, "list": ["a", 1], "status_": None}
    (segment,) = sheet(written(tmp_path, one(**extra), EMPTY), "Segments")
    assert (segment["share"], segment["flag"]) == (0.25, True)
    assert segment["big"] == str(2**60)  # a spreadsheet would round it
    assert segment["list"] == '["a", 1]'
    assert segment["status_"] == ""


def test_a_metadata_column_named_like_one_of_the_sheet(tmp_path: Path) -> None:
    (segment,) = sheet(written(tmp_path, one(codes="mine"), EMPTY), "Segments")
    assert (segment["codes"], segment["input_codes"]) == ("", "mine")
