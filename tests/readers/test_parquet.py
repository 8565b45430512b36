"""Parquet tables are read like any other."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from mtcheck import readers
from mtcheck.config import Config
from mtcheck.errors import DataError

pytest.importorskip("pyarrow", reason="Parquet needs pyarrow")


def test_rows_keep_their_nested_values_and_numbers(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    frame = pd.DataFrame({"source": ["A cat.", "A dog."], "hypothesis": ["猫。", "狗。"]})
    frame.assign(scores=pd.Series([[1, 2], [3]], dtype=object)).to_parquet(file)
    rows = list(readers.rows(file))
    assert [(r.line, r.values["source"], r.values["scores"]) for r in rows] == [
        (1, "A cat.", [1, 2]),
        (2, "A dog.", [3]),
    ]
    frame.to_parquet(file)
    (batch,) = readers.batches([tmp_path], Config())  # found in its folder
    assert list(batch.frame["hypothesis"]) == ["猫。", "狗。"]


def test_a_broken_table_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    file.write_bytes(b"PAR1 and no more")
    with pytest.raises(DataError, match=r"a\.parquet: not Parquet"):
        list(readers.rows(file))


def test_the_first_bad_row_stops_raw_rows(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"source": "a"}\n[1]\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"a\.jsonl:2: a list"):
        list(readers.rows(file))
    with pytest.raises(DataError, match="no such file"):
        list(readers.rows(tmp_path / "gone.jsonl"))
