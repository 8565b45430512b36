"""Word lists about English and Latin words inside Chinese academic text.

Written for this project from the conventions of Chinese scientific writing: which foreign
words stay as they are (units, Latin phrases, particles of names), and which never should.
"""

from __future__ import annotations

import re

from mtcheck.languages.tables import words

__all__ = [
    "FUNCTION_WORDS",
    "KEPT_PHRASES",
    "KEPT_WORDS",
    "LABELS",
    "OPENERS",
    "PARTICLES",
    "UNITS",
    "binomial_epithet",
]


_LISTS = words("en", "words.tsv")

UNITS = _LISTS["units"]
"""Unit symbols in lower case, as they stand in Chinese text beside a number."""

KEPT_PHRASES = re.compile(
    r"(?<![A-Za-z])(?:et\s?al|in\s?(?:vitro|vivo|situ|silico|utero|ovo|planta|cellulo|extenso|toto)"
    r"|ex\s?(?:vivo|situ|ante|post)|de\s?(?:novo|facto|jure)|ad\s?(?:libitum|lib|hoc)|per\s?(?:se|os)"
    r"|a\s?(?:priori|posteriori)|post\s?(?:hoc|mortem)|status\s?quo|sensu\s?(?:stricto|lato)"
    r"|nomen\s?\w+|gen\.?\s?nov|comb\.?\s?nov|sp\.?\s?nov|vice\s?versa|i\.\s?e|e\.\s?g"
    r"|cf|ca|viz|etc|vs|versus|via|sp|spp|subsp|var|cv|pv|ssp|sic|ibid|op\.?\s?cit)(?![A-Za-z])",
    re.IGNORECASE,
)
"""Latin phrases and abbreviations that Chinese papers keep."""

KEPT_WORDS = _LISTS["kept"]
"""Lower-case words that stay Latin: net words, functions, residues, genes, species, packages."""

PARTICLES = _LISTS["particles"]
"""Small words that stand inside names and titles between capitalised words."""

FUNCTION_WORDS = _LISTS["function"]
"""English function words: in Chinese text they are never a name on their own."""

LABELS = _LISTS["labels"]
"""Words that stand alone as a heading or as the first word of an abstract's sentence."""

OPENERS = LABELS | _LISTS["openers"]
"""Common first words of English academic sentences: there a capital makes no name of them."""

_EPITHET = re.compile(r"[a-z]{2,18}(?:us|um|is|ae|ii|i|a|ans|ens|ax|ix|ex|or|oides|osa|ia|yi|es|o)")
_NO_EPITHET = re.compile(
    r".*(?:oma|emia|aemia|itis|osis|asis|virus|opathy|plasia|trophy|uria|algia|phobia|mania"
    r"|tor|sor|lor|ties|ses|ces|nes|tes|res|les|ges|ves|des|ies|xes|mes|kes|hes|pes|vis)"
)
_NO_EPITHET_WORDS = _LISTS["no epithet"]


def binomial_epithet(word: str) -> bool:
    """Whether a lower-case word may be the second half of a species name, by its Latin ending."""
    return (
        _EPITHET.fullmatch(word) is not None
        and word not in _NO_EPITHET_WORDS
        and (_NO_EPITHET.fullmatch(word) is None or word.endswith("culosis"))
    )
