"""The kept verdicts on unmarked findings, and the precision of the default rules by them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mtcheck.lab.rules.adjudications import read_adjudications
from mtcheck.lab.rules.judge import evaluate_rules
from tests.conftest import ROOT, shared

VERDICTS = ROOT / "tests" / "adjudications.jsonl"
FIELDS = {"segment", "code", "fingerprint", "verdict", "reason"}
READ, READ_MAJOR = 0.993, 0.979
MARGIN = 0.02


def rows() -> list[dict[str, str]]:
    return [json.loads(line) for line in VERDICTS.read_text(encoding="utf-8").splitlines()]


def test_every_row_is_a_verdict_on_another_finding() -> None:
    assert len(read_adjudications(VERDICTS)) == len(rows())


def test_no_text_of_others_is_kept() -> None:
    for row in rows():
        assert set(row) == FIELDS
        assert 0 < len(row["reason"].split()) <= 12


def files() -> list[Path]:
    return [shared(f"human/bio_mqm_{part}.jsonl") for part in ("dev", "train")]


@pytest.mark.slow
def test_the_default_rules_are_as_precise_as_when_they_were_read() -> None:
    done = evaluate_rules(
        files(),
        exclude_systems=("reference", "reference_r1"),
        verdicts=read_adjudications(VERDICTS),
    )
    all_, major = done.groups
    assert (all_.adjudicated or 0.0) >= READ - MARGIN
    assert (major.adjudicated or 0.0) >= READ_MAJOR - MARGIN
