"""``json``: one object with ``findings``, ``verdict`` and ``summary``.

A finding is a row of the findings table (``mtcheck schema findings``), a line each; the
summary is what an audit keeps in ``summary.json`` (``mtcheck schema summary``).
"""

from __future__ import annotations

from typing import TextIO

from mtcheck import schema
from mtcheck.inspected import Inspected
from mtcheck.records import finding_rows
from mtcheck.reporters import Run
from mtcheck.reporters.stream import Stream
from mtcheck.reporters.stream._shared import json_line, located
from mtcheck.summary import Summary

__all__ = ["STREAM"]


class _Writer:
    def __init__(self, out: TextIO, run: Run) -> None:
        self._out, self._run = out, run
        self._before = "\n"
        out.write(f'{{"schema_version": {schema.VERSION},\n"findings": [')

    def add(self, inspected: Inspected) -> None:
        for _, record in located(inspected, self._run):
            for row in finding_rows(record):
                self._out.write(self._before + json_line(row))
                self._before = ",\n"

    def end(self, summary: Summary) -> None:
        self._out.write(f'\n],\n"verdict": {json_line(summary.get("verdict"))},\n')
        self._out.write(f'"summary": {json_line(summary)}}}\n')
        self._out.flush()


STREAM = Stream("json", _Writer)
