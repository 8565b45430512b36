"""Standard notation in right translations raises nothing grave, a wrong value in it does.

``notations.tsv`` has the columns ``kind``, ``expected`` (``silent`` or ``major``, as in
:mod:`tests.pairs`), ``source`` and ``hypothesis``. ``clean_abstracts_*.jsonl`` hold
whole abstracts in the styles of JAMA and Cochrane, each with a right translation.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import mtcheck
from tests.pairs import Reported

CASES = Path(__file__).parent / "cases"


def _read() -> list[Reported]:
    with (CASES / "notations.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Reported(id=f"{row['kind']}-{i}", **row) for i, row in enumerate(rows, 2)]


@pytest.mark.parametrize("pair", _read(), ids=str)
def test_notation(pair: Reported) -> None:
    found = pair.findings()
    told = [(f.code, f.severity.label, f.message) for f in found]
    assert pair.as_expected(found), f"{pair.source} / {pair.hypothesis}: {told}"


@pytest.mark.parametrize("style", ["jama", "cochrane"])
def test_clean_abstracts_raise_no_alarm(style: str) -> None:
    audit = mtcheck.audit(CASES / f"clean_abstracts_{style}.jsonl")
    assert audit.segments["doc_id"].nunique() == 20
    grave = audit.findings[audit.findings["severity"].isin(["major", "critical"])]
    assert len(grave) <= 1, grave[["segment_id", "code", "message"]].to_string()
