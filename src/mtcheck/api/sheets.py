"""Labelling: a sheet of segments to judge by hand, and the judgements as labels."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from mtcheck import readers
from mtcheck.api.frames import as_frame
from mtcheck.errors import DataError, UsageError
from mtcheck.files import write_whole
from mtcheck.records import dump, plain

__all__ = ["COLUMNS", "labels", "sample"]

COLUMNS = ("major_error", "kind", "note")
"""What a person fills in: yes or no; an MQM category; anything."""

_WORDS = {
    **dict.fromkeys(("1", "1.0", "yes", "y", "true", "是", "有"), 1),
    **dict.fromkeys(("0", "0.0", "no", "n", "false", "否", "无"), 0),
}


def sample(segments: pd.DataFrame, n: int, budget: float, seed: int) -> pd.DataFrame:
    """``n`` segments to label: the share ``budget`` of them the riskiest, the rest at random.

    Only the random ones (``drawn``) say how good the text is and may fit a calibration. Raises
    UsageError for an ``n`` below 1, a budget outside 0 to 1, or one without risks.
    """
    if n < 1 or not 0 <= budget <= 1:
        raise UsageError("n must be 1 or more, and budget a share from 0 to 1")
    if budget and segments["risk"].isna().all():
        raise UsageError("a budget needs the risk; audit with risk=True")
    whole = segments[segments["hypothesis"].str.strip() != ""]
    n = min(n, len(whole))
    order = whole["risk"].to_numpy(dtype=float, na_value=-1.0).argsort(kind="stable")[::-1]
    risky = set(order[: round(n * budget)].tolist())
    rest = [i for i in range(len(whole)) if i not in risky]
    drawn = np.random.default_rng(seed).choice(rest, size=n - len(risky), replace=False)
    chosen = sorted([*risky, *drawn.tolist()])
    names = ["doc_id", "segment_id", "source", "hypothesis"]
    sheet = whole.iloc[chosen][names].reset_index(drop=True)
    sheet["drawn"] = ["riskiest" if i in risky else "random" for i in chosen]
    for name in COLUMNS:
        sheet[name] = ""
    return sheet


def labels(
    sheet: object, *, out: str | Path | None = None, everything: bool = False
) -> pd.DataFrame:
    """A sheet that was filled in, as labels for ``mtcheck calibrate`` and ``evaluate``.

    ``sheet`` is a table or a file of one. Rows left empty are left out, and so are the riskiest
    ones unless ``everything`` is asked for: as labels of a calibration they would mislead.
    ``out`` writes JSON lines. Raises DataError for a sheet without the columns, with another
    word than yes or no, or without a judgement.
    """
    rows = _rows(sheet)
    kept = []
    for number, row in enumerate(rows, 1):
        told = str(plain(row.get("major_error")) or "").strip().lower()
        if plain(row.get("major_error")) in (0, False):
            told = "0"
        if not told or (row.get("drawn") == "riskiest" and not everything):
            continue
        if told not in _WORDS:
            raise DataError(
                f"row {number}: major_error is {told!r}", mend="write yes or no, or leave it empty"
            )
        own = {k: plain(row.get(k)) for k in ("doc_id", "segment_id", "source", "hypothesis")}
        kept.append({**own, "bad": _WORDS[told]})
    if not kept:
        raise DataError("the sheet has no judgement", mend="fill in major_error: yes or no")
    if out is not None:
        write_whole(Path(out), "".join(dump(plain(row)) + "\n" for row in kept))
    return pd.DataFrame(kept)


def _rows(sheet: object) -> Sequence[dict[str, object]]:
    if isinstance(sheet, str | Path):
        rows = [dict(row.values) for row in readers.rows(Path(sheet))]
    else:
        frame = as_frame(sheet)
        if frame is None:
            raise UsageError(f"a {type(sheet).__name__} is no sheet; give a table or a file")
        rows = [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]
    missing = [c for c in ("source", "hypothesis", COLUMNS[0]) if not rows or c not in rows[0]]
    if missing:
        raise DataError(f"the sheet has no column {missing[0]!r}", mend="take audit.sample()")
    return rows
