"""Labelled rows: translations with what people said of them, read by the ordinary readers.

A row has a source and a hypothesis, and maybe error marks (``errors`` or ``spans``), a human
score (``da_z``, ``mqm``, ``esa_z`` …), word tags (``target_tags``), a yes-or-no label
(``critical``, ``major``, ``bad``, ``label``). :func:`read_labelled` gives rows with their marks,
for judging what marks places; :func:`read_labels` gives their scores and labels as vectors, for
judging what numbers segments. Any other numeric column is a score to be judged; more scores can
be joined from a second table, such as the ``segments.jsonl`` of an audit.

The decisions that a reviewer exported from the HTML report are labels as well. A segment is bad
that was confirmed or mended, or has a finding of major or above that was; one called a false
alarm is not.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtcheck import readers, schema
from mtcheck.errors import DataError
from mtcheck.lab.marks import HumanError, JudgedWords, Marks, human_errors, judged_words, marks_of
from mtcheck.lab.statistics import Floats
from mtcheck.readers import Row
from mtcheck.review.suppressions import DECISION, Decision, latest, pair_hash, read_decisions
from mtcheck.types import Segment, Severity

__all__ = [
    "FLAGS",
    "HUMAN",
    "Labelled",
    "Labels",
    "codes",
    "documents",
    "join",
    "merged",
    "numbers",
    "read_labelled",
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


@dataclass(frozen=True, slots=True)
class Labelled:
    """A segment with what humans marked in it. ``values``: the row as the file has it.

    ``usable`` is False where the marks are of another text: their words are not in the
    hypothesis at, or within three characters of, the marked place. ``moved`` counts the marks
    that were put right by such a shift. ``marked``: whether the row has marks, if only none.
    """

    segment: Segment
    errors: tuple[HumanError, ...] = ()
    system: str = ""
    annotator: str = ""
    usable: bool = True
    moved: int = 0
    marked: bool = False
    values: Mapping[str, object] = field(default_factory=dict, repr=False, compare=False)


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
    words: tuple[JudgedWords | None, ...]
    source_group: NDArray[np.intp]
    document_group: NDArray[np.intp]
    set_aside: int = 0
    references: int = 0

    def __len__(self) -> int:
        return len(self.rows)


# --- reading -----------------------------------------------------------------------------------


def read_labelled(
    path: Path,
    *,
    source_column: str = "",
    hypothesis_column: str = "",
    clean: bool = False,
    as_is: bool = False,
) -> list[Labelled]:
    """Rows with their marks, in file order, from any format that mtcheck reads.

    Columns are found by the names in ``schema.ALIASES``. With ``clean``, marks are neither
    needed nor read. With ``as_is``, marks are taken where the file puts them, found there or
    not. A row without ``doc_id`` is a document of its own. Raises DataError naming file and
    line for a row that can't be read.
    """
    rows = _table(path)
    names = _Names.of(_columns(rows), path, source_column, hypothesis_column)
    for row in () if clean else rows:
        if "errors" not in row.values and "spans" not in row.values:
            raise DataError(
                "neither 'errors' nor 'spans'",
                path=str(path),
                line=row.line,
                mend="use --clean for a file of right translations",
            )
    return [_labelled(row, names, path, clean=clean, as_is=as_is) for row in rows]


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
    """Scores and labels, from any format that mtcheck reads.

    Source and hypothesis are found by the names in ``schema.ALIASES``. ``human`` and ``label``
    name columns in place of :data:`HUMAN` and :data:`FLAGS`. Systems called ``reference…``
    are human translations and left out unless ``with_references``. ``as_is`` keeps rows whose
    marks are not on the text. ``join_han`` drops the spaces between Chinese words, for data
    published in words; rows with marks or tags are then without word labels.

    Raises DataError for a file that can't be read, has no label or is left without a row.
    """
    table = _table(path)
    columns = _columns(table)
    names = _Names.of(columns, path, source_column, hypothesis_column)
    human, label = _named(columns, human, HUMAN, path), _named(columns, label, FLAGS, path)
    marked = "errors" in columns or "spans" in columns
    if not (human or label or marked or "target_tags" in columns):
        raise DataError(
            "no human label",
            path=str(path),
            mend=f"give a score ({', '.join(HUMAN)}), 'errors', 'spans', 'target_tags' or a "
            f"yes-or-no column ({', '.join(FLAGS)}); the file has {', '.join(columns)}",
        )
    wanted: list[Row] = []
    references = 0
    for raw in table:
        system = _text(raw.values.get("system"))
        if (only_systems and system not in only_systems) or system in exclude_systems:
            continue
        if system.startswith("reference") and not with_references and system not in only_systems:
            references += 1
            continue
        wanted.append(raw)
    read = [_labelled(row, names, path, as_is=as_is) for row in wanted]
    rows = [row for row in read if row.usable]
    if not rows:
        raise DataError(
            "no row is left", path=str(path), mend="check the system names and the marks"
        )
    words = [
        judged_words(row.values, row.segment.hypothesis, row.errors if row.marked else None)
        for row in rows
    ]
    hypothesis = [row.segment.hypothesis for row in rows]
    if join_han:
        apart, hypothesis = hypothesis, [_HAN_SPACE.sub("", text) for text in hypothesis]
        words = [w if a == b else None for w, a, b in zip(words, apart, hypothesis, strict=True)]
    scores = np.array([_score(row, human, path) for row in rows])
    if human == "mqm" and np.nanmin(scores, initial=0.0) >= 0:
        scores = -scores  # some files count the penalty upwards
    doc_id = [_cell(row.values, names.doc_id) for row in rows]
    source_group = codes([row.segment.source.strip() for row in rows])
    document_of = [d or f"\0{s}" for d, s in zip(doc_id, source_group, strict=True)]
    return Labels(
        path=path.as_posix(),
        rows=tuple(row.values for row in rows),
        lines=tuple(row.segment.line or 0 for row in rows),
        source=tuple(row.segment.source for row in rows),
        hypothesis=tuple(hypothesis),
        reference=tuple(row.segment.reference for row in rows),
        doc_id=tuple(doc_id),
        segment_id=tuple(row.segment.segment_id for row in rows),
        system=tuple(row.system for row in rows),
        annotator=tuple(row.annotator for row in rows),
        human=scores,
        human_name=human or ("mqm of the marks" if marked else ""),
        bad=np.array([_bad(row, label, path) for row in rows]),
        bad_name=label or ("major or critical mark" if marked else ""),
        words=tuple(words),
        source_group=source_group,
        document_group=codes(document_of),
        set_aside=len(read) - len(rows),
        references=references,
    )


def _table(path: Path) -> list[Row]:
    rows = list(readers.rows(path))
    if not rows:
        raise DataError("no rows", path=str(path), mend="give a table with human labels")
    return _decided(path) if any(DECISION in row.values for row in rows) else rows


def _columns(rows: Iterable[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row.values))


def _decided(path: Path) -> list[Row]:
    """A reviewer's decisions as rows with a label, one a pair of texts; the last one counts.

    A finding that was confirmed or mended labels its segment; one that was a false alarm leaves
    open what else is there. The risk that the report showed is left out: it may come from
    another model or be calibrated already, so it is estimated anew.
    """
    by_pair: dict[str, Decision] = {}
    for d in sorted(latest(read_decisions(path)), key=lambda d: (d.decided_at, d.is_error)):
        if not d.code or (d.is_error and d.level >= Severity.MAJOR):
            by_pair[pair_hash(d.source, d.hypothesis)] = d
    if not by_pair:
        raise DataError(
            "no decision about a whole segment, and no finding confirmed",
            path=str(path),
            mend="decide on segments in the report, not on false alarms alone",
        )
    rows = [
        Row(
            int(d.origin.rpartition(":")[2]),
            {
                "doc_id": d.doc_id,
                "segment_id": d.segment_id,
                "source": d.source,
                "hypothesis": d.hypothesis,
                "bad": int(d.is_error and d.level >= Severity.MAJOR),
            },
        )
        for d in by_pair.values()
    ]
    return sorted(rows, key=lambda row: row.line or 0)


@dataclass(frozen=True)
class _Names:
    """The file's own columns for what we look for; ``""`` where it has none."""

    source: str
    hypothesis: str
    reference: str
    doc_id: str
    segment_id: str

    @classmethod
    def of(cls, columns: Sequence[str], path: Path, source: str, hypothesis: str) -> _Names:
        doc_id = _find(columns, "doc_id", "", path)
        segment_id = _find(columns, "segment_id", "", path)
        if doc_id in {"id", "doi"} and not segment_id:  # a table of segments means its rows by it
            doc_id, segment_id = "", doc_id
        return cls(
            source=_find(columns, "source", source, path),
            hypothesis=_find(columns, "hypothesis", hypothesis, path),
            reference=_find(columns, "reference", "", path),
            doc_id=doc_id,
            segment_id=segment_id,
        )


def _labelled(
    row: Row, names: _Names, path: Path, *, clean: bool = False, as_is: bool = False
) -> Labelled:
    values = row.values
    source = _required(row, names.source, path)
    hypothesis = _required(row, names.hypothesis, path)
    segment_id = _cell(values, names.segment_id or "line") or str(row.line)
    system = _cell(values, "system")
    marked = not clean and any(isinstance(values.get(c), list | str) for c in ("errors", "spans"))
    marks = list(human_errors(values, hypothesis)) if marked else []
    shifts = [0 if as_is else shift for _, shift in marks]
    return Labelled(
        Segment(
            doc_id=_cell(values, names.doc_id) or segment_id,
            segment_id=segment_id,
            source=source,
            hypothesis=hypothesis,
            reference=_cell(values, names.reference) or None,
            path=str(path),
            line=row.line,
            source_end=len(source),
            hypothesis_end=len(hypothesis),
            # as in an audit, so that a finding has the fingerprint that it has there
            metadata={"system": system} if system else {},
        ),
        tuple(error.moved(shift or 0) for (error, _), shift in zip(marks, shifts, strict=True)),
        system,
        _cell(values, "annotator"),
        usable=None not in shifts,
        moved=sum(map(bool, shifts)),
        marked=marked,
        values=values,
    )


def _score(row: Labelled, human: str, path: Path) -> float:
    if human:
        return _number(row.values.get(human), human, path, row.segment.line or 0)
    return -float(sum(e.severity.weight for e in row.errors)) if row.marked else math.nan


def _bad(row: Labelled, label: str, path: Path) -> float:
    if label:
        return yes_or_no(row.values.get(label), label, path, row.segment.line or 0)
    return float(any(e.severity >= Severity.MAJOR for e in row.errors)) if row.marked else math.nan


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


def _cell(row: Mapping[str, object], name: str) -> str:
    """A cell as text; ``""`` where it is empty or there is no such column."""
    return _text(row.get(name)) if name else ""


def _required(row: Row, name: str, path: Path) -> str:
    value = row.values.get(name)
    if isinstance(value, str):
        return value
    raise DataError(
        f"no text in {name!r}",
        path=str(path),
        line=row.line,
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


# --- rows that belong together -------------------------------------------------------------------


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


def codes(values: Sequence[str]) -> NDArray[np.intp]:
    """A number from 0 for each distinct value, in order of first appearance."""
    numbers_: dict[str, int] = {}
    return np.array([numbers_.setdefault(v, len(numbers_)) for v in values], dtype=np.intp)


def join(labels: Labels, path: Path) -> list[Mapping[str, object]]:
    """The rows of another table that belong to the labels, in their order; ``{}`` where none does.

    Matched by those of segment_id, system and doc_id that the table has. Where a key stands in
    several rows, those with the same hypothesis count, the first for the first and so on.

    Raises DataError when nothing matches or the table has no segment_id.
    """
    table = list(readers.rows(path))
    rows, columns = [row.values for row in table], _columns(table)
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
