"""Neither the order of the rows nor the batches they come in change a result."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mtcheck
from mtcheck.inspected import Inspected, ranked
from mtcheck.models.remembering import remembering
from mtcheck.records import Record
from tests.conftest import ROOT

DOCUMENTS = pd.read_csv(ROOT / "data" / "abstracts.csv", dtype=str).head(3)
ALIGNED = pd.DataFrame(
    {"id": f"a{n}", "segment_id": f"a{n}", "source": f"Sleep improved by {n} points.",
     "hypothesis": "睡眠改善了" * (n % 3) + f"{n}分。"}
    for n in range(9)
)  # fmt: skip


LEFT_OUT = {"line"}  # where a row stands in its file


def records(frame: pd.DataFrame, size: int) -> dict[str, Record]:
    audit = mtcheck.audit(frame, batch_size=size, risk=len(frame) > 3)
    found = (record for _, record in ranked(Inspected.of(audit.segments)))
    return {str(r["segment_id"]): {k: v for k, v in r.items() if k not in LEFT_OUT} for r in found}


@pytest.fixture(scope="module")
def expected() -> list[dict[str, Record]]:
    return [records(frame, 64) for frame in (DOCUMENTS, ALIGNED)]


@pytest.mark.parametrize("which", [0, 1])
@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10**6), size=st.integers(1, 9))
def test_rows_shuffled_and_cut_otherwise(
    expected: list[dict[str, Record]], which: int, seed: int, size: int
) -> None:
    remembering.cache_clear()
    frame = (DOCUMENTS, ALIGNED)[which].sample(frac=1, random_state=seed)
    assert records(frame, size) == expected[which]
