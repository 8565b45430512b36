"""What a segment's risk is computed from: the features, and why there may be none."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mtcheck.models.risk import Marked, NetScores
from mtcheck.risk.rules import RULE_GROUPS, Weighed
from mtcheck.types import Finding, Segment, Severity, Span

__all__ = ["RiskFeatures", "features", "merged", "suspicious", "void_reason"]

_LATIN, _LATIN_MOST = re.compile("[A-Za-z]{2,}"), 6
"""Words in Latin letters; more of them than this say no more."""

_VOID = {"ACC003", "ACC019", "ACC020"}
_MOST = {"half-width punctuation": 1}
"""More findings of a group than this say no more; 2 where it is not here."""


@dataclass(frozen=True, slots=True)
class RiskFeatures:
    """A segment's features, ``values`` in the order of :data:`FEATURES`, and what made them.

    ``kinds``: how likely its document is each of :data:`KINDS`; they sum to 1.
    """

    values: tuple[float, ...]
    net: NetScores | None
    findings: tuple[Finding, ...]
    kinds: tuple[float, ...]
    reason: str = ""


def void_reason(segment: Segment, findings: Iterable[Finding]) -> str:
    """Why no estimate is made; ``""`` when one can be."""
    if not segment.hypothesis.strip():
        return "the hypothesis is empty"
    if not segment.source.strip():
        return "there is no source to compare with"
    if segment.hypothesis.split() == segment.source.split() and any(
        c.isalpha() for c in segment.source
    ):
        return "the hypothesis is a copy of the source"
    for finding in findings:
        if finding.code in _VOID and finding.severity >= (
            Severity.CRITICAL if finding.code == "ACC020" else Severity.MAJOR
        ):
            return f"{finding.name}: {finding.message}"
    return ""


def features(
    segment: Segment,
    net: NetScores,
    encoder: tuple[float, float, float, float],
    findings: Sequence[Finding],
    rules: Mapping[str, Weighed],
) -> tuple[float, ...]:
    """The features of a segment, in the order of :data:`FEATURES`.

    ``encoder``: lack of adequacy, major and critical error, and distance as the sentence encoder
    sees them. ``rules``: those whose findings count, by code.
    """
    wrong = [w.probability for w in net.words] or [0.0]
    groups = dict.fromkeys(RULE_GROUPS, 0)
    for finding in findings:
        if finding.code in rules:
            name = rules[finding.code].group
            most = _MOST.get(name, 2) if _tells(finding, segment) else 0
            groups[name] = max(groups[name], min(most, groups[name] + 1))
    worst = float(np.mean(sorted(wrong)[-3:]))
    # An encoder's last bits depend on what else was in its batch; the third decimal does not.
    seen = [round(value, 3) for value in encoder]
    return (
        -net.adequacy,
        net.effort,
        net.critical,
        net.major,
        -net.contrast,
        worst,
        float(np.mean(wrong)),
        *seen,
        math.log(20 + len(segment.source)),
        float(min(_LATIN_MOST, len(_LATIN.findall(segment.hypothesis)))),
        *map(float, groups.values()),
    )


def _tells(finding: Finding, segment: Segment) -> bool:
    """Whether a finding says something of the translation's quality.

    A half-width full stop alone does not: on MLQE-PE train such segments are, if anything, better.
    """
    marked = [segment.text(s.side)[s.start : s.end] for s in finding.spans]
    return finding.code != "LNG001" or any(m.strip() != "." for m in marked)


def suspicious(text: str, words: Iterable[Marked], threshold: float) -> list[Span]:
    """Stretches of the hypothesis whose pieces reach the threshold, joined where they touch."""
    return merged(
        Span("hypothesis", w.start, w.end)
        for w in words
        if w.probability >= threshold and any(c.isalnum() for c in text[w.start : w.end])
    )


def merged(spans: Iterable[Span]) -> list[Span]:
    """Sorted by side and place, those that overlap or touch made one."""
    out: list[Span] = []
    for span in sorted(spans):
        last = out[-1] if out else None
        if last and last.side == span.side and span.start <= last.end:
            out[-1] = Span(span.side, last.start, max(last.end, span.end))
        else:
            out.append(span)
    return out
