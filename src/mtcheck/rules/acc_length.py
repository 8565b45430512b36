"""ACC007: the translation is too short or too long for its source."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en_zh.boilerplate import without_copyright
from mtcheck.languages.en_zh.cut_off import cut_off
from mtcheck.languages.en_zh.extent import extent
from mtcheck.languages.en_zh.length import length_fit
from mtcheck.rules import Draft, finding, rule
from mtcheck.text.spans import content
from mtcheck.types import Segment, Span

__all__ = ["length_outlier"]

# Of the 7,412 human translations that the constants come from, one lies further out.
LIMIT = 4.0
# Of the 5,915 post-edits of MLQE-PE train with ten words or more, one says less by this measure;
# a shorter source may become signs (at or above the 95th percentile, ≥P95).
_LEAST, _FEWEST_WORDS = 0.55, 14
_SHORT = -1.5  # by the first measure such a one is short too: the second takes more time


@rule(
    "ACC007",
    "length-outlier",
    chinese="长度异常",
    category="accuracy/omission",
    severity="major",
    group="missing or added",
    by_segment=True,
)
def length_outlier(segment: Segment) -> Iterator[Draft]:
    """The translation is far too short or too long for its source.

    What it does
    Counts the characters of the translation (a Latin word or number counts as two, a name
    repeated in brackets not at all) against the words of the source. The logarithm of their
    ratio is compared with that of human translations of the same length; a segment further than
    4 robust standard deviations away is reported. Short segments may vary more. So is one of 14
    words or more that says little more than half of its source when content words count by
    their length. The result does not depend on other segments.

    Why it matters
    A translation of half the usual length has lost a clause; one of twice the length has gained
    a gloss, a repetition or the engine's own remarks.

    Example
    "Secondary outcomes were pain, quality of life, length of stay and the cost of care up to one
    year after surgery." rendered as "次要结局为疼痛。"

    What to do
    Read both sides for what is missing (the span is the source) or extra (the span is the
    translation).
    """
    source, hypothesis = (without_copyright(t) for t in (segment.source, segment.hypothesis))
    fit = length_fit(source, hypothesis)
    if fit is None:
        return
    thin = (
        -LIMIT <= fit.z < _SHORT
        and fit.words >= _FEWEST_WORDS
        and extent(hypothesis, "zh") < _LEAST * extent(source, "en")
    )
    if abs(fit.z) <= LIMIT and not thin:
        return
    if segment.part == "text" and cut_off(segment.source, segment.hypothesis) is not None:
        return  # ACC028 says so
    side = "short" if fit.z < 0 else "long"
    span = content(segment.source if fit.z < 0 else segment.hypothesis)
    if span is None:
        return
    yield finding(
        f"too {side}: {fit.characters} characters for {fit.words} source word"
        f"{'s' if fit.words != 1 else ''}, where about {fit.expected:.0f} are usual",
        Span("source" if fit.z < 0 else "hypothesis", *span),
        confidence=min(1.0, max(abs(fit.z), LIMIT) / (2 * LIMIT)),
    )
