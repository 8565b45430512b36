"""LNG008: a word written with a wrong character."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.zh.wrong_characters import wrong_words
from mtcheck.rules import Draft, finding, rule, suggested
from mtcheck.types import Segment, Span

__all__ = ["wrong_character"]


@rule(
    "LNG008",
    "wrong-character",
    chinese="错别字",
    category="linguistic-conventions/spelling",
    severity="minor",
    group="form",
    aims=("Spelling",),
    languages="*-zh",
    mend=suggested,
)
def wrong_character(segment: Segment) -> Iterator[Draft]:
    """A word is written with a wrong character of like sound or shape.

    What it does
    Looks up some 230 wrong forms, such as 显着 for 显著, 做为 for 作为, 阀值 for 阈值 and
    心率失常 for 心律失常, and suggests the right one with the reason. Forms that also arise where
    two words meet (讨论着, 自己经历) are told apart by their neighbours. One finding a word.

    Why it matters
    Engines learn them from careless text. They change the meaning (a valve for a threshold) or
    make a journal doubt the rest.

    Example
    "两组差异显着" should be "两组差异显著".

    What to do
    Take the suggestion.
    """
    for word in wrong_words(segment.hypothesis):
        wrong = segment.hypothesis[word.start : word.end]
        yield finding(
            f"{wrong} should be {word.right}: {word.why}",
            Span("hypothesis", word.start, word.end),
            suggestion=word.right,
        )
