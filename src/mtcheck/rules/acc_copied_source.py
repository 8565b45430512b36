"""ACC021 copied-source: a long stretch of the source stands inside a Chinese hypothesis."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en_zh.leftover import copied_stretches, mostly_latin
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["copied_source"]


@rule(
    "ACC021",
    "copied-source",
    chinese="照抄原文",
    category="accuracy/untranslated",
    severity="major",
    group="untranslated words",
    aims=("Untranslated",),
)
def copied_source(segment: Segment) -> Iterator[Draft]:
    """Five or more running words of the source stand unchanged inside the hypothesis.

    What it does
        Marks verbatim source stretches of at least five words, three of them in lower case,
        in a hypothesis that has Chinese too. Names, titles and glosses in brackets or
        quotation marks are left alone. A hypothesis that is the source as a whole is ACC003,
        fewer words are ACC004: no error is reported twice.

    Why it matters
        The engine gave up half way: the rest of the sentence was never translated.

    Example
        source: Yields fell because the soil was too dry for the seeds to germinate.
        hypothesis: 产量下降，because the soil was too dry for the seeds to germinate。

    What to do
        Translate the stretch, or the whole segment again.
    """
    if mostly_latin(segment.hypothesis):
        return
    for start, end in copied_stretches(segment.source, segment.hypothesis):
        yield finding("a stretch of the source was copied", Span("hypothesis", start, end))
