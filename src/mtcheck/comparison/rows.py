"""Rows of several systems, read by the ordinary readers and matched with each other."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from mtcheck import readers, schema
from mtcheck.config import Config
from mtcheck.errors import DataError, UsageError
from mtcheck.readers import Data, Parallel

__all__ = ["MatchedRows", "System", "SystemRow", "Unmatched", "load", "match", "with_references"]

_TEXTS = [c for c in schema.DOCUMENT if c not in {"doc_id", "segment_id", "path", "line"}]


@dataclass(frozen=True, slots=True)
class SystemRow:
    """One row of input: a document, or (``segment_id`` given) a segment that came aligned."""

    doc_id: str
    segment_id: str | None
    path: str
    line: int | None
    texts: Mapping[str, str | None]
    system: str = ""

    @property
    def source(self) -> str:
        """Title and source with all white space as one blank, for comparing."""
        return " ".join(f"{self.texts['source_title'] or ''} {self.texts['source'] or ''}".split())


@dataclass(frozen=True)
class System:
    """The rows of one system, and how many bad rows were set aside while reading them."""

    name: str
    rows: tuple[SystemRow, ...]
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A row without a partner in every system, and why."""

    system: str
    row: SystemRow
    why: str


@dataclass(frozen=True)
class MatchedRows:
    """``rows`` has a tuple for each text, with the row of each system, in their order."""

    rows: tuple[tuple[SystemRow, ...], ...]
    unmatched: tuple[Unmatched, ...]


# --- reading -------------------------------------------------------------------------------


def _missing(value: object) -> bool:
    return value is None or value is pd.NA


def _rows(frame: pd.DataFrame) -> Iterator[SystemRow]:
    for record in frame.to_dict("records"):
        own = record.get("system")
        yield SystemRow(
            doc_id=str(record["doc_id"]),
            segment_id=None if _missing(record["segment_id"]) else str(record["segment_id"]),
            path="" if _missing(record["path"]) else str(record["path"]),
            line=None if pd.isna(record["line"]) else int(record["line"]),
            texts={t: None if _missing(record[t]) else str(record[t]) for t in _TEXTS},
            system="" if _missing(own) else str(own),
        )


def _read(data: Data, name: str, config: Config) -> System:
    if isinstance(data, pd.DataFrame):
        batches = readers.from_frame(data, config)
    else:
        inputs = [data] if isinstance(data, str | Path | Parallel) else list(data)
        batches = readers.batches(inputs, config)
    rows: list[SystemRow] = []
    rejected = 0
    for batch in batches:
        rows += _rows(batch.frame)
        rejected += len(batch.rejected)
    if not rows:
        raise DataError("no usable row", path=name, mend="see --bad-rows")
    return System(name, tuple(rows), rejected)


def load(batches: Sequence[Data], systems: Sequence[str], config: Config) -> list[System]:
    """The systems to compare, baseline first.

    Several batches are a system each, and ``systems`` names them. One batch holds all systems:
    in hypothesis columns that ``systems`` names, or in rows that its column ``system`` tells
    apart (``systems`` then chooses and orders them). Raises UsageError when that does not make
    two, DataError as the readers do.
    """
    if not batches:
        raise UsageError("nothing to compare; give two batches, or one that holds several systems")
    double = sorted({s for s in systems if list(systems).count(s) > 1})
    if double:
        raise UsageError(f"system {double[0]!r} is named twice")
    if len(batches) > 1:
        if systems and len(systems) != len(batches):
            raise UsageError(f"{len(batches)} batches, but {len(systems)} names of systems")
        names = list(systems) or _names(batches)
        return [_read(b, n, config) for b, n in zip(batches, names, strict=True)]
    if len(systems) == 1:
        raise UsageError("one system; name at least two")
    if systems:
        try:
            columns = [config.replace(hypothesis_column=s) for s in systems]
            return [_read(batches[0], s, c) for s, c in zip(systems, columns, strict=True)]
        except DataError as error:
            found = _by_column(batches[0], config, error)
            known = {s.name: s for s in found}
            lacking = [s for s in systems if s not in known]
            if not found or (len(lacking) == len(systems)):
                raise
            if lacking:
                raise DataError(
                    f"no rows of system {lacking[0]!r}; there are {', '.join(known)}"
                ) from None
            return [known[s] for s in systems]
    found = _by_column(batches[0], config, None)
    if len(found) < 2:
        raise UsageError(
            "one batch with one system; give a second batch, a column 'system' with several, "
            "or name hypothesis columns with --systems"
        )
    return found


def _by_column(data: Data, config: Config, failed: DataError | None) -> list[System]:
    """The batch's rows by its column ``system``; raises ``failed`` should reading fail too."""
    try:
        whole = _read(data, "", config)
    except DataError as error:
        raise (failed or error) from None
    groups: dict[str, list[SystemRow]] = defaultdict(list)
    for row in whole.rows:
        groups[row.system].append(replace(row, system=""))
    # Bad rows are of no known system; they are counted once.
    return [
        System(name or "(none)", tuple(rows), whole.rejected if n == 0 else 0)
        for n, (name, rows) in enumerate(groups.items())
    ]


def _names(batches: Sequence[Data]) -> list[str]:
    """Names for batches: of files their stems, where these differ; else old and new."""
    paths = [Path(b) for b in batches if isinstance(b, str | Path)]
    if len(paths) == len(batches):
        for names in ([p.stem for p in paths], [p.as_posix() for p in paths]):
            if len(set(names)) == len(names) and all(names):
                return names
    if len(batches) == 2:
        return ["old", "new"]
    return [f"system-{n}" for n in range(1, len(batches) + 1)]


# --- matching ------------------------------------------------------------------------------


def match(systems: Sequence[System]) -> MatchedRows:
    """Match the rows of all systems with those of the first.

    Rows belong together that have the same source text, white space aside: first those whose
    ids agree as well, then the others, in their order. A row without a partner in every
    system is in ``unmatched``, with the reason. Raises DataError when nothing matches, or one
    system has whole documents and another aligned segments.
    """
    first = systems[0]
    layouts = {s.name: s.rows[0].segment_id is None for s in systems}
    if len(set(layouts.values())) > 1:
        told = ", ".join(
            f"{n!r} {'whole documents' if whole else 'aligned segments'}"
            for n, whole in layouts.items()
        )
        raise DataError(
            f"the systems differ in layout: {told}", mend="force one with --aligned or --documents"
        )
    partners = [_pair(first, other) for other in systems[1:]]
    rows: list[tuple[SystemRow, ...]] = []
    unmatched: list[Unmatched] = []
    for at, row in enumerate(first.rows):
        found = [p.get(at) for p in partners]
        lacking = [s.name for s, f in zip(systems[1:], found, strict=True) if f is None]
        if not lacking:
            others = [s.rows[f] for s, f in zip(systems[1:], found, strict=True) if f is not None]
            rows.append((row, *others))
            continue
        why = f"not in {', '.join(lacking)}"
        unmatched.append(Unmatched(first.name, row, why))
        unmatched += [
            Unmatched(s.name, s.rows[f], why)
            for s, f in zip(systems[1:], found, strict=True)
            if f is not None
        ]
    ids = {(r.doc_id, r.segment_id): r for r in first.rows}
    for other, pairs in zip(systems[1:], partners, strict=True):
        taken = set(pairs.values())
        for at, row in enumerate(other.rows):
            if at not in taken:
                same = ids.get((row.doc_id, row.segment_id))
                changed = same is not None and same.source != row.source
                why = f"not in {first.name}"
                if changed:
                    why += ", where this id has another source"
                unmatched.append(Unmatched(other.name, row, why))
    if not rows:
        raise DataError(
            f"no row of {', '.join(repr(s.name) for s in systems)} has the same source text",
            mend="compare translations of the same texts",
        )
    return MatchedRows(tuple(rows), tuple(unmatched))


def _pair(first: System, other: System) -> dict[int, int]:
    """For positions in the first system, the position of the same text in the other."""
    several = all(len({r.system for r in s.rows}) > 1 for s in (first, other))

    def with_id(row: SystemRow) -> tuple[str | None, ...]:
        return row.doc_id, row.segment_id, row.source, row.system if several else ""

    def by_source(row: SystemRow) -> tuple[str | None, ...]:
        return row.source, row.system if several else ""

    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for key in (with_id, by_source):
        free: dict[tuple[str | None, ...], list[int]] = defaultdict(list)
        for at in reversed(range(len(other.rows))):
            if at not in taken:
                free[key(other.rows[at])].append(at)
        for at, row in enumerate(first.rows):
            if at not in pairs and free.get(key(row)):
                pairs[at] = free[key(row)].pop()
                taken.add(pairs[at])
    return pairs


# --- references ----------------------------------------------------------------------------


def with_references(
    systems: Sequence[System], reference: Data | None, config: Config
) -> list[System]:
    """The systems with references from a file or frame of their own.

    A frame or a table has a source and a reference column and is matched as systems are; a
    ``.txt`` file has one reference a line, in the order of the first system's rows. References
    in the rows themselves stay where this has none. Raises DataError.
    """
    if reference is None:
        return list(systems)
    first = systems[0]
    if isinstance(reference, str | Path) and Path(reference).suffix.lower() == ".txt":
        lines = _lines(Path(reference), config)
        if len(lines) != len(first.rows):
            raise DataError(
                f"{len(lines)} lines for the {len(first.rows)} rows of {first.name!r}",
                path=Path(reference).as_posix(),
                mend="give one reference a line, or a table with source and reference",
            )
        rows = [_referred(r, line) for r, line in zip(first.rows, lines, strict=True)]
        return [replace(first, rows=tuple(rows)), *systems[1:]]
    given = _reference_rows(reference, config)
    found = []
    for system in systems:
        pairs = _pair(system, given)
        rows = [
            _referred(row, given.rows[pairs[at]].texts["hypothesis"]) if at in pairs else row
            for at, row in enumerate(system.rows)
        ]
        found.append(replace(system, rows=tuple(rows)))
    return found


def _referred(row: SystemRow, reference: str | None) -> SystemRow:
    return replace(row, texts={**row.texts, "reference": reference}) if reference else row


def _lines(path: Path, config: Config) -> list[str]:
    try:
        text = path.read_text(encoding=config.encoding or "utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            f"not readable: {error}", path=path.as_posix(), mend="see --encoding"
        ) from None
    return text.removesuffix("\n").split("\n")


def _reference_rows(reference: Data, config: Config) -> System:
    """The references in the place of hypotheses, so that the readers' checks hold for them."""
    read = functools.partial(_read, reference, "reference")
    plain = config.replace(reference_column="", back_translation_column="")
    failure: DataError | None = None
    for alias in (*schema.ALIASES["reference"], ""):
        try:
            return read(plain.replace(hypothesis_column=alias))
        except DataError as error:
            if failure is None or (failure.line is None and error.line is not None):
                failure = error
    where = reference.as_posix() if isinstance(reference, Path) else reference
    raise DataError(
        f"no references to read: {failure}",
        path=where if isinstance(where, str) else "",
        mend="give a table with the columns source and reference, or a .txt with one a line",
    )
