"""Plant one error of a known kind into pairs that are right, and count which rules notice.

``mtcheck evaluate mutations FILE.jsonl`` prints a row per kind: how many pairs could carry it,
how many the rule aimed at caught, how many any rule caught, and how often the rule aimed at
fires on the same pairs untouched. The corrupters are in :mod:`mtcheck.lab.planting.segments`.

An error is caught when there is a finding that was not there before. The choice of the place is
random with a seed of its own per kind and pair, so adding a kind changes no other's figures.

With ``--all-positions`` (:func:`evaluate_places`) errors of
:mod:`mtcheck.lab.planting.anywhere` are planted at every place that there is, whether a rule
claims to see them or not, each in a pair of its own; the table says for what share of the
places a finding of severity major or above comes up.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from mtcheck.alignment.documents import Document
from mtcheck.alignment.prepare import prepare
from mtcheck.config import Config
from mtcheck.lab import markdown
from mtcheck.lab.labels import Labelled, documents
from mtcheck.lab.markdown import interval, share
from mtcheck.lab.planting.anywhere import ANYWHERE
from mtcheck.lab.planting.kinds import Changed, Kind, Pair, Retold, Site
from mtcheck.lab.planting.segments import CLAIMED
from mtcheck.lab.statistics import wilson
from mtcheck.models import Encoder
from mtcheck.rules import CRASH_CODE, Rule, needed, selected
from mtcheck.types import Finding, Segment, Severity

__all__ = [
    "MutationFigures",
    "PlaceFigures",
    "evaluate_mutations",
    "evaluate_places",
    "place_table",
    "split",
    "table",
]


@dataclass(frozen=True, slots=True)
class MutationFigures:
    """One row of the table.

    ``untouched`` counts the carrying pairs on which an aimed rule fires before anything is
    planted; ``misses`` are the pairs that no aimed rule caught.
    """

    kind: str
    aims: tuple[str, ...]
    planted: int
    caught: int
    caught_by_any: int
    untouched: int
    claimed: bool = True
    misses: tuple[Pair, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON, without the misses."""
        return {
            "kind": self.kind,
            "aims": list(self.aims),
            "planted": self.planted,
            "caught": self.caught,
            "caught_by_any": self.caught_by_any,
            "fires_untouched": self.untouched,
            "claimed": self.claimed,
        }


@dataclass(frozen=True, slots=True)
class PlaceFigures:
    """One row of the table of all positions.

    ``caught`` counts the places at which the error brings a new finding of severity major or
    above, ``caught_by_any`` those with any new finding; ``codes`` the rules that caught them.
    """

    kind: str
    places: int
    pairs: int
    caught: int
    caught_by_any: int
    codes: tuple[tuple[str, int], ...] = ()
    misses: tuple[Pair, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON, without the misses."""
        return {
            "kind": self.kind,
            "places": self.places,
            "pairs": self.pairs,
            "caught": self.caught,
            "caught_by_any": self.caught_by_any,
            "codes": dict(self.codes),
        }


# --- running -----------------------------------------------------------------------------------


def evaluate_mutations(
    rows: Sequence[Labelled],
    config: Config | None = None,
    *,
    kinds: Collection[str] = (),
    limit: int = 300,
    seed: int = 1,
    encoder: Encoder | None = None,
    mutations: Sequence[Kind] = CLAIMED,
) -> list[MutationFigures]:
    """Plant each kind into at most ``limit`` pairs (evenly spread) and run the rules.

    ``rows`` are taken as right translations. Document rules see the whole document with the
    one error in it. An aim that is not among the rules of ``config`` counts as silent. Kinds
    that only similarities, clauses or the alignment show are left out without an ``encoder``,
    those of terms without ``config.glossary``.
    """
    config = config or Config()
    rules = selected(config)
    plain = config.replace(glossary="")
    grouped = [[row.segment for row in document] for document in documents(rows)]
    if encoder is not None:
        grouped = [prepare(segments, encoder, needs=needed(rules)) for segments in grouped]
    everything = [segment for segments in grouped for segment in segments]
    before: dict[tuple[int, int, bool], set[_Told]] = {}
    figures = []
    for mutation in mutations:
        if (kinds and mutation.name not in kinds) or _wants(mutation, config, encoder):
            continue
        carriers: list[tuple[int, int, Changed | Retold]] = []
        for d, segments in enumerate(grouped):
            for i, segment in enumerate(segments):
                rng = random.Random(f"{seed}|{mutation.name}|{segment.source}")
                site = Site(segments, i, everything, rng, config.glossary)
                carriers += [(d, i, changed) for changed in mutation.make(site)]
        carriers = _spread(carriers, limit)
        caught = by_any = noisy = 0
        terms = mutation.needs == "glossary"
        settings = config if terms else plain
        misses: list[Pair] = []
        for d, i, changed in carriers:
            if (d, i, terms) not in before:
                before[d, i, terms] = set(
                    _told(_findings(rules, grouped[d], i, settings), grouped[d][i])
                )
            old = before[d, i, terms]
            told, places = changed.seen(mutation.needs, encoder)
            fresh = {
                code
                for place in places
                for code, *rest in _told(_findings(rules, told, place, settings), told[place])
                if (code, *rest) not in old
            }
            noisy += any(code in mutation.aims for code, *_ in old)
            by_any += bool(fresh)
            if fresh & set(mutation.aims):
                caught += 1
            else:
                at = places[0] if places else 0
                misses.append((told[at].source, told[at].hypothesis))
        figures.append(
            MutationFigures(
                mutation.name,
                mutation.aims,
                len(carriers),
                caught,
                by_any,
                noisy,
                mutation.claimed,
                tuple(misses),
            )
        )
    return figures


def evaluate_places(
    rows: Sequence[Labelled],
    config: Config | None = None,
    *,
    kinds: Collection[str] = (),
    limit: int | None = None,
    encoder: Encoder | None = None,
) -> list[PlaceFigures]:
    """Plant each kind at every place of right translations and run the rules on each by itself.

    Rows of the same two texts count once. ``kinds``: the beginnings of those wanted, else all;
    ``limit``: at most so many places of a kind, evenly spread. With an ``encoder`` every changed
    segment gets its similarity and what it leaves uncovered, as in an audit of aligned rows.
    """
    config = config or Config()
    rules = selected(config)
    grouped = _once(rows)
    if encoder is not None:
        grouped = [prepare(d, encoder, needs=needed(rules)) for d in grouped]
    before: dict[tuple[int, int], set[_Told]] = {}
    figures = []
    for kind in ANYWHERE:
        if kinds and not any(kind.name.startswith(k) for k in kinds):
            continue
        places = [
            (d, i, change)
            for d, segments in enumerate(grouped)
            for i in range(len(segments))
            for change in kind.make(Site(segments, i, (), random.Random(0)))
            if isinstance(change, Changed)
        ]
        places = _spread(places, limit)
        caught = by_any = 0
        codes: Counter[str] = Counter()
        misses: list[Pair] = []
        for d, i, change in places:
            segments = grouped[d]
            if (d, i) not in before:
                before[d, i] = set(_told(_findings(rules, segments, i, config), segments[i]))
            changed = change.document
            if encoder is not None:
                changed = prepare(changed, encoder, needs=needed(rules))
            fresh = [
                hit
                for hit in _findings(rules, changed, i, config)
                if not before[d, i].issuperset(_told([hit], changed[i]))
            ]
            grave = {hit.code for hit in fresh if hit.severity >= Severity.MAJOR}
            codes.update(grave)
            caught += bool(grave)
            by_any += bool(fresh)
            if not grave:
                misses.append((segments[i].source, _shown(change)))
        pairs = len({(d, i) for d, i, _ in places})
        figures.append(
            PlaceFigures(
                kind.name,
                len(places),
                pairs,
                caught,
                by_any,
                tuple(codes.most_common()),
                tuple(misses),
            )
        )
    return figures


def _once(rows: Sequence[Labelled]) -> list[list[Segment]]:
    """The documents, without rows whose two texts came before."""
    seen: set[Pair] = set()
    found = []
    for document in documents(rows):
        fresh = []
        for segment in (row.segment for row in document):
            if (segment.source, segment.hypothesis) not in seen:
                seen.add((segment.source, segment.hypothesis))
                fresh.append(segment)
        if fresh:
            found.append([replace(s, index=i) for i, s in enumerate(fresh)])
    return found


def _spread(items: list[_T], limit: int | None) -> list[_T]:
    """At most ``limit`` of them, evenly spread."""
    if limit is None or len(items) <= limit:
        return items
    return [items[k * len(items) // limit] for k in range(limit)]


def _shown(change: Changed) -> str:
    """The hypothesis with what stood there and what stands there now."""
    text, ((start, end),) = change.hypothesis, change.marks
    return f"{text[:start]}[{change.was}→{text[start:end]}]{text[end:]}"


def _wants(mutation: Kind, config: Config, encoder: Encoder | None) -> bool:
    """Whether something is missing that the kind can't show without."""
    if mutation.needs == "glossary":
        return not config.glossary
    return bool(mutation.needs) and encoder is None


def split(rows: Sequence[Labelled], encoder: Encoder) -> list[Labelled]:
    """Rows that hold whole texts, split and aligned; each text is a document."""
    found = []
    for row in rows:
        s = row.segment
        whole = Document.whole(s.source, s.hypothesis, doc_id=s.doc_id, path=s.path, line=s.line)
        found += [replace(row, segment=s) for s in prepare([whole], encoder, needs=())]
    return found


_T = TypeVar("_T")
_Told = tuple[str, str, tuple[str, ...]]
"""A finding as its code, its message and the marked text."""


def _findings(
    rules: Sequence[Rule], document: Sequence[Segment], i: int, config: Config
) -> list[Finding]:
    """The findings on segment ``i``."""
    found = []
    for rule in rules:
        if rule.scope == "segment":
            found += [f for _, f in rule.run([document[i]], config)]
        else:
            found += [f for at, f in rule.run(document, config) if at == i]
    return [f for f in found if f.code != CRASH_CODE]


def _told(findings: Iterable[Finding], segment: Segment) -> list[_Told]:
    return [
        (f.code, f.message, tuple(segment.text(s.side)[s.start : s.end] for s in f.spans))
        for f in findings
    ]


def table(figures: Sequence[MutationFigures]) -> str:
    """The figures as a Markdown table."""
    lines = markdown.table(
        "planted |> pairs | rule |> caught |> share | 95% |> by any rule |> fires untouched",
        (
            (
                f.kind if f.claimed else f"{f.kind} (claimed in part)",
                f.planted,
                ", ".join(f.aims),
                f.caught,
                _part(f.caught, f.planted),
                interval(wilson(f.caught, f.planted)),
                _part(f.caught_by_any, f.planted),
                _part(f.untouched, f.planted),
            )
            for f in figures
        ),
    )
    return "\n".join(lines) + "\n"


def place_table(figures: Sequence[PlaceFigures]) -> str:
    """The figures of all positions as a Markdown table."""
    lines = markdown.table(
        "planted anywhere |> places |> pairs |> major or above |> share | 95% |> any finding | by",
        (
            (
                f.kind,
                f.places,
                f.pairs,
                f.caught,
                _part(f.caught, f.places),
                interval(wilson(f.caught, f.places)),
                _part(f.caught_by_any, f.places),
                ", ".join(f"{code} {n}" for code, n in f.codes[:3]) or "–",
            )
            for f in figures
        ),
    )
    return "\n".join(lines) + "\n"


def _part(part: int, whole: int) -> str:
    return share(part / whole if whole else None)
