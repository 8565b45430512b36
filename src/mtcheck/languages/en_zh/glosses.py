"""Originals of names and terms in brackets behind the Chinese: 舒马赫（Schumacher）."""

from __future__ import annotations

import re
import unicodedata

from mtcheck.text.parses import cached
from mtcheck.text.scripts import HAN, LATIN

__all__ = ["strange_glosses"]

_GLOSS = re.compile(rf"(?<=[{HAN}])\s?[（(]\s?([{LATIN}][{LATIN}' ’.-]{{3,60}}?)\s?[）)]")
_WORD = re.compile(r"[a-z]+")


def _plain(text: str) -> str:
    """Lower case, without accents."""
    parts = unicodedata.normalize("NFD", text).casefold()
    return "".join(c for c in parts if not unicodedata.combining(c))


@cached
def _known(source: str) -> tuple[str, str]:
    """The source without what parts words, and the first letters of its words."""
    plain = _plain(source)
    initials = "".join(w[0] for w in _WORD.findall(plain))
    return plain.replace(" ", "").replace("-", ""), initials


@cached
def strange_glosses(source: str, hypothesis: str) -> tuple[tuple[int, int], ...]:
    """``(start, end)`` of glosses of which a word of four letters or more is not in the source."""
    if not source or ("(" not in hypothesis and "（" not in hypothesis):
        return ()
    found = []
    for m in _GLOSS.finditer(hypothesis):
        squeezed, initials = _known(source)
        words = [w for w in _WORD.findall(_plain(m[1])) if len(w) > 3]
        spelled = m[1].isupper() and m[1].lower() in initials
        if not spelled and any(w.rstrip("s") not in squeezed for w in words):
            found.append(m.span(1))
    return tuple(found)
