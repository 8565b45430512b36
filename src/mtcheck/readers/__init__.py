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
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from mtcheck import schema
from mtcheck.config import Config
from mtcheck.errors import DataError, UsageError
from mtcheck.readers import _packed
from mtcheck.readers._columns import BadCell, Columns, cell, listed, repeated
from mtcheck.readers._packed import Opened
from mtcheck.registry import discover

__all__ = ["Batch", "Data", "Reader", "Rejected", "Row", "batches", "expand", "from_frame", "rows"]

Data = pd.DataFrame | str | Path | Sequence[str | Path]
"""What can be read: a frame, a path or glob, or several of them."""

_HEAD = 1000
"""Rows looked at before columns and layout are settled."""
_SEGMENTS = 8
"""Aligned rows in a batch, per document of ``batch_size``: an abstract has about as many."""


@dataclass(frozen=True, slots=True)
class Row:
    """One raw record. ``line`` is where it starts in the file, from 1, if lines mean anything.

    ``values`` is by the file's own column names and may hold nested values. ``done`` is the
    number of the file's bytes read so far, for the progress bar; 0 when unknown.
    """

    line: int | None
    values: Mapping[str, object]
    done: int = 0


@dataclass(frozen=True, slots=True)
class Rejected:
    """A bad row set aside. ``path`` is ``""`` for a DataFrame, and ``line`` its row from 1.

    ``raw`` is the row as it stood in the file, or as JSON where it was read but is unusable;
    ``""`` when the whole file is one row.
    """

    path: str
    line: int | None
    problem: str
    mend: str
    raw: str

    @property
    def error(self) -> DataError:
        """What to raise when bad rows are to stop the run."""
        mend = f"{self.mend}, or set bad rows aside with --bad-rows skip"
        if self.path:
            return DataError(self.problem, path=self.path, line=self.line, mend=mend)
        return DataError(self.problem, path=f"row {self.line}", mend=mend)


@dataclass(frozen=True)
class Reader:
    """A file format. ``suffixes`` are lower case with their dot.

    ``recognise`` looks at the content: it tells readers apart that share a suffix, and picks
    the files of a folder. ``read`` gives the rows, and a Rejected for a row it can't parse;
    it raises DataError when the file as a whole is unusable.
    """

    key: str
    suffixes: tuple[str, ...]
    description: str
    recognise: Callable[[Path], bool]
    read: Callable[[Path, Config], Iterator[Row | Rejected]]


@dataclass(frozen=True)
class Batch:
    """Some documents. ``frame`` has the columns of schema.DOCUMENT, then metadata.

    ``segment_id`` is missing for whole documents and filled for aligned segments.
    ``fraction`` is how much of all input is done, 0 to 1; ``rejected`` the bad rows met. ``note``
    is what the user must know of how the input was read.
    """

    frame: pd.DataFrame
    fraction: float
    rejected: tuple[Rejected, ...] = ()
    note: str = ""


def expand(inputs: Sequence[str | Path]) -> list[Path]:
    """The files that the inputs mean: files, folders and globs, each file once, in order.

    Of a folder (with its subfolders) or a glob, the files that some reader recognises, sorted;
    hidden ones and mtcheck's own report folders are left out. Raises UsageError without any
    input and DataError for one that is not there, unknown or holds nothing readable.
    """
    if not inputs:
        raise UsageError("no input; name a file, a folder or a glob")
    files: dict[Path, Path] = {}
    for given in inputs:
        for file in _expand(Path(given)):
            files.setdefault(file.resolve(), file)
    return list(files.values())


def _expand(path: Path) -> list[Path]:
    name = path.as_posix()
    if path.is_dir():
        found = _readable(_walk(path))
        problem = "the folder holds no file that can be read"
    elif path.exists():
        if not path.is_file():
            raise DataError("is no regular file", path=name, mend="write its content into one")
        if path.suffix.lower() != ".zip" and not _is_packed(path):
            _readers_of(path)
        return [path]
    elif any(c in name for c in "*?["):
        matches = sorted(_matches(path))
        if not matches:
            raise DataError(
                "nothing matches", path=name, mend="check the pattern and the working directory"
            )
        found = _readable(iter(matches))
        problem = "nothing that matches can be read"
    else:
        raise DataError("no such file or folder", path=name, mend="check the path")
    if not found:
        raise DataError(problem, path=name, mend=f"known are {_known()}")
    return found


def _matches(pattern: Path) -> Iterator[Path]:
    """What a glob means. ``**`` goes into folders but not into links to them, which may loop."""
    parts = pattern.parts
    first = next(n for n, part in enumerate(parts) if any(c in part for c in "*?["))
    base = Path(*parts[:first])
    # As a shell has it, `**` within a name is but `*`, and at the end it means files too.
    rest = [part if part == "**" else re.sub(r"\*\*+", "*", part) for part in parts[first:]]
    rest += ["*"] * (rest[-1] == "**")
    asked = any(map(_is_hidden, rest))
    for found in base.glob("/".join(rest)):
        if asked or not any(map(_is_hidden, found.parts[len(base.parts) :])):
            yield found


def _is_hidden(name: str) -> bool:
    return name[0] == "." and name != ".."


def _walk(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        here = Path(parent)
        folders[:] = sorted(f for f in folders if f[0] != "." and not _is_report(here / f))
        yield from (here / n for n in sorted(names) if n[0] != ".")


def _is_report(folder: Path) -> bool:
    """Whether mtcheck wrote the folder: a second run must not audit the report of the first."""
    summary = folder / "summary.json"
    try:
        return summary.is_file() and b'"mtcheck_version"' in summary.read_bytes()
    except OSError:
        return False


def _readable(paths: Iterator[Path]) -> list[Path]:
    # Of a pipe or a device there may be no end.
    return [p for p in paths if p.is_file() and (_is_packed(p) or _is_data(p))]


def _is_data(path: Path) -> bool:
    return any(_recognises(r, path) for r in _of_suffix(path))


def _is_packed(path: Path) -> bool:
    """Whether a compressed file holds something that could be data, by the names inside."""
    if path.suffix.lower() not in _packed.SUFFIXES:
        return False
    try:
        return any(_of_suffix(Path(name)) for name in _packed.members(path))
    except (OSError, DataError):
        return True  # reading it will say what is wrong


def _of_suffix(path: Path) -> list[Reader]:
    return [r for r in _readers().values() if path.suffix.lower() in r.suffixes]


def _recognises(reader: Reader, path: Path) -> bool:
    try:
        return reader.recognise(path)
    except OSError:
        return True  # reading it will say what is wrong


def _readers() -> Mapping[str, Reader]:
    return discover("readers", Reader)


def _known() -> str:
    own = sorted({s for r in _readers().values() for s in r.suffixes})
    return f"{', '.join(own)}, and these in {', '.join(_packed.SUFFIXES)}"


def _readers_of(path: Path) -> list[Reader]:
    """The readers of the file's suffix. Raises DataError for an unknown one."""
    found = _of_suffix(path)
    if not found:
        kind = f"{path.suffix!r} files" if path.suffix else "files without a suffix"
        raise DataError(f"no reader for {kind}", path=path.as_posix(), mend=f"known are {_known()}")
    return found


def _reader(path: Path) -> Reader:
    found = _readers_of(path)
    # A lone reader tells best itself why it can't read the file.
    for reader in found:
        if len(found) == 1 or _recognises(reader, path):
            return reader
    raise DataError(
        f"the content fits no reader of {path.suffix!r} files",
        path=path.as_posix(),
        mend="tried: " + "; ".join(f"{r.key} ({r.description})" for r in found),
    )


def batches(inputs: Sequence[str | Path], config: Config) -> Iterator[Batch]:
    """Read files, folders and globs, one file after another, as batches of documents.

    A batch has ``config.batch_size`` documents of one file, or whole documents with at least
    8 times as many aligned rows. Raises DataError for an unusable file, and for a bad row
    unless ``config.bad_rows`` is ``skip``; UsageError as :func:`expand` does.
    """
    paths = expand(inputs)
    sizes = [p.stat().st_size for p in paths]
    for path, size in zip(paths, sizes, strict=True):
        if not size:
            raise DataError("the file is empty", path=path.as_posix(), mend="remove or fill it")
    before = 0
    for path, size in zip(paths, sizes, strict=True):
        with _packed.opened(path, config) as inside:
            for file in _readable_parts(inside, path):
                progress = _Progress(before, size, sum(sizes))
                items = _items(file, config)
                yield from _batches(items, _File(file.shown, file.stem, config), progress)
        before += size


def _readable_parts(parts: Iterator[Opened], path: Path) -> Iterator[Opened]:
    """The files of an archive that are data. Raises DataError when there is none."""
    found = False
    for part in parts:
        if part.path == path or _is_data(part.path):
            found = True
            yield part
    if not found:
        raise DataError("holds no file that can be read", path=path.as_posix(), mend=_known())


def _items(file: Opened, config: Config) -> Iterator[Row | Rejected]:
    """What the reader gives, under the name that the user knows the file by."""
    try:
        for item in _reader(file.path).read(file.path, config):
            yield replace(item, path=file.shown) if isinstance(item, Rejected) else item
    except DataError as error:
        raise DataError(error.problem, path=file.shown, line=error.line, mend=error.mend) from None


def rows(path: Path) -> Iterator[Row]:
    """The raw rows of one file, in its own column names; a row without a line gets its number.

    Raises DataError for a file that can't be read and for its first bad row.
    """
    if not path.is_file():
        raise DataError("no such file", path=path.as_posix(), mend="check the path")
    config = Config()
    with _packed.opened(path, config) as inside:
        items = itertools.chain.from_iterable(
            _items(file, config) for file in _readable_parts(inside, path)
        )
        for number, item in enumerate(items, 1):
            if isinstance(item, Rejected):
                raise DataError(item.problem, path=item.path, line=item.line, mend=item.mend)
            yield item if item.line is not None else replace(item, line=number)


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


@dataclass
class _File:
    """What is remembered while one file is read."""

    path: str
    stem: str
    config: Config
    aligned: bool = False
    line: int | None = None  # of the row before, and how many rows began on it
    on_line: int = 0
    note: str = ""
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
                self.note = (
                    f"{self.path or 'The frame'}: ids repeat, so each row was read as a segment of "
                    "the document with its id, not as a document."
                )
        self.aligned = layout == "aligned"
        columns.settle(aligned=self.aligned)
        return columns

    def reject(self, row: Row, problem: str, mend: str) -> Rejected:
        raw = json.dumps({k: cell(v) for k, v in row.values.items()}, ensure_ascii=False)
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
    limit = config.batch_size * (_SEGMENTS if file.aligned else 1)
    rows: list[dict[str, object]] = []
    rejected: list[Rejected] = []
    last: object = None
    for number, item in enumerate(itertools.chain(head, items), 1):
        bad = item
        if isinstance(item, Row) and columns is not None:
            try:
                row = file.convert(item, number, columns)
            except BadCell as error:
                bad = file.reject(item, error.problem, error.mend)
            else:
                # All systems' rows of a document stay together too, where they are neighbours.
                document = row["doc_id"] if file.aligned else number
                if len(rows) + len(rejected) >= limit and document != last:
                    yield Batch(
                        schema.frame(rows, schema.DOCUMENT),
                        progress(item.done),
                        tuple(rejected),
                        file.note,
                    )
                    rows, rejected = [], []
                rows.append(row)
                last = document
        if isinstance(bad, Rejected):
            if config.bad_rows == "fail":
                raise bad.error
            rejected.append(bad)
    yield Batch(
        schema.frame(rows, schema.DOCUMENT), progress(progress.size), tuple(rejected), file.note
    )
