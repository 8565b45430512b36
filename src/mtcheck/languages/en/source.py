"""Faults of an English source that harm its translation."""

from __future__ import annotations

import re

from mtcheck.languages.zh.punctuation import end_mark, pairing
from mtcheck.text.markup import markup_of
from mtcheck.text.parses import cached

__all__ = ["broken_places", "cut_off", "glued_stops", "is_english", "residue"]

_GLUED = re.compile(
    r"(?<=[a-z]{3})[.!?](?=[A-Z][a-z]+[\s,’']|[AI]\s[a-z])|(?<=[a-z0-9][)\]”\"%])[.!?](?=[A-Z][a-z]+\s)"
)
_ADDRESS = re.compile(r"(?:https?://|www\.|@)\S{1,500}")
# "switched on", "what it is": words that can end a sentence are left out.
_OPEN_END = re.compile(
    r"\b(?:the|a|an|of|and|or|to|with|for|from|than|between|their|its|our|these|this|but|into|"
    r"using|because|whether|which)$",
    re.IGNORECASE,
)
_TRUNCATED = re.compile(
    r"[\[(]\s?(?:truncated|abstract truncated[^\])]{0,40}|\.\.\.|…)\s?[\])]\s*$", re.I
)
_MIN_WORDS = 8
_RESIDUE = re.compile(
    r"\\n|\{\\(?:displaystyle|rm|it)\b|\[\[[^\[\]]{1,80}\]\]|\{\{[^{}]{1,80}\}\}|</?\w{1,20}$"
)
_LETTERS = re.compile(r"[^\W\d_]")
_LATIN = re.compile(r"[A-Za-z]")
_WORDS = re.compile(r"[^\W\d_]+")
_ENGLISH = """
the of and to in a is was were for with that by on as are from this be or an at which we these not
have has had it their its between than after but been can may our using who during also both more
"""
# Spanish, Portuguese, French, German, Italian, Dutch.
_OTHER = """
el la los las una del que por para con se su fueron entre más como le les des du une et est
dans pour sur avec qui par ont été ces aux der die das und von den mit im für eine einer ist
wurde wurden bei auf nicht zu il di che della delle nel sono gli è dei een het van voor met
zijn werd os um uma não foram dos na no em e y o
"""
_ENGLISH_WORDS, _OTHER_WORDS = frozenset(_ENGLISH.split()), frozenset(_OTHER.split())


@cached
def glued_stops(text: str) -> tuple[int, ...]:
    """Offsets of full stops that the next sentence follows without a space.

    Addresses, initials and abbreviations (three lower-case letters must precede) are no such stops.
    """
    found = [m.start() for m in _GLUED.finditer(text)]
    if found:
        taken = [m.span() for m in _ADDRESS.finditer(text)]
        found = [at for at in found if not any(a <= at < b for a, b in taken)]
    return tuple(found)


@cached
def cut_off(text: str, *, last: bool = False) -> tuple[int, int] | None:
    """``(start, end)`` of the sign that a text of eight words or more stops short, or None.

    Signs are a final comma, ``…``, ``[truncated]``, a word that can't end a sentence and, without
    a full stop, an open bracket; for the ``last`` sentence of an abstract also the missing full
    stop alone.
    """
    if m := _TRUNCATED.search(text):
        return m.start(), len(text.rstrip())
    if len(text.split()) < _MIN_WORDS:
        return None
    kind, at = end_mark(text)
    if kind:
        return (at, at + 1) if kind in ("comma", "ellipsis") else None
    bare = text.rstrip()
    if m := _OPEN_END.search(bare):
        return m.span()
    lone = [i for i in pairing(bare).unpaired if bare[i] in "([{"]
    start = lone[-1] if lone else len(bare) - 1
    return (start, len(bare)) if lone or last else None


@cached
def residue(text: str) -> tuple[tuple[int, int], ...]:
    """``(start, end)`` of tags, entities and wiki markup that a conversion left in the text."""
    found = {(t.start, t.end) for t in markup_of(text) if t.kind in ("tag", "entity")}
    found |= {m.span() for m in _RESIDUE.finditer(text)}
    return tuple(sorted(found))


@cached
def is_english(text: str) -> bool:
    """Whether a text may be English; short texts always may.

    It is not when fewer than half of its letters are Latin, or when, in ten words or more, the
    small words of other languages outnumber the English ones clearly.
    """
    if not text.isascii():
        letters = len(_LETTERS.findall(text))
        if letters >= 4 and 2 * len(_LATIN.findall(text)) < letters:
            return False
    words = list(map(str.lower, _WORDS.findall(text)))
    if len(words) < 10:
        return True
    english = sum(map(_ENGLISH_WORDS.__contains__, words))
    other = sum(map(_OTHER_WORDS.__contains__, words))
    return not (other > 0.15 * len(words) and other > 2 * english)


_MAY_GAP = re.compile(r"[ \u00a0]{2}|[(\[][\s,;)\]]")
_GAP = re.compile(
    r"(?<=[^\s.?!:;|])[ \u00a0]{2,}(?=[^\s|])|(?<=\s)(?:\(\s{0,3}[,;]?\s{0,3}\)|\[\s{0,3}\])"
)


@cached
def broken_places(text: str) -> tuple[tuple[int, int], ...]:
    """``(start, end)`` of lone brackets, of empty ones and of two spaces within a sentence."""
    lone = [(at, at + 1) for at in pairing(text).unpaired if text[at] in "()[]{}"]
    gaps = _GAP.finditer(text) if _MAY_GAP.search(text) else ()
    return tuple(sorted([*lone, *(m.span() for m in gaps)]))
