"""Figures of the stack: words that are marked, and rows set beside one another."""

from __future__ import annotations

import numpy as np

from mtcheck.lab.risk.figures import _word_figures, _word_threshold
from mtcheck.lab.risk.witnesses import Judgements
from mtcheck.models.risk import Marked
from mtcheck.risk import FEATURES, KINDS
from mtcheck.types import Segment


def judged() -> Judgements:
    """Twelve rows of six words; the last word of each is the likeliest to be wrong."""
    text = "一二三四五六。"
    words = tuple(Marked(i, i + 1, (0.9 if i == 5 else 0.1 * i)) for i in range(6))
    stop = Marked(6, 7, 0.99)
    rows = 12
    zeros = np.zeros(rows, dtype=np.intp)
    return Judgements(
        tuple(Segment("d", f"d#{i}", "source", text) for i in range(rows)),
        np.zeros((rows, len(FEATURES))),
        np.zeros((rows, len(KINDS))),
        np.zeros(rows, dtype=bool),
        -np.arange(rows, dtype=np.float64),
        np.zeros(rows),
        zeros,
        zeros,
        zeros,
        ((*words, stop),) * rows,
        (((5, 7),),) * rows,
    )


def test_one_word_in_six_is_marked_and_punctuation_is_none() -> None:
    rows = judged()
    threshold = _word_threshold([rows])
    assert 0.4 < threshold < 0.9
    assert "16.7% marked, 16.7% wrong" in _word_figures(rows, threshold)
    assert "MCC 1.000" in _word_figures(rows, threshold)


def test_some_rows_keep_what_belongs_to_them() -> None:
    rows = judged()
    some = rows.take(np.arange(12) % 3 == 0)
    assert [s.segment_id for s in some.segments] == ["d#0", "d#3", "d#6", "d#9"]
    assert some.quality.tolist() == [0, -3, -6, -9]
    assert len(some.words) == len(some.marks) == 4
