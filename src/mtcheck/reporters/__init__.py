"""Reports, by what they are written to, and what they share.

``folder/`` holds the files of a report folder, ``stream/`` the output of ``mtcheck check``,
``comparison/`` the reports of a comparison, one format a file; :mod:`~mtcheck.reporters.terminal`
is for people at a prompt. Whatever a format is, it is fed through a :class:`Writer`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from mtcheck.config import Config
from mtcheck.inspected import Inspected
from mtcheck.summary import Summary

__all__ = ["RuleNote", "Run", "Writer"]


@dataclass(frozen=True, slots=True)
class RuleNote:
    """What a report tells of a rule that ran.

    ``severity`` is the one in force, ``page`` the rule's documentation, ``precision`` the share
    of its findings that people confirmed, 0 to 1, or None where it was not measured, and
    ``chinese`` its name in Chinese.
    """

    code: str
    name: str
    category: str
    severity: str
    summary: str
    page: str
    precision: float | None = None
    chinese: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """The run that is told about. Paths are told from ``root`` where they lie below it."""

    config: Config
    rules: tuple[RuleNote, ...] = ()
    root: Path = Path()


class Writer(Protocol):
    """What a format's ``open`` returns."""

    def add(self, inspected: Inspected) -> None:
        """Take one inspected batch."""

    def end(self, summary: Summary) -> None:
        """Finish the files; no batch follows."""
