"""Which stretch of a sentence nothing in its counterpart renders.

What was not translated makes its sentence long for the translation, and keeps it from
resembling it: without it the two are closer. Of every pair of which one side is long for the
other, the stretches of about the surplus length are left out by turns, and the cosine with the
stretch left out is set against the cosine of the whole, together with the lengths and with the
anchors (numbers, acronyms, Latin words) that the counterpart has or lacks. Stretches are runs of
phrases; of a sentence that has none of the size, its head and its tail.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mtcheck.alignment.beads import EMBEDDED, CosineScale, Matrix, anchors, length_score, spread
from mtcheck.alignment.fitted import CLAUSES
from mtcheck.languages.en_zh.clauses import Stretch, stretches
from mtcheck.languages.en_zh.extent import cut, extent
from mtcheck.languages.en_zh.numbers import LanguageCode
from mtcheck.models import Encoder
from mtcheck.text.scripts import han_ratio
from mtcheck.types import Segment, Side, Span

__all__ = ["Candidate", "candidates", "with_gains", "with_uncovered"]

_LANGUAGES: dict[Side, LanguageCode] = {"source": "en", "hypothesis": "zh"}
_OTHER: dict[Side, Side] = {"source": "hypothesis", "hypothesis": "source"}
# A side with a lower length score than this is not long for its counterpart. Of the pairs with a
# clause deleted, 1 in 10 is passed over for it, and of all others 7 in 8.
_GATE = -1.1
# The surplus is known to so many standard deviations, and is at least so many characters.
_MARGIN, _LEAST = 2.0, 4.0
# What is left without the stretch must belong to the counterpart, or the texts say nothing about
# parts. As a share of the way from unrelated to related.
_BELONGING = 0.2
# A sentence shorter than this has no more parts than its phrases.
_CUTTABLE = 12.0
# Stretches of a sentence tried first. Of the lost clauses that are found with all, 3 in 200 are
# not found so; of whole sentences it spares 1 to 2 in 3 of the texts to embed.
_PROBES = 3
# The document's own ratio of lengths is believed like so many sentences that have the usual one.
_USUAL = 4
_JOINTS = " ,;:，；："
_STOPS = ".。!！?？"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stretch that may be uncovered: segment, place, what is left without it, features."""

    segment: int
    span: Span
    rest: str
    features: tuple[float, ...]
    """Length score of the side, log counts of anchors that the counterpart lacks and has, log
    share of the sentence, ends that are ends of clauses."""


def with_uncovered(
    segments: Sequence[Segment], encoder: Encoder, *, scale: CosineScale = EMBEDDED
) -> list[Segment]:
    """The segments with their ``uncovered`` stretch: one of a side at most.

    Only 1-1 beads and rows that came aligned are looked at. Two calls of the encoder for all:
    for some stretches of each sentence, and for the others where one of these gained anything.
    """
    ratios = _ratios(segments)
    found = [candidates(i, s, ratio=ratios[i]) for i, s in enumerate(segments)]
    probes = [c for of_one in found for c in _spread_out(of_one)]
    gains = with_gains(probes, segments, encoder, scale=scale)
    promising = {c.segment for c, gain in gains if gain > 0}
    tried = {id(c) for c in probes}
    others = [c for i in sorted(promising) for c in found[i] if id(c) not in tried]
    gains += with_gains(others, segments, encoder, scale=scale)
    best: dict[int, tuple[float, Span]] = {}
    for candidate, gain in gains:
        constant, *weights = CLAUSES[candidate.span.side]
        features = (gain, *candidate.features)
        score = constant + sum(w * f for w, f in zip(weights, features, strict=True))
        if score > best.get(candidate.segment, (0.0, None))[0]:
            best[candidate.segment] = (score, candidate.span)
    return [
        replace(segment, uncovered=(best[i][1],) if i in best else ())
        for i, segment in enumerate(segments)
    ]


def _spread_out(found: Sequence[Candidate]) -> list[Candidate]:
    """The first, the last, and one amid."""
    if len(found) <= _PROBES:
        return list(found)
    return [found[round(k * (len(found) - 1) / (_PROBES - 1))] for k in range(_PROBES)]


def _ratios(segments: Sequence[Segment]) -> list[float]:
    """For each bead the mean log ratio of the document's others, drawn towards the usual.

    Rows that came aligned go without: nothing tells what else stood beside them.
    """
    usual = [0.0] * len(segments)
    counted = [0] * len(segments)
    for i, segment in enumerate(segments):
        if segment.alignment == "1-1" and segment.source.strip() and segment.hypothesis.strip():
            log = math.log(extent(segment.hypothesis, "zh") / extent(segment.source, "en"))
            if abs(log) < 0.6:
                usual[i], counted[i] = log, 1
    total, count = sum(usual), sum(counted)
    return [
        (total - log) / (count - one + _USUAL) if segment.alignment == "1-1" else 0.0
        for segment, log, one in zip(segments, usual, counted, strict=True)
    ]


def candidates(index: int, segment: Segment, *, ratio: float = 0.0) -> list[Candidate]:
    """The stretches of a segment that may be uncovered; ``ratio`` is the expected log ratio."""
    if segment.alignment not in {None, "1-1"} or not segment.source.strip():
        return []
    if han_ratio(segment.hypothesis) < 0.3:  # absent, or left untranslated
        return []
    source = np.array(extent(segment.source, "en") * math.exp(ratio))
    hypothesis = np.array(extent(segment.hypothesis, "zh"))
    score = float(length_score(source, hypothesis))
    side: Side = "source" if score < 0 else "hypothesis"
    if -abs(score) > _GATE:
        return []
    long, short = float(max(source, hypothesis)), float(min(source, hypothesis))
    deviation = _MARGIN * float(spread(source, hypothesis))
    language, other = _LANGUAGES[side], _OTHER[side]
    text = segment.text(side)
    # Stretches are counted in their own language's measure, without the document's ratio.
    measure = math.exp(-ratio) if side == "source" else 1.0
    places = stretches(
        text,
        language,
        round(max(_LEAST, measure * (long - short * math.exp(deviation))), 2),
        round(measure * (long - short * math.exp(-deviation)), 2),
    )
    if not places and long >= _CUTTABLE:
        places = _ends(text, language, 1 - short / long)
    have = anchors(segment.text(other), _LANGUAGES[other])[1]
    found = []
    for place in places:
        rest = _without(text, place.start, place.end, joint=" " if side == "source" else "，")
        needed = anchors(text[place.start : place.end], language)[0]
        kept = anchors(rest, language)[1]
        features = (
            -abs(score),
            math.log1p(len(needed - have - kept)),
            math.log1p(len(needed & have)),
            math.log((1.0 + place.extent) / extent(text, language)),
            float(place.bounds),
        )
        found.append(Candidate(index, Span(side, place.start, place.end), rest, features))
    return found


def _ends(text: str, language: LanguageCode, share: float) -> tuple[Stretch, ...]:
    """The head and the tail of that share of a sentence."""
    head = cut(text, round(share, 4), language)[0]
    tail = cut(text, round(1 - share, 4), language)[1].rstrip(_STOPS)
    whole = extent(text, language)
    return tuple(
        Stretch(start, start + len(part), size - 1.0, 1)
        for part, start in ((head, text.find(head)), (tail, text.rfind(tail)))
        if 1.0 < (size := extent(part, language)) < whole
    )


def with_gains(
    found: Sequence[Candidate],
    segments: Sequence[Segment],
    encoder: Encoder,
    *,
    scale: CosineScale = EMBEDDED,
) -> list[tuple[Candidate, float]]:
    """Each candidate with what leaving it out adds to the cosine, if the rest is a counterpart."""
    if not found:
        return []
    concerned = sorted({c.segment for c in found})
    sides = [t for i in concerned for t in (segments[i].source, segments[i].hypothesis)]
    vectors: Matrix = encoder.encode([*sides, *(c.rest for c in found)]).astype(np.float64)
    place = {segment: 2 * k for k, segment in enumerate(concerned)}
    least = scale.unrelated + _BELONGING * (scale.related - scale.unrelated)
    result = []
    for rest, candidate in zip(vectors[len(sides) :], found, strict=True):
        at = place[candidate.segment]
        source, hypothesis = vectors[at], vectors[at + 1]
        without = float(rest @ (hypothesis if candidate.span.side == "source" else source))
        if without >= least:
            gain = scale.stretch * (without - float(source @ hypothesis))
            result.append((candidate, gain))
    return result


def _without(text: str, start: int, end: int, *, joint: str) -> str:
    before, after = text[:start].rstrip(_JOINTS), text[end:].lstrip(_JOINTS)
    return (before + joint + after if before.strip() else after).strip()
