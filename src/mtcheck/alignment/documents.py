"""Rows of input: whole documents, or segments that came aligned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from mtcheck import schema
from mtcheck.types import Cell

__all__ = ["Document", "from_frame", "grouped"]


def _text(value: object) -> str | None:
    return None if value is None or value is pd.NA else str(value)


@dataclass(frozen=True)
class Document:
    """One row of input: a whole abstract, or a segment that came aligned."""

    doc_id: str
    segment_id: str | None
    path: str
    line: int | None
    texts: Mapping[str, str | None]
    metadata: Mapping[str, Cell]
    position: int
    """Where the row stands in its batch, from 0."""

    @classmethod
    def whole(
        cls, source: str, hypothesis: str, *, doc_id: str, path: str = "", line: int | None = None
    ) -> Document:
        """A text and its translation, neither split nor aligned."""
        texts = {"source": source, "hypothesis": hypothesis}
        return cls(doc_id, None, path, line, texts, {}, 0)

    @property
    def key(self) -> tuple[Cell, ...]:
        """What tells documents apart: a text by two systems, or in two files, is two."""
        return self.path, self.doc_id, self.metadata.get("system")

    def text(self, name: str) -> str:
        """The text of a column of ``schema.DOCUMENT``; ``""`` where it is absent."""
        return self.texts.get(name) or ""


def from_frame(batch: pd.DataFrame) -> list[Document]:
    """The rows of a frame with the columns of ``schema.DOCUMENT`` and metadata."""
    columns = schema.metadata_columns(batch.columns, schema.DOCUMENT)
    names = [c for c in schema.DOCUMENT if c not in {"doc_id", "segment_id", "path", "line"}]
    return [
        Document(
            doc_id=str(row["doc_id"]),
            segment_id=_text(row["segment_id"]),
            path=_text(row["path"]) or "",
            line=None if pd.isna(row["line"]) else int(row["line"]),
            texts={name: _text(row[name]) for name in names},
            metadata={name: schema.plain(row[name]) for name in columns},
            position=position,
        )
        for position, row in enumerate(batch.to_dict("records"))
    ]


def grouped(rows: Iterable[Document]) -> dict[tuple[Cell, ...], list[Document]]:
    """Rows by document, in the order of each document's first row."""
    groups: dict[tuple[Cell, ...], list[Document]] = {}
    for row in rows:
        groups.setdefault(row.key, []).append(row)
    return groups
