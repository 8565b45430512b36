"""Right translations of our own, for planting errors that public references hardly carry.

Sentences in the manner of abstracts, written for this project without regard to what any rule
does with them: negations, directions, comparatives, units, dates, statistics, multiples,
formulas, acronyms. All findings and numbers are made up.
"""

from __future__ import annotations

import itertools
import operator

from mtcheck.lab.labels import Labelled
from mtcheck.languages.tables import read
from mtcheck.types import Segment

__all__ = ["CLEAN_PAIRS", "CLEAN_TEXTS", "clean_rows"]

_TABLE = read("mtcheck.lab.planting", "clean_pairs.tsv")
CLEAN_PAIRS = tuple((english, chinese) for text, english, chinese in _TABLE if text == "-")
"""English and Chinese."""
CLEAN_TEXTS = tuple(
    tuple((english, chinese) for _, english, chinese in rows)
    for text, rows in itertools.groupby(_TABLE, key=operator.itemgetter(0))
    if text != "-"
)
"""Sentences that belong together."""


def clean_rows() -> list[Labelled]:
    """The pairs as rows, each a document of its own, then the rows of the texts."""
    documents = [(pair,) for pair in CLEAN_PAIRS] + list(CLEAN_TEXTS)
    return [
        Labelled(
            Segment(
                f"own-{n}",
                f"own-{n}#{i}",
                source,
                hypothesis,
                index=i,
                source_end=len(source),
                hypothesis_end=len(hypothesis),
            )
        )
        for n, rows in enumerate(documents, start=1)
        for i, (source, hypothesis) in enumerate(rows)
    ]
