"""Tables with human labels, as ``evaluate`` and ``calibrate`` read them.

A row has a source and a hypothesis and at least one of: a human score (``da_z``, ``mqm``,
``esa_z`` …), error marks (``errors`` or ``spans``), word tags (``target_tags``), a yes-or-no
label (``critical``, ``major``, ``bad``, ``label``). Any other numeric column is a score to be
judged; more scores can be joined from a second table, such as the ``segments.jsonl`` of an
audit.

The decisions that a reviewer exported from the HTML report are labels as well: those about
whole segments. Confirmed and mended segments are bad, false alarms are not.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtcheck import schema
from mtcheck.errors import DataError
from mtcheck.lab.marks import HumanError, human_errors, numbered
from mtcheck.lab.statistics import Bools, Floats
from mtcheck.review.suppressions import DECISION, latest, read_decisions
from mtcheck.types import Place, Severity

__all__ = [
    "FLAGS",
    "HUMAN",
    "Labels",
    "Marks",
    "Words",
    "codes",
    "join",
    "marks_of",
    "numbers",
    "read_labels",
    "score_columns",
    "span_columns",
    "yes_or_no",
]

HUMAN = ("da_z", "mqm", "esa_z", "esa_mean", "da_mean")
"""Columns taken for the human score, best first."""

FLAGS = ("critical", "major", "bad", "label")
"""Columns taken for "has a major or critical error", best first."""

_NOT_SCORES = {
    *HUMAN,
    *FLAGS,
    *("da_scores", "da", "esa", "hter", "n_annotators", "annotator", "annotator_labels"),
    *("line", "row", "source_start", "source_end", "hypothesis_start", "hypothesis_end"),
    *("system", "path", "part", "alignment", "status", "language_pair"),
    *(name for names in schema.ALIASES.values() for name in names),
}
_KEY = ("segment_id", "system", "doc_id")
_YES = {"1", "1.0", "true", "yes", "y", "bad", "major", "critical", "error"}
_NO = {"0", "0.0", "false", "no", "n", "ok", "good", "minor", "neutral", "none", ""}
_HAN_SPACE = re.compile(r"(?<=[\u2e80-\u9fff\uff00-\uffef]) +| +(?=[\u2e80-\u9fff\uff00-\uffef])")

Marks = tuple[Place, ...]
"""Half-open stretches of a hypothesis."""


@dataclass(frozen=True)
class Words:
    """The units of a hypothesis that a human called right or wrong.

    ``unit`` gives for every character of the hypothesis its unit, or -1 for a space; ``bad``
    is one flag a unit. Units are the words of ``target_tags``, or single characters.
    """

    unit: NDArray[np.intp]
    bad: Bools


@dataclass(frozen=True)
class Labels:
    """Rows with human labels; every vector has one entry a row.

    ``human``: higher is better, NaN where missing. ``bad``: 1 where a human saw a major or
    critical error, 0 where none, NaN where nobody looked. ``human_name`` and ``bad_name`` say
    where they come from, ``""`` for nowhere. ``words`` is None for a row without marks or tags.
    ``source_group`` numbers the distinct sources, ``document_group`` the documents.
    ``set_aside`` counts rows left out because their marks are of another text, ``references``
    those left out because a human wrote them.
    """

    path: str
    rows: tuple[Mapping[str, object], ...]
    lines: tuple[int, ...]
    source: tuple[str, ...]
    hypothesis: tuple[str, ...]
    reference: tuple[str | None, ...]
    doc_id: tuple[str, ...]
    segment_id: tuple[str, ...]
    system: tuple[str, ...]
    annotator: tuple[str, ...]
    human: Floats
    human_name: str
    bad: Floats
    bad_name: str
    words: tuple[Words | None, ...]
    source_group: NDArray[np.intp]
    document_group: NDArray[np.intp]
    set_aside: int = 0
    references: int = 0

    def __len__(self) -> int:
        return len(self.rows)


def codes(values: Sequence[str]) -> NDArray[np.intp]:
    """A number from 0 for each distinct value, in order of first appearance."""
    numbers_: dict[str, int] = {}
    return np.array([numbers_.setdefault(v, len(numbers_)) for v in values], dtype=np.intp)


def read_labels(
    path: Path,
    *,
    source_column: str = "",
    hypothesis_column: str = "",
    human: str = "",
    label: str = "",
    only_systems: Collection[str] = (),
    exclude_systems: Collection[str] = (),
    with_references: bool = False,
    as_is: bool = False,
    join_han: bool = False,
) -> Labels:
    """Read labels from JSONL, CSV, TSV or Parquet.

    Source and hypothesis are found by the names in ``schema.ALIASES``. ``human`` and ``label``
    name columns in place of :data:`HUMAN` and :data:`FLAGS`. Systems called ``reference…``
    are human translations and left out unless ``with_references``. ``as_is`` keeps rows whose
    marks are not on the text. ``join_han`` drops the spaces between Chinese words, for data
    published in words; rows with marks or tags are then without word labels.

    Raises DataError for a file that can't be read, has no label or is left without a row.
    """
    columns, listed = _table(path)
    names = _Names.of(
        columns, path, source=source_column, hypothesis=hypothesis_column, human=human, label=label
    )
    kept: list[_Row] = []
    set_aside = references = 0
    for line, row in listed:
        system = _text(row.get("system"))
        if (only_systems and system not in only_systems) or system in exclude_systems:
            continue
        if system.startswith("reference") and not with_references and system not in only_systems:
            references += 1
            continue
        read = _row(row, line, names, path, as_is=as_is, join_han=join_han)
        if read is None:
            set_aside += 1
        else:
            kept.append(read)
    if not kept:
        raise DataError(
            "no row is left", path=str(path), mend="check the system names and the marks"
        )
    source_group = codes([r.source.strip() for r in kept])
    scores = np.array([r.human for r in kept])
    if names.human == "mqm" and np.nanmin(scores, initial=0.0) >= 0:
        scores = -scores  # some files count the penalty upwards
    return Labels(
        path=path.as_posix(),
        rows=tuple(r.values for r in kept),
        lines=tuple(r.line for r in kept),
        source=tuple(r.source for r in kept),
        hypothesis=tuple(r.hypothesis for r in kept),
        reference=tuple(r.reference for r in kept),
        doc_id=tuple(r.doc_id for r in kept),
        segment_id=tuple(r.segment_id for r in kept),
        system=tuple(_text(r.values.get("system")) for r in kept),
        annotator=tuple(_text(r.values.get("annotator")) for r in kept),
        human=scores,
        human_name=names.human or ("mqm of the marks" if names.marked else ""),
        bad=np.array([r.bad for r in kept]),
        bad_name=names.label or ("major or critical mark" if names.marked else ""),
        words=tuple(r.words for r in kept),
        source_group=source_group,
        document_group=codes(
            [r.doc_id or f"\0{s}" for r, s in zip(kept, source_group, strict=True)]
        ),
        set_aside=set_aside,
        references=references,
    )


def _table(path: Path) -> tuple[list[str], list[tuple[int, Mapping[str, object]]]]:
    listed = list(numbered(path))
    if not listed:
        raise DataError("no rows", path=str(path), mend="give a table with human labels")
    if any(DECISION in row for _, row in listed):
        listed = _decided(path)
    return list(dict.fromkeys(k for _, row in listed for k in row)), listed


def _decided(path: Path) -> list[tuple[int, Mapping[str, object]]]:
    """A reviewer's decisions about whole segments as rows with a label; the last one counts.

    The risk that the report showed is left out: it may come from another model or be calibrated
    already, so it is estimated anew.
    """
    rows: list[tuple[int, Mapping[str, object]]] = [
        (
            int(d.origin.rpartition(":")[2]),
            {
                "doc_id": d.doc_id,
                "segment_id": d.segment_id,
                "source": d.source,
                "hypothesis": d.hypothesis,
                "bad": int(d.decision != "false-alarm"),
            },
        )
        for d in latest(read_decisions(path))
        if not d.code
    ]
    if not rows:
        raise DataError(
            "no decision about a whole segment",
            path=str(path),
            mend="decide on segments in the report, not on single findings alone",
        )
    return sorted(rows, key=lambda row: row[0])


@dataclass(frozen=True)
class _Names:
    """The file's own columns for what we look for; ``""`` where it has none."""

    source: str
    hypothesis: str
    reference: str
    doc_id: str
    segment_id: str
    human: str
    label: str
    marked: bool

    @classmethod
    def of(
        cls,
        columns: Sequence[str],
        path: Path,
        *,
        source: str,
        hypothesis: str,
        human: str,
        label: str,
    ) -> _Names:
        doc_id = _find(columns, "doc_id", "", path)
        segment_id = _find(columns, "segment_id", "", path)
        if doc_id in {"id", "doi"} and not segment_id:  # a table of segments means its rows by it
            doc_id, segment_id = "", doc_id
        names = cls(
            source=_find(columns, "source", source, path),
            hypothesis=_find(columns, "hypothesis", hypothesis, path),
            reference=_find(columns, "reference", "", path),
            doc_id=doc_id,
            segment_id=segment_id,
            human=_named(columns, human, HUMAN, path),
            label=_named(columns, label, FLAGS, path),
            marked="errors" in columns or "spans" in columns,
        )
        if not (names.human or names.label or names.marked or "target_tags" in columns):
            raise DataError(
                "no human label",
                path=str(path),
                mend=f"give a score ({', '.join(HUMAN)}), 'errors', 'spans', 'target_tags' or a "
                f"yes-or-no column ({', '.join(FLAGS)}); the file has {', '.join(columns)}",
            )
        return names


@dataclass(frozen=True)
class _Row:
    values: Mapping[str, object]
    line: int
    source: str
    hypothesis: str
    reference: str | None
    doc_id: str
    segment_id: str
    human: float
    bad: float
    words: Words | None


def _row(
    row: Mapping[str, object],
    line: int,
    names: _Names,
    path: Path,
    *,
    as_is: bool,
    join_han: bool,
) -> _Row | None:
    """One row; None when its marks are of another text."""
    source = _required(row, names.source, path, line)
    hypothesis = _required(row, names.hypothesis, path, line)
    has_marks = any(isinstance(row.get(c), list | str) for c in ("errors", "spans"))
    errors = list(human_errors(row, path, line, hypothesis)) if has_marks else []
    if not as_is and any(shift is None for _, shift in errors):
        return None
    marks = [_moved(e, 0 if as_is else shift or 0) for e, shift in errors]
    words = _words(row, hypothesis, marks if has_marks else None)
    if join_han:
        joined = _HAN_SPACE.sub("", hypothesis)
        hypothesis, words = joined, words if joined == hypothesis else None
    score = bad = math.nan
    if has_marks:
        score = -float(sum(e.severity.weight for e in marks))
        bad = float(any(e.severity >= Severity.MAJOR for e in marks))
    if names.human:
        score = _number(row.get(names.human), names.human, path, line)
    if names.label:
        bad = yes_or_no(row.get(names.label), names.label, path, line)
    return _Row(
        values=row,
        line=line,
        source=source,
        hypothesis=hypothesis,
        reference=_text(row.get(names.reference)) or None if names.reference else None,
        doc_id=_text(row.get(names.doc_id)) if names.doc_id else "",
        segment_id=_text(row.get(names.segment_id or "line")) or str(line),
        human=score,
        bad=bad,
        words=words,
    )


def _find(columns: Sequence[str], role: str, asked: str, path: Path) -> str:
    """The file's column for a role; ``""`` where an optional one is absent."""
    if asked and asked not in columns:
        raise DataError(
            f"no column {asked!r}", path=str(path), mend=f"the file has {', '.join(columns)}"
        )
    plain = {c.lower().replace("-", "_").replace(" ", "_"): c for c in reversed(columns)}
    found = asked or next((plain[a] for a in schema.ALIASES[role] if a in plain), "")
    if not found and role in {"source", "hypothesis"}:
        raise DataError(
            f"no {role} column",
            path=str(path),
            mend=f"the file has {', '.join(columns)}; name the column with --{role}-column",
        )
    return found


def _named(columns: Sequence[str], asked: str, known: Sequence[str], path: Path) -> str:
    if asked and asked not in columns:
        raise DataError(
            f"no column {asked!r}", path=str(path), mend=f"the file has {', '.join(columns)}"
        )
    return asked or next((k for k in known if k in columns), "")


def _text(value: object) -> str:
    return "" if value is None or (isinstance(value, float) and math.isnan(value)) else str(value)


def _required(row: Mapping[str, object], name: str, path: Path, line: int) -> str:
    value = row.get(name)
    if isinstance(value, str):
        return value
    raise DataError(
        f"no text in {name!r}",
        path=str(path),
        line=line,
        mend="fill the cell, or take the row out",
    )


def _number(value: object, name: str, path: Path, line: int) -> float:
    if value is None or value == "":
        return math.nan
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise DataError(
            f"{name} is {value!r}, no number", path=str(path), line=line, mend="mend the cell"
        ) from None


def yes_or_no(value: object, name: str, path: Path, line: int) -> float:
    """1 or 0 for a label in words, numbers or severities; NaN for an empty cell.

    Raises DataError for anything else.
    """
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return math.nan
    word = str(value).strip().lower()
    if word in _YES or word in _NO:
        return float(word in _YES)
    raise DataError(
        f"{name} is {value!r}, neither yes nor no",
        path=str(path),
        line=line,
        mend="write 1 for a segment with a major or critical error and 0 for one without",
    )


def _moved(error: HumanError, shift: int) -> HumanError:
    if not shift or error.start is None or error.end is None:
        return error
    return HumanError(error.start + shift, error.end + shift, error.category, error.severity)


def _words(
    row: Mapping[str, object], hypothesis: str, marks: Sequence[HumanError] | None
) -> Words | None:
    tags, tokens = row.get("target_tags"), row.get("hypothesis_tokenised")
    if isinstance(tags, str) and isinstance(tokens, str):
        return _tagged(hypothesis, tokens.split(), tags.split())
    if marks is None:
        return None
    unit = np.full(len(hypothesis), -1, dtype=np.intp)
    solid = np.array([not c.isspace() for c in hypothesis], dtype=bool)
    unit[solid] = np.arange(int(solid.sum()))
    bad = np.zeros(len(hypothesis), dtype=bool)
    for mark in marks:
        if mark.start is not None and mark.severity > Severity.NEUTRAL:
            bad[mark.start : mark.end] = True
    return Words(unit, bad[solid])


def _tagged(hypothesis: str, tokens: Sequence[str], tags: Sequence[str]) -> Words | None:
    """Word tags; of the form gap, word, gap, …, gap the gaps are passed over."""
    if len(tags) == 2 * len(tokens) + 1:
        tags = tags[1::2]
    if len(tags) != len(tokens):
        return None
    unit = np.full(len(hypothesis), -1, dtype=np.intp)
    at = 0
    for i, token in enumerate(tokens):
        at = hypothesis.find(token, at)
        if at < 0:
            return None
        unit[at : at + len(token)] = i
        at += len(token)
    return Words(unit, np.array([t == "BAD" for t in tags], dtype=bool))


# --- columns to be judged ----------------------------------------------------------------------


def numbers(rows: Sequence[Mapping[str, object]], name: str) -> Floats | None:
    """A column as floats, NaN where missing; None when a cell is no number or all are missing."""
    out = np.full(len(rows), math.nan)
    for i, row in enumerate(rows):
        value = row.get(name)
        if value is None or value == "":
            continue
        try:
            out[i] = float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            return None
    return out if np.isfinite(out).any() else None


def score_columns(
    rows: Sequence[Mapping[str, object]], asked: Sequence[str] = (), *, path: str = ""
) -> dict[str, Floats]:
    """The columns ``asked`` for, or all that are numeric and neither a label nor an id.

    Raises DataError for one asked for that is absent or not numeric.
    """
    columns = list(dict.fromkeys(k for row in rows for k in row))
    out: dict[str, Floats] = {}
    for name in asked or [c for c in columns if c.lower() not in _NOT_SCORES]:
        values = numbers(rows, name)
        if values is not None:
            out[name] = values
        elif asked:
            raise DataError(
                f"column {name!r} is {'not numeric' if name in columns else 'not there'}",
                path=path,
                mend=f"the file has {', '.join(columns)}",
            )
    return out


def span_columns(rows: Sequence[Mapping[str, object]]) -> dict[str, tuple[Marks, ...]]:
    """``risk_spans`` and ``findings``, where a table has them, as stretches of the hypothesis."""
    out: dict[str, tuple[Marks, ...]] = {}
    for name in ("risk_spans", "findings"):
        if any(row.get(name) for row in rows):
            out[name] = tuple(marks_of(row.get(name)) for row in rows)
    return out


def marks_of(cell: object) -> Marks:
    """Stretches of the hypothesis in a cell: what a column of spans may look like.

    A list, or its JSON, of ``{"start", "end"}`` objects with an optional ``side``, of
    ``[start, end]`` pairs, or of findings with ``spans``. Ends are exclusive. Anything else
    marks nothing.
    """
    if isinstance(cell, str) and cell.startswith("["):
        try:
            cell = json.loads(cell)
        except json.JSONDecodeError:
            return ()
    out: list[tuple[int, int]] = []
    for item in cell if isinstance(cell, list | tuple) else ():
        if isinstance(item, Mapping) and "spans" in item:
            out += marks_of(item["spans"])
        elif isinstance(item, Mapping):
            start, end = item.get("start"), item.get("end")
            if isinstance(start, int) and isinstance(end, int) and _ours(item):
                out.append((start, end))
        elif isinstance(item, list | tuple) and len(item) == 2:
            start, end = item
            if isinstance(start, int) and isinstance(end, int):
                out.append((start, end))
    return tuple(out)


def _ours(item: Mapping[object, object]) -> bool:
    return item.get("side", "hypothesis") == "hypothesis"


def join(labels: Labels, path: Path) -> list[Mapping[str, object]]:
    """The rows of another table that belong to the labels, in their order; ``{}`` where none does.

    Matched by those of segment_id, system and doc_id that the table has. Where a key stands in
    several rows, those with the same hypothesis count, the first for the first and so on.

    Raises DataError when nothing matches or the table has no segment_id.
    """
    rows = [dict(row) for _, row in numbered(path)]
    columns = {k for row in rows for k in row}
    key = [k for k in _KEY if k in columns]
    if "segment_id" not in key:
        raise DataError(
            "no column 'segment_id' to join by",
            path=str(path),
            mend="give the segments.jsonl of an audit, or a table with segment_id",
        )
    if not any(labels.system):
        key = [k for k in key if k != "system"]
    if not any(labels.doc_id):
        key = [k for k in key if k != "doc_id"]
    found: dict[tuple[str, ...], list[Mapping[str, object]]] = {}
    for row in rows:
        found.setdefault(tuple(_text(row.get(k)) for k in key), []).append(row)
    ours = {"segment_id": labels.segment_id, "system": labels.system, "doc_id": labels.doc_id}
    seen: dict[tuple[str, ...], int] = {}
    out: list[Mapping[str, object]] = []
    for i in range(len(labels)):
        k = tuple(ours[name][i] for name in key)
        matches = found.get(k, [])
        same = [m for m in matches if m.get("hypothesis") == labels.hypothesis[i]]
        matches = same or matches
        n = seen[k] = seen.get(k, -1) + 1
        out.append(matches[min(n, len(matches) - 1)] if matches else {})
    if not any(out):
        raise DataError(
            f"no row matches the labels by {', '.join(key)}",
            path=str(path),
            mend="audit the labelled file itself, so that the ids are the same",
        )
    return out
