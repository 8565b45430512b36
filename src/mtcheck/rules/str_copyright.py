"""STR005: a copyright line in the text."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en_zh.boilerplate import copyright_lines
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Severity, Span

__all__ = ["copyright_line"]


@rule(
    "STR005",
    "copyright-line",
    chinese="版权行",
    category="structure/copyright",
    severity="minor",
    group="form",
    languages="*-zh",
)
def copyright_line(segment: Segment) -> Iterator[Draft]:
    """A copyright notice stands in the abstract.

    What it does
    Reports © notices, 版权所有, 保留所有权利 and "all rights reserved" in the translation. When
    the source has one as well, the finding is neutral: the abstract was copied with it. When it
    has none, it is minor.

    Why it matters
    The notice is no part of the abstract. It lowers scores, confuses alignment and names an owner
    of a text that is not theirs, the translation.

    Example
    "产量提高了8%。© 2020 某某出版社。版权所有。"

    What to do
    Cut the notice off on both sides before translating.
    """
    spans = copyright_lines(segment.hypothesis)
    if spans:
        inherited = bool(copyright_lines(segment.source))
        yield finding(
            "a copyright notice stands in the text" + (", as in the source" if inherited else ""),
            *(Span("hypothesis", *s) for s in spans),
            severity=Severity.NEUTRAL if inherited else None,
        )
