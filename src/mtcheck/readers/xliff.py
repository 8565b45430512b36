"""XLIFF 1.2, 2.0 and 2.1, and SDLXLIFF and MQXLIFF as far as they are XLIFF 1.2."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from mtcheck.config import Config
from mtcheck.errors import DataError
from mtcheck.readers import Reader, Rejected, Remark, Remarks, Row
from mtcheck.readers._xml import Node, begins_with, inserted, placeholders, units

__all__ = ["READER"]

_UNITS = ("trans-unit", "unit")


def read(path: Path, config: Config) -> Iterator[Row | Rejected]:
    """The segments of each unit, those with ``translate="no"`` passed over.

    Columns: doc_id (the original file), segment_id, source, hypothesis, and where the file has
    them state and note. Raises DataError for broken XML and for other languages than asked for.
    """
    size = path.stat().st_size
    for unit, around, fraction in units(path, config, *_UNITS):
        file = next((n for n in reversed(around) if n.name == "file"), None)
        _check_languages(path, config, unit, (*around, unit))
        if any(n.attributes.get("translate") == "no" for n in (*around, unit)):
            continue
        original = file.attributes.get("original") or file.attributes.get("id") if file else ""
        notes = [placeholders(n).strip() for n in unit.all("note")]
        for name, source, target in _segments(unit):
            values: dict[str, object] = {
                "doc_id": original or path.stem,
                "segment_id": name,
                "source": placeholders(source),
                "hypothesis": placeholders(target) if target else "",
            }
            state = target.attributes.get("state") if target else None
            state = state or (unit.attributes.get("approved") and "approved")
            if state:
                values["state"] = state
            if any(notes):
                values["note"] = "\n".join(filter(None, notes))
            yield Row(unit.line, values, int(size * fraction))


def _segments(unit: Node) -> Iterator[tuple[str, Node, Node | None]]:
    """The name, source and target of each segment of a unit; a unit may have but one."""
    own = unit.attributes.get("id", "")
    if unit.name == "unit":  # 2.x
        inside = list(unit.all("segment"))
        for number, segment in enumerate(inside, 1):
            name = segment.attributes.get("id") or str(number)
            source = segment.first("source")
            if source is not None:
                whole = own if len(inside) == 1 else f"{own}/{name}"
                yield whole, source, segment.first("target")
        return
    source, target = unit.first("source"), unit.first("target")
    cut = unit.first("seg-source")
    parts = {m.attributes.get("mid", ""): m for m in _marked(cut)} if cut else {}
    if parts:
        translated = {m.attributes.get("mid", ""): m for m in _marked(target)} if target else {}
        if translated or target is None or not target.children:
            for mid, part in parts.items():
                yield own if len(parts) == 1 else f"{own}/{mid}", part, translated.get(mid)
            return
    if source is not None:
        yield own, source, target


def _marked(node: Node) -> Iterator[Node]:
    return (m for m in node.all("mrk") if m.attributes.get("mtype") == "seg")


_SIDES = (
    ("source_language", ("source-language", "srcLang"), "--source-language"),
    ("hypothesis_language", ("target-language", "trgLang"), "--hypothesis-language"),
)


def _check_languages(path: Path, config: Config, unit: Node, around: tuple[Node, ...]) -> None:
    for setting, names, flag in _SIDES:
        wanted = str(getattr(config, setting))
        for node in around:
            for name in names:
                said = node.attributes.get(name, "")
                if said and said.lower().replace("_", "-").partition("-")[0] != wanted:
                    raise DataError(
                        f"its {name} is {said!r}, not {wanted!r}",
                        path=path.as_posix(),
                        line=unit.line,
                        mend=f"say {flag} {said.partition('-')[0].lower()} if that is meant",
                    )


# --- written back --------------------------------------------------------------------------

_ITS = "http://www.w3.org/2005/11/its"
_TYPES = {
    **{n: n for n in ("mistranslation", "omission", "addition", "untranslated", "grammar")},
    "wrong-term": "terminology",
    "inconsistent": "inconsistency",
    "markup": "markup",
    "punctuation": "typographical",
    "typography": "typographical",
    "spelling": "misspelling",
    "character-encoding": "characters",
    "number-format": "locale-violation",
}
"""The types of ITS 2.0 by the last word of a category; ``other`` is one too."""
_SEVERITY = {"neutral": 0, "minor": 25, "major": 60, "critical": 100}
_PRIORITY = {"critical": 1, "major": 2, "minor": 5, "neutral": 9}


def annotate(path: Path, config: Config, remarks: Remarks) -> bytes:
    """The file with findings as ITS ``locQualityIssue`` and as notes, its own bytes unchanged."""
    pieces: list[tuple[int, str]] = []
    for number, (unit, _, _) in enumerate(units(path, config, *_UNITS), 1):
        found = [r for n, _, _ in _segments(unit) for r in remarks.get((unit.line, n), ())]
        if found:
            place = _in_unit if unit.name == "unit" else _in_trans_unit
            pieces += place(unit, found, f"mtcheck-{number}")
    return inserted(path, pieces)


def _issues(found: Sequence[Remark], name: str) -> str:
    inside = "".join(
        f'<its:locQualityIssue locQualityIssueType="{_type(r)}" '
        f"locQualityIssueComment={quoteattr(r.text)} "
        f'locQualityIssueSeverity="{_SEVERITY.get(r.severity, 0)}"/>'
        for r in found
    )
    opened = f'<its:locQualityIssues xmlns:its="{_ITS}" xml:id="{name}">'
    return f"{opened}{inside}</its:locQualityIssues>"


def _type(remark: Remark) -> str:
    return _TYPES.get(remark.category.rpartition("/")[2], "other")


def _prefix(unit: Node) -> str:
    return unit.qualified[: -len(unit.name)]


def _in_trans_unit(unit: Node, found: Sequence[Remark], name: str) -> Iterator[tuple[int, str]]:
    """Of 1.2: notes stand behind the target, what is of another namespace comes last."""
    note = f"{_prefix(unit)}note"
    inside = list(unit.elements())
    at = max(i for i, n in enumerate(inside) if n.name in {"source", "seg-source", "target"})
    behind = inside[at + 1].start if at + 1 < len(inside) else unit.end
    notes = "".join(f'<{note} from="mtcheck">{escape(r.text)}</{note}>' for r in found)
    target = unit.first("target")
    if target is not None and not any("locQuality" in a for a in target.attributes):
        attributes = f' xmlns:its="{_ITS}" its:locQualityIssuesRef="#{name}"'
        yield target.start + target.width, attributes
    yield behind, notes
    yield unit.end, _issues(found, name)


def _in_unit(unit: Node, found: Sequence[Remark], name: str) -> Iterator[tuple[int, str]]:
    """Of 2.x: what is of another namespace comes first, then notes, then the segments."""
    prefix, inside = _prefix(unit), list(unit.elements())
    yield inside[0].start, _issues(found, name)
    notes = "".join(
        f'<{prefix}note category="mtcheck" appliesTo="target" '
        f'priority="{_PRIORITY.get(r.severity, 9)}">{escape(r.text)}</{prefix}note>'
        for r in found
    )
    there = unit.first("notes")
    if there is not None and there.first() is not None:
        yield there.end, notes
    elif there is None:
        behind = unit.first("originalData", "segment", "ignorable")
        if behind is not None:
            yield behind.start, f"<{prefix}notes>{notes}</{prefix}notes>"


READER = Reader(
    "xliff",
    (".xliff", ".xlf", ".sdlxliff", ".mqxliff", ".mxliff", ".xml"),
    "XLIFF 1.2 or 2.x, a segment a record",
    lambda path: begins_with(path, "xliff"),
    read,
    annotate=annotate,
)
