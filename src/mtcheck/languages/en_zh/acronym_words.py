"""Acronyms that a translation read as an ordinary word: LLM as 法学硕士, PD as 警察局.

The acronyms, the words they are taken for and what would excuse these stand in
``acronym_words.tsv``.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from mtcheck.languages.tables import rows
from mtcheck.text.acronyms import Acronym, acronyms
from mtcheck.text.parses import cached
from mtcheck.text.scripts import shouted

__all__ = ["Misread", "misread_acronyms"]


@dataclass(frozen=True, slots=True)
class Misread:
    """An acronym of the source, the word it became, and where that stands in the hypothesis."""

    acronym: Acronym
    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Entry:
    chinese: re.Pattern[str]
    """What the acronym is taken for."""
    right: re.Pattern[str]
    """The acronym itself or what it means."""
    english: re.Pattern[str] | None
    """What in the source would make ``chinese`` right."""
    context: re.Pattern[str] | None
    """What must stand in the source, if anything."""


_MEDICAL = (
    "patient disease clinical treatment acute mortality diagnos scan therap surg infarct syndrome "
    "tumor tumour cancer blood serum cells genes genetic protein receptor infect chronic symptom "
    "prognos lesion hypert diabet cardi renal hepat pulmon ventric arter imaging dose "
    "CT MRI ECG EEG BMI ICU HIV DNA RNA PCR mg mmHg"
)
# Seattle, WA; in CA, on Monday
_ADDRESS = re.compile(
    r"[a-z]{2},\s[A-Z]{2}\b"
    r"|\b(?:[Ii]n|[Ff]rom|[Aa]cross)\s[A-Z]{2}(?=[,.;)]|$|\s(?:and|on|since|where)\b)"
)


def _beginnings(cell: str) -> re.Pattern[str] | None:
    cell = _MEDICAL if cell == "medical" else cell
    words = [re.escape(w) if len(w) > 3 else re.escape(w) + r"(?![A-Za-z])" for w in cell.split()]
    if cell == "-":
        return None
    return re.compile(rf"(?<![A-Za-z])(?:{'|'.join(words)})", re.IGNORECASE)


@functools.cache
def _table() -> dict[str, list[_Entry]]:
    table: dict[str, list[_Entry]] = {}
    for acronym, chinese, english, context, right in rows("en_zh", "acronym_words.tsv"):
        kept = rf"(?<![A-Za-z]){acronym}(?![a-rt-z])"
        meant = right.replace("-", "").split()
        both = [rf"{m}\s?[（(]\s?{acronym}s?\s?[）)]" for m in meant]  # introduced: one mention
        entry = _Entry(
            re.compile("|".join(chinese.split())),
            re.compile("|".join((*both, kept, *meant))),
            _beginnings(english),
            _beginnings(context),
        )
        table.setdefault(acronym, []).append(entry)
    return table


@cached
def _candidates(source: str) -> tuple[tuple[Acronym, int, _Entry], ...]:
    """Acronyms of the source that may be misread: the first mention, the number of mentions."""
    table = _table()
    mentions: dict[str, list[Acronym]] = {}
    states = {m.end() for m in _ADDRESS.finditer(source)}
    for acronym in acronyms(source):
        if acronym.end in states:
            continue
        for part in re.split(r"[-\u2010-\u2013/]", acronym.text):
            name = part[:-1] if part[-1:] == "s" and len(part) > 2 else part
            if name in table:
                mentions.setdefault(name, []).append(acronym)
    if not mentions or shouted(source):
        return ()
    return tuple(
        (places[0], len(places), entry)
        for name, places in mentions.items()
        for entry in table[name]
        if _may_be(entry, name, places, source)
    )


def _may_be(entry: _Entry, name: str, places: list[Acronym], source: str) -> bool:
    """Whether the rest of the source neither excuses the word nor lacks the context."""
    rest = source
    for acronym in places:
        blank = acronym.text.replace(name, " " * len(name))
        rest = rest[: acronym.start] + blank + rest[acronym.end :]
    if entry.english is not None and entry.english.search(rest):
        return False
    return entry.context is None or entry.context.search(rest) is not None


@cached
def misread_acronyms(source: str, hypothesis: str) -> tuple[Misread, ...]:
    """Acronyms of the source that stand in the hypothesis as another word.

    Where the hypothesis keeps the acronym, or says what it means, as often as the source has
    it, the word has another cause.
    """
    found = []
    for acronym, mentions, entry in _candidates(source):
        word = entry.chinese.search(hypothesis)
        # beside a word of its field an acronym may stand once more for what it usually is
        enough = 1 if entry.context is not None else mentions
        if word and len(entry.right.findall(hypothesis)) < enough:
            found.append(Misread(acronym, word[0], *word.span()))
    return tuple(found)
