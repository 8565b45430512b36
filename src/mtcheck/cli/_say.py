"""The one way out for a line: what is printed for people goes through here.

Ids, file names and texts of the input stand in it. In a build's log a line that begins with
``::`` or holds ``##[`` is a command to the runner, and in a terminal an escape character is one
to the terminal; neither is to come from somebody's data. What a machine reads (``check --format
github``, JSON, SARIF) is written to the bare stream by writers that escape for their format.
"""

from __future__ import annotations

import io
import json
import re
import sys
from typing import TYPE_CHECKING, TextIO

from mtcheck.text.visible import bare, terminal

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["Guarded", "console", "data", "note", "out"]

_RAW = re.compile("(?<=#)#|[\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u2069]")
_COMMAND = re.compile(r"^([^\S\n]*):(?=:)|##(?=\[)", re.MULTILINE)
_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~])?|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f]")


class Guarded(io.TextIOBase):
    """A stream on which no line is a command to a build's runner.

    Where it is no terminal, nothing is a command to one either. A line that would be one gets a
    backslash, and is otherwise left as it was.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._begins = True

    def write(self, text: str) -> int:
        """Write text, its lines made harmless. Returns the length of ``text``."""
        safe = text if self.isatty() else _ESCAPE.sub("", text)
        # A piece in the middle of a line does not begin one.
        lead = "" if self._begins else "."
        safe = _COMMAND.sub(_broken, lead + safe)[len(lead) :]
        self._begins = text.endswith("\n") if text else self._begins
        # A stream that can't show a character is no reason to lose the line.
        self._stream.write(safe.encode(self.encoding, "backslashreplace").decode(self.encoding))
        return len(text)

    def flush(self) -> None:
        """Flush the stream beneath."""
        self._stream.flush()

    def isatty(self) -> bool:
        """Whether the stream beneath is a terminal."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """The descriptor of the stream beneath."""
        return self._stream.fileno()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the stream beneath."""
        return getattr(self._stream, "encoding", None) or "utf-8"

    @property
    def errors(self) -> str | None:  # type: ignore[override]
        """What the stream beneath does with what it can't encode."""
        return getattr(self._stream, "errors", None)


def _broken(match: re.Match[str]) -> str:
    return "##\\" if match[1] is None else f"{match[1]}\\:"


def _write(stream: TextIO, text: str) -> None:
    Guarded(stream).write(text + "\n")


def out(text: str) -> None:
    """Print lines to stdout."""
    _write(sys.stdout, bare(text))


def data(value: object, *, indent: int | None = 2) -> None:
    """Print JSON to stdout: the value as it is, no line of it a command."""
    said = json.dumps(value, ensure_ascii=False, indent=indent)
    # Only strings hold these, and an escape says the same.
    _write(sys.stdout, _RAW.sub(lambda m: f"\\u{ord(m[0]):04x}", said))


def note(text: str) -> None:
    """Print a note to stderr, on one line."""
    _write(sys.stderr, " ".join(terminal(text).split()))


def console(*, stderr: bool = False) -> Console:
    """A console for tables and bars."""
    from rich.console import Console

    stream = Guarded(sys.stderr if stderr else sys.stdout)
    return Console(file=stream, highlight=False)  # type: ignore[arg-type]
