"""Texts of one language by key: JSON, ARB and YAML locales, and lines of plain text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from mtcheck.config import Config
from mtcheck.errors import DataError
from mtcheck.readers import Entry, OneSided
from mtcheck.readers._text import Lines, read_text

__all__ = ["JSON", "LINES", "YAML"]

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})*")
_MOST = 1_000_000  # nodes: aliases in YAML multiply them
_MEND = "give an object of keys and texts"


def _json(path: Path, config: Config) -> Iterator[Entry]:
    """The texts of nested objects by dotted keys; what begins with ``@`` is about them."""
    try:
        value = json.loads(read_text(path, config), object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise DataError(f"broken JSON: {error.msg}", line=error.lineno, mend=_MEND) from None
    except (ValueError, RecursionError) as error:
        deep = isinstance(error, RecursionError)
        why = "broken JSON: nested too deeply" if deep else str(error)
        raise DataError(why, mend=_MEND) from None
    if not isinstance(value, Mapping):
        raise DataError("the file does not hold an object", mend=_MEND)
    if value and all(isinstance(v, Mapping) and "message" in v for v in value.values()):
        # A browser extension's: beside the message stands what it is for.
        value = {k: v["message"] for k, v in value.items()}
    for key, text in _texts(_without_language(value), ""):
        yield Entry(key, text)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [k for k, _ in pairs]
        double = next(k for k in names if names.count(k) > 1)
        raise ValueError(f"the key {double!r} stands twice")
    return found


def _without_language(value: Mapping[str, object]) -> Mapping[str, object]:
    """What stands under a lone key that is a language, as in Rails."""
    if len(value) == 1:
        ((key, inner),) = value.items()
        if _LANGUAGE.fullmatch(str(key)) and isinstance(inner, Mapping):
            return inner
    return value


def _texts(value: object, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, Mapping | list):
        items = value.items() if isinstance(value, Mapping) else enumerate(value)
        for name, inner in items:
            if not str(name).startswith("@"):
                yield from _texts(inner, f"{key}.{name}" if key else str(name))


JSON = OneSided("json-locale", (".json", ".arb"), "texts by key, and ARB", _json)


def _yaml(path: Path, config: Config) -> Iterator[Entry]:
    """The texts of nested mappings by dotted keys."""
    try:
        root = yaml.compose(read_text(path, config), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        problem = f"broken YAML: {error.problem}"
        raise DataError(problem, line=mark.line + 1 if mark else None, mend=_MEND) from None
    except (yaml.YAMLError, RecursionError) as error:
        deep = isinstance(error, RecursionError)
        why = "nested too deeply" if deep else " ".join(str(error).split())
        raise DataError(f"broken YAML: {why}", mend=_MEND) from None
    if not isinstance(root, yaml.MappingNode):
        raise DataError("the file does not hold a mapping", mend=_MEND)
    if len(root.value) == 1:
        name, inner = root.value[0]
        if _LANGUAGE.fullmatch(str(name.value)) and isinstance(inner, yaml.MappingNode):
            root = inner
    yield from _scalars(root, "", 0, iter(range(_MOST)))


def _scalars(node: yaml.Node, key: str, depth: int, left: Iterator[int]) -> Iterator[Entry]:
    if depth > 100 or next(left, None) is None:
        what = "nested too deeply" if depth > 100 else f"more than {_MOST:,} nodes"
        raise DataError(f"broken YAML: {what}", mend="write its aliases out, or cut it")
    if isinstance(node, yaml.ScalarNode):
        if node.tag == "tag:yaml.org,2002:str":
            yield Entry(key, node.value, node.start_mark.line + 1)
        return
    items = (
        [(str(k.value), v) for k, v in node.value]
        if isinstance(node, yaml.MappingNode)
        else [(str(i), v) for i, v in enumerate(node.value)]
    )
    for name, inner in items:
        yield from _scalars(inner, f"{key}.{name}" if key else name, depth + 1, left)


YAML = OneSided("yaml-locale", (".yaml", ".yml"), "texts by key, nested or not", _yaml)


def _lines(path: Path, config: Config) -> Iterator[Entry]:
    for number, line in enumerate(Lines(path, config), 1):
        yield Entry(str(number), line.rstrip("\r\n"), number)


LINES = OneSided(
    "lines", (".en", ".zh", ".txt"), "parallel text, a segment a line", _lines, by_line=True
)
