"""An audit by a column: corpus scores with intervals, findings and flagged segments of each."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from mtcheck.errors import UsageError
from mtcheck.inspected import Inspected
from mtcheck.tally import Tally

__all__ = ["by"]


def by(
    column: str,
    whole: Inspected,
    *,
    signatures: Mapping[str, str],
    languages: tuple[str, str],
) -> pd.DataFrame:
    """One row a value of a column, missing ones included, in order of appearance.

    Counts of documents, segments, flagged ones and findings by severity; then each corpus score
    as ``bleu`` with ``bleu_low`` and ``bleu_high``, its 95% interval over the group's own
    documents. Nothing is pooled across groups. Raises UsageError for an unknown column and for
    one that differs within a document.
    """
    segments, owners = whole.segments, whole.owners
    if column not in segments.columns:
        raise UsageError(f"no column {column!r}; there is {', '.join(segments.columns)}")
    values = [None if pd.isna(v) else v for v in segments[column]]
    of_document: dict[int, object] = {}
    for owner, value in zip(owners, values, strict=True):
        if of_document.setdefault(owner, value) != value:
            raise UsageError(
                f"{column!r} differs within a document, and corpus scores are of whole "
                f"documents; for counts use segments.groupby({column!r})"
            )
    rows: dict[object, dict[str, object]] = {}
    for value in dict.fromkeys(values):
        own = [i for i, v in enumerate(values) if v == value]
        tally = Tally()
        tally.add(
            Inspected(
                segments.iloc[own],
                tuple(whole.ranks[i] for i in own),
                tuple(whole.documents[d] for d in sorted({owners[i] for i in own})),
            )
        )
        counts = tally.counts()
        row: dict[str, object] = {
            "documents": counts["documents"],
            "segments": counts["segments"],
            "flagged": counts["segments"] - counts["status"]["accept"],
            "findings": sum(counts["severity"].values()),
            **counts["severity"],
        }
        for score in tally.scores(signatures, languages):
            low, high = score.ci or (None, None)
            row |= {score.name: score.value, f"{score.name}_low": low, f"{score.name}_high": high}
        rows[value] = row
    return pd.DataFrame(list(rows.values()), index=pd.Index(list(rows), name=column))
