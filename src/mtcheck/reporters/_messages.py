"""What the HTML report says of its own, in English and in Simplified Chinese.

``{name}`` stands for a value. Where English has a singular, it stands before a ``|`` and is
taken when ``n`` is 1. The page's script reads the same catalogue by the same two rules.
Texts that a rule or the pipeline wrote come in English and are not translated here.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from mtcheck.languages.tables import read
from mtcheck.reporters.words import score_label
from mtcheck.scorers import columns
from mtcheck.text.parses import cached

__all__ = ["KINDS", "LOCALES", "Messages", "catalogue", "categories"]

LOCALES: Mapping[str, str] = {"en": "en", "zh": "zh-CN"}
"""The ``lang`` attribute of each interface language."""


@functools.cache
def catalogue() -> Mapping[str, tuple[str, str]]:
    """Every message by its key, in English and in Chinese."""
    return {key: (en, zh) for key, en, zh in read("mtcheck.reporters", "messages.tsv")}


@functools.cache
def categories() -> Mapping[str, str]:
    """The parts of category paths in Chinese."""
    return {row[0]: row[1] for row in read("mtcheck.reporters", "categories.tsv")}


@functools.cache
def _said() -> tuple[tuple[re.Pattern[str], str], ...]:
    """What rules and the pipeline say as patterns, and in Chinese."""
    made = []
    for en, zh in read("mtcheck.reporters", "said.tsv"):
        parts = [re.escape(p) for p in re.split(r"\{\d\}", en)]
        made.append((re.compile("(.+?)".join(parts), re.DOTALL), zh))
    return tuple(made)


@cached
def _in_chinese(text: str) -> str:
    for pattern, chinese in _said():
        if found := pattern.fullmatch(text):
            return re.sub(r"\{(\d)\}", lambda m: found[int(m[1])], chinese)
    return text


KINDS = (
    "accuracy/mistranslation",
    "accuracy/omission",
    "accuracy/addition",
    "accuracy/untranslated",
    "terminology/wrong-term",
    "terminology/inconsistent",
    "linguistic-conventions/grammar",
    "linguistic-conventions/punctuation",
    "linguistic-conventions/spelling",
    "style",
    "other",
)
"""The kinds of error that a reviewer can name, as MQM paths."""


class Messages:
    """The catalogue in one language, ``"en"`` or ``"zh"``: ``t("hits", n=3, all=10)``."""

    def __init__(self, lang: str) -> None:
        self._column = list(LOCALES).index(lang)
        self.locale = LOCALES[lang]

    def __call__(self, key: str, **values: str | int) -> str:
        """A message; whole numbers get thousands separators. Raises KeyError when unknown."""
        text = self.texts()[key]
        if "|" in text:
            one, many = text.split("|")
            text = one if values.get("n") == 1 else many
        return text.format_map(
            {k: f"{v:,}" if isinstance(v, int) else v for k, v in values.items()}
        )

    def texts(self) -> dict[str, str]:
        """Every message as it stands in the catalogue."""
        return {key: both[self._column] for key, both in catalogue().items()}

    def score(self, name: str) -> str:
        """A score's name as a label; of an unknown one the column's own."""
        column = columns().get(name)
        return score_label(name) if self._column == 0 or not column else column.chinese

    def category(self, path: str) -> str:
        """A category for people: ``accuracy/mistranslation`` is "accuracy: mistranslation"."""
        if self._column == 0:
            return path.replace("/", ": ").replace("-", " ")
        known = categories()
        return "：".join(known.get(part, part) for part in path.split("/"))

    def said(self, text: str) -> str:
        """What a rule or the pipeline wrote; as it is where there is no Chinese for it."""
        return text if self._column == 0 else _in_chinese(text)

    def is_foreign(self, text: str) -> bool:
        """Whether a text of a rule or the pipeline is in another language than the page."""
        return self._column != 0 and not any("\u4e00" <= c <= "\u9fff" for c in text)

    def reason(self, text: str, names: Mapping[str, str]) -> str:
        """Why a segment has its status; ``names`` are the rules' by those in English."""
        name, colon, message = text.partition(": ")
        if colon and name in names:
            return f"{names[name]}{self('colon')}{self.said(message)}"
        return self.said(text)

    def rule(self, name: str, chinese: str) -> str:
        """A rule's name for people; one without a Chinese name keeps its own."""
        return name.replace("-", " ") if self._column == 0 else chinese or name
