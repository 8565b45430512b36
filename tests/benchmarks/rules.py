"""Segments per second of all rules together on one core, and each rule's share of the time.

    python -m tests.benchmarks.rules FILE.jsonl [--preview] [--repeat 3]

The best of the repeats counts; every repeat starts with cold caches. Rules run in the order
of their codes, document by document as in the pipeline. The reading of numbers, which seven
rules share, has a row of its own; what fewer share is charged to the first. The share column
says how the whole is spread; "alone" is the rate of that rule by itself, again from cold caches.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from mtcheck.config import Config
from mtcheck.lab.labels import documents, read_labelled
from mtcheck.languages.en_zh.numbers import compare
from mtcheck.rules import Rule, SharedDocument, selected
from mtcheck.text.parses import forget_parses
from mtcheck.types import Segment

NUMBERS = "shared"


def measure(
    rules: Sequence[Rule], batch: Sequence[Sequence[Segment]], config: Config
) -> dict[str, float]:
    """Seconds of processor time by rule, over all documents, from cold caches."""
    forget_parses()
    gc.collect()
    spent = dict.fromkeys((NUMBERS, *(rule.key for rule in rules)), 0.0)
    clock = time.process_time_ns
    for document in batch:
        before = clock()
        if len(rules) > 1:
            for segment in document:
                compare(segment.source, segment.hypothesis)
            spent[NUMBERS] += (clock() - before) / 1e9
            before = clock()
        reading = SharedDocument(document)
        for rule in rules:
            rule.run(reading, config)
            after = clock()
            spent[rule.key] += (after - before) / 1e9
            before = after
    return spent


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.rules")
    parser.add_argument("file", type=Path)
    parser.add_argument("--source-column", default="source")
    parser.add_argument("--hypothesis-column", default="hypothesis")
    parser.add_argument("--preview", action="store_true", help="also rules still in preview")
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args(arguments)
    rows = read_labelled(
        options.file,
        source_column=options.source_column,
        hypothesis_column=options.hypothesis_column,
        clean=True,
    )
    batch = [[row.segment for row in document] for document in documents(rows)]
    config = Config(preview=options.preview)
    rules = selected(config)
    measure(rules, batch[:5], config)  # import and load what is loaded once
    repeats: int = options.repeat
    best = min(
        (measure(rules, batch, config) for _ in range(repeats)), key=lambda s: sum(s.values())
    )
    total = sum(best.values())
    print(f"{options.file.name}: {len(rows)} segments, {len(rules)} rules, {total:.2f} s")
    print(f"{len(rows) / total:,.0f} segments per second\n")
    print("| rule | name | share | ms per 1,000 segments | alone, segments per second |")
    print("|---|---|---:|---:|---:|")
    print(f"| {NUMBERS} | reading numbers (ACC005, ACC008–ACC014) | {best[NUMBERS] / total:.1%} "
          f"| {1e6 * best[NUMBERS] / len(rows):.1f} | |")  # fmt: skip
    for rule in sorted(rules, key=lambda r: -best[r.key]):
        alone = measure([rule], batch, config)[rule.key]
        print(
            f"| {rule.key} | {rule.name} | {best[rule.key] / total:.1%} "
            f"| {1e6 * best[rule.key] / len(rows):.1f} "
            f"| {len(rows) / max(alone, 1e-9):,.0f} |"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
