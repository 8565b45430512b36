"""ACC002: a sentence of the translation has no source."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.rules import Draft, finding, rule
from mtcheck.text.spans import content
from mtcheck.types import Segment, Span

__all__ = ["addition"]


@rule(
    "ACC002",
    "addition",
    chinese="增译",
    category="accuracy/addition",
    severity="major",
    group="missing or added",
    aims=("Addition",),
    languages="*",
)
def addition(segment: Segment) -> Iterator[Draft]:
    """A sentence of the translation has no counterpart in the source.

    What it does
    Reports a segment whose source is empty while its hypothesis is not: a sentence that the
    alignment could pair with nothing (a 0-1 bead), or an aligned row without a source. The span
    is the whole sentence of the translation.

    Why it matters
    The engine invented a statement, repeated one, or left its own chatter in the text. The
    reader takes it for the authors' words.

    Example
    The Chinese abstract ends with "因此，建议在临床上推广使用。" and the English says nothing
    of the kind.

    What to do
    Delete the sentence, or find the source sentence it belongs to when the alignment is at fault.
    """
    span = content(segment.hypothesis)
    if span is None or content(segment.source) is not None:
        return
    yield finding("this sentence of the translation has no source", Span("hypothesis", *span))
