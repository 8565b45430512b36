"""ACC019 repetition-loop: the hypothesis repeats itself where the source does not."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.rules import Draft, finding, rule
from mtcheck.text.loops import loops
from mtcheck.text.scripts import latin_words
from mtcheck.types import Segment, Span

__all__ = ["repetition_loop"]

_SHOWN = 20


@rule(
    "ACC019",
    "repetition-loop",
    chinese="循环重复",
    category="accuracy/addition",
    severity="critical",
    group="detached",
    languages="*",
)
def repetition_loop(segment: Segment) -> Iterator[Draft]:
    """The hypothesis repeats words or clauses over and over, and the source does not.

    What it does
        Marks a unit of 2 to 31 characters that follows itself at least twice, and a clause of
        8 characters or more that is given again word for word. Silent when the source
        repeats itself too, and on rows of dots, dashes or digits.

    Why it matters
        A neural decoder caught in a loop repeats one phrase and often drops the rest of the
        sentence. Readers see it at once; n-gram scores may not.

    Example
        source: Sustainable development needs investment.
        hypothesis: 可持续发展需要投资需要投资需要投资需要投资。

    What to do
        Translate the segment again, split in two or with another engine, and check its end.
    """
    found = loops(segment.hypothesis)
    if not found or _repeats(segment.source):
        return
    for loop in found:
        shown = loop.unit if len(loop.unit) <= _SHOWN else loop.unit[:_SHOWN] + "…"
        yield finding(
            f"“{shown}” stands there {loop.times} times",
            Span("hypothesis", loop.start, loop.end),
        )


def _repeats(source: str) -> bool:
    """Whether four running words, or one word three times in a row, come again."""
    words = [w.low for w in latin_words(source)]
    fours = [tuple(words[i : i + 4]) for i in range(len(words) - 3)]
    return (
        len(set(fours)) < len(fours)
        or any(words[i] == words[i + 1] == words[i + 2] for i in range(len(words) - 2))
        or bool(loops(source))
    )
