"""A word of a text with what it stands for."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["glossed"]


def glossed(text: str, meaning: str) -> str:
    """``fewer than (<)``; the text alone where it says the same already, as ``<`` or ``5 mg``."""
    said, meant = (unicodedata.normalize("NFKC", t).casefold().strip() for t in (text, meaning))
    same = re.fullmatch(rf"(?:.*[\d\s])?{re.escape(meant)}", said, re.DOTALL)
    return text if same else f"{text} ({meaning})"
