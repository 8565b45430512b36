"""STR007 label-run-on: a label of a structured abstract runs into its sentence."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.languages.en_zh.section_labels import run_on_label
from mtcheck.rules import Draft, finding, rule
from mtcheck.types import Segment, Span

__all__ = ["label_run_on"]


@rule(
    "STR007",
    "label-run-on",
    chinese="小标题粘连",
    category="structure/labels",
    severity="minor",
    group="form",
    aims=("Spelling",),
)
def label_run_on(segment: Segment) -> Iterator[Draft]:
    """A label of a structured abstract runs into its sentence.

    What it does
    Where the source starts with a label (OBJECTIVE, Methods:, Results), looks whether the
    translation starts with the same label and goes on without a colon, bracket or space. The
    span is the last character of the label and the one it runs into.

    Why it matters
    Without the mark the label becomes a part of the sentence: 目的研究 is "purposeful research",
    结果使用 "the result uses".

    Example
    "Methods We sowed maize." rendered as "方法我们播种了玉米。"

    What to do
    Set a colon after the label: 方法：我们播种了玉米。
    """
    label = run_on_label(segment.source, segment.hypothesis)
    if label is not None:
        text = segment.hypothesis[label.start : label.end]
        yield finding(
            f"the label {text} runs into the sentence",
            Span("hypothesis", label.end - 1, label.end + 1),
            suggestion=f"{text}：",
        )
