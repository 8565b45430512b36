"""The caller's tables: taken as they come, and given back with their own index and dtypes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd

from mtcheck.errors import DataError, MtcheckError, UsageError
from mtcheck.readers import Parallel
from mtcheck.records import FLAGGED

__all__ = ["KEY", "as_frame", "in_python", "joined", "keyed"]

KEY = "input_row"
"""The column of ``segments`` and ``findings`` with the label of the caller's row."""

_JOINED = ("status", "risk", "segments", "findings", "codes", "reasons")
_Error = TypeVar("_Error", bound=MtcheckError)


def as_frame(data: object) -> pd.DataFrame | None:
    """A table of any kind as a DataFrame; None for what is no table, such as a path.

    Takes pandas, polars (also lazy), Arrow tables, lists of dicts and dicts of lists.
    """
    if isinstance(data, pd.DataFrame):
        return data
    if isinstance(data, Mapping):
        return pd.DataFrame(data)
    if isinstance(data, Sequence) and not isinstance(data, str):
        return pd.DataFrame(list(data)) if data and isinstance(data[0], Mapping) else None
    collect = getattr(data, "collect", None)  # polars' LazyFrame
    table: object = collect() if callable(collect) and not hasattr(data, "to_pandas") else data
    # polars' own to_pandas needs pyarrow; its columns do not.
    columns = getattr(table, "to_dict", None)
    if type(table).__module__.partition(".")[0] == "polars" and callable(columns):
        return pd.DataFrame(columns(as_series=False))
    convert = getattr(table, "to_pandas", None)
    if callable(convert):
        frame = convert()
        return frame if isinstance(frame, pd.DataFrame) else None
    return None


def keyed(table: pd.DataFrame, frame: pd.DataFrame, own: Mapping[str, str]) -> pd.DataFrame:
    """A table of an audit with the labels of the frame's rows, and its columns as they were.

    ``table["line"]`` counts the frame's rows from 1; ``own`` are the table's columns that are
    not the caller's.
    """
    at = table["line"].to_numpy(dtype=np.intp) - 1
    out = table.copy()
    for place, column in enumerate(frame.columns):
        name = str(column)
        if name in own or name not in out.columns:
            name = f"input_{name}"
        if name in out.columns:
            out[name] = frame.iloc[:, place].take(at).set_axis(out.index)
    key = KEY
    while key in out.columns:
        key += "_"
    labels = frame.index.take(at)
    # An Index of tuples would be taken for several columns.
    flat = labels.to_flat_index() if isinstance(labels, pd.MultiIndex) else labels
    out[key] = flat.to_series(index=out.index)
    return out


def joined(frame: pd.DataFrame, index: pd.Index, segments: pd.DataFrame) -> pd.DataFrame:
    """The frame, its index, columns and dtypes as they are, and what was found of each row.

    ``index`` is that of the audited frame. Raises UsageError for a frame of other rows.
    """
    if frame.index.equals(index):
        at = np.arange(len(index))
    elif index.is_unique and frame.index.isin(index).all():
        at = index.get_indexer(frame.index)
    else:
        raise UsageError(
            "the frame has rows that were not audited (its index differs); "
            "join the frame that was audited, or a selection of its rows"
        )
    found = _by_row(segments).reindex(at + 1)
    taken = [c for c in found.columns if c in frame.columns]
    if taken:
        raise UsageError(f"the frame has a column {taken[0]!r} already; rename or drop it")
    return pd.concat([frame, found.set_axis(frame.index)], axis=1)


def _by_row(segments: pd.DataFrame) -> pd.DataFrame:
    """What was found of each row of input, by its number from 1."""
    order = [*reversed(FLAGGED)]
    groups = segments.groupby("line", sort=True)
    codes = groups["findings"].agg(
        lambda rows: list(dict.fromkeys(f["code"] for row in rows for f in row))
    )
    level = segments["status"].map({s: i for i, s in enumerate(("accept", *order))})
    worst = level.groupby(segments["line"]).max()
    columns = {
        "status": worst.map(dict(enumerate(("accept", *order)))).astype("string"),
        "risk": groups["risk"].max(),
        "segments": groups.size().astype("Int64"),
        "findings": groups["findings"].agg(lambda rows: sum(map(len, rows))).astype("Int64"),
        "codes": codes,
        "reasons": groups["reasons"].agg(lambda rows: [r for row in rows for r in row]),
    }
    assert tuple(columns) == _JOINED
    return pd.DataFrame({f"mtcheck_{name}": values for name, values in columns.items()})


# --- errors --------------------------------------------------------------------------------

_FLAG = re.compile(
    r"--(?P<no>no-)?(?P<name>[a-z]+(?:-[a-z]+)*)"
    r"(?: (?P<value>'[^']*'|[A-Z]+\b|skip\b|(?<=-column )\S+(?= --|$)))?"
)
_SEVERAL = re.compile(r"(?<=') (?=\w+=')")
_LAYOUTS = ("aligned", "documents")


def _argument(flag: re.Match[str]) -> str:
    name, value = flag["name"].replace("-", "_"), flag["value"]
    if flag["name"] in _LAYOUTS:
        return f"layout={name!r}"
    if flag["no"]:
        return f"{name}=False"
    if not value:
        return f"{name}="
    if value in {"FILE", "FOLDER", "N"}:
        return f"{name}={value}"
    return f"{name}={'name' if value == 'NAME' else value.strip(chr(39))!r}"


def _in_arguments(text: str) -> str:
    return _SEVERAL.sub(", ", _FLAG.sub(_argument, text))


def in_python(error: _Error) -> _Error:
    """The error in words of arguments, where the message named flags of the command line."""
    if isinstance(error, DataError):
        problem, mend = map(_in_arguments, (error.problem, error.mend))
        return type(error)(problem, path=error.path, line=error.line, mend=mend)
    return type(error)(_in_arguments(str(error)))


def paths(data: object) -> Sequence[str | Path | Parallel] | str | Path | Parallel:
    """What is no table as paths. Raises UsageError."""
    if isinstance(data, str | Path | Parallel):
        return data
    if isinstance(data, Sequence) and all(isinstance(d, str | Path | Parallel) for d in data):
        return data
    raise UsageError(
        f"can't audit a {type(data).__name__}; give a DataFrame, a polars or Arrow table, "
        "a list of dicts, or a path"
    )
