"""TER002 forbidden-term: the hypothesis uses a translation that the glossary forbids."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mtcheck.languages.en_zh.glossary import load_glossary
from mtcheck.rules import Draft, finding, rule, suggested
from mtcheck.types import Segment, Span

__all__ = ["forbidden_term"]


@rule(
    "TER002",
    "forbidden-term",
    chinese="禁用术语",
    category="terminology/wrong-term",
    severity="major",
    group="names",
    aims=("Wrong_term",),
    mend=suggested,
    risky=True,
)
def forbidden_term(segment: Segment, *, glossary: str) -> Iterator[Draft]:
    """The hypothesis has a translation that the glossary forbids for a term of the source.

    What it does
        Reads the glossary named by the setting `glossary`. For each term of the source, looks
        for its forbidden translations in the hypothesis. What is part of an accepted
        translation of any term of the same source is left alone, so 谷物 may be forbidden for
        one term and right for another. A row without a source term forbids its translations
        everywhere. Without a glossary the rule is silent.

    Why it matters
        A forbidden translation is known to mislead: 患病率 is prevalence, not incidence.

    Example
        source: The incidence rose.
        hypothesis: 患病率上升。

    What to do
        Use an accepted translation.
    """
    if not glossary or not segment.hypothesis:
        return
    known = load_glossary(glossary)
    entries = [m.value for m in known.find(segment.source)]
    allowed = [
        place
        for entry in entries
        for target in entry.targets
        for place in _places(target, segment.hypothesis)
    ]
    taken: list[tuple[int, int]] = []
    wanted = [
        (word, entry.source, entry.targets[:1]) for entry in entries for word in entry.forbidden
    ]
    wanted += [(word, "", ()) for word in known.forbidden_everywhere]
    # the longest first, so that a forbidden word inside a longer one is not named twice
    for word, term, better in sorted(wanted, key=lambda w: -len(w[0])):
        spans = [
            place
            for place in _places(word, segment.hypothesis)
            if not _inside(place, allowed) and not _inside(place, taken)
        ]
        if not spans:
            continue
        taken += spans
        yield finding(
            f"{word} is forbidden for {term}" if term else f"{word} is forbidden",
            *(Span("hypothesis", start, end) for start, end in spans),
            suggestion=better[0] if better else "",
        )


def _places(word: str, text: str) -> list[tuple[int, int]]:
    pattern = r"\s?".join(map(re.escape, "".join(word.split())))
    return [m.span() for m in re.finditer(pattern, text, re.IGNORECASE)]


def _inside(place: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    return any(start <= place[0] and place[1] <= end for start, end in others)
