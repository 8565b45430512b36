"""Characters that no text should have: lost, invisible, private or read in the wrong encoding."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mtcheck.text.parses import cached

__all__ = ["Garble", "garbles"]

# UTF-8 read as Windows-1252 (â€™, Ã©, ï¼Œ) or as GBK (锟斤拷, 鈥, 銆, 锛; an adze is 锛子), and
# memory that was never filled (烫烫烫).
_KINDS: tuple[tuple[str, bool, str], ...] = (
    ("replacement character, text was lost", True, "\ufffd+"),
    (
        "text read in the wrong encoding",
        True,
        # GBK as Latin-1: Ë¯Ãß¸ÄÉÆ
        r"(?=[\u00a1-\u00fe]*[\u00c0-\u00fe])[\u00a1-\u00fe]{4,}"
        r"|(?:锟斤拷|锟斤|斤拷)+|[鈥銆][\u3400-\u9fff€？?]|锛(?!子)[\u3400-\u9fff€？?]|[烫屯锘]{3,}|锘[匡縹]?"
        r"|â€[\u0080-\u00bf™œ˜”“¦]?|Ã[\u0080-\u00bf]|Â[\u00a0-\u00bf](?=\s|$|[A-Za-z0-9])"
        r"|ï¼[\u0080-\u00bfŒš›Ÿˆ‰]|ã€[\u0080-\u00bf‚Œ]|(?:[äåæçèé][\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}){2,}",
    ),
    (
        "question marks in place of text",
        True,
        r"(?:(?<=[\u3400-\u9fff])|^)\?{2,}(?=[\u3400-\u9fff])|(?<!\?)\?{4,}",
    ),
    ("private-use character", True, "[\ue000-\uf8ff\U000f0000-\U0010fffd]+"),
    ("control character", False, "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+"),
    (
        "invisible character",
        False,
        # A joiner between emoji belongs there.
        "[\u200b\u2060-\u2064\ufeff\u00ad\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]+"
        "|(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff\u0600-\u0dff])[\u200c\u200d]+",
    ),
    ("no character at all", True, "[\ufdd0-\ufdef\ufffe\uffff]+"),
)
# What a garbled place can start with: most texts have none of it.
_HINT = re.compile(
    "[\u00a1-\u00fe]{4}|[?]{2}|[\ufffd锟斤鈥銆锛烫屯锘âÃÂïãäåæçèé\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2069\ue000-\uf8ff\ufdd0-\ufdef\ufeff\ufff9-\uffff\U000f0000-\U0010ffff]"
)
_ANY = re.compile("|".join(f"({pattern})" for _, _, pattern in _KINDS))


@dataclass(frozen=True, slots=True)
class Garble:
    """Wrong characters at ``[start, end)``; ``lost`` when the meaning suffers."""

    start: int
    end: int
    kind: str
    lost: bool


@cached
def garbles(text: str) -> tuple[Garble, ...]:
    """The garbled places of a text, from left to right."""
    if not _HINT.search(text):
        return ()
    found = []
    for m in _ANY.finditer(text):
        kind, lost, _ = _KINDS[(m.lastindex or 1) - 1]
        found.append(Garble(m.start(), m.end(), kind, lost))
    return tuple(found)
