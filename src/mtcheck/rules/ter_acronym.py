"""TER004 acronym-redefined: an acronym is introduced as one thing and used for another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mtcheck.rules import Draft, finding, rule
from mtcheck.text.acronyms import acronym_key, acronyms, introductions
from mtcheck.text.scripts import HAN
from mtcheck.types import Segment, Span

__all__ = ["acronym_redefined"]

_BRACKETED = re.compile(
    rf"([{HAN}·、-]{{2,24}})\s?[（(]\s?(?:[A-Za-z][A-Za-z ,'’-]{{3,80}}[,，;；:：]\s?)?"
    r"([A-Za-z][A-Za-z0-9\u03b1-\u03c9/-]{1,11})\s?[）)]"
)
_NAME = 2
"""Two long forms with the same last characters name the same kind of thing."""


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What the hypothesis introduced an acronym as."""

    at: int
    long: str


@rule(
    "TER004",
    "acronym-redefined",
    chinese="缩写重复定义",
    category="terminology/inconsistent",
    severity="major",
    scope="document",
    group="names",
)
def acronym_redefined(document: Sequence[Segment]) -> Iterator[Draft]:
    """An acronym that the source introduces once stands for two things in the hypothesis.

    What it does
        Takes the acronyms that the source introduces, once, as `long form (LF)`. Reports a
        second introduction in the hypothesis, 长名（LF）, whose Chinese ends otherwise than the
        first; and a later segment whose source has the acronym, where the hypothesis has
        neither the acronym nor a word of the Chinese it was introduced with.

    Why it matters
        The reader of an abstract knows an acronym only by its introduction. The model does
        not remember that sentence, and guesses: ACS is a coronary syndrome and a society.

    Example
        source: Acute coronary syndrome (ACS) is common. … ACS was confirmed by ECG.
        hypothesis: 急性冠脉综合征（ACS）很常见。……心电图证实了美国癌症学会。

    What to do
        Keep the acronym, or write out what it was introduced as.
    """
    once = _introduced_once(document)
    if not once:
        return
    meanings: dict[str, _Meaning] = {}
    for at, segment in enumerate(document):
        second: set[str] = set()
        for match in _BRACKETED.finditer(segment.hypothesis):
            key = acronym_key(match[2])
            if key not in once:
                continue
            first = meanings.setdefault(key, _Meaning(at, match[1]))
            if first.long[-_NAME:] != match[1][-_NAME:]:
                second.add(key)
                yield finding(
                    f"{match[2]} was introduced as …{first.long[-8:]} and is …{match[1][-8:]} here",
                    Span("hypothesis", *match.span(1)),
                    Span("hypothesis", *match.span(2)),
                    at=at,
                )
        if not segment.hypothesis.strip():
            continue
        present = acronym_key(segment.hypothesis)
        for acronym in acronyms(segment.source):
            meaning = meanings.get(acronym.key)
            if meaning is None or meaning.at == at or acronym.key in second:
                continue
            if acronym.key not in present and not _shares_word(meaning.long, segment.hypothesis):
                second.add(acronym.key)
                yield finding(
                    f"{acronym.text} was introduced as …{meaning.long[-8:]}; "
                    "neither stands in the hypothesis",
                    Span("source", acronym.start, acronym.end),
                    suggestion=acronym.text,
                    at=at,
                )


def _introduced_once(document: Sequence[Segment]) -> frozenset[str]:
    """Keys of the acronyms with exactly one long form in the source."""
    long: dict[str, set[str]] = {}
    for segment in document:
        for introduction in introductions(segment.source):
            long.setdefault(introduction.short.key, set()).add(introduction.long.casefold())
    return frozenset(key for key, forms in long.items() if len(forms) == 1)


def _shares_word(long: str, hypothesis: str) -> bool:
    """Whether two neighbouring characters of the long form's last eight are in the hypothesis."""
    tail = long[-8:]
    return any(tail[i : i + 2] in hypothesis for i in range(len(tail) - 1))
