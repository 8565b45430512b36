"""``text``: a line a finding, ``path:line: CODE severity message``, for people and ``grep``."""

from __future__ import annotations

from typing import TextIO

from mtcheck.inspected import Inspected
from mtcheck.records import findings
from mtcheck.reporters import Run
from mtcheck.reporters.stream import Stream
from mtcheck.reporters.stream._shared import located, log_line
from mtcheck.reporters.terminal import text_line
from mtcheck.summary import Summary

__all__ = ["STREAM"]


class _Writer:
    def __init__(self, out: TextIO, run: Run) -> None:
        self._out, self._run = out, run

    def add(self, inspected: Inspected) -> None:
        for _, record in located(inspected, self._run):
            for finding in findings(record):
                self._out.write(log_line(text_line(record, finding)) + "\n")

    def end(self, summary: Summary) -> None:  # noqa: ARG002
        """Nothing to write: the lines are findings alone, the verdict goes to stderr."""
        self._out.flush()


STREAM = Stream("text", _Writer, scores=False)
