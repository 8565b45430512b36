"""Rows as what leaves mtcheck: plain JSON values, keyed as in ``segments.jsonl``."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias, TypedDict, cast

import numpy as np

from mtcheck import schema
from mtcheck.types import Severity

__all__ = [
    "FLAGGED",
    "NESTED",
    "NEVER_NULL",
    "FindingRecord",
    "Json",
    "Record",
    "SpanRecord",
    "SuppressedRecord",
    "ToldRecord",
    "codes",
    "dump",
    "finding_rows",
    "findings",
    "is_flagged",
    "marked",
    "metadata",
    "plain",
    "reasons",
    "record",
    "severity",
    "suppressed",
    "text",
    "worst",
]


_SURROGATE = re.compile(r"[\ud800-\udfff]")
# What JSON may carry raw but a terminal or a reader's eye should not meet.
_RISKY = re.compile(r"[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")

NEVER_NULL = {
    **dict.fromkeys(
        ("doc_id", "segment_id", "path", "source", "hypothesis", "status", "part"), "string"
    ),
    **dict.fromkeys(("reasons", "findings", "suppressed"), "list"),
}
"""The columns of a segment that are empty, and not null, where there is nothing."""

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Record: TypeAlias = dict[str, Json]
"""A segment as plain JSON values, keyed as in ``segments.jsonl``."""

FLAGGED = ("reject", "review")
"""The statuses that need a human, worse first."""


class SpanRecord(TypedDict):
    """Half-open code points of the segment's ``source`` or ``hypothesis``."""

    side: str
    start: int
    end: int


class FindingRecord(TypedDict):
    """A finding as it stands in ``segments.jsonl``."""

    code: str
    name: str
    category: str
    severity: str
    message: str
    spans: list[SpanRecord]
    suggestion: str
    confidence: float
    fingerprint: str


def text(record: Record, key: str) -> str:
    """A field as text; a missing one is empty."""
    value = record.get(key)
    return "" if value is None else str(value)


def findings(record: Record) -> list[FindingRecord]:
    """The segment's findings, in the order the pipeline gave them."""
    return cast("list[FindingRecord]", record["findings"])


def reasons(record: Record) -> list[str]:
    """Why the judge gave this status, in words."""
    return cast("list[str]", record["reasons"])


def metadata(record: Record) -> Record:
    """The user's own columns."""
    return {k: v for k, v in record.items() if k not in schema.SEGMENT}


def is_flagged(record: Record) -> bool:
    """Whether the segment needs a human."""
    return record["status"] in FLAGGED


def _level(label: str) -> int:
    try:
        return Severity.parse(label)
    except ValueError:
        return -1


def worst(found: Iterable[FindingRecord]) -> str:
    """The worst severity among findings; empty without any."""
    return max((f["severity"] for f in found), key=_level, default="")


def severity(record: Record) -> str:
    """The worst severity among the segment's findings; empty without any."""
    return worst(findings(record))


def codes(record: Record) -> list[str]:
    """The codes of the findings, each once, worst first."""
    ordered = sorted(findings(record), key=lambda f: -_level(f["severity"]))
    return list(dict.fromkeys(f["code"] for f in ordered))


def marked(record: Record, finding: FindingRecord) -> str:
    """The text under the finding's spans, joined by ``" | "``."""
    return " | ".join(text(record, s["side"])[s["start"] : s["end"]] for s in finding["spans"])


class ToldRecord(FindingRecord, total=False):
    """A finding of a segment; says whether a baseline knows it and a reviewer confirmed it."""

    known: bool
    confirmed: bool


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


# --- rows as plain values ------------------------------------------------------------------


def _whole(value: str) -> str:
    """Text that UTF-8 can hold, of the same length: a lone surrogate becomes U+FFFD."""
    return _SURROGATE.sub("\ufffd", value)


def plain(value: object) -> Json:
    """Any cell as strict JSON: no NaN or infinity, no lone surrogate, nested values kept."""
    if isinstance(value, str):
        return _whole(value)
    if isinstance(value, Severity):
        return value.label
    if isinstance(value, Mapping):
        return {_whole(str(k)): plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    cell = schema.plain(value)
    if isinstance(cell, float) and not math.isfinite(cell):
        return None
    return _whole(cell) if isinstance(cell, str) else cell


def record(row: Mapping[str, object]) -> Record:
    """A row of an inspected frame as ``segments.jsonl`` has it: schema order, then metadata.

    Missing scores, ``line``, ``alignment`` and ``reference`` are None, a missing side is
    ``""``; internal columns are left out.
    """
    out: Record = {}
    for name in (*schema.SEGMENT, *schema.metadata_columns(row, schema.SEGMENT)):
        value = plain(row.get(name))
        if value is None:
            kind = NEVER_NULL.get(name)
            value = "" if kind == "string" else [] if kind == "list" else None
        out[_whole(name)] = value
    return out


def finding_rows(segment: Record) -> list[Record]:
    """The segment's rows of the findings table: ``schema.FINDING`` columns, then metadata.

    A metadata column named as one of the table's own is called ``input_<name>``.
    """
    extra = {f"input_{k}" if k in schema.FINDING else k: v for k, v in metadata(segment).items()}
    rows = []
    for found in findings(segment):
        own: Record = {name: plain(found.get(name, segment.get(name))) for name in schema.FINDING}
        rows.append(own | {"marked": marked(segment, found)} | extra)
    return rows


def dump(value: Json, *, indent: int | None = None) -> str:
    """Strict JSON, non-ASCII kept, but control, direction and zero-width characters escaped."""
    raw = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    return _RISKY.sub(lambda m: f"\\u{ord(m[0]):04x}", raw)
