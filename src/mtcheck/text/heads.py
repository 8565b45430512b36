"""The places of a text where words of a table may begin, found without trying each place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

__all__ = ["Heads"]

_HEAD = 2


class Heads:
    """Words of two characters or more by their first two, the longest first."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words: dict[str, tuple[str, ...]] = {}
        for word in sorted(words, key=len, reverse=True):
            self._words[word[:_HEAD]] = (*self._words.get(word[:_HEAD], ()), word)
        first, second = (
            "".join(re.escape(c) for c in sorted({head[i] for head in self._words}))
            for i in range(_HEAD)
        )
        self._place = re.compile(f"[{first}](?=[{second}])")

    def places(self, text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Each place in ``text`` where words with that head may stand, in order, with the words."""
        words = self._words
        for m in self._place.finditer(text):
            start = m.start()
            found = words.get(text[start : start + _HEAD])
            if found is not None:
                yield start, found
