"""How long the stages of a run take, each without those inside it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["REST", "stage", "timed"]

REST = "rest"
"""What is in no stage."""


class _Watch:
    """Counts the time that passes to the innermost stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._stages = [REST]
        self._since = time.perf_counter()

    def count(self) -> None:
        now = time.perf_counter()
        name = self._stages[-1]
        self.seconds[name] = self.seconds.get(name, 0.0) + now - self._since
        self._since = now

    def enter(self, name: str) -> None:
        self.count()
        self._stages.append(name)

    def leave(self) -> None:
        self.count()
        self._stages.pop()


_watch: ContextVar[_Watch | None] = ContextVar("_watch", default=None)


@contextmanager
def timed() -> Iterator[dict[str, float]]:
    """Measure what runs within: seconds by stage, complete when left.

    Within another measurement it stands for itself: the other counts it to the stage around.
    """
    watch = _Watch()
    token = _watch.set(watch)
    try:
        yield watch.seconds
    finally:
        watch.count()
        _watch.reset(token)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """A stage, or part of one; usable as a decorator. Nothing where nobody measures."""
    watch = _watch.get()
    if watch is None:
        yield
        return
    watch.enter(name)
    try:
        yield
    finally:
        watch.leave()
