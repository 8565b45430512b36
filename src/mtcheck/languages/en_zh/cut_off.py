"""Whether a translation stops in the middle of a sentence."""

from __future__ import annotations

from mtcheck.languages.en_zh.length import length_fit
from mtcheck.languages.zh.characters import is_chinese
from mtcheck.languages.zh.punctuation import end_mark
from mtcheck.text.parses import cached

__all__ = ["cut_off"]

_MIN_WORDS = 8
# Shorter than about 15 in 16 human translations (MLQE-PE train post-edits, WMT24 references).
_SHORT = -1.5


@cached
def cut_off(source: str, hypothesis: str) -> int | None:
    """Where the hypothesis breaks off, as the offset of its end; None if it does not.

    The source is a sentence with its end mark; the hypothesis ends in a comma, a Han character
    or a digit, and is on the short side for its source. One that ends in a bracket or a Latin
    word, such as a unit, has more likely lost its stop alone.
    """
    fit = length_fit(source, hypothesis)
    if fit is None or fit.words < _MIN_WORDS or fit.z > _SHORT or not is_chinese(hypothesis):
        return None
    if end_mark(source)[0] not in {"stop", "question", "exclamation"}:
        return None
    kind, _ = end_mark(hypothesis)
    end = len(hypothesis.rstrip())
    last = hypothesis[end - 1]
    if kind != "comma" and (kind or not last.isalnum() or (last.isascii() and last.isalpha())):
        return None
    return end
