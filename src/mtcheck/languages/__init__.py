"""Languages, and what is known of pairs of them: one sub-package a language, found by name.

A language is a :class:`Language` in a module or package of its own beside this one: how a text
is cut into sentences, which numbers it says, what sacreBLEU calls its tokeniser. What needs two
languages (opposites, units, negation, acronyms) is in a package named after the pair, ``en_zh``;
rules say in their decorator which pair they are for. English to Chinese is the pair that ships.
A third language can be audited once its file is there: by the rules that need no pair of their
own, the encoder, BLEU and chrF, and without a risk, since the network was not trained for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from mtcheck.errors import UsageError
from mtcheck.registry import discover
from mtcheck.text.sentences import Sentence
from mtcheck.text.values import Value

__all__ = ["Language", "Splitter", "all_languages", "language"]


class Splitter(Protocol):
    """Cuts a text into sentences, in order; a semicolon ends one if asked."""

    def __call__(self, text: str, *, semicolon_splits: bool = False) -> tuple[Sentence, ...]:
        """The sentences; none for a blank text."""


class NumberReader(Protocol):
    """Reads the numbers of a text in its plain form (:func:`mtcheck.text.values.plain`)."""

    def __call__(self, text: str) -> Iterable[Value]:
        """The values, in any order, none overlapping another."""


@dataclass(frozen=True)
class Language:
    """A language that texts may be in. ``key``: its ISO 639-1 code; ``name``: in English.

    ``numbers``: None where no grammar of its numbers is at hand; rules about numbers are then
    silent. ``tokenizer``: what sacreBLEU calls the tokeniser for BLEU and TER.
    """

    key: str
    name: str
    split: Splitter
    tokenizer: str
    numbers: NumberReader | None = None


def all_languages() -> Mapping[str, Language]:
    """Every installed language by its code."""
    return discover("languages", Language)


def language(key: str) -> Language:
    """The language of that code. Raises UsageError, naming those that there are."""
    known = all_languages()
    if key not in known:
        raise UsageError(f"no language {key!r}; there are {', '.join(sorted(known))}")
    return known[key]
