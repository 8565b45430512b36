"""Words of Simplified Chinese that are often written with a wrong character.

Two kinds stand in one table. *Misspellings* have a character of like sound or shape but another
meaning; no dictionary has them. *Variants* were once written so; the list of variant words
GF 1001-2001 or the terms of the national committee for scientific names recommend the other
form. Every group says what sets its characters apart. A wrong form that also arises where two
other words meet (讨论|着, 自己|经历) has a context that keeps it from being reported.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

from mtcheck.languages.tables import rows
from mtcheck.text.heads import Heads
from mtcheck.text.parses import cached

__all__ = ["Context", "WrongWord", "contexts", "replacements", "wrong_words"]


@dataclass(frozen=True, slots=True)
class Context:
    """Characters around a wrong form that tell of two words that meet.

    ``not_before`` and ``not_after`` silence it; when ``after`` is given, one of its characters
    or the end must follow; ``unless`` is a character that must not come later in the clause.
    """

    not_before: str = ""
    not_after: str = ""
    after: str = ""
    unless: str = ""


@functools.cache
def contexts() -> dict[str, Context]:
    """What tells a wrong form from two right words that meet."""
    table = rows("zh", "wrong_characters_contexts.tsv")
    return {wrong: Context(*(cell.strip("-") for cell in cells)) for wrong, *cells in table}


@dataclass(frozen=True, slots=True)
class WrongWord:
    """A wrong form at ``[start, end)``, the word meant and why."""

    start: int
    end: int
    right: str
    why: str


@functools.cache
def replacements() -> dict[str, tuple[str, str]]:
    """Every wrong form with the right one and the reason."""
    table: dict[str, tuple[str, str]] = {}
    for why, words in rows("zh", "wrong_characters.tsv"):
        for word in words.split():
            wrong, _, right = word.partition(">")
            table[wrong] = (right, why)
    return table


@functools.cache
def _heads() -> Heads:
    return Heads(replacements())


def _is_wrong(text: str, start: int, wrong: str) -> bool:
    context = contexts().get(wrong)
    if context is None:
        return True
    end = start + len(wrong)
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    if (before and before in context.not_before) or (after and after in context.not_after):
        return False
    if context.after and after and after not in context.after:
        return False
    return not any(c in context.unless for c in text[end : end + 40])


@cached
def wrong_words(text: str) -> tuple[WrongWord, ...]:
    """The wrong forms in a text, from left to right, none overlapping."""
    found: list[WrongWord] = []
    free = 0
    for start, forms in _heads().places(text):
        if start < free:
            continue
        for wrong in forms:
            if text.startswith(wrong, start) and _is_wrong(text, start, wrong):
                right, why = replacements()[wrong]
                free = start + len(wrong)
                found.append(WrongWord(start, free, right, why))
                break
    return tuple(found)
