"""Traditional characters in Simplified text."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mtcheck.text.parses import cached

if TYPE_CHECKING:
    from opencc import OpenCC

__all__ = ["TraditionalRun", "traditional"]

# 毕昇, 赵孟頫, names with 鍾, and 噁唑: Simplified text has these too.
_KEPT = frozenset("昇鍾頫噁")


@dataclass(frozen=True, slots=True)
class TraditionalRun:
    """Traditional characters in a row at ``[start, end)`` and the Simplified text for them."""

    start: int
    end: int
    simplified: str


@functools.cache
def _converter() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("t2s")


def _in_gb2312(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@functools.cache
def _suspects() -> re.Pattern[str]:
    """Han characters that Simplified text does not have.

    They change under OpenCC's table of Traditional characters and are outside GB 2312, the
    character set of Simplified text: 著, 乾, 瞭, 徵 and 藉 are in both scripts and in neither list.
    """
    chars = [chr(c) for c in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]
    changed = _converter().convert("\n".join(chars)).split("\n")
    # Rare words (魟) have a Simplified form that few fonts show and nobody writes.
    wrong = [
        a
        for a, b in zip(chars, changed, strict=True)
        if a != b and not _in_gb2312(a) and len(b) == 1 and ord(b) <= 0xFFFF
    ]
    return re.compile("[" + "".join(c for c in wrong if c not in _KEPT) + "]+")


@cached
def traditional(text: str) -> tuple[TraditionalRun, ...]:
    """The runs of Traditional characters, with their Simplified form in this context."""
    runs = [m.span() for m in _suspects().finditer(text)]
    if not runs:
        return ()
    simplified = _converter().convert(text)
    if len(simplified) != len(text):
        simplified = "".join(_converter().convert(c) for c in text)
    return tuple(TraditionalRun(a, b, simplified[a:b]) for a, b in runs)
