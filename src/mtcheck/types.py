"""The nouns of mtcheck as frozen dataclasses: Segment, Span, Finding, Score, Verdict."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

__all__ = [
    "Cell",
    "Finding",
    "Need",
    "Part",
    "Place",
    "Score",
    "Segment",
    "Severity",
    "Side",
    "Span",
    "Status",
    "Verdict",
]

Side: TypeAlias = Literal["source", "hypothesis"]
Status: TypeAlias = Literal["accept", "review", "reject"]
Place: TypeAlias = tuple[int, int]
"""Half-open ``[start, end)`` in code points of a text."""
Part: TypeAlias = Literal["title", "text"]
Need: TypeAlias = Literal["similarity", "uncovered"]
"""What a rule may read of a segment that costs an encoder: ``similarity`` with ``margin`` and
``fits``, or the ``uncovered`` stretches."""
Cell: TypeAlias = str | int | float | bool | None


class Severity(enum.IntEnum):
    """MQM severities, in order; ``weight`` is the penalty of the MQM 2.0 scoring model."""

    NEUTRAL = 0
    MINOR = 1
    MAJOR = 2
    CRITICAL = 3

    @property
    def label(self) -> str:
        """The lower-case name used in reports and configuration."""
        return self.name.lower()

    @property
    def weight(self) -> int:
        """Penalty points: 0, 1, 5, 10, as in the Bio-MQM and WMT annotations we are judged by."""
        return (0, 1, 5, 10)[self]

    @classmethod
    def parse(cls, text: str) -> Severity:
        """Read a severity by name, whatever its case. Raises ValueError for an unknown one."""
        try:
            return cls[text.strip().upper()]
        except KeyError:
            names = ", ".join(s.label for s in cls)
            raise ValueError(f"unknown severity {text!r}; use one of {names}") from None


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open ``[start, end)`` in Unicode code points of the segment's source or hypothesis."""

    side: Side
    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")


@dataclass(frozen=True, slots=True)
class Segment:
    """One alignment bead: usually one sentence on each side. An absent side is ``""``.

    ``alignment`` is ``"1-1"``, ``"1-0"``, … and None for rows that came aligned.
    ``*_start`` and ``*_end`` are offsets into the document's part (title or text);
    ``index`` is the position within the document, from 0; ``row`` that of the row of input it
    comes from within its batch. ``moved`` tells that the hypothesis
    stands elsewhere in its text than the source does in its own; ``uncovered`` are clauses of
    either side that nothing on the other side renders. ``fits`` tells how many segments further
    on in the document (back, if negative) the source stands that the hypothesis is closest to;
    0 is its own, or not known.
    """

    doc_id: str
    segment_id: str
    source: str
    hypothesis: str
    reference: str | None = None
    back_translation: str | None = None
    index: int = 0
    row: int = 0
    part: Part = "text"
    alignment: str | None = None
    path: str = ""
    line: int | None = None
    source_start: int = 0
    source_end: int = 0
    hypothesis_start: int = 0
    hypothesis_end: int = 0
    similarity: float | None = None
    margin: float | None = None
    fits: int = 0
    moved: bool = False
    uncovered: tuple[Span, ...] = ()
    metadata: Mapping[str, Cell] = field(default_factory=dict)
    source_language: str = "en"
    hypothesis_language: str = "zh"

    @property
    def languages(self) -> tuple[str, str]:
        """The codes of both sides' languages, such as ``("en", "zh")``."""
        return self.source_language, self.hypothesis_language

    def text(self, side: Side) -> str:
        """The source or the hypothesis."""
        return self.source if side == "source" else self.hypothesis


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says about a segment. Unconfirmed: a machine's finding, not an MQM error.

    ``confidence`` is 0 to 1; ``fingerprint`` is stable when rows move or neighbours change;
    ``confirmed`` tells that a reviewer said it is right.
    """

    code: str
    name: str
    category: str
    severity: Severity
    message: str
    spans: tuple[Span, ...] = ()
    suggestion: str = ""
    confidence: float = 1.0
    fingerprint: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """A corpus-level score: value, 95% interval over documents (or None) and signature."""

    name: str
    value: float | None
    ci: tuple[float, float] | None = None
    signature: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the run passes its gate, with the reasons when it does not."""

    passed: bool
    reasons: tuple[str, ...] = ()

    @property
    def label(self) -> Literal["pass", "fail"]:
        """``"pass"`` or ``"fail"``."""
        return "pass" if self.passed else "fail"
