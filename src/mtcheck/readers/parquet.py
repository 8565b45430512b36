"""Parquet, Arrow and Feather, a row a record; needs pyarrow (the extra ``parquet``)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mtcheck.config import Config
from mtcheck.errors import DataError
from mtcheck.readers import Reader, Rejected, Row

if TYPE_CHECKING:
    import pyarrow

__all__ = ["READER"]

_PARQUET, _FILE, _STREAM = b"PAR1", b"ARROW1", b"\xff\xff\xff\xff"
_ROWS = 1024  # held at a time


def recognise(path: Path) -> bool:
    """By the letters that Parquet, Arrow and Feather files and Arrow streams begin with."""
    with path.open("rb") as handle:
        head = handle.read(6)
    return head.startswith((_PARQUET, _FILE, _STREAM))


def read(path: Path, _config: Config) -> Iterator[Row | Rejected]:
    """The rows, nested values as lists and mappings.

    Raises DataError for a broken file, for columns of one name and without pyarrow.
    """
    name, size = path.as_posix(), path.stat().st_size
    try:
        import pyarrow
    except ImportError:
        raise DataError(
            "Parquet needs pyarrow", path=name, mend="pip install pyarrow, or give JSONL"
        ) from None
    number = 0
    try:
        for batch, fraction in _batches(path):
            # pandas keeps an index as a column of such a name
            own = [n for n in batch.schema.names if not n.startswith("__index_level_")]
            names = batch.schema.names
            if len(set(names)) < len(names):
                raise DataError("has several columns of one name", path=name, mend="rename them")
            for values in batch.select(own).to_pylist():
                number += 1
                yield Row(number, values, int(size * fraction))
    except (OSError, ValueError, pyarrow.ArrowException) as error:
        why = " ".join(str(error).split())
        kind = "Parquet" if path.suffix.lower() == ".parquet" else "Arrow"
        raise DataError(f"not {kind}: {why}", path=name, mend="write it anew") from None


def _batches(path: Path) -> Iterator[tuple[pyarrow.RecordBatch, float]]:
    """Some rows at a time, and how much of the file they end."""
    import pyarrow
    from pyarrow import parquet

    with path.open("rb") as file:
        head = file.read(6)
    if head.startswith(_FILE):
        with pyarrow.memory_map(str(path)) as file, pyarrow.ipc.open_file(file) as arrow:
            for i in range(arrow.num_record_batches):
                yield from _cut(arrow.get_batch(i), (i + 1) / arrow.num_record_batches)
    elif head.startswith(_PARQUET):
        with parquet.ParquetFile(path) as table:
            seen = 0
            for batch in table.iter_batches(_ROWS):
                seen += batch.num_rows
                yield batch, seen / table.metadata.num_rows
    else:
        with pyarrow.memory_map(str(path)) as file, pyarrow.ipc.open_stream(file) as stream:
            for batch in stream:
                yield from _cut(batch, 0.5)


def _cut(
    batch: pyarrow.RecordBatch, fraction: float
) -> Iterator[tuple[pyarrow.RecordBatch, float]]:
    for at in range(0, batch.num_rows, _ROWS):
        yield batch.slice(at, _ROWS), fraction


READER = Reader(
    "parquet",
    (".parquet", ".arrow", ".feather"),
    "a table with a row a record; needs pyarrow",
    recognise,
    read,
)
