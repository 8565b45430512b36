"""Pairs in a table, each with what the default rules must say of it, and those not yet right.

A table has the columns ``id``, ``kind``, ``expected``, ``source``, ``hypothesis``. Expected is
``silent`` (nothing of severity major or above), ``major`` (something of it), ``finding`` (anything
at all) or ``no-comparator`` (nothing from ACC010). The ids that are not yet as expected stand in
a file of their own, one a line. That list only shrinks: a pair that comes right must be taken off.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest

from mtcheck.config import Config
from mtcheck.rules import selected
from mtcheck.types import Finding, Segment, Severity

CASES = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Reported:
    """One pair, and what is expected of it."""

    id: str
    kind: str
    expected: str
    source: str
    hypothesis: str

    def __str__(self) -> str:
        return self.id

    def findings(self) -> list[Finding]:
        """What the default rules find in it, as in a row that came aligned."""
        segment = Segment("reported", self.id, self.source, self.hypothesis)
        config = Config()
        return [f for rule in selected(config) for _, f in rule.run([segment], config)]

    def as_expected(self, found: list[Finding]) -> bool:
        if self.expected == "no-comparator":
            return all(f.code != "ACC010" for f in found)
        if self.expected == "finding":
            return bool(found)
        grave = any(f.severity >= Severity.MAJOR for f in found)
        return grave == {"major": True, "silent": False}[self.expected]


class Table:
    """The pairs of ``NAME.tsv`` and the ids in ``NAME_open.txt``."""

    def __init__(self, name: str) -> None:
        self._open = CASES / f"{name}_open.txt"
        with (CASES / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
            self.pairs = [Reported(**row) for row in csv.DictReader(file, delimiter="\t")]
        self.known_open = frozenset(self._open.read_text(encoding="utf-8").split())

    def check(self, pair: Reported) -> None:
        """Fail unless a pair is as expected, or on the list and not."""
        found = pair.findings()
        told = [(f.code, f.severity.label, f.message) for f in found]
        if pair.id in self.known_open:
            assert not pair.as_expected(found), f"comes right now: take {pair.id} off the list"
            pytest.xfail(f"{pair.kind}: not yet {pair.expected}")
        assert pair.as_expected(found), f"{pair.kind}: expected {pair.expected}, found {told}"

    def check_list(self) -> None:
        """Fail where the list names a pair that there is not."""
        assert not self.known_open - {pair.id for pair in self.pairs}

    def rewrite(self) -> str:
        """Write the list anew, and say how many pairs are as expected."""
        wrong = [pair.id for pair in self.pairs if not pair.as_expected(pair.findings())]
        self._open.write_text("".join(f"{i}\n" for i in wrong), encoding="utf-8")
        return f"{len(self.pairs) - len(wrong)} of {len(self.pairs)} as expected"
