"""What a spreadsheet would run as a formula."""

from __future__ import annotations

import re

__all__ = ["is_formula", "quoted"]

# Spreadsheets set to an East Asian language take the full-width signs as well.
_SIGNS = "=+\\-@＝＋－＠"
_FORMULA = re.compile(rf"[\t\r\n]|\s*[{_SIGNS}]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
# A reader that takes ; or tab for the separator finds a cell of its own behind it.
_LATER = re.compile(rf"(?<=[;\t])(?=[{_SIGNS}])")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet that is handed the text as typed in would calculate.

    So it is with ``=``, ``+``, ``-`` or ``@`` at its start, also after white space, and with
    text that starts with a tab or a line break; not with a number.
    """
    return bool(_FORMULA.match(text)) and not _NUMBER.fullmatch(text)


def quoted(text: str) -> str:
    """The text with an apostrophe wherever a cell that calculates would start."""
    text = _LATER.sub("'", text)
    return f"'{text}" if is_formula(text) else text
