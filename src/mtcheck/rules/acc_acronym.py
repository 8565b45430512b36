"""ACC006 acronym-changed: an acronym or code of the source is written otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.config import Config
from mtcheck.rules import Draft, finding, rule
from mtcheck.text.acronyms import Acronym, acronym_key, acronyms
from mtcheck.text.distance import within_one_edit
from mtcheck.text.formulas import is_formula
from mtcheck.text.lexicon import UNITS
from mtcheck.text.scripts import LatinWord, latin_words
from mtcheck.text.verbatim import verbatim
from mtcheck.text.zones import Zones
from mtcheck.types import Segment, Severity, Span

__all__ = ["acronym_changed"]

_CODE = re.compile(r"[A-Z].*[A-Z0-9]|\d")
_SHOUTED = 0.6
# No sentence loses more; a bound for input that is no text.
_MAX_MISSING = 50
# Shorter ones are one letter apart from too many others.
_MIN_ALTERED = 3
# Written either way by careful authors.
_EITHER_CASE = frozenset({"COVID", "COVID19", "MAX", "AKA", "LASER", "RADAR"})


@rule("ACC006", "acronym-changed", category="accuracy/mistranslation", severity="major")
def acronym_changed(segment: Segment, config: Config) -> Iterator[Draft]:  # noqa: ARG001
    """An acronym or code of the source is re-cased or altered in the hypothesis.

    What it does
        Looks for acronyms, gene symbols and other codes of the source that the hypothesis
        lacks, and for a token in the hypothesis that the source lacks and that is the same but
        for letter case, or but for one letter or digit (two swapped ones count as one).
        Variants are equal: hyphens, dashes, spaces, Greek letters or their names, plural s,
        sub- and superscripts. An acronym that became Chinese words is no finding.

    Why it matters
        IL-6 and IL-8 are two molecules, and a re-cased acronym is no longer found by a search.
        Fluency models do not see the difference.

    Example
        source: Patients received SXXBC capsules.
        hypothesis: 患者服用Sxxbc胶囊。

    What to do
        Write the token exactly as in the source, also where the sentence begins with it.

    Measured
        Bio-MQM dev: 36 fires, precision 0.53, or 0.67 where the annotators of one translation
        are taken together; every fire is a true change, but they mark a re-casing only about
        half the time. Altered characters alone: 3 fires, 1.00. Clean human references (1,211
        of FLORES dev and Bio-MQM): none fires. Planted: 98% caught.
        Repeat with `mtcheck evaluate rules`.
    """
    # Formulas are ACC016's.
    wanted = [
        a
        for a in acronyms(segment.source)
        if a.text.lower() not in UNITS and not is_formula(a.text)
    ]
    if not wanted or not segment.hypothesis or _shouts(segment.source):
        return
    have = acronym_key(segment.hypothesis)
    missing = [a for a in wanted if a.key not in have][:_MAX_MISSING]
    if not missing:
        return
    source_words = {w.text for w in latin_words(segment.source)}
    zones = Zones(verbatim(segment.hypothesis))
    source_key = acronym_key(segment.source)
    changed: dict[tuple[Acronym, str], list[Span]] = {}
    for word in _strangers(segment.hypothesis, source_words, source_key):
        if zones.touch(word.start, word.end):
            continue
        original = _recased(word, missing) or _altered(word, missing)
        if original is not None:
            changed.setdefault((original, word.text), []).append(
                Span("hypothesis", word.start, word.end)
            )
    for (original, text), spans in changed.items():
        recased = acronym_key(text).lower() == original.key.lower()
        yield finding(
            f"{original.text} became {text}" + (": letter case changed" if recased else ""),
            Span("source", original.start, original.end),
            *spans,
            suggestion=original.text,
            severity=Severity.MINOR if recased else None,
        )


def _shouts(source: str) -> bool:
    """Whether the source is set in capitals: then capitals make no acronym."""
    letters = [c for c in source if c.isalpha()]
    return sum(c.isupper() for c in letters) > _SHOUTED * len(letters)


def _strangers(hypothesis: str, known: set[str], source_key: str) -> Iterator[Acronym]:
    """Latin tokens of the hypothesis that the source does not have, whatever the spelling."""
    seen: set[tuple[int, int]] = set()
    for token in (*acronyms(hypothesis), *(_token(w) for w in latin_words(hypothesis))):
        if token.text in known or len(token.key) < 2 or (token.start, token.end) in seen:
            continue
        seen.add((token.start, token.end))
        if token.key not in source_key:
            yield token


def _token(word: LatinWord) -> Acronym:
    return Acronym(word.text, word.start, word.end, acronym_key(word.text))


def _recased(token: Acronym, missing: list[Acronym]) -> Acronym | None:
    """The acronym that ``token`` is but for letter case. One set in capitals throughout is fine."""
    for other in missing:
        if token.key.lower() != other.key.lower() or other.key in _EITHER_CASE:
            continue
        lowered = any(
            a.isupper() and b.islower() for a, b in zip(other.key, token.key, strict=True)
        )
        if lowered or other.key[0].islower():
            return other
    return None


def _altered(token: Acronym, missing: list[Acronym]) -> Acronym | None:
    """The acronym from which ``token`` differs in one letter or digit."""
    if not _CODE.search(token.text):
        return None
    for other in missing:
        a, b = token.key.lower(), other.key.lower()
        if len(b) >= _MIN_ALTERED and a != b and within_one_edit(a, b):
            return other
    return None
