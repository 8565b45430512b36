"""The memory of parses: many rules share one reading of a text, and none is kept for long."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

__all__ = ["ROOM", "cached", "forget_parses"]

ROOM = 32_000_000
"""Characters whose parses are kept, each text counted once for each parse of it."""

_ENTRY = 100
"""What a parse takes beside its text, in characters: that of a word is mostly that."""

P = ParamSpec("P")
T = TypeVar("T")


class _Memory:
    """All caches of parses, with one budget: entries say little where texts may be long."""

    def __init__(self) -> None:
        self._forget: list[Callable[[], None]] = []
        self._kept = 0

    def add(self, forget: Callable[[], None]) -> None:
        self._forget.append(forget)

    def count(self, characters: int) -> None:
        if self._kept + characters > ROOM:
            self.forget()
        self._kept += characters

    def forget(self) -> None:
        for forget in self._forget:
            forget()
        self._kept = 0


_memory = _Memory()


def cached(parse: Callable[P, T]) -> Callable[P, T]:
    """Keep what a pure function of texts makes, until :data:`ROOM` is used up by all of them.

    Its arguments must be hashable. Only what is made anew is counted, so that a hit is as quick
    as any cache's.
    """

    @functools.cache
    @functools.wraps(parse)
    def made(*args: P.args, **kwargs: P.kwargs) -> T:
        size = _ENTRY
        for given in args:  # a sum() would take longer than many a parse of a word
            if isinstance(given, str):
                size += len(given)
        _memory.count(size)
        return parse(*args, **kwargs)

    _memory.add(made.cache_clear)
    return cast("Callable[P, T]", made)


def forget_parses() -> None:
    """Forget all parses: they are made anew when they are asked for."""
    _memory.forget()
