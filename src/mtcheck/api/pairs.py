"""One-liners for pairs of texts, without a frame."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from mtcheck.api.audit import audit
from mtcheck.config import Setting, in_force
from mtcheck.errors import UsageError
from mtcheck.types import Finding, Severity, Span

__all__ = ["find", "risk"]


def risk(pairs: Iterable[tuple[str, str]], **settings: Setting) -> list[float]:
    """The risk of each (source, hypothesis), 0 to 1, in their order.

    Settings are those of :func:`mtcheck.audit`, whose errors it raises; UsageError for what is
    no pair of texts, and where the languages have no risk.
    """
    listed = list(pairs)
    for pair in listed:
        if isinstance(pair, str) or len(pair) != 2 or not all(isinstance(t, str) for t in pair):
            raise UsageError(f"not a pair of source and hypothesis: {pair!r}")
    if not listed:
        return []
    frame = pd.DataFrame(listed, columns=["source", "hypothesis"])
    config = in_force(None, {"layout": "aligned", **settings})
    found = audit(frame, config=config).segments["risk"]
    if found.isna().any():
        raise UsageError("there is no risk model for these languages and settings")
    return [float(value) for value in found]


def find(source: str, hypothesis: str, **settings: Setting) -> list[Finding]:
    """What the rules say of a pair of texts, taken as one segment, worst first.

    Settings are those of :func:`mtcheck.audit`, such as ``select="ACC"``.
    """
    frame = pd.DataFrame({"source": [source], "hypothesis": [hypothesis]})
    config = in_force(None, {"layout": "aligned", "risk": False, **settings})
    audited = audit(frame, config=config)
    found = [
        Finding(
            code=f["code"],
            name=f["name"],
            category=f["category"],
            severity=Severity.parse(f["severity"]),
            message=f["message"],
            spans=tuple(Span(s["side"], s["start"], s["end"]) for s in f["spans"]),
            suggestion=f["suggestion"],
            confidence=f["confidence"],
            fingerprint=f["fingerprint"],
            confirmed=bool(f.get("confirmed")),
        )
        for f in audited.segments["findings"].iloc[0]
    ]
    return sorted(found, key=lambda f: -f.severity)
