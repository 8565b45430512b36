"""TMX 1.4 and earlier: a translation memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mtcheck.config import Config
from mtcheck.readers import Reader, Rejected, Row
from mtcheck.readers._xml import Node, begins_with, placeholders, units

__all__ = ["READER"]


def read(path: Path, config: Config) -> Iterator[Row | Rejected]:
    """A row a unit that has both languages; other units are set aside.

    Columns: segment_id (the unit's, or its number), source, hypothesis, and where the file has
    them note and the properties. Raises DataError for broken XML.
    """
    size = path.stat().st_size
    for number, (unit, _, fraction) in enumerate(units(path, config, "tu"), 1):
        texts: dict[str, str] = {}
        for variant in unit.elements("tuv"):
            language = variant.attributes.get("xml:lang") or variant.attributes.get("lang", "")
            segment = variant.first("seg")
            if segment is not None:
                short = language.lower().replace("_", "-").partition("-")[0]
                texts.setdefault(short, placeholders(segment))
        missing = [c for c in config.languages if c not in texts]
        if missing:
            there = ", ".join(texts) or "none"
            yield Rejected(
                path.as_posix(),
                unit.line,
                f"the unit has no {' and no '.join(missing)}; languages: {there}",
                "name the languages with --source-language and --hypothesis-language",
                "",
            )
            continue
        values: dict[str, object] = {
            "segment_id": unit.attributes.get("tuid") or str(number),
            "source": texts[config.languages[0]],
            "hypothesis": texts[config.languages[1]],
            **_about(unit),
        }
        yield Row(unit.line, values, int(size * fraction))


def _about(unit: Node) -> dict[str, object]:
    found = {
        p.attributes.get("type", "prop"): placeholders(p).strip() for p in unit.elements("prop")
    }
    notes = [placeholders(n).strip() for n in unit.elements("note")]
    return {**found, "note": "\n".join(notes)} if notes else dict(found)


READER = Reader(
    "tmx",
    (".tmx",),
    "TMX, a translation unit a record",
    lambda path: begins_with(path, "tmx"),
    read,
)
