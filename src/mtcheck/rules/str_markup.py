"""STR002: markup, formulas or placeholders differ from the source."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.rules import Draft, finding, rule
from mtcheck.text.markup import changed
from mtcheck.types import Segment, Severity, Span

__all__ = ["markup_changed"]


@rule(
    "STR002",
    "markup-changed",
    chinese="标记改动",
    category="structure/markup",
    severity="minor",
    group="form",
    languages="*",
)
def markup_changed(segment: Segment) -> Iterator[Draft]:
    r"""Tags, entities, LaTeX or placeholders of the source are lost, changed or new.

    What it does
    Compares the tags (<sup>, by name), entities (&alpha;), LaTeX ($x^2$, \alpha) and
    placeholders ({0}, %s, {{name}}) of both sides. An entity that became its character is kept.
    Lost or changed LaTeX, placeholders and structural tags are major; formatting tags and
    entities minor. A side that is empty is another rule's business.

    Why it matters
    A broken tag breaks the page, a translated placeholder breaks the program, and a formula
    changed by an engine is simply wrong.

    Example
    source "CO<sub>2</sub> uptake" hypothesis "CO<sub>2吸收"

    What to do
    Copy the markup from the source.
    """
    if not segment.source.strip() or not segment.hypothesis.strip():
        return
    missing, added = changed(segment.source, segment.hypothesis)
    if not missing and not added:
        return
    parts = []
    if missing:
        parts.append("lost " + " ".join(dict.fromkeys(t.key for t in missing)))
    if added:
        parts.append("new " + " ".join(dict.fromkeys(t.key for t in added)))
    yield finding(
        f"markup differs: {'; '.join(parts)}",
        *(Span("source", t.start, t.end) for t in missing),
        *(Span("hypothesis", t.start, t.end) for t in added),
        severity=Severity.MAJOR if any(t.vital for t in (*missing, *added)) else None,
    )
