"""Segments with human error marks, or known to be right, for measuring the rules.

Two forms of marks are read. Bio-MQM: ``errors`` with ``start``, ``end`` (inclusive), ``text``,
``category``, ``subcategory`` and ``severity``. WMT ESA: ``spans`` with ``start_i``, ``end_i``
(half-open) and ``severity``; a start of ``"missing"`` says that something was left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mtcheck import readers
from mtcheck.errors import DataError
from mtcheck.types import Segment, Severity

__all__ = [
    "OMISSION",
    "HumanError",
    "Labelled",
    "documents",
    "human_errors",
    "merged",
    "numbered",
    "read_labelled",
]

OMISSION = "Omission"
"""The subcategory that a WMT mark without a place gets."""

_SHIFTS = (1, -1, 2, -2, 3, -3)
_Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class HumanError:
    """A human's mark: half-open ``[start, end)`` in the hypothesis, or None for something missing.

    ``category`` is the annotation scheme's subcategory where it has one (``"Punctuation"``),
    else its category, else ``""``.
    """

    start: int | None
    end: int | None
    category: str
    severity: Severity

    def overlaps(self, start: int, end: int) -> bool:
        """Whether a half-open span shares a character with the mark; an empty span touches it."""
        if self.start is None or self.end is None:
            return False
        if start == end or self.start == self.end:
            return self.start <= end and start <= self.end
        return self.start < end and start < self.end


@dataclass(frozen=True, slots=True)
class Labelled:
    """A segment with what humans marked in it.

    ``usable`` is False where the marks are of another text: their words are not in the
    hypothesis at, or within three characters of, the marked place. ``moved`` counts the marks
    that were put right by such a shift.
    """

    segment: Segment
    errors: tuple[HumanError, ...] = ()
    system: str = ""
    annotator: str = ""
    usable: bool = True
    moved: int = 0


def read_labelled(
    path: Path,
    *,
    source_column: str = "source",
    hypothesis_column: str = "hypothesis",
    clean: bool = False,
    as_is: bool = False,
) -> list[Labelled]:
    """Read a file of aligned rows of any format that mtcheck reads, in file order.

    With ``clean``, marks are neither needed nor read. With ``as_is``, marks are taken where
    the file puts them, found there or not. A row without ``doc_id`` is a document of its own.
    Raises DataError naming file and line for a row that can't be read.
    """
    out: list[Labelled] = []
    for line, row in numbered(path):
        source, hypothesis = row.get(source_column), row.get(hypothesis_column)
        if not isinstance(source, str) or not isinstance(hypothesis, str):
            missing = source_column if not isinstance(source, str) else hypothesis_column
            raise DataError(
                f"no text in {missing!r}",
                path=str(path),
                line=line,
                mend=f"the row has {', '.join(row)}; name the column with --source-column "
                "or --hypothesis-column",
            )
        segment_id = str(row.get("segment_id", row.get("line", line)))
        system = str(row.get("system", ""))
        segment = Segment(
            doc_id=str(row.get("doc_id", segment_id)),
            segment_id=segment_id,
            source=source,
            hypothesis=hypothesis,
            path=str(path),
            line=line,
            source_end=len(source),
            hypothesis_end=len(hypothesis),
            # as in an audit, so that a finding has the fingerprint that it has there
            metadata={"system": system} if system else {},
        )
        errors: list[HumanError] = []
        usable, moved = True, 0
        if not clean:
            for error, shift in human_errors(row, path, line, hypothesis):
                if shift is None and not as_is:
                    usable = False
                elif shift and not as_is and error.start is not None and error.end is not None:
                    error = HumanError(  # noqa: PLW2901
                        error.start + shift, error.end + shift, error.category, error.severity
                    )
                    moved += 1
                errors.append(error)
        out.append(
            Labelled(
                segment,
                tuple(errors),
                system,
                str(row.get("annotator", "")),
                usable,
                moved,
            )
        )
    if not out:
        raise DataError("no rows", path=str(path), mend="give a file with one JSON object a line")
    return out


def numbered(path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    """The rows of a file of any format that mtcheck reads, each with its line. Raises DataError."""
    for row in readers.rows(path):
        yield row.line or 0, row.values


def human_errors(
    row: Mapping[str, object], path: Path, line: int, hypothesis: str
) -> Iterator[tuple[HumanError, int | None]]:
    """The marks of a row, each with the shift that puts it on its text (None: not there).

    Raises DataError when the row has neither ``errors`` nor ``spans``.
    """
    if "errors" not in row and "spans" not in row:
        raise DataError(
            "neither 'errors' nor 'spans'",
            path=str(path),
            line=line,
            mend="use --clean for a file of right translations",
        )
    for mark in _objects(row.get("errors")):
        start, end = mark.get("start"), mark.get("end")
        severity = _severity(mark.get("severity"))
        category = str(mark.get("subcategory") or mark.get("category") or "")
        if not isinstance(start, int) or not isinstance(end, int):
            yield HumanError(None, None, category or OMISSION, severity), 0
            continue
        text = str(mark.get("text") or hypothesis[start : end + 1])
        yield HumanError(start, end + 1, category, severity), _shift(hypothesis, text, start)
    for mark in _objects(row.get("spans")):
        start, end = mark.get("start_i"), mark.get("end_i")
        severity = _severity(mark.get("severity"))
        if isinstance(start, int) and isinstance(end, int):
            yield HumanError(start, end, "", severity), 0
        else:
            yield HumanError(None, None, OMISSION, severity), 0


def _shift(hypothesis: str, text: str, start: int) -> int | None:
    for shift in (0, *_SHIFTS):
        if start + shift >= 0 and hypothesis.startswith(text, start + shift):
            return shift
    return None


def _objects(value: object) -> Iterable[_Row]:
    if isinstance(value, str) and value.startswith("["):  # a cell of a CSV
        try:
            value = json.loads(value)
        except json.JSONDecodeError:
            return []
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _severity(value: object) -> Severity:
    """An unknown word (``undecided`` occurs in WMT) counts as minor."""
    try:
        return Severity.parse(str(value))
    except ValueError:
        return Severity.MINOR


def merged(rows: Iterable[Labelled]) -> list[Labelled]:
    """One row a text, in the order of their first: what several annotators marked, together.

    Annotators pass over much that another marks; two readings of one text are one judgement of
    it, not two chances to be wrong. Marks of rows that are not usable are left out if another
    reading is.
    """
    groups: dict[tuple[str, ...], list[Labelled]] = {}
    for row in rows:
        s = row.segment
        key = (s.path, row.system, s.doc_id, s.source, s.hypothesis)
        groups.setdefault(key, []).append(row)
    found = []
    for group in groups.values():
        good = [row for row in group if row.usable] or group
        errors = dict.fromkeys(error for row in good for error in row.errors)
        moved = sum(row.moved for row in good)
        found.append(replace(good[0], errors=tuple(errors), annotator="", moved=moved))
    return found


def documents(rows: Iterable[Labelled]) -> list[list[Labelled]]:
    """Rows grouped by system, annotator and document, in file order, with their index set."""
    groups: dict[tuple[str, str, str], list[Labelled]] = {}
    for row in rows:
        groups.setdefault((row.system, row.annotator, row.segment.doc_id), []).append(row)
    return [_indexed(group) for group in groups.values()]


def _indexed(group: Sequence[Labelled]) -> list[Labelled]:
    return [replace(row, segment=replace(row.segment, index=i)) for i, row in enumerate(group)]
