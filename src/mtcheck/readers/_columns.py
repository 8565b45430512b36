"""From a file's own columns to the document schema: roles, metadata names, checks on cells."""

from __future__ import annotations

import json
import re
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mtcheck import schema
from mtcheck.config import Config
from mtcheck.errors import DataError, UsageError, did_you_mean
from mtcheck.types import Cell

__all__ = [
    "BadCell",
    "Columns",
    "check_row",
    "fits",
    "header",
    "limited",
    "listed",
    "nested",
    "normal",
    "repeated",
]

_FLAGS: Mapping[str, str] = {
    "source": "source_column",
    "hypothesis": "hypothesis_column",
    "reference": "reference_column",
    "back_translation": "back_translation_column",
    "doc_id": "id_column",
}
_REQUIRED: Mapping[str, str] = {"source": "English source", "hypothesis": "translation"}
# No identifier: a file often has `id` and `doi`, and the better one is meant.
_ASKED = ("source", "hypothesis", "reference", "back_translation")
_ROLES = {alias: role for role, aliases in schema.ALIASES.items() for alias in aliases}
_BRACKETS = re.compile(r"(.+?)[\s_]*[(\[（【]\s*(.+?)\s*[)\]）】]")
# What has an English and a Chinese side; the brackets behind it say which is meant.
_TEXTS = frozenset(
    [
        *("abstract", "text", "content", "sentence", "segment"),
        *("摘要", "正文", "内容", "全文", "文本", "句子", "句段"),
    ]
)
_TITLES = frozenset(["title", "标题", "题目", "题名", "篇名"])
_SAMPLE = 100  # rows looked at for the likeliest columns
_DEPTH = 4  # of nested fields
_HAN = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[A-Za-z]")
_NO_TEXT = re.compile("[\0\ud800-\udfff]")

_ABSENT = object()
_FEWER = "leave some out, or raise column-limit in the settings"


class BadCell(Exception):  # noqa: N818  (it never leaves the package)
    """A cell that can't be used: the problem and its mend."""

    def __init__(self, problem: str, mend: str) -> None:
        super().__init__(problem)
        self.problem, self.mend = problem, mend


def normal(name: str) -> str:
    """A column name for comparing: lower case, spaces and hyphens as underscores."""
    return re.sub(r"[\s-]", "_", name.strip().lower())


def _called(name: str) -> str:
    """The name as one that is known, if brackets behind it hide that: ``摘要（英文）``."""
    own = normal(name)
    match = None if own in _ROLES else _BRACKETS.fullmatch(own)
    if not match:
        return own
    base, aside = match[1], "reference" if match[2] == "human" else match[2]
    said = _ROLES.get(aside, "")
    if base in _TITLES and said in _REQUIRED:
        return f"{said}_title"
    if said in _ASKED and (base in _TEXTS or _ROLES.get(base) in _ASKED):
        return said
    return base if base in _ROLES else own


def fits(names: Iterable[str], config: Config) -> bool:
    """Whether these are the names of columns, a source and a hypothesis among them."""
    listed_names = set(names)
    found = {_ROLES.get(_called(n)) for n in listed_names}
    asked = {role: str(getattr(config, _FLAGS[role])) for role in _REQUIRED}
    return all(n in listed_names if n else role in found for role, n in asked.items())


def header(names: Sequence[str], path: str, line: int) -> list[str]:
    """The column names; a blank one becomes ``column_3``. Raises DataError for a double one."""
    columns = [name.strip() or f"column_{n}" for n, name in enumerate(names, 1)]
    double = repeated(columns)
    if double:
        raise DataError(
            f"the header has several columns called {listed(double)}",
            path=path,
            line=line,
            mend="rename them",
        )
    return columns


def limited(count: int, config: Config, path: str) -> None:
    """Raise DataError for more columns than the settings allow: every row carries them all."""
    if count > config.column_limit:
        raise DataError(f"more than {config.column_limit:,} columns", path=path, mend=_FEWER)


def repeated(names: Iterable[str]) -> list[str]:
    """The names that stand there more than once."""
    return [name for name, count in Counter(names).items() if count > 1]


def nested(values: Mapping[str, object], depth: int = _DEPTH) -> Iterator[str]:
    """The dotted names of the fields inside fields: ``translation.en``."""
    for name, value in values.items():
        if isinstance(value, Mapping) and depth:
            for inner in (*map(str, value), *nested(value, depth - 1)):
                yield f"{name}.{inner}"


def _at(values: Mapping[str, object], column: str, default: object = None) -> object:
    """The value of a column, or of a field inside one by its dotted name."""
    if column in values or "." not in column:
        return values.get(column, default)
    parts = column.split(".")
    for n in range(1, len(parts)):
        inner = values.get(".".join(parts[:n]))
        if isinstance(inner, Mapping):
            return _at(inner, ".".join(parts[n:]), default)
    return default


def listed(names: Iterable[str]) -> str:
    """Column names for a message, on one line and not longer than a reader bears."""
    short = [n if len(n) <= 40 else n[:39] + "…" for n in names]
    more = f" and {len(short) - 12} more" if len(short) > 12 else ""
    return ", ".join(repr(n) for n in short[:12]) + more


class Columns:
    """What each column of one file is. ``roles`` maps a name of the schema to a column.

    Raises DataError when a required role has no column, when several columns fit one, or when
    a column named in the settings is not there; UsageError when one is named for two roles.
    """

    def __init__(self, rows: Sequence[Mapping[str, object]], config: Config, path: str) -> None:
        columns = list(dict.fromkeys(c for values in rows for c in values))
        self._limit, self._longest = config.column_limit, config.text_limit
        limited(len(columns), config, path)
        self.roles = _roles(columns, rows, config, path)
        self.system = next((c for c in columns if normal(c) == "system"), None)
        if self.system in self.roles.values():
            self.system = None
        self._names: dict[str, str] = {}
        self._taken: set[str] = set()
        self._own: frozenset[str] = frozenset()
        self._all = tuple(columns)

    def settle(self, *, aligned: bool) -> None:
        """Fix which columns travel as metadata; in the documents layout a segment id does."""
        if not aligned:
            self.roles.pop("segment_id", None)
        # A DOI that serves as the id is still the DOI.
        used = {c for c in self.roles.values() if normal(c) != "doi"}
        # `translation.en` and `translation.zh` use up `translation`.
        whole = {c.partition(".")[0] for c in used} - used
        self._own = frozenset(used | whole)
        for column in self._all:
            if column not in self._own and not _NO_TEXT.search(column):
                self._name(column)

    def _name(self, column: str) -> None:
        name = column
        while (
            not name
            or name in schema.SEGMENT
            or name in schema.DOCUMENT
            or name.startswith(schema.INTERNAL)
            or name in self._taken
        ):
            name = f"input_{name}"
        self._names[column] = name
        self._taken.add(name)

    def metadata(self, values: Mapping[str, object]) -> dict[str, Cell]:
        """The row's metadata, with every metadata column seen so far. Raises BadCell."""
        for column in values:
            if column not in self._own and column not in self._names:
                _check(column, "a column name")
                if len(self._names) >= self._limit:
                    raise BadCell(f"with {column!r} more than {self._limit:,} columns", _FEWER)
                self._name(column)
        cells = {name: cell(values.get(column)) for column, name in self._names.items()}
        for name, value in cells.items():
            if isinstance(value, str):
                _check(value, repr(name))
        return cells

    def text(self, values: Mapping[str, object], role: str) -> str | None:
        """A text cell, None when it is missing. Raises BadCell when it is not text."""
        column = self.roles.get(role)
        if column is None:
            return None
        value = _at(values, column, _ABSENT)
        if value is _ABSENT:
            if role in _REQUIRED:
                raise BadCell(f"the row has no {column!r}", f"give every row a {column!r}")
            return None
        if isinstance(value, str):
            _check(value, repr(column))
            if len(value) > self._longest:
                raise BadCell(
                    f"{column!r} has {len(value):,} characters, more than {self._longest:,}",
                    "cut it into parts, or raise text-limit in the settings",
                )
            return value
        if cell(value) is None:
            return None
        raise BadCell(f"{column!r} is {_kind(value)}, not text", "write it as text")

    def identifier(self, values: Mapping[str, object], role: str) -> str | None:
        """An id as text, None when it is missing or blank; 7 and 7.0 are both ``"7"``."""
        column = self.roles.get(role)
        value = None if column is None else cell(_at(values, column))
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        text = "" if value is None else str(value).strip()
        _check(text, repr(column))
        return text or None

    def system_of(self, values: Mapping[str, object]) -> str:
        """The row's ``system``, ``""`` without one."""
        value = cell(values.get(self.system)) if self.system else None
        return "" if value is None else str(value)


def _roles(
    columns: Sequence[str], rows: Sequence[Mapping[str, object]], config: Config, path: str
) -> dict[str, str]:
    inner = list(dict.fromkeys(n for values in rows for n in nested(values)))
    roles = _explicit([*columns, *inner], config, path)
    explicit = tuple(roles.values())
    parents = {n.partition(".")[0] for n in inner}
    called = {
        c: _called(c)
        for c in columns
        # An object has no text itself, if each row has one there.
        if c not in explicit
        and not (c in parents and all(isinstance(r[c], Mapping) for r in rows if c in r))
    }
    deeper = {c: _called(c.rpartition(".")[2]) for c in inner if c not in explicit}
    for role in schema.ALIASES:
        if role in roles:
            continue
        found = _named(role, called, path)
        if not found and role in _REQUIRED:
            found = _named(role, deeper, path)
        if found:
            roles[role] = found
    for role, meaning in _REQUIRED.items():
        if role not in roles:
            raise DataError(
                f"no column holds the {meaning}; columns: {listed([*columns, *inner])}",
                path=path,
                mend=_likeliest([*columns, *inner], rows) or f"name it with {_flag(role)} NAME",
            )
    return roles


def _named(role: str, called: Mapping[str, str], path: str) -> str:
    """The column that is called like the role, or "". Raises DataError when several are."""
    fit = [c for alias in schema.ALIASES[role] for c, name in called.items() if name == alias]
    same = [c for c in fit if c == role] or [c for c in fit if normal(c) == role]
    if len(same) == 1 or (fit and role not in _ASKED):
        return (same or fit)[0]
    if len(fit) > 1:
        raise DataError(
            f"columns {listed(fit)} could each be the {role.replace('_', ' ')}",
            path=path,
            mend=f"say which with {_flag(role)} NAME",
        )
    return fit[0] if fit else ""


def _likeliest(columns: Iterable[str], rows: Sequence[Mapping[str, object]]) -> str:
    """What to add to the command line, by what the columns hold: the most English, Chinese."""
    latin: dict[str, int] = {}
    han: dict[str, int] = {}
    for column in columns:
        texts = [v for r in rows[:_SAMPLE] if isinstance(v := _at(r, column), str)]
        both = [len(_LATIN.findall(text := "\n".join(texts))), len(_HAN.findall(text))]
        # A Chinese sentence has Latin words in it; an English one hardly a Chinese one.
        if both[1] * 10 > both[0]:
            han[column] = both[1]
        elif both[0]:
            latin[column] = both[0]
    if not latin or not han:
        return ""
    source, hypothesis = max(latin, key=latin.__getitem__), max(han, key=han.__getitem__)
    flags = " ".join(
        f"{_flag(role)} {shlex.quote(c)}"
        for role, c in (("source", source), ("hypothesis", hypothesis))
    )
    return f"the likeliest are {listed([source])} and {listed([hypothesis])}: {flags}"


def _explicit(columns: Sequence[str], config: Config, path: str) -> dict[str, str]:
    roles: dict[str, str] = {}
    for role, setting in _FLAGS.items():
        name = str(getattr(config, setting))
        if not name:
            continue
        if name not in columns:
            mend = did_you_mean(name, columns, f"{_flag(role)} takes one of these")
            problem = f"no column {name!r}; columns: {listed(columns)}"
            raise DataError(problem, path=path, mend=mend)
        for other, column in roles.items():
            if column == name:
                raise UsageError(
                    f"{_flag(other)} and {_flag(role)} both name {name!r}; a column has one use"
                )
        roles[role] = name
    return roles


def _flag(role: str) -> str:
    return "--" + _FLAGS[role].replace("_", "-")


def _check(text: str, what: str) -> None:
    bad = None if text.isascii() and "\0" not in text else _NO_TEXT.search(text)
    if bad:
        kind = "a NUL character" if bad[0] == "\0" else "half of a surrogate pair"
        raise BadCell(f"{what} contains {kind}", "remove it from the text")


def check_row(values: Mapping[str, object]) -> None:
    """Raise BadCell for a row with a text that can't be used, wherever in it."""
    for column, value in values.items():
        if isinstance(value, str):
            _check(value, repr(column))
            if len(value) > (longest := Config().text_limit):
                raise BadCell(
                    f"{column!r} has {len(value):,} characters, more than {longest:,}",
                    "cut it into parts",
                )


def cell(value: object) -> Cell:
    """A value as a scalar: numpy's as Python's, a nested one as JSON text, NaN as None.

    Raises BadCell for one that is nested too deeply to be written.
    """
    tolist = getattr(value, "tolist", None)
    bare: object = tolist() if callable(tolist) else value
    if isinstance(bare, Mapping | list | tuple | set | frozenset):
        plain = bare if isinstance(bare, Mapping | list) else list(bare)
        try:
            return json.dumps(plain, ensure_ascii=False, default=str)
        except RecursionError:
            raise BadCell("a field is nested too deeply", "make it flat, or leave it out") from None
    return schema.plain(bare)


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    return "a number" if isinstance(cell(value), int | float) else f"a {type(value).__name__}"
