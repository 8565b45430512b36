"""Tables and JSON: any text survives the way through a file, and lines are the file's."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mtcheck.config import Config
from mtcheck.errors import DataError
from mtcheck.readers import batches

DEFAULT = Config()
SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ANY = st.text(
    st.one_of(
        st.sampled_from(list(",;\"\t\n\r'\\ ，。“”\u2028\u0085\ufeff😀𠮷")),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    max_size=30,
)
FULL = ANY.filter(lambda t: bool(t.strip()))
PAIRS = st.lists(st.tuples(FULL, ANY, ANY), min_size=1, max_size=8)


def read(path: Path, config: Config = DEFAULT) -> pd.DataFrame:
    return pd.concat([b.frame for b in batches([path], config)], ignore_index=True)


def expected(rows: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    return [(s, h if h.strip() else "", n) for s, h, n in rows]


def triples(frame: pd.DataFrame) -> list[tuple[str, str, str]]:
    return list(zip(frame["source"], frame["hypothesis"], frame["note"], strict=True))


@pytest.mark.parametrize(
    ("suffix", "delimiter"), [(".csv", ","), (".csv", ";"), (".csv", "\t"), (".tsv", "\t")]
)
@SETTINGS
@given(rows=PAIRS)
def test_a_table_gives_back_any_text(
    tmp_path: Path, suffix: str, delimiter: str, rows: list[tuple[str, str, str]]
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([("source", "hypothesis", "note"), *rows])
    path = tmp_path / f"a{suffix}"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    assert triples(read(path)) == expected(rows)


@pytest.mark.parametrize("escaped", [True, False])
@pytest.mark.parametrize("suffix", [".jsonl", ".ndjson", ".json"])
@SETTINGS
@given(rows=PAIRS)
def test_json_gives_back_any_text(
    tmp_path: Path, suffix: str, escaped: bool, rows: list[tuple[str, str, str]]
) -> None:
    objects = [dict(zip(("source", "hypothesis", "note"), row, strict=True)) for row in rows]
    path = tmp_path / f"a{suffix}"
    if suffix == ".json":
        text = json.dumps(objects, ensure_ascii=escaped, indent=1)
    else:
        text = "\n".join(json.dumps(o, ensure_ascii=escaped) for o in objects)
    path.write_text(text, encoding="utf-8", newline="")
    assert triples(read(path)) == expected(rows)


@pytest.mark.parametrize(
    ("encoding", "named"),
    [(e, True) for e in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030")]
    + [(e, False) for e in ("utf-8", "utf-8-sig", "utf-16")],
)
def test_encodings(tmp_path: Path, encoding: str, named: bool) -> None:
    path = tmp_path / "a.csv"
    text = "\ufeffsource,zh\nOne.,一。\n" if encoding == "utf-16-le" else "source,zh\nOne.,一。\n"
    path.write_bytes(text.encode(encoding))
    frame = read(path, Config(encoding=encoding if named else ""))
    assert list(frame["hypothesis"]) == ["一。"]
    assert frame.columns[-1] == "back_translation"  # no metadata: the BOM is in no name


def test_line_numbers_are_those_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('\n\nen,zh\r\n"a\nb",c\r\n\nd,"e\r\nf"\ng,h', encoding="utf-8", newline="")
    assert list(read(path)["line"]) == [4, 7, 9]
    path = tmp_path / "a.json"
    path.write_text('\n[ {"en": "a",\n"zh": "b"},\n\n{"en": "c", "zh": ""} ]', encoding="utf-8")
    assert list(read(path)["line"]) == [2, 5]


def test_a_header_with_a_comma_is_comma_separated(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("en,zh;x\na;b,c\n", encoding="utf-8")
    with pytest.raises(Exception, match="'zh;x'"):
        read(path)
    path.write_text("en;zh\na,b;c,d\n", encoding="utf-8")
    frame = read(path)
    assert (frame["source"][0], frame["hypothesis"][0]) == ("a,b", "c,d")


def test_a_very_long_field(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"en,zh\n{'a' * 300_000},b\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"300,000 characters.* or raise text-limit"):
        read(path)
    assert len(read(path, Config(text_limit=300_000))["source"][0]) == 300_000


def test_blank_header_cells_get_a_name(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",en, zh ,\n0,a,b,c\n", encoding="utf-8")
    frame = read(path)
    assert (frame["column_1"][0], frame["column_4"][0]) == ("0", "c")
    assert frame["hypothesis"][0] == "b"


def test_nested_values_travel_as_json(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    row = {"en": "a", "zh": "b", "tags": ["甲", {"x": 1}], "ok": True, "n": 3, "none": None}
    path.write_text(json.dumps(row) + '\n{"en": "c", "zh": "d", "n": NaN}\n', encoding="utf-8")
    frame = read(path)
    assert frame["tags"][0] == '["甲", {"x": 1}]'
    assert [frame[c][0] for c in ("ok", "n", "none")] == [True, 3, None]
    assert [frame[c][1] for c in ("tags", "ok", "n", "none")] == [None] * 4
