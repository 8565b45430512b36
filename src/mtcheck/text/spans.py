"""Offsets of the part of a text that says something."""

from __future__ import annotations

import functools

__all__ = ["content"]


@functools.lru_cache(maxsize=4096)
def content(text: str) -> tuple[int, int] | None:
    """``(start, end)`` of the text without outer white space; None without a letter or digit."""
    if not any(c.isalnum() for c in text):
        return None
    return len(text) - len(text.lstrip()), len(text.rstrip())
