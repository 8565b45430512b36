"""STR001: a notice that the text was translated by a machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mtcheck.languages.en_zh.boilerplate import disclaims, translation_notices
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["machine_translation_disclaimer"]


@rule(
    "STR001",
    "machine-translation-disclaimer",
    chinese="机器翻译声明",
    category="structure/disclaimer",
    severity="minor",
    scope="document",
    group="form",
    languages="*-zh",
)
def machine_translation_disclaimer(
    document: Sequence[Segment],
) -> Iterator[Draft]:
    """The text says of itself that a machine translated it.

    What it does
    Looks in the translation for notices such as 本文章由计算机程序翻译，如有差异，请以英文原文为准
    or "translated by Google Translate", and marks each. A page's notice that the reader has
    already set aside (metadata ``disclaimer``) is reported once, on the document's first
    segment, without a span. A source that speaks of its own machine translation silences it.

    Why it matters
    Nobody has revised the text: every sentence needs the eye that a finished translation
    would not. Inside the abstract the notice is also text that does not belong there.

    Example
    "……前景广阔。本文由机器翻译，仅供参考。"

    What to do
    Delete the notice from the text, and treat the whole document as unrevised.
    """
    found = False
    for i, segment in enumerate(document):
        spans = translation_notices(segment.hypothesis)
        if spans and not disclaims(segment.source):
            found = True
            yield finding(
                "a machine-translation notice stands in the text",
                *(Span("hypothesis", *s) for s in spans),
                at=i,
            )
    notices = (str(s.metadata.get("disclaimer") or "").strip() for s in document)
    notice = next((n for n in notices if n), "")
    if notice and not found:
        yield finding(f"the page says that a machine translated the text: {notice}")
