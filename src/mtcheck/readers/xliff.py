"""XLIFF 1.2, 2.0 and 2.1, and SDLXLIFF and MQXLIFF as far as they are XLIFF 1.2."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mtcheck.config import Config
from mtcheck.errors import DataError
from mtcheck.readers import Reader, Rejected, Row
from mtcheck.readers._xml import Node, begins_with, placeholders, units

__all__ = ["READER", "segments", "unit_names"]

unit_names = ("trans-unit", "unit")


def read(path: Path, config: Config) -> Iterator[Row | Rejected]:
    """The segments of each unit, those with ``translate="no"`` passed over.

    Columns: doc_id (the original file), segment_id, source, hypothesis, and where the file has
    them state and note. Raises DataError for broken XML and for other languages than asked for.
    """
    size = path.stat().st_size
    for unit, around, fraction in units(path, config, *unit_names):
        file = next((n for n in reversed(around) if n.name == "file"), None)
        _check_languages(path, config, unit, (*around, unit))
        if any(n.attributes.get("translate") == "no" for n in (*around, unit)):
            continue
        original = file.attributes.get("original") or file.attributes.get("id") if file else ""
        notes = [placeholders(n).strip() for n in unit.all("note")]
        for name, source, target in segments(unit):
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


def segments(unit: Node) -> Iterator[tuple[str, Node, Node | None]]:
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


READER = Reader(
    "xliff",
    (".xliff", ".xlf", ".sdlxliff", ".mqxliff", ".mxliff", ".xml"),
    "XLIFF 1.2 or 2.x, a segment a record",
    lambda path: begins_with(path, "xliff"),
    read,
)
