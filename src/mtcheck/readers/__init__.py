"""Readers: from files or a DataFrame to batches of documents; one file format per file beside.

A reader turns a file into raw rows, in the file's own column names::

    def read(path: Path, config: Config) -> Iterator[Row | Rejected]: ...

    READER = Reader("jsonl", (".jsonl",), "one JSON object a line", recognise, read)

What all formats share is here: finding the files, mapping columns to the document schema,
telling whole documents from aligned segments, checking rows and cutting batches.
"""

from __future__ import annotations

import itertools
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pandas as pd

from mtcheck import schema
from mtcheck.config import Config
from mtcheck.errors import DataError, UsageError
from mtcheck.readers import _packed, _pairs
from mtcheck.readers._columns import BadCell, Columns, cell, check_row, listed, repeated
from mtcheck.readers._files import STDIN, Input, Unread, expand, is_data, known, reader_of, scan
from mtcheck.readers._interface import SKIP, Entry, OneSided, Reader, Rejected, Remark, Remarks, Row
from mtcheck.readers._pairs import Parallel
from mtcheck.readers._text import encoding_of, garbled
from mtcheck.readers._together import together

__all__ = [
    "Batch",
    "Data",
    "Entry",
    "OneSided",
    "Parallel",
    "Reader",
    "Rejected",
    "Remark",
    "Remarks",
    "Row",
    "Unread",
    "annotated",
    "batches",
    "cell",
    "encoding_of",
    "expand",
    "from_frame",
    "rows",
    "scan",
]

Data = pd.DataFrame | str | Path | Parallel | Sequence[str | Path | Parallel]
"""What can be read: a frame, a path or glob, a pair of files, or several of them."""

_HEAD = 1000
"""Rows looked at before columns and layout are settled."""
_SEGMENTS = 8
"""Aligned rows in a batch, per document of ``batch_size``: an abstract has about as many."""


@dataclass(frozen=True)
class Batch:
    """Some documents. ``frame`` has the columns of schema.DOCUMENT, then metadata.

    ``segment_id`` is missing for whole documents and filled for aligned segments.
    ``fraction`` is how much of all input is done, 0 to 1; ``rejected`` the bad rows met.
    ``unread`` are the files of folders and globs that are not read, once in a run; ``notes``
    what is to be known of how a file was read.
    """

    frame: pd.DataFrame
    fraction: float
    rejected: tuple[Rejected, ...] = ()
    unread: tuple[Unread, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Source:
    """One file to read, or a pair: what it is called, and its rows."""

    shown: str
    stem: str
    read: Callable[[], Iterator[Row | Rejected]]
    notes: tuple[str, ...] = ()


def batches(inputs: Sequence[str | Path | Parallel], config: Config) -> Iterator[Batch]:
    """Read files, folders, globs and pairs, one file after another, as batches of documents.

    A batch has ``config.batch_size`` documents of one file, or whole documents with at least
    8 times as many aligned rows. Raises DataError for an unusable file, and for a bad row,
    unless ``config.bad_rows`` is ``skip``: then a bad row is set aside, and a whole file if it
    is not the only one. Else all files are looked into before the first batch is given, and
    those that are bad are told together. Raises UsageError as :func:`expand` does.
    """
    with _stdin(inputs, config) as (given, names):
        found = scan(given, config)
        skip = config.bad_rows == "skip"
        alone = len(found.files) == 1
        if not skip and not alone:
            _look_into(found.files, names, config)
        sizes = [sum(f.stat().st_size for f in _paths(file)) for file in found.files]
        unread, before = found.unread, 0
        for file, size in zip(found.files, sizes, strict=True):
            progress = _Progress(before, size, max(sum(sizes), 1))
            for batch in _of_file(file, names, config, progress, tolerant=skip and not alone):
                yield replace(batch, unread=unread) if unread else batch
                unread = ()
            before += size


def _paths(file: Input) -> tuple[Path, ...]:
    return file.files if isinstance(file, Parallel) else (file,)


def _of_file(
    file: Input, names: Mapping[Path, str], config: Config, progress: _Progress, *, tolerant: bool
) -> Iterator[Batch]:
    try:
        for source in _sources(file, names, config):
            items = _tolerant(source) if tolerant else source.read()
            state = _File(source.shown, source.stem, config, notes=source.notes)
            yield from _batches(items, state, progress)
    except DataError as error:
        # The file as a whole: a broken archive, or columns that can't be told.
        if not tolerant:
            raise
        yield Batch(schema.empty(schema.DOCUMENT), progress(progress.size), (_aside(error),))


def _tolerant(source: _Source) -> Iterator[Row | Rejected]:
    """The rows up to where the file breaks, and that it does."""
    try:
        yield from source.read()
    except DataError as error:
        yield _aside(error)


def _aside(error: DataError) -> Rejected:
    return Rejected(error.path, error.line, error.problem, error.mend, "")


_TOLD = 20  # bad files named before the rest is counted


def _look_into(files: Sequence[Input], names: Mapping[Path, str], config: Config) -> None:
    """Read the beginning of every file. Raises one DataError that names all bad ones."""
    bad: list[DataError] = []
    for file in files:
        try:
            for source in _sources(file, names, config):
                next(_batches(source.read(), _File(source.shown, source.stem, config), _START))
        except DataError as error:
            bad.append(error)
    if len(bad) == 1:
        raise bad[0]
    if bad:
        more = f" | and {len(bad) - _TOLD} more" if len(bad) > _TOLD else ""
        mend = "mend them, or set bad rows and files aside with --bad-rows skip"
        told = " | ".join(str(replaced) for replaced in (_without_skip(e) for e in bad[:_TOLD]))
        raise DataError(f"{len(bad)} files can't be read: {told}{more}", mend=mend)


def _without_skip(error: DataError) -> DataError:
    mend = error.mend.removesuffix(f", {SKIP}")
    return DataError(error.problem, path=error.path, line=error.line, mend=mend)


def _sources(file: Input, names: Mapping[Path, str], config: Config) -> Iterator[_Source]:
    """What is to be read of a file: itself, its pair, or what is packed in it."""
    for path in _paths(file):
        if not path.stat().st_size:
            raise DataError("the file is empty", path=path.as_posix(), mend="remove or fill it")
    if isinstance(file, Parallel):
        shown, stem = file.hypothesis.as_posix(), _packed.bare(file.hypothesis).stem
        yield _Source(shown, stem, partial(_pairs.rows, file, config))
        return
    found = False
    with _packed.opened(file, config) as inside:
        for part in inside:
            packed = part.path != file
            if packed and not is_data(part.path, config):
                continue
            found = True
            shown = part.shown.replace(file.as_posix(), names[file], 1) if names else part.shown
            own = _packed.Opened(part.path, shown)
            yield _Source(shown, own.stem, partial(_items, own, config), _notes(own, config))
    if not found:
        raise DataError("holds no file that can be read", path=file.as_posix(), mend=known())


def _notes(file: _packed.Opened, config: Config) -> tuple[str, ...]:
    """What the reader of a report must know of how a file was read."""
    if config.encoding or not reader_of(file.path, config).text:
        return ()
    try:
        encoding = encoding_of(file.path)
    except OSError:
        return ()  # reading it will say what is wrong
    said = f"{file.shown} was read as {encoding}, by what it holds; --encoding says otherwise."
    return () if encoding.startswith("utf") else (said,)


def _items(file: _packed.Opened, config: Config) -> Iterator[Row | Rejected]:
    """What the reader gives, under the name that the user knows the file by."""
    try:
        for item in reader_of(file.path, config).read(file.path, config):
            yield replace(item, path=file.shown) if isinstance(item, Rejected) else item
    except DataError as error:
        raise DataError(error.problem, path=file.shown, line=error.line, mend=error.mend) from None


@contextmanager
def _stdin(
    inputs: Sequence[str | Path | Parallel], config: Config
) -> Iterator[tuple[Sequence[str | Path | Parallel], Mapping[Path, str]]]:
    """The inputs with stdin (``-``) as a file, and the names of such files."""
    if not any(not isinstance(i, Parallel) and Path(i) == STDIN for i in inputs):
        yield inputs, {}
        return
    if not config.input_format:
        raise UsageError("stdin has no name to tell its format; say --input-format csv or jsonl")
    suffix = config.input_format.lower().lstrip(".")
    with tempfile.TemporaryDirectory(prefix="mtcheck-") as folder:
        path = Path(folder) / f"stdin.{suffix}"
        with path.open("wb") as file:
            while chunk := sys.stdin.buffer.read(1 << 20):
                file.write(chunk)
        if not path.stat().st_size:
            raise DataError("nothing came in", path="stdin", mend="pipe a file in")
        given = [i if isinstance(i, Parallel) or Path(i) != STDIN else path for i in inputs]
        yield given, _Names({path: "stdin"})


class _Names(dict[Path, str]):
    def __missing__(self, path: Path) -> str:
        return path.as_posix()


def annotated(path: Path, config: Config, remarks: Remarks) -> bytes:
    """The bytes of a file with remarks put in at their segments, and nothing else changed.

    Raises DataError for a file whose format has no place for them.
    """
    reader = reader_of(path, config)
    if reader.annotate is None:
        raise DataError(
            f"findings can't be written back into {reader.key}",
            path=path.as_posix(),
            mend="give XLIFF or PO, or take them from the report",
        )
    return reader.annotate(path, config, remarks)


def rows(path: Path, config: Config | None = None) -> Iterator[Row]:
    """The raw rows of one file, in its own column names; a row without a line gets its number.

    Raises DataError for a file that can't be read and for its first bad row.
    """
    if not path.is_file():
        raise DataError("no such file", path=path.as_posix(), mend="check the path")
    sources = _sources(path, {}, config or Config())
    items = itertools.chain.from_iterable(source.read() for source in sources)
    for number, item in enumerate(items, 1):
        if isinstance(item, Rejected):
            raise DataError(item.problem, path=item.path, line=item.line, mend=item.mend)
        row = item if item.line is not None else replace(item, line=number)
        try:
            check_row(row.values)
        except BadCell as error:
            raise DataError(
                error.problem, path=path.as_posix(), line=row.line, mend=error.mend
            ) from None
        yield row


def from_frame(frame: pd.DataFrame, config: Config) -> Iterator[Batch]:
    """Batches from a DataFrame: the same columns, layouts and checks as a file's.

    ``path`` is ``""`` and ``line`` the row number from 1, which errors name. Rows without an
    id are called ``row-1`` or, aligned, ``row#1``. Raises as :func:`batches` does.
    """
    names = [str(c) for c in frame.columns]
    if double := repeated(names):
        raise DataError(
            f"the DataFrame has several columns called {listed(double)}", mend="rename them"
        )
    rows = (
        Row(n, dict(zip(names, cells, strict=True)), n)
        for n, cells in enumerate(frame.itertuples(index=False, name=None), 1)
    )
    progress = _Progress(0, len(frame), len(frame))
    yield from _batches(rows, _File("", "row", config), progress)


@dataclass(frozen=True)
class _Progress:
    before: int
    size: int
    total: int

    def __call__(self, done: int) -> float:
        return (self.before + min(done, self.size)) / self.total


_START = _Progress(0, 0, 1)


@dataclass
class _File:
    """What is remembered while one file is read."""

    path: str
    stem: str
    config: Config
    aligned: bool = False
    line: int | None = None  # of the row before, and how many rows began on it
    on_line: int = 0
    notes: tuple[str, ...] = ()
    # by document and system: the line it was met first, or its aligned rows so far
    seen: dict[tuple[str, str], int] = field(default_factory=dict)

    def settle(self, head: Sequence[Row | Rejected]) -> Columns:
        """Columns and layout from the first rows. Raises DataError."""
        rows = [i.values for i in head if isinstance(i, Row)]
        columns = Columns(rows, self.config, self.path)
        layout = self.config.layout
        if layout == "auto":
            ids = [
                (found, columns.system_of(values))
                for values in rows
                if (found := _peek(columns, values)) is not None
            ]
            repeated = len(set(ids)) < len(ids)
            layout = "aligned" if repeated or "segment_id" in columns.roles else "documents"
            if repeated and "segment_id" not in columns.roles:
                self.notes += (
                    f"{self.path or 'The frame'}: ids repeat, so each row was read as a segment of "
                    "the document with its id, not as a document.",
                )
        _check_garbled([t for v in rows if (t := _text(columns, v))], self.path)
        self.aligned = layout == "aligned"
        columns.settle(aligned=self.aligned)
        return columns

    def checked(
        self, item: Row | Rejected, number: int, columns: Columns | None
    ) -> dict[str, object] | Rejected:
        """The row as it goes on, or why it does not. Raises DataError where bad rows stop."""
        bad = item
        if isinstance(item, Row) and columns is not None:
            try:
                return self.convert(item, number, columns)
            except BadCell as error:
                bad = self.reject(item, error.problem, error.mend)
        if not isinstance(bad, Rejected):
            raise AssertionError("a row without columns")
        if self.config.bad_rows == "fail":
            raise bad.error
        return bad

    def reject(self, row: Row, problem: str, mend: str) -> Rejected:
        raw = json.dumps({k: _told(v) for k, v in row.values.items()}, ensure_ascii=False)
        # Half a surrogate pair can't be written to any file: it is escaped.
        raw = raw.encode("utf-8", "backslashreplace").decode()
        return Rejected(self.path, row.line, problem, mend, raw)

    def convert(self, row: Row, number: int, columns: Columns) -> dict[str, object]:
        """A row of schema.DOCUMENT and metadata. Raises BadCell."""
        values = row.values
        texts = {
            role: columns.text(values, role)
            for role in schema.ALIASES
            if role not in ("doc_id", "segment_id")
        }
        source, hypothesis = texts.pop("source") or "", texts.pop("hypothesis") or ""
        if not source.strip():
            empty = "source is" if hypothesis.strip() else "source and the hypothesis are"
            raise BadCell(f"the {empty} empty", "fill it in or remove the row")
        metadata = columns.metadata(values)
        doc_id, segment_id = self._ids(row, number, columns)
        return {
            "doc_id": doc_id,
            "segment_id": segment_id,
            "path": self.path,
            "line": row.line,
            **{k: v if v and v.strip() else None for k, v in texts.items()},
            "source": source,
            "hypothesis": hypothesis if hypothesis.strip() else "",
            **metadata,
        }

    def _ids(self, row: Row, number: int, columns: Columns) -> tuple[str, str | None]:
        doc_id = columns.identifier(row.values, "doc_id")
        system = columns.system_of(row.values)
        if self.aligned:
            own = columns.identifier(row.values, "segment_id")
            if doc_id is None:
                own = own or f"{self.stem}#{self._place(row, number)}"
                return own, own
            rank = self.seen[doc_id, system] = self.seen.get((doc_id, system), 0) + 1
            return doc_id, own or f"{doc_id}#{rank}"
        doc_id = doc_id or f"{self.stem}-{number}"
        line = number if row.line is None else row.line
        if (doc_id, system) in self.seen:
            where = f"{'line' if self.path else 'row'} {self.seen[doc_id, system]}"
            raise BadCell(
                f"the id {doc_id!r} was used before, at {where}",
                "give each document its own id, or say --aligned if the rows are segments",
            )
        self.seen[doc_id, system] = line
        return doc_id, None

    def _place(self, row: Row, number: int) -> str:
        """The row's line, with its rank where several rows stand on one."""
        if row.line is None:
            return str(number)
        self.on_line = self.on_line + 1 if row.line == self.line else 1
        self.line = row.line
        return str(row.line) if self.on_line == 1 else f"{row.line}.{self.on_line}"


_GARBLED = 0.5  # the share of texts from which on a file is said to be garbled


def _text(columns: Columns, values: Mapping[str, object]) -> str:
    try:
        return columns.text(values, "hypothesis") or ""
    except BadCell:
        return ""  # the row will be rejected in its turn


def _check_garbled(texts: Sequence[str], path: str) -> None:
    """Raise DataError when most translations are UTF-8 that was read as something else."""
    foreign = [t for t in texts if not t.isascii()]
    wrong = [name for t in foreign if (name := garbled(t))]
    if len(wrong) > 2 and len(wrong) > _GARBLED * len(foreign):
        name = max(set(wrong), key=wrong.count)
        raise DataError(
            f"the translations are garbled: UTF-8 was read as {name} and saved so",
            path=path,
            mend="export them anew as UTF-8",
        )


def _told(value: object) -> object:
    """A cell of a row set aside, which may be what is wrong with it."""
    try:
        return cell(value)
    except BadCell:
        return "…"


def _peek(columns: Columns, values: Mapping[str, object]) -> str | None:
    try:
        return columns.identifier(values, "doc_id")
    except BadCell:
        return None  # the row will be rejected in its turn


def _head(items: Iterator[Row | Rejected], config: Config) -> list[Row | Rejected]:
    """The first rows, among them at least one that could be read."""
    head: list[Row | Rejected] = []
    readable = False
    for item in items:
        head.append(item)
        readable = readable or isinstance(item, Row)
        if (readable and len(head) >= _HEAD) or (
            isinstance(item, Rejected) and config.bad_rows == "fail"
        ):
            break
    return head


def _batches(items: Iterator[Row | Rejected], file: _File, progress: _Progress) -> Iterator[Batch]:
    config = file.config
    head = _head(items, config)
    if not head:
        what = "the file has no rows" if file.path else "the DataFrame has no rows"
        raise DataError(what, path=file.path, mend="give it at least one")
    columns = file.settle(head) if any(isinstance(i, Row) for i in head) else None
    checked = (
        (item.done if isinstance(item, Row) else 0, file.checked(item, number, columns))
        for number, item in enumerate(itertools.chain(head, items), 1)
    )
    # What is wrong at the beginning is told before any work is done.
    first = list(itertools.islice(checked, len(head)))
    limit = config.batch_size * (_SEGMENTS if file.aligned else 1)
    rows: list[dict[str, object]] = []
    rejected: list[Rejected] = []
    last: object = None

    def batch(fraction: float) -> Batch:
        frame = schema.frame(rows, schema.DOCUMENT)
        return Batch(frame, fraction, tuple(rejected), notes=file.notes)

    every = itertools.chain(first, checked)
    for number, (done, row) in enumerate(together(every, limit) if file.aligned else every, 1):
        if isinstance(row, Rejected):
            rejected.append(row)
            continue
        # All systems' rows of a document stay together too.
        document = row["doc_id"] if file.aligned else number
        if len(rows) + len(rejected) >= limit and document != last:
            yield batch(progress(done))
            rows, rejected = [], []
        rows.append(row)
        last = document
    yield batch(progress(progress.size))
