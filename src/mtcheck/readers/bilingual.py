"""Bilingual notes: an English paragraph, then its Chinese, and so on; only when asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from mtcheck.config import Config
from mtcheck.readers import Reader, Rejected, Row
from mtcheck.readers._text import Lines

__all__ = ["READER"]

_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_LATIN = re.compile("[A-Za-z]+")
_HEADING = re.compile(r"\s*(?:#{1,6}\s|[-=*_]{3,}\s*$)")


def read(path: Path, config: Config) -> Iterator[Row | Rejected]:
    """A document a pair of paragraphs; the language of the first one is the first of all pairs.

    Lines of one language that follow each other are one paragraph; Markdown headings and rules
    are passed over. A paragraph without its other language is a Rejected.
    """
    held: tuple[int, bool, str] | None = None
    first: bool | None = None
    done = 0
    lines = Lines(path, config)
    for start, is_chinese, text in _paragraphs(lines):
        if first is None:
            first = is_chinese
        if held is not None and held[1] != is_chinese and held[1] == first:
            source, hypothesis = (text, held[2]) if is_chinese is False else (held[2], text)
            yield Row(held[0], {"source": source, "hypothesis": hypothesis}, done)
            held = None
            done = lines.done
            continue
        if held is not None:
            yield _alone(path, *held)
        held = start, is_chinese, text
    if held is not None:
        yield _alone(path, *held)


def _paragraphs(lines: Lines) -> Iterator[tuple[int, bool, str]]:
    """First line, whether it is Chinese, and text of each run of lines of one language."""
    start, kind, text = 0, False, ""
    for line in lines:
        if not line.strip() or _HEADING.match(line):
            continue
        own = line.strip()
        # A Chinese sentence names things in Latin letters; an English one has hardly a Han.
        is_chinese = len(_HAN.findall(own)) * 3 >= len(_LATIN.findall(own)) and bool(
            _HAN.search(own)
        )
        if not (is_chinese or _LATIN.search(own)) and text:
            is_chinese = kind  # a number belongs to what stands before it
        if text and is_chinese == kind:
            text += f"\n{own}"
            continue
        if text:
            yield start, kind, text
        start, kind, text = lines.number, is_chinese, own
    if text:
        yield start, kind, text


def _alone(path: Path, line: int, is_chinese: bool, text: str) -> Rejected:
    own, other = ("Chinese", "English") if is_chinese else ("English", "Chinese")
    return Rejected(
        path.as_posix(),
        line,
        f"the {own} paragraph has no {other} one beside it",
        "let each paragraph be followed by its other language",
        text,
    )


READER = Reader(
    "bilingual-text",
    (".txt", ".md", ".text"),
    "notes with a paragraph in English, then one in Chinese",
    lambda _: False,
    read,
    text=True,
    only_asked=True,
)
