"""STR004: a chatbot's own words around its translation."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en_zh.boilerplate import chat_lines
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["chat_preface"]


@rule(
    "STR004",
    "chat-preface",
    chinese="聊天式开场白",
    category="accuracy/addition",
    severity="major",
    group="form",
    languages="*-zh",
)
def chat_preface(segment: Segment) -> Iterator[Draft]:
    """The translation has the talk of a chatbot around it.

    What it does
    Reports openings (好的，以下是翻译：, 最终翻译：, "Here is the translation:"), closings
    (希望对您有帮助), notes （译者注：…） and code fences. What the source says likewise
    is passed over. One finding a segment.

    Why it matters
    It is text that nobody wrote and that gets published.

    Example
    "以下是该摘要的中文翻译：土壤样品取自12个地点。"

    What to do
    Delete it. Ask the engine for the translation alone.
    """
    spans = chat_lines(segment.hypothesis)
    if spans and not chat_lines(segment.source):
        yield finding(
            "a chatbot's words stand around the translation",
            *(Span("hypothesis", *s) for s in spans),
        )
