"""Formats of ``mtcheck check``: the interface here, one format per file beside it.

A format is a module-level :class:`Stream`; another package adds one by an entry point in the
group ``mtcheck.reporters.stream``. Its writer is fed like a report's, but writes to a
text stream, which may be a pipe: in order, once, and no more than one batch in memory::

    writer = all_streams()["sarif"].open(sys.stdout, Run(config, rules=notes, root=Path.cwd()))
    writer.add(inspected)
    writer.end(summary)

Every format tells the gate's verdict and its reasons, which the summary holds; in ``text``,
whose lines are findings alone, the command says them on stderr. Text of the input never
drives what reads the output: no escape sequence, no workflow command, no markup.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

from mtcheck.errors import UsageError, did_you_mean
from mtcheck.registry import discover
from mtcheck.reporters import Run, Writer

__all__ = ["Stream", "all_streams", "stream"]


@dataclass(frozen=True)
class Stream:
    """An output format: ``key`` names it on the command line.

    ``open`` takes the stream to write UTF-8 text to, which it leaves open, and the run. Where it
    tells no ``scores``, only those are measured that a gate holds.
    """

    key: str
    open: Callable[[TextIO, Run], Writer]
    scores: bool = True


def all_streams() -> dict[str, Stream]:
    """Every installed output format by key, sorted by key."""
    return dict(sorted(discover("reporters.stream", Stream).items()))


def stream(key: str) -> Stream:
    """The output format of that key. Raises UsageError, naming the nearest."""
    known = all_streams()
    if key not in known:
        raise UsageError(f"unknown output format {key!r}; {did_you_mean(key, known)}")
    return known[key]
