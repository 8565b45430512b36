"""Word tables kept as data: tab-separated files beside the code that reads them."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib.resources import files

__all__ = ["read", "rows", "words"]


@functools.cache
def read(package: str, name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a file of a package, a cell for each column of the head line.

    Empty lines and those that begin with ``#`` are passed over. Raises ValueError for a row
    whose number of cells is not that of the head.
    """
    text = (files(package) / name).read_text(encoding="utf-8")
    lines = [n for n in text.splitlines() if n.strip() and not n.startswith("#")]
    head, *body = (tuple(line.split("\t")) for line in lines)
    for row in body:
        if len(row) != len(head):
            raise ValueError(f"{name}: {len(row)} cells where the head has {len(head)}: {row[0]}")
    return tuple(body)


def rows(language: str, name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of ``languages/LANGUAGE/NAME``. Raises ValueError as :func:`read` does."""
    return read(f"mtcheck.languages.{language}", name)


@functools.cache
def words(language: str, name: str) -> Mapping[str, frozenset[str]]:
    """Named lists of words: rows of a list's name and words parted by spaces.

    A list may go on in further rows. Raises ValueError as :func:`read` does.
    """
    lists: dict[str, frozenset[str]] = {}
    for key, cell in rows(language, name):
        lists[key] = lists.get(key, frozenset()) | set(cell.split())
    return lists
