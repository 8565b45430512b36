"""Word tables kept as data: tab-separated files beside the code of their language."""

from __future__ import annotations

import functools
from importlib.resources import files

__all__ = ["rows"]


@functools.cache
def rows(language: str, name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of ``languages/LANGUAGE/NAME``, a cell for each column of the head line.

    Empty lines and those that begin with ``#`` are passed over. Raises ValueError for a row
    whose number of cells is not that of the head.
    """
    text = (files("mtcheck.languages") / language / name).read_text(encoding="utf-8")
    lines = [n for n in text.splitlines() if n.strip() and not n.startswith("#")]
    head, *body = (tuple(line.split("\t")) for line in lines)
    for row in body:
        if len(row) != len(head):
            raise ValueError(f"{name}: {len(row)} cells where the head has {len(head)}: {row[0]}")
    return tuple(body)
