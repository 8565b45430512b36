"""Kinds of errors, and the one way in which all of them are planted.

A maker gets a :class:`Site` and yields what the document is with the error in it: nothing where
the site can't carry the error, more than one where the kind is planted at every place that
there is. Only the aligner's errors are made otherwise, many in one document with the beads that
are then true (:mod:`mtcheck.lab.planting.documents`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from mtcheck.alignment.documents import Document
from mtcheck.alignment.prepare import prepare
from mtcheck.models import Encoder
from mtcheck.types import Place, Segment, Side

__all__ = ["Changed", "Kind", "Make", "Needs", "Pair", "PlantPair", "Retold", "Site", "of_pair",
           "once"]  # fmt: skip

Pair = tuple[str, str]
"""Source and hypothesis."""
Needs = Literal["", "similarities", "clauses", "alignment", "glossary"]


@dataclass(frozen=True, slots=True)
class Changed:
    """A document with an error in segment ``at``.

    ``marks``: what is wrong there, half-open in the hypothesis, where the maker says so (nothing
    is, where something was left out); ``was``: what stood at the mark.
    """

    document: list[Segment]
    at: int
    marks: tuple[Place, ...] = ()
    was: str = ""

    @property
    def hypothesis(self) -> str:
        """The hypothesis with the error."""
        return self.document[self.at].hypothesis

    def seen(self, needs: Needs, encoder: Encoder | None) -> tuple[list[Segment], tuple[int, ...]]:
        """The segments as an audit would have them, and which of them hold the error."""
        document = self.document
        if encoder is not None and needs == "similarities":
            # only rows of a file can be shifted against each other
            rows = [replace(s, alignment=None) for s in document]
            document = prepare(rows, encoder, needs={"similarity"})
        elif encoder is not None and needs == "clauses":
            document = prepare(document, encoder, needs={"uncovered"})
        return document, (self.at,)


@dataclass(frozen=True, slots=True)
class Retold:
    """A whole text told anew, to be split and aligned, and the sentences that the error is in."""

    source: str
    hypothesis: str
    side: Side
    sentences: tuple[str, ...]

    def seen(self, _needs: Needs, encoder: Encoder | None) -> tuple[list[Segment], tuple[int, ...]]:
        """The segments, and which of them hold the sentences (none, if they were torn apart)."""
        assert encoder is not None  # without one no text is retold
        whole = Document.whole(self.source, self.hypothesis, doc_id="retold")
        segments = prepare([whole], encoder)
        places = tuple(
            i
            for i, s in enumerate(segments)
            if s.text(self.side)
            and any(s.text(self.side) in x or x in s.text(self.side) for x in self.sentences)
        )
        return segments, places


@dataclass(frozen=True, slots=True)
class Site:
    """Where an error may be planted: segment ``at`` of a document of right translations.

    ``others``: segments from which text may be borrowed. ``glossary``: the path of one, or ``""``.
    """

    document: Sequence[Segment]
    at: int
    others: Sequence[Segment]
    rng: random.Random
    glossary: str = ""

    @property
    def source(self) -> str:
        """The source of the segment."""
        return self.document[self.at].source

    @property
    def hypothesis(self) -> str:
        """The hypothesis of the segment."""
        return self.document[self.at].hypothesis

    def hypotheses(self) -> list[str]:
        """Those of the whole document."""
        return [s.hypothesis for s in self.document]

    def told(self, hypotheses: Sequence[str]) -> Changed:
        """The document with other hypotheses."""
        pairs = zip(self.document, hypotheses, strict=True)
        return Changed([_with(s, (s.source, h)) for s, h in pairs], self.at)

    def with_pair(self, pair: Pair) -> Changed:
        """The document with another source and hypothesis here."""
        return self._changed(pair)

    def with_hypothesis(
        self, hypothesis: str, marks: tuple[Place, ...] = (), was: str = ""
    ) -> Changed:
        """The document with another hypothesis here."""
        return self._changed((self.source, hypothesis), marks, was)

    def _changed(self, pair: Pair, marks: tuple[Place, ...] = (), was: str = "") -> Changed:
        document = [*self.document]
        document[self.at] = _with(document[self.at], pair)
        return Changed(document, self.at, marks, was)


def _with(segment: Segment, pair: Pair) -> Segment:
    source, hypothesis = pair
    return replace(
        segment,
        source=source,
        hypothesis=hypothesis,
        source_end=len(source),
        hypothesis_end=len(hypothesis),
    )


Make = Callable[[Site], Iterator[Changed | Retold]]
PlantPair = Callable[[str, str, random.Random], Pair | None]
"""From source, hypothesis and chance to both with the error, or None where they can't carry it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of error and its maker. ``aims`` are the codes of the rules that ought to see it.

    ``needs`` names what the error can't show without. ``claimed`` is False for a kind of which
    the aimed rule's page says that it sees a part only.
    """

    name: str
    make: Make
    aims: tuple[str, ...] = ()
    needs: Needs = ""
    claimed: bool = True


def of_pair(plant: PlantPair) -> Make:
    """The maker that plants into the pair of a site."""

    def make(site: Site) -> Iterator[Changed]:
        pair = site.source, site.hypothesis
        wrong = plant(*pair, site.rng)
        if wrong is not None and wrong != pair:
            yield site.with_pair(wrong)

    return make


def once(plant: Callable[[Site], Changed | Retold | None]) -> Make:
    """The maker that plants once at most."""

    def make(site: Site) -> Iterator[Changed | Retold]:
        wrong = plant(site)
        if wrong is not None:
            yield wrong

    return make
