"""Text made safe to look at: what would drive a terminal or hide an error is shown or gone."""

from __future__ import annotations

import re
import unicodedata

from mtcheck.text.parses import cached

__all__ = ["bare", "one_line", "terminal", "visible"]

_ANSI = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # colours, cursor
    r"|(?:\x1b[P\]X^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x80-\x9f]*(?:\x07|\x1b\\|\x9c)"  # titles
    r"|\x1b[ -/]*[0-~]?"
)
_BREAK = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")


@cached
def _hidden(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def visible(value: str) -> str:
    """The text with control, direction and zero-width characters written as ``⟦U+202E⟧``.

    Line feed and tab stay. Such characters could drive a terminal, reverse the reading order
    or hide an error; in a report they are to be seen.
    """
    if value.isprintable():
        return value
    return "".join(f"⟦U+{ord(c):04X}⟧" if _hidden(c) and c not in "\n\t" else c for c in value)


def bare(value: str) -> str:
    """:func:`visible` text without escape sequences; line feeds and tabs stay."""
    return visible(_ANSI.sub("", value))


def one_line(value: str) -> str:
    """:func:`visible` text on one line: line breaks and tabs become a space."""
    return visible(_BREAK.sub(" ", value))


def terminal(value: str) -> str:
    """Text safe to print: escape sequences and control characters out, the rest on one line."""
    plain = _BREAK.sub(" ", _ANSI.sub("", value))
    return visible("".join(c for c in plain if unicodedata.category(c) != "Cc"))
