"""A user's glossary: accepted and forbidden Chinese for English terms, from CSV, TSV or TBX.

CSV columns: ``source`` (English), ``target`` (accepted Chinese, several parted by ``|``),
``forbidden`` (the same form, may be empty or absent) and ``note`` (ignored). An empty source
with a forbidden entry forbids it everywhere. TBX (Basic, Core, Min; version 2 or 3): the terms of
an entry in ``en`` are sources, those in ``zh`` targets; deprecated or superseded ones are
forbidden.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from mtcheck.errors import DataError
from mtcheck.languages.en.terms import TermIndex, TermMatch, term_key

__all__ = ["Glossary", "GlossaryTerm", "load_glossary"]


@dataclass(frozen=True, slots=True)
class GlossaryTerm:
    """A term with the translations that are accepted and those that are known to be wrong."""

    source: str
    targets: tuple[str, ...]
    forbidden: tuple[str, ...] = ()

    def has_target(self, hypothesis: str) -> bool:
        """Whether an accepted translation stands in the hypothesis; spaces are overlooked."""
        text = _bare(hypothesis)
        return any(_bare(target) in text for target in self.targets)


class Glossary:
    """The entries by English term. Two rows of one term are joined."""

    def __init__(self, entries: Iterable[GlossaryTerm]) -> None:
        joined: dict[tuple[str, ...], GlossaryTerm] = {}
        everywhere: list[str] = []
        for entry in entries:
            key = term_key(entry.source)
            if not key:
                everywhere += entry.forbidden
                continue
            old = joined.get(key, GlossaryTerm(entry.source, ()))
            joined[key] = GlossaryTerm(
                old.source,
                tuple(dict.fromkeys((*old.targets, *entry.targets))),
                tuple(dict.fromkeys((*old.forbidden, *entry.forbidden))),
            )
        self.entries = tuple(joined.values())
        self.forbidden_everywhere = tuple(dict.fromkeys(everywhere))
        self._index = TermIndex(joined)

    def find(self, source: str) -> list[TermMatch[GlossaryTerm]]:
        """The terms of an English text, the longest at each place."""
        return self._index.find(source)


def load_glossary(path: str) -> Glossary:
    """Read a glossary; ``""`` gives an empty one. Read once, and again when the file changes.

    Raises DataError naming file, line and mend.
    """
    if not path:
        return _EMPTY
    try:
        stat = Path(path).stat()
    except (OSError, ValueError):  # such as a name with a NUL
        raise DataError("no such glossary file", path=path) from None
    return _load(path, stat.st_mtime_ns, stat.st_size)


_EMPTY = Glossary(())
_QUOTES = 'close every quote, and double those inside a quoted cell ("")'


@functools.lru_cache(maxsize=8)
def _load(path: str, _changed: int, _size: int) -> Glossary:
    suffix = Path(path).suffix.lower()
    try:
        if suffix in {".tbx", ".xml"}:
            entries = list(_tbx(path))
        elif suffix in {".csv", ".tsv", ".txt"}:
            entries = list(_table(path, "," if suffix == ".csv" else "\t"))
        else:
            raise DataError("not a glossary by its name", path=path, mend="use .csv, .tsv or .tbx")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"not readable: {error}", path=path, mend="save it as UTF-8") from None
    if not entries:
        raise DataError("the glossary has no entries", path=path)
    return Glossary(entries)


def _table(path: str, delimiter: str) -> Iterator[GlossaryTerm]:
    with Path(path).open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.DictReader(handle, delimiter=delimiter, strict=True)
        columns = [c.strip().lower() for c in reader.fieldnames or []]
        if "source" not in columns or "target" not in columns:
            raise DataError(
                f"no column {'source' if 'source' not in columns else 'target'!r}",
                path=path,
                line=1,
                mend="a glossary has the columns source, target and, if you like, forbidden, note",
            )
        reader.fieldnames = columns
        for row in _rows(reader, path):
            entry = GlossaryTerm(
                " ".join((row.get("source") or "").split()),
                _parts(row.get("target")),
                _parts(row.get("forbidden")),
            )
            if not entry.source and not entry.targets and not entry.forbidden:
                continue
            problem = _problem(entry)
            if problem:
                raise DataError(problem, path=path, line=reader.line_num)
            yield entry


def _rows(reader: csv.DictReader[str], path: str) -> Iterator[dict[str, str | None]]:
    """The rows. Raises DataError where a quote opens that is never closed, or closes too late."""
    start = reader.line_num + 1
    try:
        for row in reader:
            for name in ("source", "target", "forbidden"):
                if "\n" in (row.get(name) or "").strip():
                    raise DataError(
                        f"the {name} runs over several lines", path=path, line=start, mend=_QUOTES
                    )
            yield row
            start = reader.line_num + 1
    except csv.Error as error:
        open_ = "end of data" in str(error)
        problem = "a quote opened in this row is never closed" if open_ else str(error)
        raise DataError(problem, path=path, line=start, mend=_QUOTES) from None


def _problem(entry: GlossaryTerm) -> str:
    if not entry.targets and not entry.forbidden:
        return f"{entry.source!r} has neither a target nor a forbidden translation"
    if not entry.source and entry.targets:
        return f"{entry.targets[0]!r} has no source term"
    if entry.source and not term_key(entry.source):
        return f"{entry.source!r} has no letters to look for"
    both = set(entry.targets) & set(entry.forbidden)
    return f"{both.pop()!r} is both accepted and forbidden" if both else ""


def _parts(cell: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p.strip() for p in (cell or "").split("|") if p.strip()))


_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_FORBIDDEN = ("deprecated", "superseded", "obsolete", "forbidden", "notrecommended")


def _tbx(path: str) -> Iterator[GlossaryTerm]:
    # entities and the network stay off: a glossary comes from anywhere
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.parse(path, parser).getroot()
    except etree.XMLSyntaxError as error:
        raise DataError(f"not readable as TBX: {error.msg}", path=path) from None
    for concept in _named(root, "conceptEntry", "termEntry", "entry"):
        sources: list[str] = []
        targets: list[str] = []
        forbidden: list[str] = []
        for section in _named(concept, "langSec", "langSet", "langGroup"):
            language = (section.get(_LANG) or section.get("lang") or "").lower()
            groups = list(_named(section, "termSec", "tig", "ntig", "termGroup"))
            for group in groups or [section]:
                texts = (str(text) for t in _named(group, "term") for text in t.itertext())
                term = " ".join("".join(texts).split())
                if not term:
                    continue
                if language.startswith("en"):
                    sources.append(term)
                elif language.startswith("zh"):
                    (forbidden if _discouraged(group) else targets).append(term)
        for source in sources:
            if targets or forbidden:
                yield GlossaryTerm(source, tuple(targets), tuple(forbidden))


def _named(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Descendants with one of these local names, whatever their namespace."""
    for child in element.iter():
        if isinstance(child.tag, str) and etree.QName(child).localname in names:
            yield child


def _discouraged(group: etree._Element) -> bool:
    for note in group.iter():
        if not isinstance(note.tag, str):
            continue
        name = etree.QName(note).localname
        if "administrativeStatus" in {note.get("type"), name} or name == "termStatus":
            status = (note.text or "").lower().replace(" ", "")
            return status.startswith(_FORBIDDEN)
    return False


def _bare(text: str) -> str:
    return "".join(text.split()).casefold()
