"""Suggestions applied to files: only where a finding marks, and nothing else changed."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd

from mtcheck import readers, schema
from mtcheck.config import Config
from mtcheck.errors import DataError, UsageError
from mtcheck.pipeline import inspect
from mtcheck.readers import Parallel, encoding_of, scan
from mtcheck.records import FindingRecord
from mtcheck.rules import Rule, selected

__all__ = ["Fixed", "fix", "mended"]

_PASSES = 8  # a mend may bring about another: 1. and then ．
_EDGE = re.compile("\r\n|\r|\n")
_CELLS = {"text": "hypothesis", "title": "hypothesis_title"}


@dataclass(frozen=True)
class Fixed:
    """A file before and after. ``left`` says, a line each, where it could not be changed."""

    path: Path
    before: str
    after: str
    encoding: str
    places: int
    left: tuple[str, ...]

    @property
    def data(self) -> bytes:
        """The bytes of the file after."""
        return self.after.encode(self.encoding, "surrogateescape")


def fix(
    inputs: Sequence[str | Path | Parallel], config: Config, *, risky: bool = False
) -> Iterator[Fixed]:
    """Each file of the inputs with what its findings suggest; with ``risky`` also what is unsure.

    Nothing is written. Every changed file is read again, and a change stands only if no other
    cell is another. A file is held in memory. Raises as :func:`mtcheck.readers.batches` does, and
    UsageError when no selected rule says what to write.
    """
    rules = {r.key: r for r in selected(config) if r.mend and (risky or not r.risky)}
    if not rules:
        raise UsageError("no selected rule says what to write; leave out --select or add --unsafe")
    only = config.replace(
        select=tuple(rules), risk=False, similarity=False, metrics=("none",), budget=None
    )
    only = only.replace(severity={k: v for k, v in config.severity.items() if k in rules})
    for file in scan(inputs, config).files:
        yield _fixed(file, only, rules)


def mended(
    sources: Sequence[str], hypotheses: Sequence[str], config: Config, rules: dict[str, Rule]
) -> list[tuple[str, int]]:
    """Each hypothesis with what the rules suggest, and at how many places it changed.

    Applied anew until nothing is left to apply, at most a few times over.
    """
    texts, counts = list(hypotheses), [0] * len(hypotheses)
    pending = [i for i, text in enumerate(texts) if text.strip() and sources[i].strip()]
    for _ in range(_PASSES):
        rows = [
            {"doc_id": str(i), "segment_id": str(i), "path": "", "source": sources[i]}
            | {"hypothesis": texts[i]}
            for i in pending
        ]
        if not rows:
            break
        found = inspect(schema.frame(rows, schema.DOCUMENT), config).segments["findings"]
        changed = []
        for i, findings in zip(pending, found, strict=True):
            text, places = _applied(texts[i], findings, rules)
            if text != texts[i]:
                texts[i], counts[i] = text, counts[i] + places
                changed.append(i)
        pending = changed
    return list(zip(texts, counts, strict=True))


def _applied(
    text: str, findings: Sequence[FindingRecord], rules: dict[str, Rule]
) -> tuple[str, int]:
    edits = []
    for found in findings:
        mend = rules[found["code"]].mend if found["code"] in rules else None
        for span in found["spans"] if mend else ():
            if span["side"] == "hypothesis" and mend:
                start, end = span["start"], span["end"]
                new = mend(text, start, end, found["suggestion"])
                if new != text[start:end]:
                    edits.append((start, end, new))
    parts, last, places = [], 0, 0
    for start, end, new in sorted(set(edits)):
        if start >= last:  # what overlaps waits for the next time over
            parts += [text[last:start], new]
            last, places = end, places + 1
    return "".join([*parts, text[last:]]), places


# --- one file ------------------------------------------------------------------------------


@dataclass
class _Change:
    """A cell that is to become another, and where its row begins and the next one does."""

    row: int
    cell: str
    old: str
    new: str
    places: int
    line: int | None


def _fixed(file: Path | Parallel, config: Config, rules: dict[str, Rule]) -> Fixed:
    path = Path(file)
    data = path.read_bytes()
    encoding = encoding_of(path, config)
    if encoding == "utf-16":  # with its mark kept as a character
        encoding = "utf-16-le" if data[:2] == b"\xff\xfe" else "utf-16-be"
    before = data.decode(encoding, "surrogateescape")
    rows = _rows(file, config)
    changes = _changes(rows, config, rules)
    left: list[str] = []
    after, kept = _put(before, [] if "\0" in before else changes, rows)
    # Read again: what is not exactly as meant is taken back, at worst all.
    while kept:
        wrong = _wrong(file, rows, kept, after.encode(encoding, "surrogateescape"), config)
        if not wrong:
            break
        after, kept = _put(before, [c for c in kept if c.row not in wrong], rows)
    for change in changes:
        if not any(k is change for k in kept):
            where = path.as_posix() + ("" if change.line is None else f":{change.line}")
            left.append(f"{where}: {change.places} places can't be changed in this file")
    places = sum(c.places for c in kept)
    return Fixed(path, before, after if kept else before, encoding, places, tuple(left))


def _rows(file: Path | Parallel, config: Config) -> pd.DataFrame:
    frames = [b.frame for b in readers.batches([file], config)]
    return pd.concat(frames, ignore_index=True)


def _changes(rows: pd.DataFrame, config: Config, rules: dict[str, Rule]) -> list[_Change]:
    sources: list[str] = []
    hypotheses: list[str] = []
    places: list[tuple[int, str, int]] = []
    for number in range(len(rows)):
        for source, hypothesis, cell, at in _segments(rows, number, config):
            sources.append(source)
            hypotheses.append(hypothesis)
            places.append((number, cell, at))
    found: dict[tuple[int, str], list[tuple[int, str, str, int]]] = {}
    new = mended(sources, hypotheses, config, rules)
    for (number, cell, at), old, (text, count) in zip(places, hypotheses, new, strict=True):
        if text != old:
            found.setdefault((number, cell), []).append((at, old, text, count))
    return [_change(rows, number, cell, edits) for (number, cell), edits in found.items()]


def _segments(
    rows: pd.DataFrame, number: int, config: Config
) -> Iterator[tuple[str, str, str, int]]:
    """Source and hypothesis of each segment of a row, its cell, and where in that it begins."""
    if not pd.isna(rows["segment_id"].iloc[number]):
        yield _cell(rows, number, "source"), _cell(rows, number, "hypothesis"), "hypothesis", 0
        return
    for segment in inspect(rows.iloc[[number]], config).segments.to_dict("records"):
        if pd.isna(segment["hypothesis_start"]):
            continue
        cell, at = _CELLS[str(segment["part"])], int(segment["hypothesis_start"])
        text = str(segment["hypothesis"])
        if _cell(rows, number, cell)[at : at + len(text)] == text:
            yield str(segment["source"]), text, cell, at


def _cell(rows: pd.DataFrame, number: int, cell: str) -> str:
    value = rows[cell].iloc[number]
    return "" if pd.isna(value) else str(value)


def _change(
    rows: pd.DataFrame, number: int, cell: str, edits: list[tuple[int, str, str, int]]
) -> _Change:
    old = new = _cell(rows, number, cell)
    for at, was, now, _ in sorted(edits, reverse=True):
        new = new[:at] + now + new[at + len(was) :]
    line = rows["line"].iloc[number]
    return _Change(
        number, cell, old, new, sum(e[3] for e in edits), None if pd.isna(line) else int(line)
    )


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


_SPELLINGS: tuple[Callable[[str], str], ...] = (
    _json,
    json.dumps,
    _quoted,
    lambda text: f">{escape(text)}<",
    str,
    escape,
)
"""How a text may stand in a file: in JSON and PO, in a quoted field, in XML; as it is."""


def _put(before: str, changes: list[_Change], rows: pd.DataFrame) -> tuple[str, list[_Change]]:
    """The file's text with the changes that have one place to be at, and those."""
    starts = [0, *(m.end() for m in _EDGE.finditer(before))]
    lines = sorted({int(n) for n in rows["line"].dropna()})
    edits: list[tuple[int, int, str]] = []
    kept: list[_Change] = []
    for change in changes:
        begin, end = 0, len(before)
        if change.line is not None and change.line <= len(starts):
            begin = starts[change.line - 1]
            after = next((n for n in lines if n > change.line and n <= len(starts)), None)
            end = starts[after - 1] if after else end
        for spell in _SPELLINGS:
            old = spell(change.old)
            at = before.find(old, begin, end)
            if at >= 0 and before.find(old, at + 1, end) < 0:
                edits.append((at, at + len(old), spell(change.new)))
                kept.append(change)
                break
    parts, last = [], 0
    for start, end, new in sorted(edits):
        if start < last:
            return before, []
        parts += [before[last:start], new]
        last = end
    return "".join([*parts, before[last:]]), kept


def _wrong(
    file: Path | Parallel, rows: pd.DataFrame, kept: list[_Change], data: bytes, config: Config
) -> set[int]:
    """The rows that do not read as they were meant to; all when the file can't be compared."""
    expected = rows.copy()
    for change in kept:
        expected.loc[change.row, change.cell] = change.new
    every = {c.row for c in kept}
    with tempfile.TemporaryDirectory(prefix="mtcheck-") as folder:
        copy = Path(folder) / Path(file).name
        copy.write_bytes(data)
        again: Path | Parallel = copy
        if isinstance(file, Parallel):
            again = Parallel(file.source, copy, file.reference, file.ids)
        try:
            found = _rows(again, config)
        except DataError:
            return every
    if len(found) != len(expected) or list(found.columns) != list(expected.columns):
        return every
    wrong: set[int] = set()
    for name in expected.columns.drop("path"):
        pairs = zip(expected[name], found[name], strict=True)
        differ = {n for n, (a, b) in enumerate(pairs) if not _same(a, b)}
        if differ - every:
            return every
        wrong |= differ
    return wrong


def _same(one: object, other: object) -> bool:
    missing = [v is None or v is pd.NA or v != v for v in (one, other)]  # noqa: PLR0124
    return missing == [True, True] or (missing == [False, False] and one == other)
