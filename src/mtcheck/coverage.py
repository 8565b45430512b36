"""Which clauses of a sentence nothing in its counterpart renders.

A clause that was not translated keeps its sentence from resembling the translation: without it
the two are closer. For every clause of a pair whose lengths leave room for it, the cosine with
the clause left out is set against the cosine of the whole, together with the lengths and with
the anchors (numbers, acronyms, Latin words) that the counterpart has or lacks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mtcheck.align import EMBEDDED, Calibration, anchors, length_score
from mtcheck.models import Encoder
from mtcheck.text.clauses import clauses
from mtcheck.text.numbers import Language
from mtcheck.text.scripts import han_ratio
from mtcheck.types import Segment, Side, Span

__all__ = ["with_uncovered"]


@dataclass(frozen=True, slots=True)
class _Weights:
    """Of a logistic regression, fitted on MLQE-PE train post-edits with one clause deleted."""

    gain: float
    length: float
    lacking: float
    found: float
    constant: float
    gate: float
    """A side longer than its counterpart lets expect has a length score below this."""


_WEIGHTS: dict[Side, _Weights] = {
    "source": _Weights(27.0, -0.94, 3.36, -1.68, -1.77, 1.0),
    "hypothesis": _Weights(25.6, -1.1, 1.37, -2.68, -2.74, -0.5),
}
_LANGUAGES: dict[Side, Language] = {"source": "en", "hypothesis": "zh"}
# Log odds from which a clause counts as uncovered: 2 in 1,000 of the untouched pairs.
_THRESHOLD = 0.5
# What is left without the clause must belong to the counterpart, or the texts say nothing about
# clauses. As a share of the way from unrelated to related.
_BELONGING = 0.3
_JOINTS = " ,;:，；："


@dataclass(frozen=True, slots=True)
class _Candidate:
    segment: int
    span: Span
    rest: str
    score: float
    """All but what the cosines add."""


def with_uncovered(
    segments: Sequence[Segment], encoder: Encoder, *, calibration: Calibration = EMBEDDED
) -> list[Segment]:
    """The segments with their ``uncovered`` clauses.

    Only 1-1 beads and rows that came aligned are looked at, and of these only the side that is
    long for the other and has two clauses or more. One call of the encoder for all.
    """
    candidates = [c for i, s in enumerate(segments) for c in _candidates(i, s)]
    result = list(segments)
    if not candidates:
        return result
    concerned = sorted({c.segment for c in candidates})
    sides = [t for i in concerned for t in (segments[i].source, segments[i].hypothesis)]
    vectors = encoder.encode([*sides, *(c.rest for c in candidates)])
    place = {segment: 2 * k for k, segment in enumerate(concerned)}
    span = calibration.related - calibration.unrelated
    stretch = (EMBEDDED.related - EMBEDDED.unrelated) / max(0.01, span)
    for k, candidate in enumerate(candidates):
        source = vectors[place[candidate.segment]]
        hypothesis = vectors[place[candidate.segment] + 1]
        whole = float(source @ hypothesis)
        rest = vectors[len(sides) + k]
        without = float(rest @ (hypothesis if candidate.span.side == "source" else source))
        if without < calibration.unrelated + _BELONGING * span:
            continue
        weight = _WEIGHTS[candidate.span.side].gain
        if candidate.score + weight * stretch * (without - whole) > _THRESHOLD:
            segment = result[candidate.segment]
            result[candidate.segment] = replace(
                segment, uncovered=(*segment.uncovered, candidate.span)
            )
    return result


def _candidates(index: int, segment: Segment) -> list[_Candidate]:
    if segment.alignment not in {None, "1-1"} or not segment.source.strip():
        return []
    if han_ratio(segment.hypothesis) < 0.3:  # absent, or left untranslated
        return []
    found = []
    length = length_score(segment.source, segment.hypothesis)
    for side, weights in _WEIGHTS.items():
        sign = 1 if side == "source" else -1
        other: Side = "hypothesis" if side == "source" else "source"
        text = segment.text(side)
        places = clauses(text, _LANGUAGES[side])
        if sign * length > weights.gate or len(places) < 2:
            continue
        have = anchors(segment.text(other), _LANGUAGES[other])[1]
        for start, end in places:
            rest = _without(text, start, end, joint=" " if sign > 0 else "，")
            needed = anchors(text[start:end], _LANGUAGES[side])[0]
            kept = anchors(rest, _LANGUAGES[side])[1]
            score = (
                weights.constant
                + weights.length * sign * length
                + weights.lacking * math.log1p(len(needed - have - kept))
                + weights.found * math.log1p(len(needed & have))
            )
            found.append(_Candidate(index, Span(side, start, end), rest, score))
    return found


def _without(text: str, start: int, end: int, *, joint: str) -> str:
    before, after = text[:start].rstrip(_JOINTS), text[end:].lstrip(_JOINTS)
    return (before + joint + after if before.strip() else after).strip()
