"""LNG012: tokens of the engine's own alphabet in its output."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.rules import Draft, finding, rule
from mtcheck.text.engine_tokens import engine_tokens
from mtcheck.types import Segment, Span

__all__ = ["engine_token"]


@rule(
    "LNG012",
    "engine-token",
    chinese="引擎内部符号",
    category="linguistic-conventions/character-encoding",
    severity="major",
    languages="*",
    group="form",
)
def engine_token(segment: Segment) -> Iterator[Draft]:
    """The translation shows tokens of the engine's own alphabet.

    What it does
    Reports unknown-word signs (<unk>, ⁇), sentence and padding marks ([CLS], </s>, <pad>), marks
    of chat models (<|im_end|>), pieces of words that were never joined (上@@ 涨, ▁) and the
    placeholder 🔤. One that stands in the source too is passed over. One finding a segment.

    Why it matters
    An unknown-word sign stands for a word that was lost; the others tell that a step behind the
    engine did not run.

    Example
    "价格上<unk>5%。"

    What to do
    Mend the step that joins the engine's output, and translate what is missing.
    """
    places = [
        (a, b)
        for a, b in engine_tokens(segment.hypothesis)
        if segment.hypothesis[a:b] not in segment.source
    ]
    if places:
        shown = " ".join(dict.fromkeys(segment.hypothesis[a:b] for a, b in places))
        yield finding(
            f"the engine's own tokens: {shown}", *(Span("hypothesis", a, b) for a, b in places)
        )
