"""Which files an input means, and who reads each."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mtcheck.config import Config
from mtcheck.errors import DataError, UsageError
from mtcheck.files import real, shown
from mtcheck.readers import _packed
from mtcheck.readers._interface import OneSided, Reader
from mtcheck.readers._pairs import Parallel, form_of, partner
from mtcheck.registry import discover

__all__ = ["STDIN", "Found", "Input", "Unread", "expand", "is_data", "known", "reader_of", "scan"]

Input = Path | Parallel

STDIN = Path("-")
_LINES = (".en", ".zh")  # suffixes that only name a language


@dataclass(frozen=True, slots=True)
class Unread:
    """A file of a folder or a glob that is not read, and why."""

    path: str
    reason: str


@dataclass(frozen=True)
class Found:
    """The files to read, each once and in order, and those that are passed over."""

    files: tuple[Input, ...]
    unread: tuple[Unread, ...] = ()


def expand(inputs: Sequence[str | Path | Parallel], config: Config | None = None) -> list[Path]:
    """The files that the inputs mean (:func:`scan`), those of pairs one by one."""
    found = scan(inputs, config or Config()).files
    return [path for f in found for path in (f.files if isinstance(f, Parallel) else (f,))]


def scan(inputs: Sequence[str | Path | Parallel], config: Config) -> Found:
    """The files that the inputs mean: files, folders, globs and pairs, each once, in order.

    Of a folder (with its subfolders) or a glob, the files that some reader recognises, sorted,
    and pairs of a file and its translation; the others are listed with the reason. Hidden files
    and mtcheck's own report folders are left out. Raises UsageError without any input and
    DataError for one that is not there, unknown or holds nothing readable.
    """
    if not inputs:
        raise UsageError("no input; name a file, a folder or a glob")
    files: dict[tuple[Path, ...], Input] = {}
    unread: dict[Path, Unread] = {}
    for given in inputs:
        if isinstance(given, Parallel):
            _all_there(given)
            found = Found((given,))
        else:
            found = _expand(Path(given), config)
        for file in found.files:
            own = file.files if isinstance(file, Parallel) else (file,)
            files.setdefault(tuple(map(real, own)), file)
        unread |= {real(Path(u.path)): u for u in found.unread}
    for own in files:
        for path in own:
            unread.pop(path, None)
    return Found(tuple(files.values()), tuple(unread.values()))


def _all_there(pair: Parallel) -> None:
    for path in pair.files:
        if not path.is_file():
            raise DataError("no such file", path=path.as_posix(), mend="check the path")


def _expand(path: Path, config: Config) -> Found:
    name = shown(path)
    try:
        return _meant(path, name, config)
    except OSError as error:  # such as a name that is too long
        raise DataError(error.strerror or str(error), path=name, mend="check the path") from None


def _meant(path: Path, name: str, config: Config) -> Found:
    if path == STDIN:
        return Found((path,))
    if path.is_dir():
        found = _sorted_out(list(_walk(path)), path, config)
        problem = "the folder holds no file that can be read"
    elif path.exists():
        if not path.is_file():
            raise DataError("is no regular file", path=name, mend="write its content into one")
        if not _is_archive(path):
            reader_of_suffix(path, config)
        return Found((path,))
    elif any(c in name for c in "*?["):
        matches = sorted(_matches(path))
        if not matches:
            raise DataError(
                "nothing matches", path=name, mend="check the pattern and the working directory"
            )
        found = _sorted_out([m for m in matches if not m.is_dir()], None, config)
        problem = "nothing that matches can be read"
    else:
        raise DataError("no such file or folder", path=name, mend="check the path")
    if not found.files:
        raise DataError(problem, path=name, mend=f"known are {known()}")
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


def _sorted_out(paths: Sequence[Path], root: Path | None, config: Config) -> Found:
    """The files of a folder (``root``) or a glob that are data, and why the others are not."""
    files: list[Input] = []
    reasons: dict[Path, str] = {}
    for path in paths:
        # Of a pipe or a device there may be no end.
        reason = _why_not(path, config) if path.is_file() else "no regular file"
        if not reason:
            files.append(path)
            continue
        form = form_of(path) if path.is_file() else None
        other = partner(path, root or path.parent, config.languages) if form else None
        if other is not None:
            files.append(Parallel(path, other))
        else:
            reasons[path] = reason
    paired = {p for f in files if isinstance(f, Parallel) for p in f.files}
    unread = tuple(Unread(shown(p), r) for p, r in reasons.items() if p not in paired)
    return Found(tuple(f for f in files if f not in paired), unread)


def _why_not(path: Path, config: Config) -> str:
    """Why a file of a folder is no data; "" if it is."""
    beside = (config.glossary, config.suppressions, *config.decisions, config.baseline)
    if any(b and real(Path(b)) == real(path) for b in beside):
        return "the settings name it for something else"
    if _is_glossary(path):
        return "a glossary; use it with --glossary"
    if _is_archive(path):
        return "" if _holds_data(path) else "nothing in it has a reader"
    return "" if is_data(path, config) else _unreadable(path, config)


def _unreadable(path: Path, config: Config) -> str:
    if form_of(path):
        return "no reader recognises it, and no translation lies beside it"
    if _of_suffix(path, config):
        return f"the content fits no reader of {path.suffix!r} files"
    return _unknown(path)


def _unknown(path: Path) -> str:
    return (
        f"no reader for {path.suffix!r} files"
        if path.suffix
        else ("no reader for files without a suffix")
    )


def _is_glossary(path: Path) -> bool:
    """Whether a table has the columns of a glossary: ``forbidden``, or a name that says so."""
    if path.suffix.lower() not in {".csv", ".tsv"}:
        return False
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            line = file.readline(10_000)
    except OSError:
        return False
    names = {n.strip().lower() for n in next(csv.reader([re.sub("[;\t]", ",", line)]), [])}
    called = re.search(r"gloss|termin|termbase|术语|词汇", path.stem.lower())
    return {"source", "target"} <= names and ("forbidden" in names or bool(called))


def _is_archive(path: Path) -> bool:
    return path.suffix.lower() in _packed.SUFFIXES


def _holds_data(path: Path) -> bool:
    """Whether a compressed file holds something that could be data, by the names inside."""
    try:
        return any(_of_suffix(Path(name), Config()) for name in _packed.members(path))
    except (OSError, DataError):
        return True  # reading it will say what is wrong


def is_data(path: Path, config: Config) -> bool:
    """Whether some reader recognises the file."""
    return any(_recognises(r, path, config) for r in _of_suffix(path, config))


def _recognises(reader: Reader, path: Path, config: Config) -> bool:
    try:
        return reader.key == config.reader or reader.recognise(path)
    except OSError:
        return True  # reading it will say what is wrong


def _readers() -> Mapping[str, Reader]:
    return discover("readers", Reader)


def _of_suffix(path: Path, config: Config) -> list[Reader]:
    readers: Iterable[Reader] = _readers().values()
    if config.reader:
        readers = [_asked(config)]
    return [
        r
        for r in readers
        if path.suffix.lower() in r.suffixes and (not r.only_asked or r.key == config.reader)
    ]


def _asked(config: Config) -> Reader:
    readers = _readers()
    if config.reader not in readers:
        raise UsageError(f"no reader {config.reader!r}; there are {', '.join(readers)}")
    return readers[config.reader]


def known() -> str:
    """The suffixes that have a reader, for a message."""
    own = {s for r in _readers().values() for s in r.suffixes}
    own |= {s for f in discover("readers", OneSided).values() for s in f.suffixes}
    return f"{', '.join(sorted(own))}, and these in {', '.join(_packed.SUFFIXES)}"


def reader_of_suffix(path: Path, config: Config) -> list[Reader]:
    """The readers of the file's suffix. Raises DataError for an unknown one."""
    if config.reader:
        return [_asked(config)]  # named for this very file
    found = _of_suffix(path, config)
    if not found:
        mend = f"known are {known()}"
        if form_of(path):
            mend = "give the other language too: --source FILE --hypothesis FILE"
        raise DataError(_unknown(path), path=path.as_posix(), mend=mend)
    return found


def reader_of(path: Path, config: Config) -> Reader:
    """Who reads a file. Raises DataError."""
    found = reader_of_suffix(path, config)
    # A lone reader tells best itself why it can't read the file.
    for reader in found:
        if len(found) == 1 or _recognises(reader, path, config):
            return reader
    raise DataError(
        f"the content fits no reader of {path.suffix!r} files",
        path=path.as_posix(),
        mend="tried: " + "; ".join(f"{r.key} ({r.description})" for r in found),
    )
