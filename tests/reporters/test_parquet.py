"""The Parquet tables: types, metadata of several files, exact text, and no pyarrow."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mtcheck import schema
from mtcheck.config import Config
from mtcheck.errors import UsageError
from mtcheck.inspected import ranked
from mtcheck.records import NESTED
from mtcheck.reporters import Run
from mtcheck.reporters.folder import all_formats, parquet
from mtcheck.summary import Summary
from tests.reporters.conftest import EMPTY, as_batch, row

pq = pytest.importorskip("pyarrow.parquet")


def written(folder: Path, frames: list[pd.DataFrame], summary: Summary) -> Path:
    folder.mkdir(exist_ok=True)
    writer = all_formats()["parquet"].open(folder, Run(Config()))
    for frame in frames:
        writer.add(as_batch(frame))
    writer.end(summary)
    assert sorted(p.name for p in folder.iterdir()) == [
        "documents.parquet",
        "findings.parquet",
        "segments.parquet",
    ]
    return folder


def rows(path: Path) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return listed


def types(path: Path) -> dict[str, str]:
    return {field.name: str(field.type) for field in pq.read_schema(path)}


def extra(**metadata: object) -> pd.DataFrame:
    return schema.frame([row(0, "Three.", "三。") | metadata], schema.SEGMENT)


def test_segments_are_what_jsonl_has(
    tmp_path: Path, frames: list[pd.DataFrame], summary: Summary
) -> None:
    out = written(tmp_path, frames, summary)
    read = rows(out / "segments.parquet")
    expected = [record for frame in frames for _, record in ranked(as_batch(frame))]
    for mine, theirs in zip(read, expected, strict=True):
        for finding in mine["findings"]:
            assert finding.pop("known") is None  # no baseline
            assert not finding.pop("confirmed")  # no decisions
        assert {k: v for k, v in mine.items() if k in theirs} == theirs
        assert all(v is None for k, v in mine.items() if k not in theirs)
    metadata = pq.read_schema(out / "segments.parquet").metadata
    assert (metadata[b"mtcheck_version"], metadata[b"schema_version"]) == (b"0.1.0", b"1")


def test_findings_and_documents(
    tmp_path: Path, frames: list[pd.DataFrame], summary: Summary
) -> None:
    out = written(tmp_path, frames, summary)
    findings = rows(out / "findings.parquet")
    assert [f["code"] for f in findings] == ["ACC005", "LNG001", "LNG002", "ACC001", "ACC018"]
    assert findings[0]["spans"][0] == {"side": "source", "start": 12, "end": 17}
    assert list(findings[0]) == [*schema.FINDING, "journal", "year"]
    (document,) = rows(out / "documents.parquet")
    assert (document["doc_id"], document["findings"], document["bleu"]) == ("reef-01", 4, 41.5)


def test_types_are_the_schemas(tmp_path: Path, frames: list[pd.DataFrame]) -> None:
    out = written(tmp_path, frames, EMPTY)
    found = types(out / "segments.parquet")
    names = {"string": "string", "Int64": "int64", "float64": "double"}
    for name, dtype in schema.SEGMENT.items():
        assert found[name] == names.get(dtype, found[name]), name
    assert found["reasons"] == "list<element: string>"
    assert found["risk_spans"].startswith("list<element: struct<side: string, start: int64")
    assert found["year"] == "int64"
    assert types(written(tmp_path / "none", [], EMPTY) / "segments.parquet") == {
        k: v for k, v in found.items() if k in schema.SEGMENT
    }


def test_every_column_of_lists_has_a_type() -> None:
    tables = (schema.SEGMENT, schema.FINDING, schema.DOCUMENT_SCORE)
    assert {n for t in tables for n, dtype in t.items() if dtype == "object"} == set(NESTED)


@pytest.mark.parametrize(
    ("values", "kind", "read"),
    [
        ((1, 2), "int64", [1, 2]),
        ((1, 0.5), "double", [1.0, 0.5]),
        ((1, None), "int64", [1, None]),
        ((True, False), "bool", [True, False]),
        ((True, 1), "string", ["true", "1"]),
        ((1, "a"), "string", ["1", "a"]),
        ((2**60, 0.5), "string", [str(2**60), "0.5"]),
        ((2**70, 1), "string", [str(2**70), "1"]),
        ((["a"], {"b": 1}), "string", ['["a"]', '{"b": 1}']),
        ((None, None), "string", [None, None]),
    ],
)
def test_a_metadata_column_has_one_type_over_all_files(
    tmp_path: Path, values: tuple[object, object], kind: str, read: list[object]
) -> None:
    out = written(tmp_path, [extra(x=values[0]), extra(x=values[1], y="only here")], EMPTY)
    assert types(out / "segments.parquet")["x"] == kind
    table = rows(out / "segments.parquet")
    assert [r["x"] for r in table] == read
    assert [r["y"] for r in table] == [None, "only here"]


def test_rows_are_written_in_groups(
    tmp_path: Path, frames: list[pd.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "ROWS", 2)
    out = written(tmp_path, frames, EMPTY)
    assert pq.ParquetFile(out / "segments.parquet").num_row_groups == 3
    assert len(rows(out / "segments.parquet")) == 5


@pytest.mark.parametrize(
    "text",
    ["=1+1", "</script>", "\x1b[31m\x00", "abc\u202edcba", "::error::x", "javascript:alert(1)"],
)
def test_hostile_text_is_kept_exactly(
    tmp_path: Path, hostile: Callable[[str], list[pd.DataFrame]], text: str
) -> None:
    # A typed file that nothing renders or runs: the text itself is what is asked for.
    out = written(tmp_path, hostile(text), EMPTY)
    (segment,) = rows(out / "segments.parquet")
    assert segment["doc_id"] == segment["reference"] == segment[text] == text
    (finding,) = rows(out / "findings.parquet")
    assert finding["message"] == text


def test_without_pyarrow_the_mend_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(UsageError, match=r"needs pyarrow; pip install 'mtcheck\[parquet\]'"):
        all_formats()["parquet"].open(tmp_path, Run(Config()))
