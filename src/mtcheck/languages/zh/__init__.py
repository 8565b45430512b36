"""Chinese: sentences, numbers, punctuation, characters, spacing."""

from __future__ import annotations

from collections.abc import Iterable

from mtcheck.languages import Language
from mtcheck.languages.zh.sentences import split_chinese
from mtcheck.text.values import Value

__all__ = ["chinese"]


def _numbers(text: str) -> Iterable[Value]:
    from mtcheck.languages.zh.numbers import chinese as read  # large, and not always needed

    return read(text)


chinese = Language("zh", "Chinese", split_chinese, "zh", _numbers)
