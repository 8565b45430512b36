"""What a file of a format is to give: rows, or texts of one language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mtcheck.config import Config
from mtcheck.errors import DataError

__all__ = ["SKIP", "Entry", "OneSided", "Reader", "Rejected", "Remark", "Remarks", "Row"]

SKIP = "or set bad rows aside with --bad-rows skip"


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
        mend = f"{self.mend}, {SKIP}"
        if self.path:
            return DataError(self.problem, path=self.path, line=self.line, mend=mend)
        return DataError(self.problem, path=f"row {self.line}", mend=mend)


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding as it is written back: who says it is ``mtcheck``.

    ``severity`` is a label of :class:`mtcheck.types.Severity`, ``category`` an MQM path.
    """

    text: str
    category: str
    severity: str


Remarks = Mapping[tuple[int | None, str], Sequence[Remark]]
"""What there is to say of the segments of a file, by line and segment id."""


@dataclass(frozen=True)
class Reader:
    """A file format. ``suffixes`` are lower case with their dot.

    ``recognise`` looks at the content: it tells readers apart that share a suffix, and picks
    the files of a folder. ``read`` gives the rows, and a Rejected for a row it can't parse;
    it raises DataError when the file as a whole is unusable. A reader of ``text`` reads in the
    encoding of the settings. One that is ``only_asked`` reads what the user names it for.
    ``annotate`` gives the bytes of a file with remarks put in and nothing else changed; it raises
    DataError where that can't be.
    """

    key: str
    suffixes: tuple[str, ...]
    description: str
    recognise: Callable[[Path], bool]
    read: Callable[[Path, Config], Iterator[Row | Rejected]]
    text: bool = False
    only_asked: bool = False
    annotate: Callable[[Path, Config, Remarks], bytes] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A text of one language. ``key`` joins it to its translation; ``line`` counts from 1."""

    key: str
    text: str
    line: int | None = None


@dataclass(frozen=True)
class OneSided:
    """A format whose files hold one language each. ``suffixes`` are lower case with their dot.

    ``read`` gives the texts of a file, which are joined to those of another by their keys; it
    raises DataError. With ``by_line`` lines are joined, and it is not asked.
    """

    key: str
    suffixes: tuple[str, ...]
    description: str
    read: Callable[[Path, Config], Iterator[Entry]]
    by_line: bool = False
