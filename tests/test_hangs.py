"""Inputs made to take for ever take a moment: each was quadratic or endless once."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest

import mtcheck
from mtcheck.config import Config
from mtcheck.errors import DataError
from mtcheck.models.risk import _parts
from mtcheck.models.tokens import Pieces
from mtcheck.readers import Batch, batches, expand

RECORD = json.dumps({"abstract": "Rain fell on the fields."})
CHINESE = "雨落在田里。本文由机器翻译，仅供参考，以原文为准。"


@contextmanager
def soon(seconds: float = 5) -> Iterator[None]:
    """Within this much time of the processor."""
    began = time.process_time()
    yield
    assert time.process_time() - began < seconds


def read(path: Path, config: Config | None = None) -> list[Batch]:
    with soon():
        return list(batches([path], config or Config(bad_rows="skip")))


# --- finding files -------------------------------------------------------------------------


def test_a_pipe_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("source,mt\nRain.,雨。\n", encoding="utf-8")
    for name in ("pipe.txt", "pipe.json", "pipe.csv", "summary.json"):
        os.mkfifo(tmp_path / name)
    assert [p.name for p in expand([tmp_path])] == ["rows.csv"]
    assert [p.name for p in expand([tmp_path / "*"])] == ["rows.csv"]
    with pytest.raises(DataError, match="is no regular file; write its content into one"):
        expand([tmp_path / "pipe.csv"])


def test_a_glob_goes_round_in_no_circle(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "rows.csv").write_text("source,mt\nRain.,雨。\n", encoding="utf-8")
    for name in ("one", "two"):
        (tmp_path / name).symlink_to(".")
    with soon():
        assert len(expand([tmp_path / "**" / "*.csv"])) == 1


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("*.csv", ["a.csv"]),
        ("?.csv", ["a.csv"]),
        ("[ab].csv", ["a.csv"]),
        ("**.csv", ["a.csv"]),
        ("**", ["a.csv", "in/b.csv", "in/deep/c.csv"]),
        ("**/*.csv", ["a.csv", "in/b.csv", "in/deep/c.csv"]),
        ("*/*.csv", ["in/b.csv"]),
        ("in/**/*.csv", ["in/b.csv", "in/deep/c.csv"]),
        ("i*/../*.csv", ["a.csv"]),
        (".h*/*.csv", [".hidden/d.csv"]),
    ],
)
def test_a_glob_means_what_it_means_to_a_shell(
    pattern: str, found: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.csv", "in/b.csv", "in/deep/c.csv", ".hidden/d.csv", ".e.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("source,mt\nRain.,雨。\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    wanted = [(tmp_path / name).resolve() for name in found]
    assert [p.resolve() for p in expand([pattern])] == wanted
    assert [p.resolve() for p in expand([str(tmp_path / pattern)])] == wanted


# --- pages ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        RECORD + "\n" + "摘要\n" * 20_000,
        RECORD + "\n" + "摘要\n雨\n" * 20_000 + CHINESE,
        "\n" * 1_000_000,
        "\n" * 100_000 + RECORD + "\n摘要\n" + CHINESE,
        '{"abstract": [\n' * 40_000,
        '{"a": "\n' * 100_000,
        "摘" + " " * 1_000_000 + "要",
        "。" * 1_000_000,
        ("。" * 100 + "翻译") * 10_000,
    ],
)
def test_a_page_is_read_in_its_length(text: str, tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text(text, encoding="utf-8")
    read(path)


@pytest.mark.parametrize(
    "inside",
    [" " * 1_000_000, " \n" * 300_000, "\t" * 500_000 + "x", "<b> </b>" * 100_000, "<p>" * 50_000],
)
def test_a_saved_page_is_read_in_its_length(inside: str, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        f'<script type="application/json">{RECORD}</script><p>摘要</p><p>{inside}</p>'
        f"<p>{CHINESE}</p>",
        encoding="utf-8",
    )
    read(path)


# --- tables --------------------------------------------------------------------------------


def wide(count: int) -> list[str]:
    return ["source", "mt", *(f"c{n}" for n in range(count))]


def as_csv(path: Path, count: int) -> None:
    row = ["Rain.", "雨。", *("x" for _ in range(count))]
    path.write_text(f"{','.join(wide(count))}\n{','.join(row)}\n" * 1, encoding="utf-8")


def as_own_keys(path: Path, count: int) -> None:
    rows = ({"source": "Rain.", "mt": "雨。", f"c{n}": n} for n in range(count))
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")


@pytest.mark.parametrize(("write", "name"), [(as_csv, "t.csv"), (as_own_keys, "t.jsonl")])
def test_columns_have_a_limit_that_can_be_raised(
    write: Callable[[Path, int], None], name: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    write(path, 30_000)
    with (
        soon(),
        pytest.raises(DataError, match=r"1,000 columns; leave some out, or raise column-limit"),
    ):
        list(batches([path], Config()))
    write(path, 1_500)
    with pytest.raises(DataError, match="column-limit"):
        list(batches([path], Config()))
    (found,) = read(path, Config(column_limit=3_000, batch_size=10_000))
    assert len(found.frame.columns) > 1_500


def test_a_key_too_many_late_in_a_file_is_a_bad_row(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for n in range(3_000):
            more = {f"c{n}": n} if n > 1_500 else {}
            file.write(json.dumps({"source": "Rain.", "mt": "雨。", **more}) + "\n")
    found = read(path, Config(bad_rows="skip", column_limit=100))
    assert sum(len(b.frame) for b in found) == 1_601
    (problem, *_) = {r.problem.partition(" more")[2] for b in found for r in b.rejected}
    assert problem == " than 100 columns"


def test_double_names_among_many_are_found_soon(tmp_path: Path) -> None:
    names = [*wide(30_000), "c1"]
    with soon(), pytest.raises(DataError, match="several columns called 'c1'"):
        mtcheck.audit(pd.DataFrame([["x"] * len(names)], columns=names))


# --- the risk and TER ----------------------------------------------------------------------


@pytest.mark.parametrize("clause", ["雨，", "雨落在田里，", "，"])
def test_a_long_text_is_cut_into_parts_in_its_length(clause: str) -> None:
    text = clause * (100_000 // len(clause))
    pieces = Pieces(tuple(range(len(text))), tuple((i, i + 1) for i in range(len(text))))
    with soon():
        parts = _parts(text, text, pieces, pieces)
    assert all(len(a.ids) + len(b.ids) <= 380 for a, b in parts)
    for side in (0, 1):
        assert [i for p in parts for i in p[side].ids] == list(range(len(text)))


def test_ter_has_a_limit_that_can_be_raised() -> None:
    one = "".join(chr(0x4E00 + n * 7 % 900) for n in range(500))
    other = "".join(chr(0x4E00 + n * 11 % 900) for n in range(500))
    frame = pd.DataFrame(
        [["Rain.", "雨。", "下雨。"], ["Snow.", one, other]], columns=["source", "mt", "reference"]
    ).assign(segment_id=["1", "2"], doc_id="d")
    with soon():
        audit = mtcheck.audit(frame, risk=False)
        two = mtcheck.compare(frame, frame.assign(mt=["雪。", other]), risk=False)
    assert audit.segments["ter"].notna().tolist() == [True, False]
    assert audit.segments["chrf"].notna().all()
    note = "1 segment has no TER, being too long for it; `ter-limit` raises that."
    assert note in audit.summary["notes"]
    assert "Rows are too long for TER; it is there when it is asked for." in two.summary["notes"]
    assert "ter" not in set(two.scores["score"])
    audit = mtcheck.audit(frame.head(1), risk=False)
    assert not any("too long" in n for n in audit.summary["notes"])
    frame.loc[1, ["mt", "reference"]] = [one[:60] * 4, one[:60] * 4]
    raised = mtcheck.audit(frame, risk=False, ter_limit=300)
    assert raised.segments["ter"].tolist()[1] == 0
