"""Does the risk rank a corrupted translation above the intact one?

    python -m tests.benchmarks.planted_risk FILE.jsonl --hypothesis-column reference

Errors are planted into right translations by two sets of corrupters: those of the evaluation
(``mtcheck.lab.planting.segments``), which the training never used, and clauses left out, copies
and sources exchanged between rows. With ``--all-positions`` it is what could be planted anywhere
in good Chinese (``mtcheck.lab.planting.anywhere``), one place a row, drawn. A tie counts half.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from pathlib import Path

from mtcheck.lab.planting.anywhere import ANYWHERE
from mtcheck.lab.planting.kinds import Changed, Kind, Pair, Site, of_pair
from mtcheck.lab.planting.segments import CLAIMED
from mtcheck.models import load_encoder
from mtcheck.risk import load_risk_model
from mtcheck.types import Segment

_KINDS = {
    "number": ("number dropped", "digit changed", "year changed"),
    "negation": ("negation dropped", "negation added"),
    "untranslated words": ("English word left",),
    "copied source": ("source copied",),
}


def _omitted(source: str, hypothesis: str, rng: random.Random) -> Pair | None:
    clauses = [m for m in re.finditer("[^，；。]+[，；]", hypothesis) if len(m[0]) >= 6]
    if not clauses:
        return None
    cut = rng.choice(clauses)
    return source, hypothesis[: cut.start()] + hypothesis[cut.end() :]


def corrupters() -> list[Kind]:
    """Kinds of errors, named with what they are about."""
    found = [
        Kind(f"{about}: {kind.name}", kind.make)
        for about, names in _KINDS.items()
        for kind in CLAIMED
        if kind.name in names
    ]
    return [*found, Kind("omitted clause", of_pair(_omitted))]


def _made(kind: Kind, pair: Pair, rng: random.Random) -> Pair | None:
    site = Site([Segment("d", "d#1", *pair)], 0, (), rng)
    found = [made for made in kind.make(site) if isinstance(made, Changed)]
    if not found:
        return None
    made = rng.choice(found)
    return made.document[0].source, made.hypothesis


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--source-column", default="source")
    parser.add_argument("--hypothesis-column", default="hypothesis")
    parser.add_argument("--limit", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--all-positions", action="store_true")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    rows = [json.loads(line) for line in options.file.read_text(encoding="utf-8").splitlines()]
    pairs = [(str(r[options.source_column]), str(r[options.hypothesis_column])) for r in rows]
    rng.shuffle(pairs)
    model, encoder = load_risk_model(), load_encoder("embedded")
    known: dict[Pair, float] = {}

    def risk(pair: Pair) -> float:
        if pair not in known:
            known[pair] = model.assess([Segment("d", "d#1", *pair)], encoder)[0].value
        return known[pair]

    wins = total = 0.0
    print("| planted | pairs | ranked higher |\n|---|---:|---:|")
    chosen = ANYWHERE if options.all_positions else corrupters()
    kinds = {kind.name: kind for kind in chosen}
    for name in [*kinds, *([] if options.all_positions else ["sources exchanged"])]:
        won = count = 0.0
        for i, (source, hypothesis) in enumerate(pairs):
            if count >= options.limit:
                break
            wrong = (
                _made(kinds[name], (source, hypothesis), rng)
                if name in kinds
                else (pairs[i - 1][0], hypothesis)
            )
            if wrong is None or wrong == (source, hypothesis):
                continue
            count += 1
            before, after = risk((source, hypothesis)), risk(wrong)
            won += 1.0 if after > before else 0.5 if after == before else 0.0
        if count:
            print(f"| {name} | {count:.0f} | {won / count:.3f} |", flush=True)
            wins, total = wins + won, total + count
    print(f"| **all** | {total:.0f} | {wins / max(1, total):.3f} |")


if __name__ == "__main__":
    main()
