"""Find the implementations of a thing by file name; third parties add theirs by entry point.

A *kind* is a sub-package (``rules``, ``readers``, ``scorers``, ``reporters``). Each module in
it holds one implementation as a module-level object of the kind's base class. Nothing central
is edited to add one: drop a file into the folder. Another package adds one by declaring an
entry point in the group ``mtcheck.<kind>`` that loads to such an object.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType
from typing import TypeVar, cast

from mtcheck.errors import RuleError

__all__ = ["discover", "forget", "when_forgotten"]

T = TypeVar("T")


@functools.cache
def _discover(kind: str, base: type) -> MappingProxyType[str, object]:
    package = importlib.import_module(f"mtcheck.{kind}")
    found: dict[str, object] = {}
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
        if info.name.startswith("_"):
            continue
        module = importlib.import_module(f"mtcheck.{kind}.{info.name}")
        for thing in vars(module).values():
            if isinstance(thing, base):
                _add(found, thing, f"mtcheck.{kind}.{info.name}")
    for entry in entry_points(group=f"mtcheck.{kind}"):
        thing = _loaded(entry)
        if type(thing).__module__.startswith(f"mtcheck.{kind}.") and not isinstance(thing, base):
            continue  # of the other sort that this kind has
        if not isinstance(thing, base):
            raise RuleError(
                f"entry point {entry.name} = {entry.value} is no {base.__name__}; "
                f"make it load to an instance of mtcheck.{kind}.{base.__name__}"
            )
        _add(found, thing, entry.value)
    return MappingProxyType(found)


def _loaded(entry: EntryPoint) -> object:
    """What a plug-in offers. Raises RuleError, which names it, for one that can't be loaded."""
    try:
        return entry.load()
    except (Exception, SystemExit) as error:
        package = f" of {entry.dist.name}" if entry.dist else ""
        raise RuleError(
            f"the plug-in {entry.name} = {entry.value}{package} can't be loaded: "
            f"{type(error).__name__}: {error}; mend it, or uninstall its package"
        ) from error


def _add(found: dict[str, object], thing: object, origin: str) -> None:
    key: str = getattr(thing, "key")  # noqa: B009  (the base classes differ, the attribute does not)
    if key in found:
        raise RuleError(f"two plugins are called {key}; rename the one in {origin}")
    found[key] = thing


def discover(kind: str, base: type[T]) -> Mapping[str, T]:
    """All implementations of ``kind`` (a sub-package name), by their ``key``, in file order.

    They are looked for once in a process; until :func:`forget`, every call gives the same
    mapping. Raises RuleError when two share a key or an entry point loads to something else.
    """
    plain: type = base  # what the cache hashes
    return cast("Mapping[str, T]", _discover(kind, plain))


_derived: list[Callable[[], None]] = []


def when_forgotten(clear: Callable[[], None]) -> None:
    """Have ``clear`` called by :func:`forget`: it drops what was made of implementations."""
    _derived.append(clear)


def forget() -> None:
    """Look for implementations anew, as a test does that has added one."""
    _discover.cache_clear()
    for clear in _derived:
        clear()
