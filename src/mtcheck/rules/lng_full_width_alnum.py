"""LNG009: full-width Latin letters and digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["full_width_alphanumeric"]

_RUN = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]+")
_TO_ASCII = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)}


def _narrowed(text: str, start: int, end: int, _suggestion: str) -> str:
    return text[start:end].translate(_TO_ASCII)


@rule(
    "LNG009",
    "full-width-alphanumeric",
    chinese="全角字母数字",
    category="linguistic-conventions/typography",
    severity="minor",
    group="form",
    aims=("Spelling",),
    languages="*-zh",
    mend=_narrowed,
)
def full_width_alphanumeric(segment: Segment) -> Iterator[Draft]:
    """Latin letters or digits are full-width.

    What it does
    Reports runs of １２３ and ＡＢＣ in the translation and gives the half-width form. One
    finding a segment, with a span on each run.

    Why it matters
    Search and number parsing miss them, and they look like another typeface. GB/T 15834 keeps
    Latin letters and Arabic digits half-width in Chinese text.

    Example
    "共纳入３２例患者" should be "共纳入32例患者".

    What to do
    Take the suggestion.
    """
    runs = list(_RUN.finditer(segment.hypothesis))
    if runs:
        ascii_form = " ".join(m[0].translate(_TO_ASCII) for m in runs)
        yield finding(
            f"full-width letters or digits: {' '.join(m[0] for m in runs)} for {ascii_form}",
            *(Span("hypothesis", *m.span()) for m in runs),
            suggestion=ascii_form,
        )
