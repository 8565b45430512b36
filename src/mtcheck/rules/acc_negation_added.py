"""ACC025 negation-added: the hypothesis negates what the source affirms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.languages.en_zh.negation import chinese_denials, may_negate_english, negates_english
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["negation_added"]

# In a longer source some word nearly always explains a Chinese negation.
_LONGEST = 400
# How far from the same place in the source a word may stand that explains a negation: a share of
# the text, or characters of the source if that is more.
_REACH, _NEAR = 0.35, 80
# Negations of a predicate; those of a word (不大的, 非专业) may render many an English adjective.
_CLEAR = re.compile(
    "没有|并[未非不没]|从[未不没]|尚未|还未|未[能曾见]|无法|不[能会是应再愿想得]|毫无|绝不|没能|不允许|不[太大]可能"
    "|未(?!来|满|婚|成|偿|知|决|免|必|了|遂|完|明|央|加工|经)"
    "|不(?=支持|影响|具有|适用|建议|推荐|存在|属于|包括|需要|同意|显著|相关|增加|减少|降低|升高|改善|导致)"
)


@rule(
    "ACC025",
    "negation-added",
    chinese="多出否定",
    category="accuracy/mistranslation",
    severity="major",
    group="negation added",
)
def negation_added(segment: Segment) -> Iterator[Draft]:
    """The hypothesis negates, and nothing in the source does.

    What it does
        Fires when the hypothesis has a clear negation (没有, 不能, 无法, 并未 …) and the source
        negates nothing, and has about that place no word that Chinese may render with a
        negation: no negative prefix or suffix, no word of lack, failure, limit, difference or
        contrast. Near half of all English sentences have such a word, and there the rule is
        silent, as it is in sources of more than 400 characters. Words in which 不, 无 or 非 does
        not negate (不仅, 无论, 非常) are passed over.

    Why it matters
        The sentence says the opposite of the source, fluently.

    Example
        source: The drug reduced mortality.
        hypothesis: 该药并未降低死亡率。

    What to do
        Compare the marked clause with the source. Chinese often negates where English does not
        (closed → 无法通行), so look before you change it.
    """
    if not segment.source or len(segment.source) > _LONGEST:
        return
    if negates_english(segment.source):
        return  # of several that one negates each may be negated
    added = [
        cue
        for cue in chinese_denials(segment.hypothesis)
        if _CLEAR.match(segment.hypothesis, cue.start)
    ]
    length, reach = len(segment.hypothesis), max(_REACH, _NEAR / len(segment.source))
    for cue in added:
        if not may_negate_english(segment.source, cue.start / length, reach):
            yield finding(
                f"“{cue.text}” negates what the source affirms",
                Span("hypothesis", cue.start, cue.end),
                confidence=0.5,
            )
            break
