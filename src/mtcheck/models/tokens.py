"""Word pieces for the risk model, with their places in the text as it was given."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mtcheck.text.parses import cached

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = ["BEGIN", "END", "UNKNOWN", "PieceReader", "Pieces", "normalised", "tokenizer"]

BEGIN, END, UNKNOWN = 0, 2, 3


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of one text: vocabulary ids, and the characters each stands for."""

    ids: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff"


@cached
def _levelled(char: str) -> str:
    """One character in its plain width; anything unprintable is a space."""
    return "".join(
        " " if c.isspace() or unicodedata.category(c) in {"Cc", "Cf", "Co", "Cn"} else c
        for c in unicodedata.normalize("NFKC", char)
    )


def normalised(text: str) -> tuple[str, list[int]]:
    """The text as the model reads it, and for each of its characters the place it came from.

    Width is levelled (NFKC, character by character), a full stop after Han becomes ``。`` and
    spaces beside Han or before punctuation go: what a typesetting rule sees better must be no
    shortcut for the model.
    """
    chars: list[str] = []
    places: list[int] = []
    for place, raw in enumerate(text):
        for char in _levelled(raw):
            if char == " ":
                if not chars or chars[-1] == " " or _is_han(chars[-1]) or chars[-1] in "。、":
                    continue
            elif chars and chars[-1] == " " and (_is_han(char) or char in "。、,.;:!?)]%"):
                chars.pop()
                places.pop()
            if char == "." and chars and _is_han(chars[-1]):
                char = "。"  # noqa: PLW2901
            chars.append(char)
            places.append(place)
    if chars and chars[-1] == " ":
        chars.pop()
        places.pop()
    return "".join(chars), places


def tokenizer(pieces: Sequence[str], scores: Sequence[float]) -> Tokenizer:
    """A SentencePiece unigram tokenizer over a vocabulary; id 3 stands for the unknown."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    vocabulary = list(zip(pieces, map(float, scores), strict=True))
    made = Tokenizer(models.Unigram(vocabulary, UNKNOWN, False))
    made.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    return made


class PieceReader:
    """Turns text into pieces."""

    def __init__(self, made: Tokenizer) -> None:
        self._tokenizer = made

    @classmethod
    def load(cls, path: Path) -> PieceReader:
        """From a ``tokenizer.json``."""
        from tokenizers import Tokenizer

        return cls(Tokenizer.from_file(str(path)))

    @property
    def size(self) -> int:
        """How many pieces there are."""
        return int(self._tokenizer.get_vocab_size())

    def read(self, text: str) -> Pieces:
        """The pieces of a text; each span is half-open, in characters of ``text``."""
        plain, places = normalised(text)
        if not plain:
            return Pieces((), ())
        encoding = self._tokenizer.encode(plain, add_special_tokens=False)
        spans = []
        for start, end in encoding.offsets:
            start, end = min(start, len(places) - 1), min(end, len(places))  # noqa: PLW2901
            while start < end - 1 and plain[start] == " ":
                start += 1  # noqa: PLW2901
            spans.append((places[start], places[max(start, end - 1)] + 1))
        return Pieces(tuple(encoding.ids), tuple(spans))
