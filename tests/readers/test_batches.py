"""Columns, layouts, ids, batches and where the files come from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mtcheck import schema
from mtcheck.config import Config
from mtcheck.errors import DataError
from mtcheck.readers import Batch, Reader, batches, expand, from_frame
from mtcheck.readers._files import reader_of  # the choice among readers of one suffix
from mtcheck.registry import discover

DEFAULT = Config()


def rows(*values: Mapping[str, object]) -> pd.DataFrame:
    return pd.DataFrame(list(values))


def joined(found: Iterable[Batch]) -> pd.DataFrame:
    return pd.concat([b.frame for b in found], ignore_index=True)


def one(frame: pd.DataFrame, config: Config = DEFAULT) -> pd.DataFrame:
    (batch,) = from_frame(frame, config)
    return batch.frame


def table(path: Path, header: str, lines: Sequence[str]) -> Path:
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


# columns


@pytest.mark.parametrize(
    ("source", "hypothesis"),
    [
        ("source", "hypothesis"),
        ("abstract", "translation"),
        ("abstract", "zh"),
        ("SRC", "MT"),
        ("Source Text", "hypothesis-text"),
        (" en ", "target"),
    ],
)
def test_aliases(source: str, hypothesis: str) -> None:
    frame = one(rows({source: "One.", hypothesis: "一。"}))
    assert (frame["source"][0], frame["hypothesis"][0]) == ("One.", "一。")
    assert list(frame.columns) == list(schema.DOCUMENT)
    assert frame["segment_id"].isna().all()  # the documents layout


def test_the_canonical_name_wins_and_the_others_travel() -> None:
    frame = one(rows({"en": "x", "source": "a", "Source": "y", "zh": "b", "hypothesis": "c"}))
    assert (frame["source"][0], frame["hypothesis"][0]) == ("a", "c")
    assert [frame[c][0] for c in ("en", "Source", "zh")] == ["x", "y", "b"]


def test_a_named_column_wins_and_is_used_once() -> None:
    values = {"en": "a", "zh": "b", "ref": "c", "target": "d", "source": "e"}
    config = Config(source_column="en", hypothesis_column="ref")
    frame = one(rows(values), config)
    assert (frame["source"][0], frame["hypothesis"][0]) == ("a", "c")
    assert frame["reference"].isna().all()
    assert frame["input_source"][0] == "e"
    assert (frame["zh"][0], frame["target"][0]) == ("b", "d")


def test_named_reference_back_translation_and_id() -> None:
    config = Config(reference_column="r", back_translation_column="b", id_column="n")
    frame = one(rows({"en": "a", "zh": "z", "r": "参", "b": "back", "n": 7, "id": 1}), config)
    assert list(frame.loc[0, ["doc_id", "reference", "back_translation"]]) == ["7", "参", "back"]
    assert frame["id"][0] == 1


def test_metadata_with_a_name_of_ours_is_renamed() -> None:
    names = ("status", "line", "findings", "_x", "input_status", "Status")
    own = {name: n for n, name in enumerate(names, 1)}
    frame = one(rows({"en": "a", "zh": "b", **own}))
    extra = {c: frame[c][0] for c in schema.metadata_columns(frame.columns, schema.DOCUMENT)}
    assert extra == {
        "input_status": 1,
        "input_line": 2,
        "input_findings": 3,
        "input__x": 4,
        "input_input_status": 5,
        "Status": 6,
    }
    assert frame["line"][0] == 1


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        ({"doi": "10.1/x"}, "10.1/x"),
        ({"doi": "10.1/x", "id": 5}, "5"),
        ({"doi": "10.1/x", "id": 5, "doc_id": "d"}, "d"),
        ({"doi": "10.1/x", "id": 5.0, "doc_id": None}, "row-1"),
        ({"doi": "10.1/x", "id": 5.0}, "5"),
    ],
)
def test_ids_and_the_doi_stays_visible(ids: dict[str, object], expected: str) -> None:
    frame = one(rows({"en": "a", "zh": "b"} | ids))
    assert frame["doc_id"][0] == expected
    assert frame["doi"][0] == "10.1/x"


def test_titles_and_missing_text() -> None:
    values = {"en": "a", "zh": None, "title_en": "T", "title_zh": " ", "ref": "", "title": "M"}
    frame = one(rows(values, values | {"zh": "  "}))
    assert frame["source_title"][0] == "T"
    assert frame["hypothesis_title"].isna().all()
    assert frame["reference"].isna().all()
    assert list(frame["hypothesis"]) == ["", ""]
    assert frame["title"][0] == "M"


def test_the_frame_s_dtypes_are_the_schema_s() -> None:
    frame = one(rows({"en": "a", "zh": "b", "n": np.int64(3), "gone": np.nan, "a": np.ones(2)}))
    for name, dtype in schema.DOCUMENT.items():
        assert frame[name].dtype == dtype
    assert type(frame["n"][0]) is int
    assert frame["gone"][0] is None
    assert frame["a"][0] == "[1.0, 1.0]"


# layouts


def test_aligned_by_a_segment_id() -> None:
    frame = one(rows(*({"sid": f"s{i}", "id": "d", "en": "a", "zh": "b"} for i in (7, 8))))
    assert list(frame["segment_id"]) == ["s7", "s8"]
    assert list(frame["doc_id"]) == ["d", "d"]


def test_aligned_by_repeated_ids_counts_within_each_document() -> None:
    frame = one(rows(*({"id": i, "en": "a", "zh": "b"} for i in "xxyxy")))
    assert list(frame["segment_id"]) == ["x#1", "x#2", "y#1", "x#3", "y#2"]


def test_several_systems_are_not_repeated_ids() -> None:
    values = [{"id": i, "system": s, "en": "a", "zh": "b"} for s in "pq" for i in "xy"]
    frame = one(rows(*values))
    assert frame["segment_id"].isna().all()
    assert list(frame["system"]) == list("ppqq")
    frame = one(rows(*values, values[0]))
    assert list(frame["segment_id"]) == ["x#1", "y#1", "x#1", "y#1", "x#2"]


def test_ids_repeated_only_after_the_first_thousand_rows_are_doubles() -> None:
    values = [{"id": i, "en": "a", "zh": "b"} for i in range(1000)]
    with pytest.raises(DataError, match="row 1001: the id '3' was used before, at row 4"):
        list(from_frame(rows(*values, values[3]), Config()))


def test_a_forced_layout(tmp_path: Path) -> None:
    values = rows({"sid": "s", "en": "a", "zh": "b"}, {"sid": "t", "en": "a", "zh": "b"})
    frame = one(values, Config(layout="documents"))
    assert frame["segment_id"].isna().all()
    assert list(frame["doc_id"]) == ["row-1", "row-2"]
    assert list(frame["sid"]) == ["s", "t"]
    path = table(tmp_path / "batch 7.csv", "en,zh", ["a,b", '"c\nd",e', "f,g"])
    found = joined(batches([path], Config(layout="aligned")))
    assert list(found["segment_id"]) == ["batch 7#2", "batch 7#3", "batch 7#5"]
    assert list(found["doc_id"]) == list(found["segment_id"])
    found = joined(batches([path], Config()))
    assert list(found["doc_id"]) == ["batch 7-1", "batch 7-2", "batch 7-3"]


def test_own_segment_ids_without_documents() -> None:
    frame = one(rows({"seg_id": 1, "en": "a", "zh": "b"}, {"seg_id": 2, "en": "a", "zh": "b"}))
    assert list(frame["doc_id"]) == list(frame["segment_id"]) == ["1", "2"]


def test_the_layout_is_each_file_s_own(tmp_path: Path) -> None:
    table(tmp_path / "a.csv", "id,en,zh", ["x,a,b", "x,a,b"])
    table(tmp_path / "b.csv", "id,en,zh", ["x,a,b", "y,a,b"])
    found = list(batches([tmp_path], Config()))
    assert [list(b.frame["segment_id"].isna()) for b in found] == [[False] * 2, [True] * 2]


# batches


DOCUMENTS = st.lists(st.integers(1, 12), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(size=st.integers(1, 40), lengths=DOCUMENTS, aligned=st.booleans())
def test_batch_size_never_changes_the_rows(size: int, lengths: list[int], aligned: bool) -> None:
    values = [
        {"id": d if aligned else f"{d}.{i}", "en": f"{d} {i}", "zh": "b", "note": i or None}
        for d, n in enumerate(lengths)
        for i in range(n)
    ]
    layout = "aligned" if aligned else "documents"
    found = list(from_frame(rows(*values), Config(batch_size=size, layout=layout)))
    whole = list(from_frame(rows(*values), Config(batch_size=10_000, layout=layout)))
    assert len(whole) == 1
    pd.testing.assert_frame_equal(joined(found), whole[0].frame)
    fractions = [b.fraction for b in found]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    counts = [len(b.frame) for b in found]
    if aligned:
        assert all(n >= size * 8 for n in counts[:-1])
        ids = [set(b.frame["doc_id"]) for b in found]
        assert sum(len(i) for i in ids) == len(set().union(*ids))  # no document in two
    else:
        assert all(n == size for n in counts[:-1])
        assert counts[-1] <= size


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(size=st.integers(1, 9), keys=st.lists(st.sampled_from("pqr"), min_size=1, max_size=30))
def test_nor_do_keys_that_only_some_rows_have(tmp_path: Path, size: int, keys: list[str]) -> None:
    path = tmp_path / "a.jsonl"
    lines = [json.dumps({"en": "a", "zh": "b", key: n}) for n, key in enumerate(keys)]
    path.write_text("\n".join(lines), encoding="utf-8")
    found = joined(batches([path], Config(batch_size=size)))
    pd.testing.assert_frame_equal(found, joined(batches([path], Config())))


def test_a_key_met_late_travels_too(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    late = json.dumps({"en": "a", "zh": "b", "late": 1})
    path.write_text('{"en": "a", "zh": "b"}\n' * 1500 + late, encoding="utf-8")
    found = list(batches([path], Config()))
    assert found[-1].frame["late"].iloc[-1] == 1
    assert sum(len(b.frame) for b in found) == 1501


def test_a_batch_never_mixes_files_and_the_fraction_counts_all_of_them(tmp_path: Path) -> None:
    for name in "ab":
        table(tmp_path / f"{name}.csv", "en,zh", ["a,b"] * 3)
    found = list(batches([tmp_path], Config(batch_size=2)))
    assert [list(b.frame["path"].unique()) for b in found] == [
        [(tmp_path / n).as_posix()] for n in ("a.csv", "a.csv", "b.csv", "b.csv")
    ]
    assert [len(b.frame) for b in found] == [2, 1, 2, 1]
    assert (found[1].fraction, found[3].fraction) == (0.5, 1.0)


def test_files_are_streamed(tmp_path: Path) -> None:
    lines = [f"{i},{'a' * 200},b" for i in range(20_000)]
    path = table(tmp_path / "a.csv", "id,en,zh", lines)
    first = next(batches([path], Config()))
    assert len(first.frame) == 64
    assert 0 < first.fraction < 0.1


# files


def test_a_folder_a_glob_and_a_file_each_once(tmp_path: Path) -> None:
    for name in ("b.csv", "a.jsonl", "sub/c.TSV", "notes.md", ".hidden/d.csv", "x/.e.csv"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x", encoding="utf-8")

    def names(*inputs: str) -> list[str]:
        found = expand([tmp_path / i for i in inputs])
        return [p.relative_to(tmp_path).as_posix() for p in found]

    assert names("") == ["a.jsonl", "b.csv", "sub/c.TSV"]
    assert names("*") == ["a.jsonl", "b.csv"]
    assert names("b.csv", "", "sub/../b.csv") == ["b.csv", "a.jsonl", "sub/c.TSV"]
    assert names("**/*.TSV") == ["sub/c.TSV"]


def test_a_file_whose_name_looks_like_a_glob(tmp_path: Path) -> None:
    path = table(tmp_path / "a[1].csv", "en,zh", ["a,b"])
    assert expand([str(path)]) == [path]


def test_a_report_in_the_folder_is_not_read_again(tmp_path: Path) -> None:
    table(tmp_path / "a.csv", "en,zh", ["a,b"])
    (tmp_path / "report").mkdir()
    table(tmp_path / "report" / "segments.csv", "source,hypothesis", ["a,b"])
    assert len(expand([tmp_path])) == 2
    (tmp_path / "report" / "summary.json").write_text('{"mtcheck_version": "1"}', encoding="utf-8")
    assert [p.name for p in expand([tmp_path])] == ["a.csv"]


def test_a_json_file_in_a_folder_must_hold_an_array(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text("{}", encoding="utf-8")
    (tmp_path / "rows.json").write_bytes(' [{"en": "a", "zh": "b"}]'.encode("utf-16"))
    assert [p.name for p in expand([tmp_path])] == ["rows.json"]
    assert joined(batches([tmp_path], Config()))["source"][0] == "a"


def test_readers_are_found_by_file() -> None:
    assert set(discover("readers", Reader)) >= {"jsonl", "page", "table"}


def test_readers_of_one_suffix_are_told_apart_by_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reader(key: str, sign: str) -> Reader:
        def recognise(path: Path) -> bool:
            return path.read_text(encoding="utf-8").startswith(sign)

        return Reader(key, (".xx",), f"starts with {sign}", recognise, lambda *_: iter(()))

    found = {"one": reader("one", "1"), "two": reader("two", "2")}
    monkeypatch.setattr("mtcheck.readers._files._readers", lambda: found)
    path = tmp_path / "a.xx"
    path.write_text("2", encoding="utf-8")
    assert reader_of(path, Config()).key == "two"
    path.write_text("3", encoding="utf-8")
    with pytest.raises(DataError, match=r"fits no reader of '\.xx' files; tried: one \(starts w"):
        reader_of(path, Config())
