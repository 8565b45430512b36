"""Offsets of the part of a text that says something."""

from __future__ import annotations

from mtcheck.text.parses import cached

__all__ = ["content"]


@cached
def content(text: str) -> tuple[int, int] | None:
    """``(start, end)`` of the text without outer white space; None without a letter or digit."""
    if not any(c.isalnum() for c in text):
        return None
    return len(text) - len(text.lstrip()), len(text.rstrip())
