"""From a row of input to its segments: split, align, and share out the other texts."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from mtcheck import schema
from mtcheck.alignment.coverage import with_uncovered
from mtcheck.alignment.pairing import EMBEDDED, Calibration, align, assign
from mtcheck.languages.en.sentences import split_english
from mtcheck.languages.zh.sentences import split_chinese
from mtcheck.models import Encoder
from mtcheck.text.sentences import Sentence
from mtcheck.types import Cell, Segment

__all__ = ["Document", "from_frame", "grouped"]


def _text(value: object) -> str | None:
    return None if value is None or value is pd.NA else str(value)


def _slice(
    text: str, sentences: Sequence[Sentence], span: tuple[int, int], after: int
) -> tuple[str, int, int]:
    """The text of some sentences and its offsets; an absent side stands where it would be."""
    if span[0] == span[1]:
        return "", after, after
    start, end = sentences[span[0]].start, sentences[span[1] - 1].end
    return text[start:end], start, end


@dataclass(frozen=True)
class Document:
    """One row of input: a whole abstract, or a segment that came aligned."""

    doc_id: str
    segment_id: str | None
    path: str
    line: int | None
    texts: Mapping[str, str | None]
    metadata: Mapping[str, Cell]
    position: int
    """Where the row stands in its batch, from 0."""

    @property
    def key(self) -> tuple[Cell, ...]:
        """What tells documents apart: a text by two systems, or in two files, is two."""
        return self.path, self.doc_id, self.metadata.get("system")

    def segments(
        self,
        encoder: Encoder,
        *,
        semicolon_splits: bool = False,
        calibration: Calibration = EMBEDDED,
    ) -> list[Segment]:
        """Split and align; a row that came aligned is one segment as it is."""
        english = functools.partial(split_english, semicolon_splits=semicolon_splits)
        chinese = functools.partial(split_chinese, semicolon_splits=semicolon_splits)
        make = functools.partial(
            Segment, doc_id=self.doc_id, path=self.path, line=self.line, metadata=self.metadata
        )
        if self.segment_id is not None:
            source, hypothesis = self.texts["source"] or "", self.texts["hypothesis"] or ""
            row = make(
                segment_id=self.segment_id,
                source=source,
                hypothesis=hypothesis,
                reference=self.texts["reference"],
                back_translation=self.texts["back_translation"],
                source_end=len(source),
                hypothesis_end=len(hypothesis),
            )
            return with_uncovered([row], encoder, calibration=calibration)
        found: list[Segment] = []
        titles = self.texts["source_title"] or "", self.texts["hypothesis_title"] or ""
        if any(titles):
            kind = f"{int(bool(titles[0].strip()))}-{int(bool(titles[1].strip()))}"
            found.append(
                make(
                    segment_id=f"{self.doc_id}#0",
                    source=titles[0],
                    hypothesis=titles[1],
                    reference=self.texts["reference_title"],
                    part="title",
                    alignment=kind,
                    source_end=len(titles[0]),
                    hypothesis_end=len(titles[1]),
                )
            )
        source, hypothesis = self.texts["source"] or "", self.texts["hypothesis"] or ""
        left, right = english(source), chinese(hypothesis)
        at = (0, 0)
        for number, bead in enumerate(
            align(
                [s.text for s in left],
                [s.text for s in right],
                encoder,
                calibration=calibration,
            ),
            start=1,
        ):
            one, start, end = _slice(source, left, bead.source, at[0])
            other, from_, to = _slice(hypothesis, right, bead.hypothesis, at[1])
            at = end, max(to, at[1])
            found.append(
                make(
                    segment_id=f"{self.doc_id}#{number}",
                    source=one,
                    hypothesis=other,
                    alignment=bead.kind,
                    source_start=start,
                    source_end=end,
                    hypothesis_start=from_,
                    hypothesis_end=to,
                    moved=bead.moved,
                )
            )
        found = with_uncovered(found, encoder, calibration=calibration)
        share = functools.partial(self._with, encoder=encoder, calibration=calibration)
        found = share(found, "reference", chinese, joiner="")
        return share(found, "back_translation", english, joiner=" ")

    def _with(
        self,
        segments: list[Segment],
        name: str,
        split: Callable[[str], tuple[Sentence, ...]],
        *,
        encoder: Encoder,
        calibration: Calibration,
        joiner: str,
    ) -> list[Segment]:
        """Share out a third text, given for the whole document, to its segments."""
        text = self.texts[name]
        body = [s for s in segments if s.part == "text"]
        if not text or not body:
            return segments
        sentences = split(text)
        # Texts of one language compare best, so the reference goes by the hypothesis.
        anchors = [
            (s.hypothesis or s.source) if name == "reference" else (s.source or s.hypothesis)
            for s in body
        ]
        shares = assign(
            [s.text for s in sentences],
            anchors,
            encoder,
            joiner=joiner,
            calibration=calibration,
        )
        given = {
            s.segment_id: _slice(text, sentences, share, 0)[0]
            for s, share in zip(body, shares, strict=True)
            if share
        }
        if name == "reference":
            return [
                dataclasses.replace(s, reference=given.get(s.segment_id, s.reference))
                for s in segments
            ]
        return [dataclasses.replace(s, back_translation=given.get(s.segment_id)) for s in segments]


def from_frame(batch: pd.DataFrame) -> list[Document]:
    """The rows of a frame with the columns of ``schema.DOCUMENT`` and metadata."""
    columns = schema.metadata_columns(batch.columns, schema.DOCUMENT)
    names = [c for c in schema.DOCUMENT if c not in {"doc_id", "segment_id", "path", "line"}]
    return [
        Document(
            doc_id=str(row["doc_id"]),
            segment_id=_text(row["segment_id"]),
            path=_text(row["path"]) or "",
            line=None if pd.isna(row["line"]) else int(row["line"]),
            texts={name: _text(row[name]) for name in names},
            metadata={name: schema.plain(row[name]) for name in columns},
            position=position,
        )
        for position, row in enumerate(batch.to_dict("records"))
    ]


def grouped(rows: Iterable[Document]) -> dict[tuple[Cell, ...], list[Document]]:
    """Rows by document, in the order of each document's first row."""
    groups: dict[tuple[Cell, ...], list[Document]] = {}
    for row in rows:
        groups.setdefault(row.key, []).append(row)
    return groups
