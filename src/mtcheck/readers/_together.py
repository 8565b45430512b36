"""Aligned rows brought together by document, on disk where the input is long."""

from __future__ import annotations

import itertools
import pickle
import tempfile
from collections.abc import Iterator
from typing import TypeVar

from mtcheck.readers._interface import Rejected

__all__ = ["together"]

Checked = TypeVar("Checked", bound=tuple[int, dict[str, object] | Rejected])


def together(rows: Iterator[Checked], limit: int) -> Iterator[Checked]:
    """The rows in their order, if each document's stand together or all fit into one batch.

    Otherwise document by document, in the order of each one's first row, after the rows set
    aside: no batch may have a part of a document. ``limit``: the rows of a batch. What is longer
    waits in a file, of which only the places are held in memory.
    """
    head = list(itertools.islice(rows, limit))
    more = next(rows, None)
    if more is None:
        yield from head
        return
    places: dict[object, list[int]] = {}
    scattered = False
    last: object = None
    with tempfile.TemporaryFile() as spool:
        for item in itertools.chain(head, [more], rows):
            row = item[1]
            document = None if isinstance(row, Rejected) else row["doc_id"]
            scattered = scattered or (document is not None and document != last
                                      and document in places)  # fmt: skip
            last = last if document is None else document
            places.setdefault(document, []).append(spool.tell())
            pickle.dump(item, spool)
        ordered = [*places.pop(None, []), *itertools.chain.from_iterable(places.values())]
        for place in ordered if scattered else sorted(ordered):
            spool.seek(place)
            yield pickle.load(spool)
