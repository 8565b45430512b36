"""Every kind of bad input: one line that names file, line and mend; skipped when asked to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from mtcheck.config import Config
from mtcheck.errors import DataError, MtcheckError, UsageError
from mtcheck.readers import batches, expand, from_frame

DEFAULT = Config()
PAGES = Path(__file__).resolve().parents[1] / "fixtures" / "pages"
HEAD = "source,hypothesis\n"
GOOD = "One sentence.,一句话。\n"
PAGE = (PAGES / "marsh.txt").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Case:
    """``line`` None: the error names the file alone."""

    label: str
    name: str
    content: str | bytes
    line: int | None
    problem: str
    mend: str
    config: Config = DEFAULT


def j(*rows: object) -> str:
    return "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows)


OK = {"source": "One.", "hypothesis": "一。"}

UNUSABLE = [
    Case("empty", "a.csv", "", None, "the file is empty", "fill it"),
    Case("empty page", "a.txt", "", None, "the file is empty", "fill it"),
    Case("header only", "a.csv", HEAD, None, "no rows", "at least one"),
    Case("blank lines only", "a.jsonl", "\n\n  \n", None, "no rows", "at least one"),
    Case("blank table", "a.tsv", "\n\n", None, "no rows", "at least one"),
    Case("empty array", "a.json", "[]", None, "no rows", "at least one"),
    Case(
        "no source",
        "a.csv",
        "text,zh\nOne.,一。\n",
        None,
        "no column holds the English source; columns: 'text', 'zh'",
        "the likeliest are 'text' and 'zh': --source-column text --hypothesis-column zh",
    ),
    Case(
        "no hypothesis",
        "a.jsonl",
        j({"en": "One.", "note": "x"}),
        None,
        "no column holds the translation; columns: 'en', 'note'",
        "--hypothesis-column NAME",
    ),
    Case(
        "no header, one long line",
        "a.csv",
        "A very long sentence that should have been a cell and not a name,一。\n" * 2,
        None,
        "columns: 'A very long sentence that should have b…'",
        "--source-column 'A very long",
    ),
    Case(
        "two sources",
        "a.csv",
        "en,src,zh\nOne.,One.,一。\n",
        None,
        "columns 'src', 'en' could each be the source",
        "--source-column NAME",
    ),
    Case(
        "two references",
        "a.csv",
        "en,zh,ref,post_edit\na,b,c,d\n",
        None,
        "columns 'ref', 'post_edit' could each be the reference",
        "--reference-column NAME",
    ),
    Case(
        "two spellings",
        "a.csv",
        "Source,SOURCE,mt\na,b,c\n",
        None,
        "columns 'Source', 'SOURCE' could each be the source",
        "--source-column NAME",
    ),
    Case(
        "named column absent",
        "a.csv",
        "english_text,zh\nOne.,一。\n",
        None,
        "no column 'english_txt'; columns: 'english_text', 'zh'",
        "did you mean 'english_text'?",
        Config(source_column="english_txt"),
    ),
    Case(
        "named id absent",
        "a.csv",
        HEAD + GOOD,
        None,
        "no column 'zzz'",
        "--id-column takes one of these",
        Config(id_column="zzz"),
    ),
    Case("double column", "a.csv", "source,mt,mt\na,b,c\n", 1, "called 'mt'", "rename"),
    Case("not UTF-8", "a.csv", (HEAD + GOOD).encode("gb18030"), 2, "not utf-8", "gb18030"),
    Case(
        "not UTF-8, later",
        "a.jsonl",
        (j(OK) * 5000).encode() + b"\xff\n",
        5001,
        "not utf-8",
        "--encoding gb18030",
    ),
    Case(
        "cut UTF-16",
        "a.csv",
        (HEAD + GOOD).encode("utf-16")[:-1],
        2,
        "not utf-16",
        "save the file as UTF-8",
    ),
    Case(
        "wrong encoding named",
        "a.csv",
        (HEAD + "One.,\x80。\n").encode("latin-1", "replace"),
        2,
        "not ascii",
        "--encoding",
        Config(encoding="ascii"),
    ),
    Case("binary", "a.csv", b"s\0o\0u\0", 1, "NUL characters", "utf-16-le"),
    Case(
        "no BOM",
        "a.csv",
        HEAD + GOOD,
        1,
        "the bytes are not utf-16",
        "--encoding",
        Config(encoding="utf-16"),
    ),
    Case("open quote", "a.csv", HEAD + GOOD + 'Two,"二\n' + GOOD, 3, "never closed", "double"),
    Case("broken header", "a.csv", '"a"b,c\n1,2\n', 1, "broken header", "mend its quotes"),
    Case("no array", "a.json", '{"source": "a"}', None, "array of objects", ".jsonl"),
    Case(
        "broken array",
        "a.json",
        '[\n{"source": "a", "hypothesis": "b"},\n{"source": ]\n',
        3,
        "broken JSON: Expecting value at column 12",
        "one object a line",
    ),
    Case("array without comma", "a.json", "[\n{}\n{}]", 3, "expected ',' or ']'", "[{…}, {…}]"),
    Case("text after array", "a.json", "[{}]\n[{}]", 2, "expected the end", "[{…}, {…}]"),
    Case("unclosed array", "a.json", "[{}", 1, "expected ',' or ']'", "[{…}, {…}]"),
]

ROWS = [
    Case("broken JSON", "a.jsonl", j(OK) + '{"source": \n' + j(OK), 2, "broken JSON", "object a"),
    Case("long number", "a.jsonl", j(OK) + "9" * 5000 + "\n", 2, "too many digits", "object a"),
    Case("deep JSON", "a.jsonl", j(OK) + "[" * 100_000 + "\n", 2, "too deep", "object a line"),
    Case("JSON list", "a.jsonl", j(OK, ["a", "b"], OK), 2, "a list where an object", "object a"),
    Case("JSON number", "a.jsonl", "\n" + j(OK, 3), 3, "a number where an object", "object a"),
    Case("list in array", "a.json", '[{"en":"a","zh":"b"},\n[]]', 2, "a list where", "[{…}, {…}]"),
    Case("no source", "a.jsonl", j(OK, {"hypothesis": "一。"}), 2, "no 'source'", "every row"),
    Case("no hypothesis", "a.jsonl", j(OK, {"source": "One."}), 2, "no 'hypothesis'", "every row"),
    Case("null source", "a.jsonl", j(OK, OK | {"source": None}), 2, "source is empty", "fill it"),
    Case("empty source", "a.csv", HEAD + GOOD + ",二\n", 3, "the source is empty", "fill it in"),
    Case("blank source", "a.csv", HEAD + GOOD + " \u3000,二\n", 3, "source is empty", "fill it"),
    Case(
        "both empty",
        "a.jsonl",
        j(OK, {"source": "", "hypothesis": " "}),
        2,
        "the source and the hypothesis are empty",
        "remove the row",
    ),
    Case("number", "a.jsonl", j(OK, OK | {"source": 7}), 2, "'source' is a number", "as text"),
    Case("object", "a.jsonl", j(OK, OK | {"source": {"a": 1}}), 2, "is an object", "as text"),
    Case("list", "a.jsonl", j(OK, OK | {"hypothesis": ["一"]}), 2, "is a list", "as text"),
    Case("bool", "a.jsonl", j(OK, OK | {"hypothesis": True}), 2, "is true or false", "as text"),
    Case("reference", "a.jsonl", j(OK, OK | {"ref": 1.5}), 2, "'ref' is a number", "as text"),
    Case("many fields", "a.csv", HEAD + GOOD + "a,b,c\n", 3, "3 fields and the header 2", "quote"),
    Case("few fields", "a.tsv", "en\tzh\na\tb\nc\n", 3, "1 fields and the header 2", "quote"),
    Case(
        "after a row of three lines",
        "a.csv",
        HEAD + '"a\nb\nc",d\n' + "e\n",
        5,
        "1 fields",
        "quote",
    ),
    Case("quotes", "a.csv", HEAD + GOOD + '"a"b,c\n' + GOOD, 3, "broken quotes", "double every"),
    Case("NUL", "a.csv", HEAD + GOOD + "a\0b,c\n", 3, "'source' contains a NUL", "remove it"),
    Case("NUL escape", "a.jsonl", j(OK, OK | {"x": "\0"}), 2, "'x' contains a NUL", "remove it"),
    Case(
        "surrogate",
        "a.jsonl",
        j(OK) + '{"source": "a", "hypothesis": "\\ud800"}\n',
        2,
        "'hypothesis' contains half of a surrogate pair",
        "remove it",
    ),
    Case(
        "surrogate in a name",
        "a.jsonl",
        j(OK) + '{"source": "a", "hypothesis": "b", "\\udfff": 1}\n',
        2,
        "a column name contains half of a surrogate pair",
        "remove it",
    ),
    Case(
        "surrogate in an id",
        "a.jsonl",
        j(OK) + '{"source": "a", "hypothesis": "b", "id": "\\udfff"}\n',
        2,
        "'id' contains half of a surrogate pair",
        "remove it",
    ),
    Case(
        "double id",
        "a.csv",
        "id,source,hypothesis\nx,a,b\ny,a,b\nx,c,d\n",
        4,
        "the id 'x' was used before, at line 2",
        "--aligned",
        Config(layout="documents"),
    ),
]

RECORD = next(line for line in PAGE.split("\n") if line.startswith("{"))
TITLE = json.loads(json.loads(RECORD)["resultStr"])["title"]
DISCLAIMER = next(line for line in PAGE.split("\n") if "计算机程序翻译" in line)


def page(**changes: object) -> str:
    return PAGE.replace(RECORD, json.dumps(json.loads(RECORD) | changes, ensure_ascii=False))


WHOLE_PAGES = [
    Case("no record", "a.txt", PAGE.replace(RECORD, ""), None, "no JSON record", "whole page"),
    Case("no text at all", "a.html", "<p>", None, "no JSON record", "whole page"),
    Case("broken record", "a.txt", PAGE.replace('","DOIUrl', ',"DOIUrl'), 5, "broken JSON", "page"),
    Case(
        "broken record in HTML",
        "a.html",
        '<script type="application/json">{"abstract": "a</script><p>摘要</p>',
        None,
        "broken JSON",
        "whole page",
    ),
    Case(
        "no abstract",
        "a.txt",
        page(abstract=None, resultStr=None),
        5,
        "no English abstract",
        "whole page",
    ),
    Case(
        "no heading",
        "a.txt",
        PAGE.replace("摘要\n", "简介\n"),
        None,
        "no Chinese abstract",
        "whole page",
    ),
    Case(
        "no Chinese",
        "a.txt",
        "\n".join([TITLE, RECORD, "摘要", TITLE]),
        None,
        "no Chinese abstract",
        "whole page",
    ),
    Case(
        "no end",
        "a.txt",
        "\n".join([RECORD, "摘要", "沉积物堆积。", "查找全文"]),
        2,
        "has no end",
        "whole page",
    ),
    Case("NUL in HTML", "a.html", "<p>\n摘要\0</p>", None, "a NUL character", "remove it"),
    Case("NUL", "a.txt", PAGE.replace("公顷", "公\0顷"), 5, "contains a NUL", "remove it"),
]


def write(folder: Path, case: Case) -> Path:
    path = folder / case.name
    content = case.content
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def message(case: Case, path: Path, config: Config) -> str:
    with pytest.raises(MtcheckError) as caught:
        list(batches([path], config))
    return str(caught.value)


@pytest.mark.parametrize("case", [*UNUSABLE, *ROWS, *WHOLE_PAGES], ids=lambda c: c.label)
def test_one_line_names_file_line_and_mend(case: Case, tmp_path: Path) -> None:
    path = write(tmp_path, case)
    text = message(case, path, case.config)
    where = path.as_posix() + ("" if case.line is None else f":{case.line}")
    assert text.startswith(f"{where}: ")
    problem, _, mend = text.rpartition("; ")
    assert case.problem in problem
    assert case.mend in mend
    assert "\n" not in text


@pytest.mark.parametrize("case", UNUSABLE, ids=lambda c: c.label)
def test_an_unusable_file_stops_the_run_even_when_bad_rows_are_skipped(
    case: Case, tmp_path: Path
) -> None:
    path = write(tmp_path, case)
    assert case.problem in message(case, path, case.config.replace(bad_rows="skip"))


@pytest.mark.parametrize("case", [*ROWS, *WHOLE_PAGES], ids=lambda c: c.label)
def test_a_bad_row_is_set_aside(case: Case, tmp_path: Path) -> None:
    path = write(tmp_path, case)
    found = list(batches([path], case.config.replace(bad_rows="skip")))
    (bad,) = [r for b in found for r in b.rejected]
    assert (bad.path, bad.line) == (path.as_posix(), case.line)
    assert case.problem in bad.problem
    assert case.mend in bad.mend
    assert "--bad-rows skip" in str(bad.error)
    bad.raw.encode()  # it can be written to a file
    rows = pd.concat([b.frame for b in found])
    assert bad.line not in list(rows["line"])
    assert rows.empty is (case in WHOLE_PAGES)
    assert bad.raw or case in WHOLE_PAGES


def test_raw_is_the_row_as_it_stood(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEAD + 'a,"b\nc",d\n' + GOOD + "x\n", encoding="utf-8")
    (batch,) = batches([path], Config(bad_rows="skip"))
    assert [r.raw for r in batch.rejected] == ['a,"b\nc",d\n', "x\n"]
    assert [r.line for r in batch.rejected] == [2, 5]
    assert list(batch.frame["line"]) == [4]


def test_a_double_id_on_the_same_line(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([OK | {"id": 1}, OK | {"id": 1}]), encoding="utf-8")
    config = Config(layout="documents")
    with pytest.raises(DataError, match=r"a\.json:1: the id '1' was used before, at line 1"):
        list(batches([path], config))


def test_bad_rows_at_the_end_and_bad_rows_alone_are_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(j(OK, OK) + "x\ny\n", encoding="utf-8")
    found = list(batches([path], Config(bad_rows="skip", batch_size=1)))
    assert [len(b.frame) for b in found] == [1, 1]
    assert [r.line for b in found for r in b.rejected] == [3, 4]
    path.write_text("x\ny\n", encoding="utf-8")
    (alone,) = batches([path], Config(bad_rows="skip"))
    assert alone.frame.empty
    assert alone.fraction == 1.0
    assert len(alone.rejected) == 2


def test_inputs_that_are_not_there(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "photo.png").write_bytes(b"x")
    (tmp_path / "broken.csv").symlink_to(tmp_path / "gone.csv")
    cases = {
        "absent.csv": "no such file or folder; check the path",
        "broken.csv": "no such file or folder; check the path",
        "folder": "the folder holds no file that can be read; known are .arb, .arrow, .csv, ",
        "*.xyz": "nothing matches; check the pattern",
        "folder/*": "nothing that matches can be read; known are .arb, .arrow, .csv, ",
        "folder/photo.png": "no reader for '.png' files; known are .arb, .arrow, .csv, ",
    }
    for name, expected in cases.items():
        with pytest.raises(DataError) as caught:
            expand([tmp_path / name])
        assert str(caught.value).startswith(f"{(tmp_path / name).as_posix()}: {expected}")
    (tmp_path / "README").write_text("x", encoding="utf-8")
    with pytest.raises(DataError, match="no reader for files without a suffix"):
        expand([str(tmp_path / "README")])
    with pytest.raises(UsageError, match="no input"):
        expand([])


def test_an_empty_file_is_found_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HEAD + GOOD, encoding="utf-8")
    (tmp_path / "b.csv").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match=r"b\.csv: the file is empty"):
        next(batches([tmp_path], Config()))


def test_a_column_has_one_use(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEAD + GOOD, encoding="utf-8")
    config = Config(source_column="source", reference_column="source")
    with pytest.raises(UsageError, match="--source-column and --reference-column both name"):
        list(batches([path], config))


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (pd.DataFrame({"source": [], "hypothesis": []}), "the DataFrame has no rows; give it"),
        (pd.DataFrame({"en": ["a"]}), "no column holds the translation; columns: 'en'; name it"),
        (pd.DataFrame([["a", "b"]], columns=["mt", "mt"]), "several columns called 'mt'; rename"),
        (pd.DataFrame({"en": ["a", None], "zh": "b"}), "row 2: the source is empty; fill it in"),
        (pd.DataFrame({"en": ["a", 2], "zh": "b"}), "row 2: 'en' is a number, not text; write"),
        (pd.DataFrame({"en": ["a"], "zh": [b"b"]}), "row 1: 'zh' is a bytes, not text; write"),
    ],
)
def test_bad_frames(frame: pd.DataFrame, expected: str) -> None:
    with pytest.raises(DataError) as caught:
        list(from_frame(frame, Config()))
    assert expected in str(caught.value)


def test_a_frame_s_bad_rows_are_set_aside_with_their_number() -> None:
    frame = pd.DataFrame({"id": ["x", "y", "x"], "en": ["a", "b", "c"], "zh": ["d", "e", "f"]})
    config = Config(layout="documents", bad_rows="skip")
    (batch,) = from_frame(frame, config)
    (bad,) = batch.rejected
    assert (bad.path, bad.line) == ("", 3)
    assert bad.problem == "the id 'x' was used before, at row 1"
    assert json.loads(bad.raw) == {"id": "x", "en": "c", "zh": "f"}
    assert str(bad.error).startswith("row 3: the id 'x'")
