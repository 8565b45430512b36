"""Tables of every kind: workbooks, Arrow, compressed files, headers as people write them."""

from __future__ import annotations

import datetime
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtcheck import readers
from mtcheck.config import Config
from mtcheck.errors import DataError
from mtcheck.readers import batches, from_frame

openpyxl = pytest.importorskip("openpyxl", reason="workbooks are made with openpyxl")
DEFAULT = Config()
ROWS = [("One sentence.", "一句话。"), ("Two.", "二。")]
HEAD = ("source", "hypothesis")


def read(path: Path, config: Config = DEFAULT) -> pd.DataFrame:
    return pd.concat([b.frame for b in batches([path], config)], ignore_index=True)


def pairs(frame: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(frame["source"], frame["hypothesis"], strict=True))


def refusal(path: Path, config: Config = DEFAULT) -> str:
    with pytest.raises(DataError) as caught:
        list(batches([path], config))
    text = str(caught.value)
    assert "\n" not in text
    assert text.startswith(path.as_posix())
    return text


def book(path: Path, **sheets: list[tuple[object, ...]]) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


# --- workbooks -----------------------------------------------------------------------------


def test_a_sheet_with_a_title_merged_above_and_empty_rows_between(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet["A1"] = "Translations of June"
    sheet.merge_cells("A1:D1")
    sheet.append([])
    sheet.append(["ID", "英文摘要", "中文摘要（机器翻译）", "Date"])
    sheet.append([7, *ROWS[0], datetime.date(2026, 6, 1)])
    sheet.append([None, " ", None, None])
    sheet.append([8, *ROWS[1], None])
    sheet["G9"] = None
    made.save(tmp_path / "a.xlsx")
    frame = read(tmp_path / "a.xlsx")
    assert pairs(frame) == ROWS
    assert list(frame["doc_id"]) == ["7", "8"]
    assert list(frame["line"]) == [4, 6]
    assert list(frame["Date"]) == ["2026-06-01", None]


def test_sheets_by_name_and_number(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", Notes=[("to", "do")], One=[HEAD, ROWS[0]])
    assert pairs(read(path)) == ROWS[:1]
    path = book(tmp_path / "a.xlsx", One=[HEAD, ROWS[0]], Two=[HEAD, ROWS[1]])
    assert "'One', 'Two'; say which with --sheet 'One'" in refusal(path)
    assert pairs(read(path, Config(sheet="Two"))) == ROWS[1:]
    assert pairs(read(path, Config(sheet="1"))) == ROWS[:1]
    assert "no sheet '3'; sheets: 'One', 'Two'" in refusal(path, Config(sheet="3"))


CELL = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\ufeff"), max_size=20
)


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(st.tuples(CELL.filter(lambda t: bool(t.strip())), CELL), min_size=1))
def test_a_workbook_gives_back_any_text(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    import xlsxwriter

    path = tmp_path_factory.mktemp("book") / "a.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet()
        for number, row in enumerate([HEAD, *rows]):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
    expected = [(s, h if h.strip() else "") for s, h in rows]
    assert pairs(read(path)) == expected


def ods(path: Path, table: str) -> Path:
    """A spreadsheet by the published structure of OpenDocument 1.2."""
    names = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<office:document-content xmlns:office="{names}office:1.0" '
        f'xmlns:table="{names}table:1.0" xmlns:text="{names}text:1.0" office:version="1.2">'
        f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'<manifest:manifest xmlns:manifest="{names}manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        "</manifest:manifest>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
        archive.writestr("META-INF/manifest.xml", manifest)
    return path


def ods_row(*cells: str, repeated: int = 1, across: int = 1) -> str:
    inner = "".join(
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{across}">'
        f"<text:p>{c}</text:p></table:table-cell>"
        for c in cells
    )
    return f'<table:table-row table:number-rows-repeated="{repeated}">{inner}</table:table-row>'


def test_an_ods_sheet(tmp_path: Path) -> None:
    rows = "".join(ods_row(*r) for r in [HEAD, *ROWS])
    empty = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
    empty += 'table:number-columns-repeated="16384"/></table:table-row>'
    path = ods(tmp_path / "a.ods", f'<table:table table:name="S">{rows}{empty}</table:table>')
    assert pairs(read(path)) == ROWS


def test_workbooks_that_want_too_much_memory(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active["A1"], made.active["XFD1048576"] = "source", "hypothesis"
    made.save(tmp_path / "far.xlsx")
    assert "spans 17,179,869,184 cells" in refusal(tmp_path / "far.xlsx")
    row = ods_row("x", repeated=1_000_000, across=16_000)
    path = ods(tmp_path / "far.ods", f'<table:table table:name="S">{row}</table:table>')
    assert "spans 16,000,000,000 cells" in refusal(path)
    path = book(tmp_path / "big.xlsx", S=[HEAD, *ROWS])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zero", b"\0" * (2 << 20))
    assert "unpacks to more than 1 MB" in refusal(path, Config(unpack_limit=1))


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.ods"])
@pytest.mark.parametrize("content", [b"no workbook", b"PK\x03\x04" + b"\0" * 40])
def test_broken_workbooks(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert "broken workbook" in refusal(tmp_path / name)


def test_a_workbook_without_rows(tmp_path: Path) -> None:
    assert "no rows" in refusal(book(tmp_path / "a.xlsx", S=[]))


# --- Arrow ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["parquet", "file", "stream", "feather"])
def test_arrow_files(tmp_path: Path, kind: str) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import feather, parquet

    many = [(f"{s} {i}", f"{h}{i}") for i in range(1500) for s, h in ROWS[:1]]
    table = pyarrow.table({"en": [s for s, _ in many], "zh": [h for _, h in many]})
    path = tmp_path / {"parquet": "a.parquet", "file": "a.arrow", "stream": "a.arrow"}.get(
        kind, "a.feather"
    )
    if kind == "parquet":
        parquet.write_table(table, path)
    elif kind.startswith("feather"):
        feather.write_feather(table, path, version=2)
    else:
        new = pyarrow.ipc.new_file if kind == "file" else pyarrow.ipc.new_stream
        with new(str(path), table.schema) as writer:
            writer.write_table(table)
    assert pairs(read(tmp_path)) == many
    path.write_bytes(path.read_bytes()[:200])
    assert "; write it anew" in refusal(path)


# --- CSV as Excel and others leave it ------------------------------------------------------


@pytest.mark.parametrize("first", ["sep=;\n", '"sep=;"\r\n', "SEP=;\n"])
def test_the_separator_line(tmp_path: Path, first: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(first + "id,no;source;hypothesis\n1;a;b\n;;\n2;c;d\n", encoding="utf-8")
    frame = read(path)
    assert pairs(frame) == [("a", "b"), ("c", "d")]
    assert list(frame["line"]) == [3, 5]


def test_without_quoting_a_quote_is_a_character(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text('source\thypothesis\n"Yes," he said.\t"是的\n', encoding="utf-8")
    refusal(path)
    assert pairs(read(path, Config(quoting=False))) == [('"Yes," he said.', '"是的')]


def test_an_array_on_one_line_has_an_id_for_each_row(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"en": "a", "zh": "b"}, {"en": "c", "zh": "d"}]), encoding="utf-8")
    assert list(read(path, Config(layout="aligned"))["segment_id"]) == ["a#1", "a#1.2"]
    assert list(read(path)["doc_id"]) == ["a-1", "a-2"]


# --- compressed files ----------------------------------------------------------------------

TEXT = "source,hypothesis\nOne sentence.,一句话。\nTwo.,二。\n".encode()


def zstd(data: bytes) -> bytes:
    return bytes(pytest.importorskip("zstandard").ZstdCompressor().compress(data))


def zipped(*files: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "a.csv.gz": gzip.compress,
    "a.csv.zst": zstd,
    "a.zip": lambda data: zipped(("folder/a.csv", data), ("__MACOSX/._a.csv", b"\0")),
}


@pytest.mark.parametrize("name", PACKED)
def test_compressed_files(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(PACKED[name](TEXT))
    shown = path.as_posix() + ("/folder/a.csv" if name == "a.zip" else "")
    for place in (path, tmp_path):
        frame = read(place)
        assert pairs(frame) == ROWS
        assert list(frame["path"]) == [shown] * 2
        assert list(frame["doc_id"]) == ["a-1", "a-2"]
    assert [r.values["source"] for r in readers.rows(path)] == [s for s, _ in ROWS]
    path.write_bytes(PACKED[name](TEXT + b'"open'))
    assert refusal(path).startswith(f"{shown}:4: ")
    (bad,) = [
        r
        for b in batches([_written(path, PACKED[name](TEXT + b"x\n"))], Config(bad_rows="skip"))
        for r in b.rejected
    ]
    assert (bad.path, bad.line) == (shown, 4)


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("name", PACKED)
def test_bombs_and_broken_archives(tmp_path: Path, name: str) -> None:
    path = _written(tmp_path / name, PACKED[name](b"\n" * (2 << 20)))
    assert "unpacks to more than 1 MB; unpack it" in refusal(path, Config(unpack_limit=1))
    whole = PACKED[name](TEXT)
    refusal(_written(path, whole[: len(whole) // 2]))
    refusal(_written(path, b"nothing of the kind"))


def test_an_archive_whose_names_lead_out(tmp_path: Path) -> None:
    path = _written(tmp_path / "a.zip", zipped(("../../out.csv", TEXT), ("b.png", b"x")))
    assert pairs(read(path)) == ROWS
    assert not (tmp_path.parent.parent / "out.csv").exists()
    assert "no file that can be read" in refusal(_written(path, zipped(("b.png", b"x"))))


# --- headers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "hypothesis"),
    [
        ("英文摘要", "中文摘要（机器翻译）"),
        ("原文", "译文"),
        ("Source", "Target"),
        ("Source (en-US)", "Target (zh-CN)"),
        ("English (United States)", "Chinese (Simplified)"),
        ("摘要（英文）", "摘要（中文）"),
        ("Abstract (English)", "Abstract [Chinese]"),
        ("en-US", "zh_CN"),
        ("Source text", "Machine translation"),
        ("英文原文", "机翻"),
    ],
)
def test_headers_that_people_write(source: str, hypothesis: str) -> None:
    frame = pd.DataFrame({hypothesis: ["一。"], source: ["One."]})
    (batch,) = from_frame(frame, DEFAULT)
    assert pairs(batch.frame) == [("One.", "一。")]


def test_brackets_tell_the_human_s_from_the_machine_s_and_titles_from_texts() -> None:
    names = [
        "摘要（英文）",
        "中文摘要（机器翻译）",
        "中文摘要（人工翻译）",
        "标题（英文）",
        "标题（中文）",
    ]
    (batch,) = from_frame(
        pd.DataFrame([["One.", "一。", "壹。", "T", "题"]], columns=names), DEFAULT
    )
    row = batch.frame.iloc[0]
    assert (row["source"], row["hypothesis"], row["reference"]) == ("One.", "一。", "壹。")
    assert (row["source_title"], row["hypothesis_title"]) == ("T", "题")
    keywords = pd.DataFrame({"en": ["a"], "zh": ["b"], "关键词（英文）": ["k"]})
    (batch,) = from_frame(keywords, DEFAULT)
    assert list(batch.frame["关键词（英文）"]) == ["k"]


def test_nested_fields_by_dotted_names(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    row = {"translation": {"en": "One.", "zh": "一。"}, "AI": {"tldr": {"text": "短。"}}, "n.x": 1}
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    frame = read(path)
    assert pairs(frame) == [("One.", "一。")]
    assert "translation" not in frame.columns
    assert list(frame["n.x"]) == [1]
    assert pairs(read(path, Config(hypothesis_column="AI.tldr.text"))) == [("One.", "短。")]
    path.write_text(json.dumps(row | {"x": {"en": "a"}}) + "\n", encoding="utf-8")
    assert "'translation.en', 'x.en' could each be the source" in refusal(path)


def test_when_nothing_fits_the_likeliest_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("nr,left col,right,note\n1,The DNA was cut.,DNA被切断。,ok\n", encoding="utf-8")
    text = refusal(path)
    assert "columns: 'nr', 'left col', 'right', 'note'" in text
    assert "--source-column 'left col' --hypothesis-column right" in text
    config = Config(source_column="left col", hypothesis_column="right")
    assert pairs(read(path, config)) == [("The DNA was cut.", "DNA被切断。")]
