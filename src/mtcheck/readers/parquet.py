"""Parquet, a row a record; needs pyarrow (``pip install 'mtcheck[parquet]'``)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from mtcheck.config import Config
from mtcheck.errors import DataError
from mtcheck.readers import Reader, Rejected, Row

__all__ = ["READER"]


def recognise(path: Path) -> bool:
    """By the four letters that every such file begins with."""
    with path.open("rb") as handle:
        return handle.read(4) == b"PAR1"


def read(path: Path, _config: Config) -> Iterator[Row | Rejected]:
    """The rows, nested values as lists. Raises DataError for a broken file or without pyarrow."""
    try:
        frame = pd.read_parquet(path)
    except ImportError:
        raise DataError(
            "Parquet needs pyarrow", path=path.as_posix(), mend="pip install pyarrow, or give JSONL"
        ) from None
    except (OSError, ValueError) as error:  # pyarrow's own errors are either
        raise DataError(f"not Parquet: {error}", path=path.as_posix()) from None
    size = path.stat().st_size
    names = [str(c) for c in frame.columns]
    for number, cells in enumerate(frame.itertuples(index=False, name=None), 1):
        values = [v.tolist() if isinstance(v, np.ndarray) else v for v in cells]
        done = size * number // len(frame)
        yield Row(number, dict(zip(names, values, strict=True)), done)


READER = Reader("parquet", (".parquet",), "a table with a row a record", recognise, read)
