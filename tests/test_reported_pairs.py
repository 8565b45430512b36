"""Pairs of kinds that users report, each with what the default rules must say of it.

``reported_pairs.tsv`` has the columns ``id``, ``kind``, ``expected``, ``source``,
``hypothesis``. Expected is ``silent`` (nothing of severity major or above), ``major`` (something
of it), ``finding`` (anything at all) or ``no-comparator`` (nothing from ACC010). The ids that are
not yet as expected stand in ``reported_pairs_open.txt``, one a line. The list only shrinks: a
pair that comes right must be taken off it. ``python -m tests.test_reported_pairs`` writes it anew.
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
OPEN = CASES / "reported_pairs_open.txt"


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


def _read() -> list[Reported]:
    with (CASES / "reported_pairs.tsv").open(encoding="utf-8", newline="") as file:
        return [Reported(**row) for row in csv.DictReader(file, delimiter="\t")]


PAIRS = _read()
KNOWN_OPEN = frozenset(OPEN.read_text(encoding="utf-8").split())


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_reported_pair(pair: Reported) -> None:
    found = pair.findings()
    told = [(f.code, f.severity.label, f.message) for f in found]
    if pair.id in KNOWN_OPEN:
        assert not pair.as_expected(found), f"comes right now: take {pair.id} off {OPEN.name}"
        pytest.xfail(f"{pair.kind}: not yet {pair.expected}")
    assert pair.as_expected(found), f"{pair.kind}: expected {pair.expected}, found {told}"


def test_the_list_names_pairs_there_are() -> None:
    assert not KNOWN_OPEN - {pair.id for pair in PAIRS}


if __name__ == "__main__":
    wrong = [pair.id for pair in PAIRS if not pair.as_expected(pair.findings())]
    OPEN.write_text("\n".join(wrong) + "\n", encoding="utf-8")
    print(f"{len(PAIRS) - len(wrong)} of {len(PAIRS)} as expected")
