"""``segments.parquet``, ``findings.parquet``, ``documents.parquet``: typed tables, exact text.

Needs pyarrow (``pip install 'mtcheck[parquet]'``). Columns are those of ``segments.jsonl``, of
``findings.csv`` and of ``documents.csv``, each of one type over the whole run: lists and spans
are nested, and a metadata column that holds several kinds of value is text. The files tell
``mtcheck_version`` and ``schema_version`` in their metadata.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, cast, get_args, get_origin, get_type_hints

from mtcheck import schema
from mtcheck.errors import UsageError
from mtcheck.inspected import Inspected, documents, ranked
from mtcheck.records import NESTED, Json, Record, dump, finding_rows, metadata
from mtcheck.reporters import Run
from mtcheck.reporters.folder import Format
from mtcheck.summary import Summary

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["FORMAT"]

SEGMENTS, FINDINGS, DOCUMENTS = "segments.parquet", "findings.parquet", "documents.parquet"
ROWS = 10_000
"""Rows of a row group, and at most in memory."""


class _Kinds:
    """The kinds of value that a metadata column holds, and the type that takes them all."""

    def __init__(self) -> None:
        self._kinds: set[str] = set()
        self._large = False

    def add(self, value: Json) -> None:
        if value is None:
            return
        self._kinds.add(type(value).__name__)
        if type(value) is int:
            self._large |= abs(value) > 2**53
            if not -(2**63) <= value < 2**63:
                self._kinds.add("str")

    def type(self) -> pa.DataType:
        import pyarrow as pa

        if self._kinds == {"bool"}:
            return pa.bool_()
        if self._kinds == {"int"}:
            return pa.int64()
        if self._kinds and self._kinds <= {"int", "float"} and not self._large:
            return pa.float64()
        return pa.float64() if self._kinds == {"float"} else pa.string()


def _nested(hint: object) -> pa.DataType:
    """The Arrow type of a type hint: a list, a ``TypedDict`` or a scalar."""
    import pyarrow as pa

    if get_origin(hint) is list:
        return pa.list_(_nested(get_args(hint)[0]))
    scalars = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}
    if isinstance(hint, type) and hint in scalars:
        return scalars[hint]
    return pa.struct([(name, _nested(h)) for name, h in get_type_hints(hint).items()])


def _types(columns: Mapping[str, str]) -> dict[str, pa.DataType]:
    """The Arrow types of a table of ``mtcheck.schema``."""
    import pyarrow as pa

    scalars = {"string": pa.string(), "Int64": pa.int64(), "float64": pa.float64()}
    return {
        name: _nested(NESTED[name]) if dtype == "object" else scalars[dtype]
        for name, dtype in columns.items()
    }


def _fitted(row: Record, types: Mapping[str, pa.DataType], text: pa.DataType) -> Record:
    """The row's values of the columns; what is in a text column and no text becomes JSON."""
    return {
        name: dump(value)
        if kind == text and value is not None and not isinstance(value, str)
        else value
        for name, kind in types.items()
        for value in (row.get(name),)
    }


class _Scratch:
    """Rows that wait on disk until the types of all columns are known."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.touch()

    def add(self, rows: Iterable[Record]) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)

    def __iter__(self) -> Iterator[Record]:
        with self._path.open(encoding="utf-8") as file:
            for line in file:
                yield cast("Record", json.loads(line))

    def remove(self) -> None:
        self._path.unlink()


class _Writer:
    def __init__(self, folder: Path, run: Run) -> None:  # noqa: ARG002
        try:
            import pyarrow.parquet  # noqa: F401
        except ImportError:
            raise UsageError(
                "the format 'parquet' needs pyarrow; pip install 'mtcheck[parquet]'"
            ) from None
        self._folder = folder
        self._segments = _Scratch(folder / ".segments.scratch")
        self._documents = _Scratch(folder / ".documents.scratch")
        self._metadata: dict[str, _Kinds] = {}

    def add(self, inspected: Inspected) -> None:
        self._segments.add(self._noted(inspected))
        self._documents.add(documents(inspected))

    def _noted(self, inspected: Inspected) -> Iterator[Record]:
        for _, record in ranked(inspected):
            for name, value in metadata(record).items():
                self._metadata.setdefault(name, _Kinds()).add(value)
            yield record

    def _write(
        self, name: str, types: Mapping[str, pa.DataType], rows: Iterable[Record], version: str
    ) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        told = {"mtcheck_version": version, "schema_version": str(schema.VERSION)}
        form = pa.schema(list(types.items()), metadata=told)
        left = iter(rows)
        with parquet.ParquetWriter(self._folder / name, form, compression="zstd") as out:
            while part := [_fitted(row, types, pa.string()) for row in islice(left, ROWS)]:
                out.write_table(pa.Table.from_pylist(part, schema=form))

    def end(self, summary: Summary) -> None:
        version = summary["mtcheck_version"]
        own = {name: kinds.type() for name, kinds in self._metadata.items()}
        renamed = {f"input_{k}" if k in schema.FINDING else k: v for k, v in own.items()}
        self._write(SEGMENTS, _types(schema.SEGMENT) | own, self._segments, version)
        rows = (row for record in self._segments for row in finding_rows(record))
        self._write(FINDINGS, _types(schema.FINDING) | renamed, rows, version)
        self._write(DOCUMENTS, _types(schema.DOCUMENT_SCORE), self._documents, version)
        self._segments.remove()
        self._documents.remove()


FORMAT = Format("parquet", (SEGMENTS, FINDINGS, DOCUMENTS), _Writer)
