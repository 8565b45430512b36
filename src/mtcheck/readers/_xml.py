"""XML of translators' tools, unit by unit in constant memory, with the bytes each unit stands at.

No entity is expanded, no DTD read and nothing fetched: a file that declares an entity is refused.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from mtcheck.config import Config
from mtcheck.errors import DataError

__all__ = ["Node", "begins_with", "inserted", "placeholders", "units"]

_CHUNK = 1 << 16
_DEPTH = 200
_LARGEST = 1 << 24  # characters of a unit
_DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)""")
_NATIVE = {"utf-8", "utf-16", "us-ascii", "ascii", "iso-8859-1"}
_MEND = "export it anew"


@dataclass
class Node:
    """An element. ``start`` and ``end`` are the bytes in the file at which its tags begin.

    ``name`` is without prefix, ``qualified`` with it, as are the names of attributes. For an
    element of one tag, ``end`` is ``start``.
    """

    name: str
    qualified: str
    attributes: dict[str, str]
    line: int
    start: int
    end: int = 0
    unit: int = 1  # bytes of a character in ASCII
    children: list[Node | str] = field(default_factory=list)

    @property
    def width(self) -> int:
        """The bytes of its tag up to the end of its name."""
        return self.unit * (1 + len(self.qualified.encode()))

    def elements(self, *names: str) -> Iterator[Node]:
        """Its children of these names; all without names."""
        for child in self.children:
            if isinstance(child, Node) and (not names or child.name in names):
                yield child

    def first(self, *names: str) -> Node | None:
        """The first child of these names."""
        return next(self.elements(*names), None)

    def all(self, name: str) -> Iterator[Node]:
        """Its descendants of this name, outermost first."""
        for child in self.elements():
            if child.name == name:
                yield child
            yield from child.all(name)


class _Parser:
    def __init__(self, wanted: frozenset[str], encoding: str | None, unit: int) -> None:
        self.unit = unit
        self.found: list[tuple[Node, tuple[Node, ...]]] = []
        self._wanted = wanted
        self._stack: list[Node] = []
        self._unit: Node | None = None
        self._size = 0
        self.expat = parser = expat.ParserCreate(encoding)
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._declared
        parser.SkippedEntityHandler = self._skipped

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._stack) >= _DEPTH:
            raise _Refused("its elements are nested too deeply")
        local = name.rpartition(":")[2]
        at = self.expat
        place = at.CurrentLineNumber, at.CurrentByteIndex
        node = Node(local, name, attributes, *place, unit=self.unit)
        if self._unit is not None:
            self._stack[-1].children.append(node)
        elif local in self._wanted:
            self._unit, self._size = node, 0
        self._stack.append(node)

    def _end(self, _name: str) -> None:
        node = self._stack.pop()
        node.end = self.expat.CurrentByteIndex
        if node is self._unit:
            self.found.append((node, tuple(self._stack)))
            self._unit = None

    def _text(self, text: str) -> None:
        if self._unit is None:
            return
        self._size += len(text)
        if self._size > _LARGEST:
            raise _Refused(f"a unit has more than {_LARGEST:,} characters")
        children = self._stack[-1].children
        if children and isinstance(children[-1], str):
            children[-1] += text
        else:
            children.append(text)

    def _declared(self, name: str, *_: object) -> None:
        raise _Refused(f"it declares the entity {name!r}")

    def _skipped(self, name: str, *_: object) -> None:
        raise _Refused(f"the entity {name!r} is not known")


class _Refused(Exception):  # noqa: N818  (it never leaves the module)
    pass


def begins_with(path: Path, *roots: str) -> bool:
    """Whether an XML file's root has one of these local names."""
    with path.open("rb") as file:
        head = file.read(4096).replace(b"\0", b"")  # ASCII shows through UTF-16
    return bool(re.search(rf"<(?:[\w.-]+:)?(?:{'|'.join(roots)})[\s>]".encode(), head))


def units(
    path: Path, config: Config, *names: str
) -> Iterator[tuple[Node, tuple[Node, ...], float]]:
    """Each outermost element of these names, the elements around it, and how far it is, 0 to 1.

    Raises DataError, with the line, for what is not well-formed or declares an entity.
    """
    size = max(path.stat().st_size, 1)
    with path.open("rb") as file:
        head = file.read(200)
        declared = _DECLARED.match(head.removeprefix(codecs.BOM_UTF8))
        file.seek(0)
        encoding = config.encoding or (declared[1].decode() if declared else "")
        own = bool(encoding) and encoding.lower() not in _NATIVE
        wide = head[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
        parser = _Parser(frozenset(names), "utf-8" if own else None, 2 if wide else 1)
        try:
            decoder = codecs.getincrementaldecoder(encoding)() if own else None
            while True:
                data = file.read(_CHUNK)
                fed = decoder.decode(data, not data).encode() if decoder else data
                parser.expat.Parse(fed, not data)
                for node, around in parser.found:
                    yield node, around, file.tell() / size
                parser.found.clear()
                if not data:
                    return
        except expat.ExpatError as error:
            problem, line = f"broken XML: {expat.ErrorString(error.code)}", error.lineno
        except (UnicodeError, LookupError):
            problem, line = f"the bytes are not {encoding}", parser.expat.CurrentLineNumber
        except _Refused as error:
            problem, line = str(error), parser.expat.CurrentLineNumber
        raise DataError(problem, path=path.as_posix(), line=line, mend=_MEND)


def inserted(path: Path, pieces: Iterable[tuple[int, str]]) -> bytes:
    """The file's bytes with XML put in at some of them, in the file's own encoding.

    Raises DataError for an encoding in which bytes can't be counted.
    """
    data = path.read_bytes()
    encoding = "utf-8"
    if data[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        encoding = "utf-16-le" if data[:2] == codecs.BOM_UTF16_LE else "utf-16-be"
    elif declared := _DECLARED.match(data[:200].removeprefix(codecs.BOM_UTF8)):
        encoding = declared[1].decode().lower()
        if encoding not in _NATIVE:
            raise DataError(
                f"findings can't be written back into XML in {encoding}",
                path=path.as_posix(),
                mend="save it as UTF-8",
            )
    parts: list[bytes] = []
    last = 0
    for at, text in sorted(pieces, key=lambda piece: piece[0]):
        parts += [data[last:at], text.encode(encoding, "xmlcharrefreplace")]
        last = at
    return b"".join([*parts, data[last:]])


_CODES = frozenset({"x", "bx", "ex", "bpt", "ept", "ph", "it", "ut", "sc", "ec", "cp"})
_MUTE = frozenset({"note", "sub"})


def placeholders(node: Node) -> str:
    """The text of an element, its inline codes as ``{id}``; paired ones are their content."""
    parts: list[str] = []
    for child in node.children:
        if isinstance(child, str):
            parts.append(child)
        elif child.name in _CODES:
            # Either half of a pair is called by what pairs it.
            names = ("i", "rid", "startRef", "id", "x")
            label = next((child.attributes[n] for n in names if child.attributes.get(n)), "")
            parts.append(f"{{{label or child.name}}}")
        elif child.name not in _MUTE:
            parts.append(placeholders(child))
    return "".join(parts)
