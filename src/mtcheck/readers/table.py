"""CSV and TSV with a header line."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from mtcheck.config import Config
from mtcheck.errors import DataError
from mtcheck.readers import Reader, Rejected, Row
from mtcheck.readers._columns import header as named
from mtcheck.readers._columns import limited
from mtcheck.readers._text import Lines

__all__ = ["READER"]

_SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_FIELD_LIMIT = 2**31 - 1  # characters; the module's own default cuts at 131,072


class _Recorded:
    """Passes lines on to the csv module and keeps those of the current record."""

    def __init__(self, lines: Lines) -> None:
        self._lines = iter(lines)
        self.raw: list[str] = []

    def __iter__(self) -> _Recorded:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.raw.append(line)
        return line

    def peek(self) -> str:
        """The first line that is not blank, which stays to be read; ``""`` without one."""
        for line in self._lines:
            if line.strip():
                self._lines = _before(line, self._lines)
                return line
        return ""


def _before(line: str, lines: Iterator[str]) -> Iterator[str]:
    yield line
    yield from lines


def _delimiter(path: Path, header: str) -> str:
    if path.suffix.lower() in (".tsv", ".tab"):
        return "\t"
    if "," in header:
        return ","
    return max(",;\t", key=header.count)


def read(path: Path, config: Config) -> Iterator[Row | Rejected]:
    """The rows of a table, by its header. Blank lines and wholly empty rows are passed over.

    A first line ``sep=;`` names the delimiter. Without ``config.quoting`` a quote is a
    character like any other, as in the tables of Moses and OPUS.

    Raises DataError for a header with double names and for a quote that is never closed,
    since the rest of the file is lost with it.
    """
    csv.field_size_limit(_FIELD_LIMIT)
    name = path.as_posix()
    lines = Lines(path, config)
    recorded = _Recorded(lines)
    header = recorded.peek()
    said = _SEPARATOR.fullmatch(header)
    if said:  # Excel's own first line
        next(recorded)
        header = recorded.peek()
    start = lines.number
    reader = csv.reader(
        recorded,
        delimiter=said[1] if said else _delimiter(path, header),
        strict=True,
        quoting=csv.QUOTE_MINIMAL if config.quoting else csv.QUOTE_NONE,
    )
    columns: list[str] = []
    while True:
        recorded.raw.clear()
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "end of data" in str(error):
                raise DataError(
                    "a quote opened in this record is never closed",
                    path=name,
                    line=start,
                    mend='close it, and double every quote inside a quoted field ("")',
                ) from None
            if not columns:
                raise DataError(
                    f"broken header: {error}", path=name, line=start, mend="mend its quotes"
                ) from None
            yield Rejected(
                name,
                start,
                f"broken quotes: {error}",
                'double every quote inside a quoted field ("")',
                "".join(recorded.raw),
            )
        else:
            if not columns:
                limited(len(fields), config, name)
                columns = named(fields, name, start)
            elif not any(map(str.strip, fields)):
                pass
            elif len(fields) != len(columns):
                yield Rejected(
                    name,
                    start,
                    f"the row has {len(fields)} fields and the header {len(columns)}",
                    "quote fields that contain the delimiter or a line break",
                    "".join(recorded.raw),
                )
            else:
                yield Row(start, dict(zip(columns, fields, strict=True)), lines.done)
        start = lines.number + 1


READER = Reader(
    "table",
    (".csv", ".tsv", ".tab"),
    "a table with a header line; comma, semicolon or tab",
    lambda _: True,
    read,
    text=True,
)
