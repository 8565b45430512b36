"""Chemical formulas and mathematical symbols. Offsets are code points into the text given."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from mtcheck.text.parses import cached

__all__ = ["Formula", "formulas", "is_formula", "symbols"]


@dataclass(frozen=True, slots=True)
class Formula:
    """A chemical formula or a symbol, half-open offsets, and ``key``, the form to compare by."""

    text: str
    start: int
    end: int
    key: str


_ELEMENT = (
    "A[cglmrstu]|B[aeikr]?|C[adelorsu]?|D[by]|E[ru]|F[er]?|G[ade]|H[efgo]?|I[nr]?|K[r]?|L[aiu]"
    "|M[gno]|N[abdeip]?|O[s]?|P[abdrt]?|R[abehu]|S[bceimnr]?|T[abehil]|U|V|W|Xe|Y[b]?|Z[nr]"
)
_SUB = "\u2080-\u2089"
_TOKEN = re.compile(
    rf"(?<![A-Za-z0-9\u03b1-\u03c9-])[A-Z(\[][A-Za-z0-9()\[\]{_SUB}\u00b7]{{1,40}}"
    "(?:[\u00b2\u00b3\u2074]?[\u207a\u207b]|[+](?![A-Za-z0-9]))?(?![A-Za-z])"
)
_GRAMMAR = re.compile(rf"(?:(?:{_ELEMENT})\d{{0,3}}|[()\[\]\u00b7]\d{{0,2}}){{1,24}}[+-]?")
_COUNTED = re.compile(rf"(?:{_ELEMENT}|[)\]])(?:[2-9]|1\d)")
# Acronyms and codes that happen to be spelled with element symbols.
_NO_FORMULA = re.compile(r"[A-Z]\d{1,3}|[A-Z]{2,}\d?|[A-Z]{1,3}\d{2,}|(?:[A-Z][a-z])\d?")
_PLAIN_ONES = """
    CO CO2 CO3 NO NO2 NO3 N2O SO2 SO3 SO4 NH3 NH4 H2 O2 O3 N2 H2O H2S HCl KCl KI KOH HF CN OH PO4
    CH4 NaCl NaOH CaO MgO ZnO CuO FeO TiO2 SiO2 HCN CS2 PH3 Cl2 Br2 F2
"""
_KNOWN = frozenset(_PLAIN_ONES.split())


def is_formula(token: str) -> bool:
    """Whether a token reads as a chemical formula: elements with counts, as `Fe2O3`, `NaCl`."""
    plain = unicodedata.normalize("NFKC", token)
    bare = plain.rstrip("+-")
    if bare in _KNOWN:
        return True
    if len(bare) < 3 or not _GRAMMAR.fullmatch(plain) or _NO_FORMULA.fullmatch(bare):
        return False
    return _COUNTED.search(bare) is not None


@cached
def formulas(text: str) -> tuple[Formula, ...]:
    """The chemical formulas in ``text``, in order; subscript digits compare as plain ones."""
    found = []
    for m in _TOKEN.finditer(text):
        token = m.group()
        if is_formula(token):
            found.append((token, m.start()))
        elif "(" in token:  # A(H5N1): what is glued to a bracket is no part of the formula
            found += [
                (p.group(), m.start() + p.start())
                for p in _BETWEEN_BRACKETS.finditer(token)
                if is_formula(p.group())
            ]
    return tuple(
        Formula(token, at, at + len(token), unicodedata.normalize("NFKC", token))
        for token, at in found
    )


_BETWEEN_BRACKETS = re.compile(r"[^()\[\]]+")
_SYMBOL = re.compile("[\u0391-\u03a9\u03b1-\u03c9∑∏∫∂∇√∞≈≠≡∝∈∉⊂⊆∪∩∀∃]")
_SAME = {"µ": "μ", "ϵ": "ε", "ϕ": "φ", "ϑ": "θ", "∆": "Δ", "Σ": "∑", "Π": "∏"}


@cached
def symbols(text: str) -> tuple[Formula, ...]:
    """Greek letters and mathematical symbols in ``text``, in order."""
    if text.isascii():
        return ()
    return tuple(
        Formula(m.group(), m.start(), m.end(), _SAME.get(m.group(), m.group()))
        for m in _SYMBOL.finditer(text)
    )
