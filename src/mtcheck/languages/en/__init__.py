"""English: sentences, numbers, terms, word lists, faults of a source."""

from __future__ import annotations

from collections.abc import Iterable

from mtcheck.languages import Language
from mtcheck.languages.en.sentences import split_english
from mtcheck.text.values import Value

__all__ = ["english"]


def _numbers(text: str) -> Iterable[Value]:
    from mtcheck.languages.en.numbers import english as read  # large, and not always needed

    return read(text)


english = Language("en", "English", split_english, "13a", _numbers)
