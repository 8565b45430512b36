"""TER001 glossary-term-missing: a glossary term is not translated as the glossary says."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en_zh.glossary import load_glossary
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["glossary_term_missing"]


@rule(
    "TER001",
    "glossary-term-missing",
    chinese="缺少术语",
    category="terminology/wrong-term",
    severity="major",
    aims=("Wrong_term",),
)
def glossary_term_missing(segment: Segment, *, glossary: str) -> Iterator[Draft]:
    """A term of the glossary stands in the source, and none of its translations in the hypothesis.

    What it does
        Reads the glossary named by the setting `glossary` (CSV, TSV or TBX) and looks up the
        terms of the source: the longest at each place, in any letter case, singular or plural,
        British or American spelling. One finding a term when the hypothesis has none of the
        accepted translations. A term left in English is no finding here (ACC004 sees it), nor
        is one for which the hypothesis has a forbidden translation (TER002 says so). Without
        a glossary the rule is silent.

    Why it matters
        Terms are what a reader searches for, and what a translation model gets wrong while
        everything around it is fluent.

    Example
        source: The odds ratio was 2.1.
        hypothesis: 赔率为2.1。 (the glossary has 比值比 or 优势比)

    What to do
        Use an accepted translation, or add the one used to the glossary if it is right.
    """
    if not glossary or not segment.hypothesis.strip():
        return
    said: set[str] = set()
    for match in load_glossary(glossary).find(segment.source):
        entry = match.value
        if not entry.targets or entry.source in said or entry.has_target(segment.hypothesis):
            continue
        said.add(entry.source)
        term = segment.source[match.start : match.end]
        if term.casefold() in segment.hypothesis.casefold() or any(
            wrong in segment.hypothesis for wrong in entry.forbidden
        ):
            continue
        yield finding(
            f"{term} is not translated as {' or '.join(entry.targets)}",
            Span("source", match.start, match.end),
            suggestion=entry.targets[0],
        )
