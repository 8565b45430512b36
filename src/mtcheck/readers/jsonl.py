"""JSON Lines, one object a line, and a JSON file that holds one array of objects."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from mtcheck.config import Config
from mtcheck.errors import DataError
from mtcheck.readers import Reader, Rejected, Row
from mtcheck.readers._text import Lines, read_text

__all__ = ["READER"]

_SPACE = re.compile(r"[ \t\r\n]*")


def recognise(path: Path) -> bool:
    """A ``.json`` file must begin with an array; the other suffixes speak for themselves."""
    if path.suffix.lower() != ".json":
        return True
    with path.open("rb") as handle:
        # a BOM, and the zero bytes of UTF-16, are no content
        return handle.read(4096).translate(None, b"\0\xef\xbb\xbf\xff\xfe \t\r\n")[:1] == b"["


def read(path: Path, config: Config) -> Iterator[Row | Rejected]:
    """The objects of the file. Raises DataError where an array is broken."""
    return _array(path, config) if path.suffix.lower() == ".json" else _lines(path, config)


def _lines(path: Path, config: Config) -> Iterator[Row | Rejected]:
    lines = Lines(path, config)
    name = path.as_posix()
    mend = "write one JSON object a line, or name the file .json if it holds one array"
    for line in lines:
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            problem = f"broken JSON: {_why(error)}"
            yield Rejected(name, lines.number, problem, mend, line.rstrip("\r\n"))
        else:
            yield _item(value, name, lines.number, lines.done, mend)


def _item(value: object, path: str, line: int, done: int, mend: str) -> Row | Rejected:
    if isinstance(value, dict):
        return Row(line, value, done)
    kind = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    problem = f"{kind.get(type(value), 'a number')} where an object is expected"
    return Rejected(path, line, problem, mend, json.dumps(value))


def _array(path: Path, config: Config) -> Iterator[Row | Rejected]:
    text = read_text(path, config)
    size = path.stat().st_size
    name = path.as_posix()
    mend = "write [{…}, {…}], or one object a line in a .jsonl file"

    def skip(at: int) -> int:
        match = _SPACE.match(text, at)
        return match.end() if match else at

    at = skip(0)
    if text[at : at + 1] != "[":
        raise DataError("the file does not hold an array of objects", path=name, mend=mend)
    at = skip(at + 1)
    line, counted = 1, 0
    more = text[at : at + 1] != "]"
    while more:
        line, counted = line + text.count("\n", counted, at), at
        try:
            value, end = json.JSONDecoder().raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            at_line = error.lineno if isinstance(error, json.JSONDecodeError) else line
            problem = f"broken JSON: {_why(error)}"
            raise DataError(problem, path=name, line=at_line, mend=mend) from None
        yield _item(value, name, line, size * end // len(text), mend)
        at = skip(end)
        more = text[at : at + 1] == ","
        at = skip(at + 1) if more else at
    closed = text[at : at + 1] == "]"
    at = skip(at + 1) if closed else at
    if not closed or at < len(text):
        expected = "the end of the file" if closed else "',' or ']'"
        line = 1 + text.count("\n", 0, at)
        raise DataError(f"broken JSON: expected {expected}", path=name, line=line, mend=mend)


def _why(error: ValueError | RecursionError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at column {error.colno}"
    deep = isinstance(error, RecursionError)
    return "nested too deeply" if deep else "a number has too many digits"


READER = Reader(
    "jsonl",
    (".jsonl", ".ndjson", ".json"),
    "one JSON object a line, or a .json file with one array of objects",
    recognise,
    read,
    text=True,
)
