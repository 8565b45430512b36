"""Report formats: the interface here, one format per file beside it.

A format is a module-level :class:`Format`; another package adds one by an entry point in the
group ``mtcheck.reporters.folder``. Its writer is opened in a :class:`Folder`, given the
inspected batches one by one and at last the summary::

    with Folder(out) as folder:
        writers = [format.open(folder, run) for format in chosen(config)]
        for batch in batches:
            for writer in writers:
                writer.add(batch)
        for writer in writers:
            writer.end(summary)
        write_summary(folder, summary)

A writer holds no more than one batch; what is sorted over the whole run waits on disk.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from mtcheck.config import Config
from mtcheck.errors import UsageError, did_you_mean
from mtcheck.files import hidden, put, real, sweep
from mtcheck.records import dump, plain
from mtcheck.registry import discover
from mtcheck.reporters import Run, Writer

__all__ = [
    "REJECTED",
    "SUMMARY",
    "Folder",
    "Format",
    "all_formats",
    "chosen",
    "write_summary",
]

SUMMARY = "summary.json"
REJECTED = "rejected.jsonl"

# What a desktop leaves in any folder that was looked at.
_LITTER = re.compile(r"\.DS_Store|Thumbs\.db|desktop\.ini|\.~lock\..*|~\$.*")
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}


@dataclass(frozen=True)
class Format:
    """A report format: ``key`` names it on the command line, ``files`` is what it writes.

    ``open`` takes an existing folder to write into, and the run that is told about.
    """

    key: str
    files: tuple[str, ...]
    open: Callable[[Path, Run], Writer]


def all_formats() -> dict[str, Format]:
    """Every installed format by key, sorted by key."""
    return dict(sorted(discover("reporters.folder", Format).items()))


def chosen(config: Config) -> list[Format]:
    """The formats that ``config.formats`` names, each once. Raises UsageError for an unknown."""
    formats = all_formats()
    for key in config.formats:
        if key not in formats:
            raise UsageError(f"unknown report format {key!r}; {did_you_mean(key, formats)}")
    return [formats[key] for key in dict.fromkeys(config.formats)]


def write_summary(folder: Path, summary: Mapping[str, object]) -> None:
    """Write ``summary.json``, by which mtcheck knows a report folder as its own."""
    with (folder / SUMMARY).open("w", encoding="utf-8", newline="\n") as file:
        file.write(dump(plain(summary), indent=2) + "\n")


# --- the folder ----------------------------------------------------------------------------


class Folder:
    """A report folder that appears whole or not at all.

    ``with Folder(out) as path`` gives a hidden new folder beside ``out`` to write into. When
    the block ends well it takes the place of ``out``; when it raises, it is removed and an
    earlier report stays as it was. Missing parent folders are made.

    An existing ``out`` is replaced only when it is empty or an earlier report: it holds a
    ``summary.json`` with ``mtcheck_version`` and nothing but report files. Otherwise, and
    when the disk does not let us write, raises UsageError.
    """

    def __init__(self, out: Path) -> None:
        self._name = out
        self._out = real(out)
        self._new = hidden(self._out)
        self._made: list[Path] = []

    def __enter__(self) -> Path:
        try:
            sweep(self._out)
            self.check()
            for parent in reversed(self._out.parents):
                if not parent.exists():
                    parent.mkdir()
                    self._made.append(parent)
            self._new.mkdir()
        except OSError as error:
            self._clear()
            raise self._unwritable(error) from None
        return self._new

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self.check()
                put(self._new, self._out)
                return
        except OSError as late:
            raise self._unwritable(late) from None
        finally:
            self._clear()
        if self._ours(error):
            raise self._unwritable(error) from None

    def check(self) -> None:
        """Refuse to replace what an earlier run did not write."""
        if not self._out.exists():
            return
        if not self._out.is_dir():
            raise UsageError(f"{self._name}: is a file; choose a folder with --out")
        inside = [p for p in self._out.iterdir() if not _LITTER.fullmatch(p.name)]
        if not inside:
            return
        if not self._is_report():
            raise UsageError(
                f"{self._name}: exists and is no mtcheck report; "
                "choose another folder with --out, or remove it"
            )
        known = {SUMMARY, REJECTED, *(f for x in all_formats().values() for f in x.files)}
        foreign = sorted(p.name for p in inside if p.name not in known)
        if foreign:
            raise UsageError(
                f"{self._name}: holds files that are not the report's ({', '.join(foreign[:3])}"
                f"{', …' if len(foreign) > 3 else ''}); "
                "move them away, or choose another folder with --out"
            )

    def _is_report(self) -> bool:
        try:
            summary = json.loads((self._out / SUMMARY).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        return isinstance(summary, dict) and "mtcheck_version" in summary

    def _clear(self) -> None:
        shutil.rmtree(self._new, ignore_errors=True)
        for parent in reversed(self._made):
            try:
                parent.rmdir()  # only while empty
            except OSError:
                break

    def _ours(self, error: BaseException) -> bool:
        """Whether an error in the block came from writing the report, not from its reading."""
        if isinstance(error, sqlite3.Error):
            return True
        if not isinstance(error, OSError):
            return False
        inside = isinstance(error.filename, str) and error.filename.startswith(
            f"{self._new}{os.sep}"
        )
        return inside or error.errno in _NO_ROOM

    def _unwritable(self, error: BaseException) -> UsageError:
        why = (isinstance(error, OSError) and error.strerror) or str(error)
        return UsageError(
            f"{self._name}: can't write the report ({why}); "
            "choose another folder with --out, or free some space"
        )
