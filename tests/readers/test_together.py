"""What is found of a document does not depend on where in the input its rows stand."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

import mtcheck
from mtcheck.config import Config
from mtcheck.readers import batches as read
from mtcheck.readers import from_frame

ROWS = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(["x", "y"])), min_size=1)


@settings(deadline=None)
@given(ROWS, st.integers(1, 3))
def test_no_batch_has_a_part_of_a_document(rows: list[tuple[str, str]], size: int) -> None:
    frame = pd.DataFrame(rows, columns=["doc_id", "system"])
    frame["source"], frame["mt"], frame["segment_id"] = "Rain.", "雨。", range(len(frame))
    found = [b.frame for b in from_frame(frame, Config(batch_size=size))]
    owners = [set(f["doc_id"]) for f in found]
    assert sum(map(len, owners)) == len({doc for doc, _ in rows})
    every = pd.concat(found)
    assert sorted(every["segment_id"], key=int) == [str(n) for n in range(len(rows))]
    for _, own in every.groupby("doc_id"):
        assert own["line"].is_monotonic_increasing
    if len(rows) <= 8 * size:
        assert every["line"].tolist() == list(range(1, len(rows) + 1))


def test_shuffled_rows_give_what_sorted_ones_give(tmp_path: Path) -> None:
    rows = [
        {"doc_id": f"d{d}", "segment_id": f"d{d}.{n}", "mt": f"第{d}天下了{n}毫米雨。",
         "source": f"On day {d} there were {n if n % 3 else n + 7} millimetres of rain."}
        for d in range(12) for n in range(6)
    ]  # fmt: skip
    random.Random(5).shuffle(rows)
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    whole = mtcheck.audit(path, risk=False)
    assert len(whole.documents) == 12
    for size in (1, 3):
        parts = mtcheck.audit(path, risk=False, batch_size=size)
        assert parts.summary["counts"] == whole.summary["counts"]
        for name in ("segments", "findings", "documents"):
            columns = ["doc_id"] if name == "documents" else ["doc_id", "segment_id"]
            one, other = (
                getattr(a, name).sort_values(columns, kind="stable").reset_index(drop=True)
                for a in (whole, parts)
            )
            pd.testing.assert_frame_equal(one, other)


def test_bad_rows_among_scattered_ones_are_all_set_aside(tmp_path: Path) -> None:
    lines = [
        "{" if n % 5 == 0 else json.dumps({"doc_id": n % 3, "source": "Rain.", "mt": "雨。"})
        for n in range(100)
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    found = list(read([path], Config(bad_rows="skip", batch_size=1)))
    assert sum(len(b.frame) for b in found) == 80
    assert sorted(r.line or 0 for b in found for r in b.rejected) == list(range(1, 101, 5))
