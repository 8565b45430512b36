"""The one preparation: from the rows of a document to its segments, with all that rules read.

Whole texts are split and paired; rows that came aligned are taken as they are. Then what rules
may need is measured: how close the sides of each segment are, also among those of the document,
and which stretches nothing renders. Audit, evaluation and training all prepare here, so that a
rule or the risk sees the same of a segment in each.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Collection, Iterable, Sequence

from mtcheck.alignment.closeness import with_similarity
from mtcheck.alignment.coverage import with_uncovered
from mtcheck.alignment.documents import Document
from mtcheck.alignment.pairing import EMBEDDED, CosineScale, align, assign
from mtcheck.languages import Language, language
from mtcheck.models import Encoder
from mtcheck.text.sentences import Sentence
from mtcheck.timing import stage
from mtcheck.types import Need, Segment

__all__ = ["NEEDS", "embedded", "prepare"]

NEEDS: frozenset[Need] = frozenset({"similarity", "uncovered"})
"""All that can be measured."""


def prepare(
    rows: Sequence[Document | Segment],
    encoder: Encoder,
    *,
    needs: Collection[Need] = NEEDS,
    semicolon_splits: bool = False,
    scale: CosineScale = EMBEDDED,
    languages: tuple[str, str] = ("en", "zh"),
) -> list[Segment]:
    """The segments of one document, in the order of its rows.

    A row that is a segment already, as labelled data has them, is taken as one that came
    aligned. ``needs``: what to measure; the rest stays unknown. Without any and with aligned
    rows the encoder is not used. ``languages``: the codes of the sides' languages; what nothing
    renders is known for English and Chinese alone. Raises UsageError for an unknown one.
    """
    pair = functools.partial(
        _paired,
        encoder=encoder,
        languages=(language(languages[0]), language(languages[1])),
        semicolon_splits=semicolon_splits,
        scale=scale,
    )
    with stage("alignment"):
        found = [s for row in rows for s in ([row] if isinstance(row, Segment) else pair(row))]
        segments = [dataclasses.replace(s, index=i) for i, s in enumerate(found)]
    if "uncovered" in needs and languages == ("en", "zh"):
        with stage("coverage"):
            segments = with_uncovered(segments, encoder, scale=scale)
    if "similarity" in needs:
        with stage("similarity"):
            segments = with_similarity(segments, encoder)
    return segments


def embedded(
    rows: Iterable[Document], *, semicolon_splits: bool, languages: tuple[str, str]
) -> list[str]:
    """The texts of some rows that :func:`prepare` will surely embed, if it needs any."""
    texts: list[str] = []
    for row in rows:
        for side, code in zip(("source", "hypothesis"), languages, strict=True):
            if row.segment_id is not None:
                texts.append(row.text(side))
            else:
                found = language(code).split(row.text(side), semicolon_splits=semicolon_splits)
                texts += [row.text(f"{side}_title"), *(sentence.text for sentence in found)]
    return [text for text in texts if text.strip()]


def _paired(
    row: Document,
    *,
    encoder: Encoder,
    languages: tuple[Language, Language],
    semicolon_splits: bool,
    scale: CosineScale,
) -> list[Segment]:
    """Split and align; a row that came aligned is one segment as it is."""
    one, other = languages
    make = functools.partial(
        Segment,
        source_language=one.key,
        hypothesis_language=other.key,
        doc_id=row.doc_id,
        path=row.path,
        line=row.line,
        metadata=row.metadata,
        row=row.position,
    )
    source, hypothesis = row.text("source"), row.text("hypothesis")
    if row.segment_id is not None:
        return [
            make(
                segment_id=row.segment_id,
                source=source,
                hypothesis=hypothesis,
                reference=row.texts.get("reference"),
                back_translation=row.texts.get("back_translation"),
                source_end=len(source),
                hypothesis_end=len(hypothesis),
            )
        ]
    found: list[Segment] = []
    titles = row.text("source_title"), row.text("hypothesis_title")
    if any(titles):
        found.append(
            make(
                segment_id=f"{row.doc_id}#0",
                source=titles[0],
                hypothesis=titles[1],
                reference=row.texts.get("reference_title"),
                part="title",
                alignment=f"{int(bool(titles[0].strip()))}-{int(bool(titles[1].strip()))}",
                source_end=len(titles[0]),
                hypothesis_end=len(titles[1]),
            )
        )
    left = one.split(source, semicolon_splits=semicolon_splits)
    right = other.split(hypothesis, semicolon_splits=semicolon_splits)
    beads = align(
        [s.text for s in left],
        [s.text for s in right],
        encoder,
        languages=(one.key, other.key),
        scale=scale,
    )
    at = (0, 0)
    for number, bead in enumerate(beads, start=1):
        original, start, end = _slice(source, left, bead.source, at[0])
        translation, from_, to = _slice(hypothesis, right, bead.hypothesis, at[1])
        at = end, max(to, at[1])
        found.append(
            make(
                segment_id=f"{row.doc_id}#{number}",
                source=original,
                hypothesis=translation,
                alignment=bead.kind,
                source_start=start,
                source_end=end,
                hypothesis_start=from_,
                hypothesis_end=to,
                moved=bead.moved,
            )
        )
    share = functools.partial(
        _shared_out,
        row,
        encoder=encoder,
        semicolon_splits=semicolon_splits,
        scale=scale,
    )
    return share(share(found, "reference", other), "back_translation", one)


def _slice(
    text: str, sentences: Sequence[Sentence], span: tuple[int, int], after: int
) -> tuple[str, int, int]:
    """The text of some sentences and its offsets; an absent side stands where it would be."""
    if span[0] == span[1]:
        return "", after, after
    start, end = sentences[span[0]].start, sentences[span[1] - 1].end
    return text[start:end], start, end


def _shared_out(
    row: Document,
    segments: list[Segment],
    name: str,
    written_in: Language,
    *,
    encoder: Encoder,
    semicolon_splits: bool,
    scale: CosineScale,
) -> list[Segment]:
    """Give a third text, come for the whole document, to its segments in shares."""
    text = row.text(name)
    body = [s for s in segments if s.part == "text"]
    if not text or not body:
        return segments
    sentences = written_in.split(text, semicolon_splits=semicolon_splits)
    # Texts of one language compare best, so the reference goes by the hypothesis.
    anchors = [
        (s.hypothesis or s.source) if name == "reference" else (s.source or s.hypothesis)
        for s in body
    ]
    shares = assign(
        [s.text for s in sentences],
        anchors,
        encoder,
        language=written_in.key,
        scale=scale,
    )
    given = {
        s.segment_id: _slice(text, sentences, share, 0)[0]
        for s, share in zip(body, shares, strict=True)
        if share
    }
    if name == "reference":
        return [
            dataclasses.replace(s, reference=given.get(s.segment_id, s.reference)) for s in segments
        ]
    return [dataclasses.replace(s, back_translation=given.get(s.segment_id)) for s in segments]
