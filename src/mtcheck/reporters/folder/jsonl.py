"""``segments.jsonl``: one JSON object a segment, exact and complete. Other tools read this.

``mtcheck schema segments`` prints its JSON Schema. ``schema_version`` in ``summary.json`` is
raised when a name or a meaning changes; new names may come without.
"""

from __future__ import annotations

from pathlib import Path

from mtcheck.inspected import Inspected, ranked
from mtcheck.records import dump
from mtcheck.reporters import Run
from mtcheck.reporters.folder import Format
from mtcheck.summary import Summary

__all__ = ["FORMAT"]

FILE = "segments.jsonl"


class _Writer:
    def __init__(self, folder: Path, run: Run) -> None:  # noqa: ARG002
        self._path = folder / FILE
        self._path.touch()

    def add(self, inspected: Inspected) -> None:
        with self._path.open("a", encoding="utf-8", newline="\n") as file:
            file.writelines(dump(record) + "\n" for _, record in ranked(inspected))

    def end(self, summary: Summary) -> None:
        """Nothing is left to do: every batch is written as it comes."""


FORMAT = Format("jsonl", (FILE,), _Writer)
