"""How long a Chinese translation of an English text is, and how odd a given length would be."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from mtcheck.languages.zh.characters import han_count
from mtcheck.text.parses import cached
from mtcheck.text.scripts import HAN

__all__ = ["LengthFit", "length_fit"]

_WORD = re.compile(r"[A-Za-zÀ-ɏ]+(?:['’][A-Za-z]+)?|\d+(?:[.,]\d+)*")
_TOKEN = re.compile(r"[A-Za-zÀ-ɏ]+|\d+(?:[.,]\d+)*")

# A name or term given again in the original: 罗德里格斯（Rodríguez）. With a digit it is a figure:
# （95% CI 1.2–3.4）.
_GLOSS = re.compile(rf"[（(][^（）(){HAN}\d]{{1,80}}[）)]")

# A Latin word or number left in the Chinese counts as the two characters a word mostly becomes.
_LATIN_WORD = 2

# log(characters / words) on 7,000 post-edits of MLQE-PE train (up to 24 words) and 412
# references of WMT24, grouped by the number of source words:
#
#   words      6-8    9-12   13-17  18-24  25-34  35-59  60-
#   median     0.75   0.64   0.60   0.58   0.45   0.47   0.44
#   1.48 MAD   0.20   0.19   0.18   0.17   0.15   0.14   0.13
#
# The spread falls with length as that of a sum of words does, down to what translators and
# subjects differ by: variance = SPREAD**2 + SPREAD_PER_WORD**2 / words, drawn a little wider
# than measured for short segments, whose tails are heavier. The centre lies between the two.
_CENTRE = 0.55
_SPREAD = 0.13
_SPREAD_PER_WORD = 0.65


@dataclass(frozen=True, slots=True)
class LengthFit:
    """``words`` of the source, ``characters`` of the translation, how many were ``expected``.

    ``z`` is the distance of the logarithms in (robust) standard deviations, negative when the
    translation is short.
    """

    words: int
    characters: int
    expected: float
    z: float


@cached
def length_fit(source: str, hypothesis: str) -> LengthFit | None:
    """Compare two lengths; None when a side has nothing to count or the hypothesis no Han."""
    words = len(_WORD.findall(source))
    han = han_count(hypothesis)
    if not words or not han:
        return None
    flowing = _GLOSS.sub(" ", hypothesis) if "(" in hypothesis or "（" in hypothesis else hypothesis
    characters = han + _LATIN_WORD * len(_TOKEN.findall(flowing))
    spread = math.hypot(_SPREAD, _SPREAD_PER_WORD / math.sqrt(words))
    z = (math.log(characters / words) - _CENTRE) / spread
    return LengthFit(words, characters, words * math.exp(_CENTRE), z)
