"""From a file's own columns to the document schema: roles, metadata names, checks on cells."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping, Sequence

from mtcheck import schema
from mtcheck.config import Config
from mtcheck.errors import DataError, UsageError
from mtcheck.types import Cell

__all__ = ["BadCell", "Columns", "listed", "normal"]

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
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


class BadCell(Exception):  # noqa: N818  (it never leaves the package)
    """A cell that can't be used: the problem and its mend."""

    def __init__(self, problem: str, mend: str) -> None:
        super().__init__(problem)
        self.problem, self.mend = problem, mend


def normal(name: str) -> str:
    """A column name for comparing: lower case, spaces and hyphens as underscores."""
    return re.sub(r"[\s-]", "_", name.strip().lower())


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

    def __init__(self, columns: Sequence[str], config: Config, path: str) -> None:
        self.roles = _roles(columns, config, path)
        self.system = next((c for c in columns if normal(c) == "system"), None)
        if self.system in self.roles.values():
            self.system = None
        self._names: dict[str, str] = {}
        self._own: frozenset[str] = frozenset()
        self._all = tuple(columns)

    def settle(self, *, aligned: bool) -> None:
        """Fix which columns travel as metadata; in the documents layout a segment id does."""
        if not aligned:
            self.roles.pop("segment_id", None)
        # A DOI that serves as the id is still the DOI.
        self._own = frozenset(c for c in self.roles.values() if normal(c) != "doi")
        for column in self._all:
            if column not in self._own and not _NO_TEXT.search(column):
                self._name(column)

    def _name(self, column: str) -> None:
        name = column
        taken = self._names.values()
        while (
            not name
            or name in schema.SEGMENT
            or name in schema.DOCUMENT
            or name.startswith(schema.INTERNAL)
            or name in taken
        ):
            name = f"input_{name}"
        self._names[column] = name

    def metadata(self, values: Mapping[str, object]) -> dict[str, Cell]:
        """The row's metadata, with every metadata column seen so far. Raises BadCell."""
        for column in values:
            if column not in self._own and column not in self._names:
                _check(column, "a column name")
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
        if column not in values:
            if role in _REQUIRED:
                raise BadCell(f"the row has no {column!r}", f"give every row a {column!r}")
            return None
        value = values[column]
        if isinstance(value, str):
            _check(value, repr(column))
            return value
        if cell(value) is None:
            return None
        raise BadCell(f"{column!r} is {_kind(value)}, not text", "write it as text")

    def identifier(self, values: Mapping[str, object], role: str) -> str | None:
        """An id as text, None when it is missing or blank; 7 and 7.0 are both ``"7"``."""
        column = self.roles.get(role)
        value = None if column is None else cell(values.get(column))
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        text = "" if value is None else str(value).strip()
        _check(text, repr(column))
        return text or None

    def system_of(self, values: Mapping[str, object]) -> str:
        """The row's ``system``, ``""`` without one."""
        value = cell(values.get(self.system)) if self.system else None
        return "" if value is None else str(value)


def _roles(columns: Sequence[str], config: Config, path: str) -> dict[str, str]:
    roles = _explicit(columns, config, path)
    explicit = tuple(roles.values())
    for role, aliases in schema.ALIASES.items():
        if role in roles:
            continue
        rest = [c for c in columns if c not in explicit]
        fits = [c for alias in aliases for c in rest if normal(c) == alias]
        same = [c for c in fits if c == role] or [c for c in fits if normal(c) == role]
        if len(same) == 1 or (fits and role not in _ASKED):
            roles[role] = (same or fits)[0]
        elif len(fits) == 1:
            roles[role] = fits[0]
        elif fits:
            raise DataError(
                f"columns {listed(fits)} could each be the {role.replace('_', ' ')}",
                path=path,
                mend=f"say which with {_flag(role)} NAME",
            )
    for role, meaning in _REQUIRED.items():
        if role not in roles:
            raise DataError(
                f"no column holds the {meaning}; columns: {listed(columns)}",
                path=path,
                mend=f"name it with {_flag(role)} NAME",
            )
    return roles


def _explicit(columns: Sequence[str], config: Config, path: str) -> dict[str, str]:
    roles: dict[str, str] = {}
    for role, setting in _FLAGS.items():
        name = str(getattr(config, setting))
        if not name:
            continue
        if name not in columns:
            near = difflib.get_close_matches(name, columns, n=1)
            mend = f"did you mean {near[0]!r}?" if near else f"{_flag(role)} takes one of these"
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


def cell(value: object) -> Cell:
    """A value as a scalar: numpy's as Python's, a nested one as JSON text, NaN as None."""
    tolist = getattr(value, "tolist", None)
    bare: object = tolist() if callable(tolist) else value
    if isinstance(bare, Mapping | list | tuple | set | frozenset):
        plain = bare if isinstance(bare, Mapping | list) else list(bare)
        return json.dumps(plain, ensure_ascii=False, default=str)
    return schema.plain(bare)


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    return "a number" if isinstance(cell(value), int | float) else f"a {type(value).__name__}"
