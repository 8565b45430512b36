"""An audit on disk: a folder of Parquet and JSON, read back without running any code of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pandas as pd

from mtcheck.config import Config, Setting
from mtcheck.errors import DataError, UsageError
from mtcheck.records import Json, dump, plain

if TYPE_CHECKING:
    from mtcheck.summary import Summary

__all__ = ["TABLES", "read", "write"]

TABLES = ("segments", "findings", "documents", "rejected")
_FILE = "audit.json"
_VERSION = 1
_NESTED = ("reasons", "findings", "suppressed", "risk_spans", "spans")


def write(
    folder: Path,
    tables: Mapping[str, pd.DataFrame],
    index: pd.Index | None,
    rest: Mapping[str, object],
) -> None:
    """Write tables, the index of the audited frame, and plain values. Raises UsageError."""
    _pyarrow()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            _flat(table).to_parquet(folder / f"{name}.parquet", index=False)
        labels = index.to_frame(index=False) if index is not None else None
        if labels is not None:
            labels.columns = [str(i) for i in range(labels.shape[1])]
            labels.to_parquet(folder / "index.parquet", index=False)
        names = None if index is None else [plain(n) for n in index.names]
        content = {"mtcheck_audit": _VERSION, "index": names, **rest}
        (folder / _FILE).write_text(dump(plain(content)) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{folder}: can't save the audit ({error.strerror or error})") from None


def read(
    folder: Path,
) -> tuple[dict[str, pd.DataFrame], pd.Index | None, dict[str, Json]]:
    """What :func:`write` wrote. Raises DataError for a folder that holds no audit."""
    _pyarrow()
    try:
        content = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        if not isinstance(content, dict) or content.get("mtcheck_audit") != _VERSION:
            raise ValueError("no audit of this version")
        tables = {name: _nested(pd.read_parquet(folder / f"{name}.parquet")) for name in TABLES}
        index = None
        if content["index"] is not None:
            labels = pd.read_parquet(folder / "index.parquet")
            names = content["index"]
            columns = [labels[c] for c in labels.columns]
            index = (
                pd.MultiIndex.from_arrays(columns, names=names)
                if len(names) > 1
                else pd.Index(columns[0], name=names[0])
            )
    except (OSError, ValueError, KeyError) as error:
        raise DataError(
            f"no saved audit: {error}", path=str(folder), mend="save it with audit.save(folder)"
        ) from None
    return tables, index, content


def settings(values: Mapping[str, object]) -> Config:
    """The settings as they were saved."""
    defaults = Config()
    made = {name: value for name, value in values.items() if hasattr(defaults, name)}
    return defaults.replace(**cast("dict[str, Setting]", made))


def summary(values: Json) -> Summary:
    """The summary as it was saved."""
    return cast("Summary", values)


def _pyarrow() -> None:
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise UsageError("saving needs pyarrow: pip install 'mtcheck[parquet]'") from None


def _flat(table: pd.DataFrame) -> pd.DataFrame:
    """Nested cells, and labels that are tuples, as JSON."""
    out = table.copy()
    for name in out.columns:
        values = out[name]
        if (name in _NESTED and values.dtype == object) or (
            values.dtype == object and _tuples(values)
        ):
            out[name] = [dump(plain(v)) for v in values]
    return out


def _tuples(values: pd.Series) -> bool:
    return any(isinstance(v, tuple | list) for v in values)


def _nested(table: pd.DataFrame) -> pd.DataFrame:
    for name in _NESTED:
        # `findings` is a list in the table of segments and a count in that of documents.
        if name in table and not pd.api.types.is_numeric_dtype(table[name].dtype):
            table[name] = pd.Series(
                [json.loads(v) for v in table[name]], index=table.index, dtype="object"
            )
    return table
