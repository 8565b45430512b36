"""Tables in Markdown that have a source and a hypothesis column."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

from mtcheck.config import Config
from mtcheck.readers import Reader, Rejected, Row
from mtcheck.readers._columns import fits, header
from mtcheck.readers._text import Lines

__all__ = ["READER"]

_RULE = re.compile(r"\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?\|?\s*")
_BAR = re.compile(r"(?<!\\)\|")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def read(path: Path, config: Config) -> Iterator[Row | Rejected]:
    """The rows of the tables whose header has both sides; other tables are passed over."""
    before, columns = "", list[str]()
    lines = Lines(path, config)
    for line in lines:
        if "|" not in line:
            columns, before = [], ""
        elif not columns and _RULE.fullmatch(line.rstrip("\r\n")) and before:
            names = _cells(before)
            found = fits(names, config)
            columns = header(names, path.as_posix(), lines.number - 1) if found else [""]
        elif not columns:
            before = line
        elif columns != [""]:
            cells = _cells(line)
            if not any(cells):
                continue
            if len(cells) == len(columns):
                yield Row(lines.number, dict(zip(columns, cells, strict=True)), lines.done)
            else:
                yield Rejected(
                    path.as_posix(),
                    lines.number,
                    f"the row has {len(cells)} cells and the header {len(columns)}",
                    "write a bar inside a cell as \\|",
                    line.rstrip("\r\n"),
                )


def _cells(line: str) -> list[str]:
    bare = line.strip()
    bare = bare.removeprefix("|")
    if bare.endswith("|") and not bare.endswith("\\|"):
        bare = bare[:-1]
    return [_BREAK.sub("\n", c.strip().replace("\\|", "|")) for c in _BAR.split(bare)]


def _recognise(path: Path) -> bool:
    """Whether a table with both sides is in it."""
    with path.open("rb") as file:
        text = file.read(1 << 20).decode("utf-8", "replace")
    lines = text.splitlines()
    return any(
        _RULE.fullmatch(rule) and "|" in head and fits(_cells(head), Config())
        for head, rule in itertools.pairwise(lines)
    )


READER = Reader(
    "markdown",
    (".md", ".markdown"),
    "tables in Markdown with a source and a translation",
    _recognise,
    read,
    text=True,
)
