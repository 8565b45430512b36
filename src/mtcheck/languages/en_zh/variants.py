"""English terms that Chinese authors render in more than one way, and the ways.

Written for this project from general knowledge of Chinese academic usage. Each way may be
right; a text that mixes them for one term makes its reader wonder whether two things are
meant. Left out are words with several meanings that one text may well use side by side.
"""

from __future__ import annotations

import functools

from mtcheck.languages.en.terms import TermIndex, term_key
from mtcheck.languages.tables import rows

__all__ = ["VARIANTS", "variant_index"]

VARIANTS = {term: tuple(ways.split()) for term, ways in rows("en_zh", "variants.tsv")}
"""English term in the singular to its Chinese renderings, at least two."""


@functools.cache
def variant_index() -> TermIndex[tuple[str, tuple[str, ...]]]:
    """Finds the terms in an English text; each match carries the term and its renderings."""
    return TermIndex({term_key(term): (term, ways) for term, ways in VARIANTS.items()})
