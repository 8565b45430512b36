"""A little of what ``python -m tests.fuzz`` does for long."""

from __future__ import annotations

from tests.fuzz import fuzz


def test_a_thousand_damaged_inputs() -> None:
    assert fuzz(1_000, 60, 1) == 0
