"""What is known of a batch once it was inspected: its segments, its documents, what rules counted.

All of it pickles, so that it can wait on disk, or come from another process or machine.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from mtcheck import schema
from mtcheck.records import Record, plain, record
from mtcheck.risk import Risk
from mtcheck.scorers import Stats
from mtcheck.types import Cell, Finding, Segment

__all__ = ["Examined", "Inspected", "ScoredDocument", "documents", "ranked"]


@dataclass(frozen=True, slots=True)
class Examined:
    """A segment with all that its judgement comes from; ``document``: which of the batch's."""

    segment: Segment
    findings: tuple[Finding, ...]
    scores: Mapping[str, float]
    risk: Risk | None
    document: int


@dataclass(frozen=True)
class ScoredDocument:
    """A document of a batch: its row of ``schema.DOCUMENT_SCORE``, and what a run sums.

    ``key`` tells documents apart. ``whole``: its texts were compared whole, not by segments that
    came aligned. ``statistics``: of its scores, by column. ``terms``: in how many segments a term
    has a rendering. ``facts``: what each batch rule counted, by its code. ``too_long``: how many
    segments lack a score because it would take too long, by column.
    """

    row: Mapping[str, object]
    key: tuple[Cell, ...] = ()
    whole: bool = False
    statistics: Mapping[str, Stats] = field(default_factory=dict)
    terms: Counter[tuple[str, str]] = field(default_factory=Counter)
    facts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    too_long: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Inspected:
    """The segments and documents of a batch.

    ``segments`` has the columns of ``schema.SEGMENT``, then the metadata, one row a segment in the
    order of the input; the tuples beside it go row by row. ``ranks``: how badly each needs a
    human, higher is worse. ``settled``: the reviewer's decision that accepts it, or ``""``.
    ``owners``: its document, by place in ``documents``. ``examined``: what batch rules need to
    judge it once the run was counted; empty where none is selected. ``timings``: seconds by stage.
    ``from_cache``: documents that were taken from the cache. ``asked``: what a language model was
    asked and answered, by kind.
    """

    segments: pd.DataFrame
    ranks: tuple[float, ...]
    documents: tuple[ScoredDocument, ...] = ()
    settled: tuple[str, ...] = ()
    owners: tuple[int, ...] = ()
    examined: tuple[Examined, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    from_cache: int = 0
    asked: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, segments: pd.DataFrame, ranks: Sequence[float] = ()) -> Inspected:
        """Segments by themselves, as a table that was kept has them; all of rank 0 if none is."""
        return cls(segments, tuple(ranks) or (0.0,) * len(segments))

    def with_columns(self, **columns: Sequence[object]) -> Inspected:
        """A copy with some columns of its segments replaced."""
        frame = self.segments.copy()
        for name, values in columns.items():
            frame[name] = pd.Series(list(values), index=frame.index, dtype=frame[name].dtype)
        return dataclasses.replace(self, segments=frame)


def ranked(inspected: Inspected) -> Iterator[tuple[float, Record]]:
    """The segments of a batch as (rank, record)."""
    rows = inspected.segments.to_dict("records")
    for rank, row in zip(inspected.ranks, rows, strict=True):
        yield rank, record({str(k): v for k, v in row.items()})


def documents(inspected: Inspected) -> Iterator[Record]:
    """The rows of the documents table (``schema.DOCUMENT_SCORE``) that a batch completes."""
    for document in inspected.documents:
        yield {name: plain(document.row.get(name)) for name in schema.DOCUMENT_SCORE}
