"""Pairs of files, one a language: which belong together, and their rows."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from mtcheck.config import Config
from mtcheck.errors import DataError
from mtcheck.readers import _packed
from mtcheck.readers._columns import listed
from mtcheck.readers._interface import Entry, OneSided, Rejected, Row
from mtcheck.readers._text import Lines
from mtcheck.registry import discover

__all__ = ["Parallel", "form_of", "partner", "rows"]


@dataclass(frozen=True)
class Parallel:
    """Files that are translations of each other, line by line or key by key.

    ``ids`` has the document of each line. As a path it is that of the hypothesis, which is the
    file to mend.
    """

    source: Path
    hypothesis: Path
    reference: Path | None = None
    ids: Path | None = None

    def __fspath__(self) -> str:
        return os.fspath(self.hypothesis)

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that are given."""
        given = (self.source, self.hypothesis, self.reference, self.ids)
        return tuple(f for f in given if f is not None)


_LANGUAGE = r"(?<![A-Za-z])(?:{})(?:[-_][A-Za-z]{{2,4}})*(?![A-Za-z])"
_CODES = {
    "en": ("en", "en-US", "en_US", "eng"),
    "zh": ("zh", "zh-CN", "zh_CN", "zh-Hans", "zh_Hans", "zh-Hans-CN", "zh_Hans_CN", "zho", "cn"),
}


def form_of(path: Path) -> OneSided | None:
    """The format of a file that holds one language, by its suffix."""
    suffix = _packed.bare(path).suffix.lower()
    forms = discover("readers", OneSided).values()
    return next((f for f in forms if suffix in f.suffixes), None)


def partner(path: Path, root: Path, languages: tuple[str, str]) -> Path | None:
    """The translation of a file: of the same name but for the language in it or in its folder.

    Looked for below ``root``, which must hold ``path``.
    """
    ways = "|".join(c for c in _CODES.get(languages[0], (languages[0],)) if c.isalpha())
    own = re.compile(_LANGUAGE.format(ways), re.IGNORECASE)
    parts = path.relative_to(root).parts
    for at in reversed(range(len(parts))):
        for found in reversed(list(own.finditer(parts[at]))):
            for code in _CODES.get(languages[1], (languages[1],)):
                name = parts[at][: found.start()] + code + parts[at][found.end() :]
                other = root.joinpath(*parts[:at], name, *parts[at + 1 :])
                if other.is_file():
                    return other
    return None


def rows(pair: Parallel, config: Config) -> Iterator[Row | Rejected]:
    """The segments of both files. Raises DataError, also when the numbers of lines differ."""
    form = form_of(pair.source) or form_of(pair.hypothesis)
    with ExitStack() as stack:
        opened = [next(stack.enter_context(_packed.opened(f, config))).path for f in pair.files]
        places = iter(opened)
        here = Parallel(
            next(places),
            next(places),
            next(places) if pair.reference else None,
            next(places) if pair.ids else None,
        )
        if form is None or form.by_line:
            yield from _by_line(here, pair, config)
        else:
            yield from _by_key(here, pair, form, config)


# --- line by line --------------------------------------------------------------------------


def _by_line(here: Parallel, pair: Parallel, config: Config) -> Iterator[Row]:
    stem, size = _packed.bare(pair.hypothesis).stem, max(here.hypothesis.stat().st_size, 1)
    cut = _is_cut(here, pair, config)
    sides = [Lines(path, config) for path in here.files]
    document = 1
    blank = True
    for texts in zip(*sides, strict=True):
        source, hypothesis, *more = (t.rstrip("\r\n") for t in texts)
        line = sides[1].number
        if not source.strip() and not hypothesis.strip():
            document += not blank
            blank = True
            continue
        blank = False
        values: dict[str, object] = {"segment_id": f"{stem}#{line}"}
        values |= {"source": source, "hypothesis": hypothesis}
        if pair.reference:
            values["reference"] = more[0]
        if pair.ids or cut:
            values["doc_id"] = more[-1].strip() if pair.ids else f"{stem}-{document}"
        yield Row(line, values, min(sides[1].done, size))


def _is_cut(here: Parallel, pair: Parallel, config: Config) -> bool:
    """Whether empty lines on both sides part documents. Raises DataError for unequal counts."""
    counts = [0] * len(pair.files)
    cut = pending = False
    for texts in zip_longest(*(Lines(path, config) for path in here.files)):
        counts = [n + (t is not None) for n, t in zip(counts, texts, strict=True)]
        filled = any(t and t.strip() for t in texts[:2])
        cut = cut or (pending and filled and counts[0] > 1)
        pending = not filled
    if len(set(counts)) > 1:
        told = ", ".join(
            f"{path.as_posix()} has {n:,}" for path, n in zip(pair.files, counts, strict=True)
        )
        raise DataError(
            f"the numbers of lines differ: {told}",
            path=pair.hypothesis.as_posix(),
            mend="each line must translate the one of the same number",
        )
    return cut


# --- key by key ----------------------------------------------------------------------------


def _by_key(
    here: Parallel, pair: Parallel, form: OneSided, config: Config
) -> Iterator[Row | Rejected]:
    stem, size = _packed.bare(pair.hypothesis).stem, here.hypothesis.stat().st_size
    translated = _entries(form, here.hypothesis, pair.hypothesis, config)
    human = _entries(form, here.reference, pair.reference, config)
    originals = _entries(form, here.source, pair.source, config)
    for number, entry in enumerate(originals.values(), 1):
        if not entry.text.strip():
            continue
        own = translated.get(entry.key)
        values: dict[str, object] = {"segment_id": f"{stem}#{entry.key}", "key": entry.key}
        values |= {"source": entry.text, "hypothesis": own.text if own else ""}
        if entry.key in human:
            values["reference"] = human[entry.key].text
        yield Row(own.line if own else None, values, size * number // len(originals))
    for key, entry in translated.items():
        if key not in originals:
            yield Rejected(
                pair.hypothesis.as_posix(),
                entry.line,
                f"the key {listed([key])} is not in {pair.source.as_posix()}",
                "remove it, or add its source",
                entry.text,
            )


def _entries(
    form: OneSided, path: Path | None, given: Path | None, config: Config
) -> dict[str, Entry]:
    if path is None or given is None:
        return {}
    found: dict[str, Entry] = {}
    try:
        for entry in form.read(path, config):
            if entry.key in found:
                raise DataError(
                    f"the key {listed([entry.key])} stands twice", line=entry.line, mend="keep one"
                )
            found[entry.key] = entry
    except DataError as error:
        raise DataError(
            error.problem, path=given.as_posix(), line=error.line, mend=error.mend
        ) from None
    return found
