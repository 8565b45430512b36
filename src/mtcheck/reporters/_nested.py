"""What the columns of lists hold, for formats and schemas that are typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from mtcheck.reporters._words import FindingRecord, Record, SpanRecord

__all__ = ["NESTED", "SuppressedRecord", "ToldRecord", "suppressed"]


class ToldRecord(FindingRecord, total=False):
    """A finding of a segment; with a baseline it says whether that knows it."""

    known: bool


class SuppressedRecord(FindingRecord):
    """A finding that is not told: why, and by what entry or decision."""

    reason: str
    by: str


NESTED: Mapping[str, object] = {
    "reasons": list[str],
    "findings": list[ToldRecord],
    "suppressed": list[SuppressedRecord],
    "risk_spans": list[SpanRecord],
    "spans": list[SpanRecord],
}
"""The type of each ``object`` column of the tables in ``mtcheck.schema``."""


def suppressed(record: Record) -> list[SuppressedRecord]:
    """The findings that a suppression or a decision took out of the segment's."""
    return cast("list[SuppressedRecord]", record["suppressed"])
