"""Plant one error of a known kind into pairs that are right, and count which rules notice.

``mtcheck evaluate mutations FILE.jsonl`` prints a row per kind: how many pairs could carry it,
how many the rule aimed at caught, how many any rule caught, and how often the rule aimed at
fires on the same pairs untouched. The corrupters are in :mod:`mtcheck.lab.planting.segments`.

An error is caught when there is a finding that was not there before. The choice of the place is
random with a seed of its own per kind and pair, so adding a kind changes no other's figures.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mtcheck.alignment.coverage import with_uncovered
from mtcheck.alignment.documents import Document
from mtcheck.config import Config
from mtcheck.errors import MtcheckError
from mtcheck.lab.marks import Labelled, documents, read_labelled
from mtcheck.lab.planting.segments import MUTATIONS, Mutation, Pair, Retold
from mtcheck.lab.rules.clean_pairs import clean_rows
from mtcheck.lab.rules.judge import wilson
from mtcheck.models import EMBEDDED, Encoder, load_encoder
from mtcheck.models.remembering import Remembering
from mtcheck.rules import CRASH_CODE, Rule, selected
from mtcheck.scoring import with_similarity
from mtcheck.types import Finding, Segment

__all__ = [
    "MUTATIONS",
    "Mutation",
    "MutationFigures",
    "Pair",
    "evaluate_mutations",
    "main",
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


# --- running -----------------------------------------------------------------------------------


def evaluate_mutations(
    rows: Sequence[Labelled],
    config: Config | None = None,
    *,
    kinds: Collection[str] = (),
    limit: int = 300,
    seed: int = 1,
    encoder: Encoder | None = None,
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
        grouped = [with_similarity(segments, encoder) for segments in grouped]
    everything = [segment for segments in grouped for segment in segments]
    before: dict[tuple[int, int, bool], dict[str, set[_Mark]]] = {}
    figures = []
    for mutation in MUTATIONS:
        if (kinds and mutation.kind not in kinds) or _wants(mutation, config, encoder):
            continue
        carriers: list[tuple[int, int, list[Segment] | Retold]] = []
        for d, segments in enumerate(grouped):
            for i, segment in enumerate(segments):
                rng = random.Random(f"{seed}|{mutation.kind}|{segment.source}")
                changed = mutation.corrupt(segments, i, everything, rng, glossary=config.glossary)
                if changed is not None:
                    carriers.append((d, i, changed))
        if len(carriers) > limit:
            carriers = [carriers[k * len(carriers) // limit] for k in range(limit)]
        caught = by_any = noisy = 0
        terms = mutation.needs == "glossary"
        settings = config if terms else plain
        misses: list[Pair] = []
        for d, i, changed in carriers:
            if (d, i, terms) not in before:
                before[d, i, terms] = _marks(rules, grouped[d], i, settings)
            old = before[d, i, terms]
            told, places = _shown(mutation, changed, i, encoder)
            fresh = {
                code
                for place in places
                for code, marks in _marks(rules, told, place, settings).items()
                if marks - old.get(code, set())
            }
            noisy += any(code in old for code in mutation.aims)
            by_any += bool(fresh)
            if fresh & set(mutation.aims):
                caught += 1
            else:
                at = places[0] if places else 0
                misses.append((told[at].source, told[at].hypothesis))
        figures.append(
            MutationFigures(
                mutation.kind,
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


def _wants(mutation: Mutation, config: Config, encoder: Encoder | None) -> bool:
    """Whether something is missing that the kind can't show without."""
    if mutation.needs == "glossary":
        return not config.glossary
    return bool(mutation.needs) and encoder is None


def _shown(
    mutation: Mutation, changed: list[Segment] | Retold, i: int, encoder: Encoder | None
) -> tuple[list[Segment], tuple[int, ...]]:
    """The changed document as the pipeline would see it, and where the error is."""
    if isinstance(changed, Retold):
        assert encoder is not None  # without it the kind was left out
        return changed.aligned(encoder)
    if encoder is not None and mutation.needs == "similarities":
        # only rows of a file can be shifted against each other
        changed = with_similarity([replace(s, alignment=None) for s in changed], encoder)
    elif encoder is not None and mutation.needs == "clauses":
        changed = [*changed[:i], *with_uncovered([changed[i]], encoder), *changed[i + 1 :]]
    return changed, (i,)


def split(rows: Sequence[Labelled], encoder: Encoder) -> list[Labelled]:
    """Rows that hold whole texts, split and aligned; each text is a document."""
    found = []
    for position, row in enumerate(rows):
        segment = row.segment
        texts = dict.fromkeys(("source_title", "hypothesis_title", "reference_title"), "")
        whole = Document(
            doc_id=segment.doc_id,
            segment_id=None,
            path=segment.path,
            line=segment.line,
            texts={
                **texts,
                "source": segment.source,
                "hypothesis": segment.hypothesis,
                "reference": None,
                "back_translation": None,
            },
            metadata={},
            position=position,
        )
        found += [replace(row, segment=s) for s in whole.segments(encoder)]
    return found


_Mark = tuple[str, tuple[str, ...]]


def _marks(
    rules: Sequence[Rule], document: Sequence[Segment], i: int, config: Config
) -> dict[str, set[_Mark]]:
    """The findings on segment ``i`` by code, as message and marked text."""
    found: dict[str, set[_Mark]] = {}
    for rule in rules:
        if rule.scope == "segment":
            hits = [f for _, f in rule.run([document[i]], config)]
        else:
            hits = [f for at, f in rule.run(document, config) if at == i]
        for hit in hits:
            if hit.code != CRASH_CODE:
                found.setdefault(hit.code, set()).add(_mark(hit, document[i]))
    return found


def _mark(finding: Finding, segment: Segment) -> _Mark:
    return finding.message, tuple(segment.text(s.side)[s.start : s.end] for s in finding.spans)


def table(figures: Sequence[MutationFigures]) -> str:
    """The figures as a Markdown table."""
    lines = [
        "| planted | pairs | rule | caught | share | 95% | by any rule | fires untouched |",
        "|---|---:|---|---:|---:|---|---:|---:|",
    ]
    for f in figures:
        interval = wilson(f.caught, f.planted)
        shares = [
            f"{x / f.planted:.2f}" if f.planted else "–"
            for x in (f.caught, f.caught_by_any, f.untouched)
        ]
        cells = (
            f.kind if f.claimed else f"{f.kind} (claimed in part)",
            str(f.planted),
            ", ".join(f.aims),
            str(f.caught),
            shares[0],
            f"{interval[0]:.2f}–{interval[1]:.2f}" if interval else "–",
            *shares[1:],
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main(
    arguments: Sequence[str] | None = None, *, prog: str = "python -m mtcheck.lab.rules.mutations"
) -> int:
    """Run as a command; returns the exit code (0, or 2 after an error on stderr)."""
    parser = argparse.ArgumentParser(
        prog=prog,
        description="Plant errors into right translations and count which rules notice.",
    )
    add = parser.add_argument
    add("files", nargs="*", type=Path, metavar="FILE", help="JSONL, CSV or TSV of aligned rows")
    add("--split", nargs="+", type=Path, default=[], metavar="FILE", help="files of whole texts")
    add("--own", action="store_true", help="also the right translations that mtcheck brings")
    add("--glossary", default="", help="CSV or TBX, for the kinds about terms")
    add("--source-column", default="source")
    add("--hypothesis-column", default="reference", help="the column with the right translation")
    add("--only-systems", default="", help="names, separated by commas")
    add("--preview", action="store_true", help="also run rules still in preview")
    add("--encoder", default="", help="also errors that only similarities show: 'embedded'")
    add("--limit", type=int, default=300, help="pairs per kind (default 300)")
    add("--seed", type=int, default=1)
    add("--format", choices=("markdown", "json"), default="markdown")
    add("--kind", action="append", default=[], metavar="KIND", help="this kind alone; repeatable")
    add("--misses", default="", metavar="KIND", help="list the uncaught pairs of one kind instead")
    options = parser.parse_args(arguments)
    systems: str = options.only_systems
    wanted = {s.strip() for s in systems.split(",") if s.strip()}
    try:
        rows: list[Labelled] = []
        for path in options.files:
            rows += read_labelled(
                path,
                source_column=options.source_column,
                hypothesis_column=options.hypothesis_column,
                clean=True,
            )
        encoder = Remembering(load_encoder(options.encoder)) if options.encoder else None
        for path in options.split:
            texts = read_labelled(
                path,
                source_column=options.source_column,
                hypothesis_column=options.hypothesis_column,
                clean=True,
            )
            rows += split(texts, encoder or load_encoder(EMBEDDED))
        if options.own or not rows:
            rows += clean_rows()
        figures = evaluate_mutations(
            [row for row in rows if not wanted or row.system in wanted],
            Config(preview=options.preview, glossary=options.glossary),
            kinds=[options.misses] if options.misses else options.kind,
            limit=options.limit,
            seed=options.seed,
            encoder=encoder,
        )
    except MtcheckError as error:
        print(error, file=sys.stderr)
        return 2
    if options.misses:
        for f in figures:
            for source, hypothesis in f.misses:
                print(f"{source}\n{hypothesis}\n")
    elif options.format == "json":
        plain = [
            {
                "kind": f.kind,
                "aims": list(f.aims),
                "planted": f.planted,
                "caught": f.caught,
                "caught_by_any": f.caught_by_any,
                "fires_untouched": f.untouched,
                "claimed": f.claimed,
            }
            for f in figures
        ]
        print(json.dumps(plain, ensure_ascii=False, indent=2))
    else:
        print(table(figures), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
