"""Acronyms that stand for several things in the sciences, with their Chinese renderings.

Our own list, from the acronyms that engines confuse. A sense is known by a word or two of its
English long form and by its usual Chinese.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from mtcheck.languages.tables import rows

__all__ = ["AcronymSense", "senses"]


@dataclass(frozen=True, slots=True)
class AcronymSense:
    """One reading of an acronym: a pattern for its English, and its Chinese renderings."""

    english: re.Pattern[str]
    chinese: tuple[str, ...]


@functools.cache
def senses() -> Mapping[str, tuple[AcronymSense, ...]]:
    """The readings of each acronym."""
    found: dict[str, tuple[AcronymSense, ...]] = {}
    for acronym, english, chinese in rows("en_zh", "senses.tsv"):
        pattern = re.compile(rf"\b{english}", re.IGNORECASE)
        sense = AcronymSense(pattern, tuple(chinese.split()))
        found[acronym] = (*found.get(acronym, ()), sense)
    return found
