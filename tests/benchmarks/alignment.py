"""How well the aligner finds links, omissions and additions that were planted in clean text.

    python -m tests.benchmarks.alignment            # WMT24 references (where constants were set)
    python -m tests.benchmarks.alignment --judge    # FLORES references, Bio-MQM references

From every document of clean pairs, some pairs lose their hypothesis (omission), some their
source (addition, so that the added sentence is from the same document), some neighbours are
merged and some sentences split at a comma. Fixed seed. Prints precision, recall and F1.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from mtcheck.align import COSTS, Costs, align
from mtcheck.models import load_encoder
from mtcheck.text.sentences import split_chinese, split_english
from tests.conftest import SHARED

Pair = tuple[str, str]


@dataclass
class Counts:
    """Hits, findings and truths of one kind."""

    hit: int = 0
    said: int = 0
    true: int = 0

    def add(self, said: set[object], true: set[object]) -> None:
        self.hit += len(said & true)
        self.said += len(said)
        self.true += len(true)

    def __str__(self) -> str:
        p, r = self.hit / max(1, self.said), self.hit / max(1, self.true)
        return f"P {p:.3f}  R {r:.3f}  F1 {2 * p * r / max(1e-9, p + r):.3f}  (n={self.true})"


def _clean(source: str, target: str) -> bool:
    return len(split_english(source)) == 1 == len(split_chinese(target))


def wmt() -> Iterator[list[Pair]]:
    """WMT24 references by document; paragraphs of equal sentence counts are opened up."""
    assert SHARED
    frame = pd.read_json(SHARED / "human/wmt24_esa_train.jsonl", lines=True)
    for _, rows in frame.drop_duplicates("line").sort_values("line").groupby("doc_id"):
        pairs: list[Pair] = []
        for source, target in zip(rows.source, rows.reference, strict=True):
            left, right = split_english(source), split_chinese(target)
            if len(left) == len(right):
                pairs += [(s.text, t.text) for s, t in zip(left, right, strict=True)]
            else:
                pairs.append((source, target))
        if len(pairs) > 3:
            yield from (pairs[i : i + 14] for i in range(0, max(1, len(pairs) - 3), 14))


def flores() -> Iterator[list[Pair]]:
    """FLORES references: ten neighbours (a few articles) at a time."""
    assert SHARED
    frame = pd.read_json(SHARED / "mt_systems/flores_dev_en_zh.jsonl", lines=True)
    pairs = list(zip(frame.source, frame.reference, strict=True))
    yield from (pairs[i : i + 10] for i in range(0, len(pairs) - 9, 10))


def bio() -> Iterator[list[Pair]]:
    """Bio-MQM references and systems, by abstract."""
    assert SHARED
    frame = pd.read_json(SHARED / "human/bio_mqm_dev.jsonl", lines=True)
    for _, rows in frame.groupby(["system", "doc_id"]):
        yield list(zip(rows.source, rows.hypothesis, strict=True))


def corrupt(
    pairs: list[Pair], rng: random.Random, *, rate: float
) -> tuple[list[str], list[str], set[object], set[object], set[object]]:
    """Plant errors. Gives both sides, the true links, omissions (source) and additions (target)."""
    left: list[str] = []
    right: list[str] = []
    links: set[object] = set()
    gone: set[object] = set()
    new: set[object] = set()
    merge = False
    for source, target in pairs:
        draw = rng.random()
        if draw < rate:
            gone.add(len(left))
            left.append(source)
        elif draw < 2 * rate:
            new.add(len(right))
            right.append(target)
        elif draw < 3 * rate and "，" in target[6:-6]:
            cut = target.index("，", 6) + 1
            links |= {(len(left), len(right)), (len(left), len(right) + 1)}
            left.append(source)
            right += [target[:cut], target[cut:]]
        elif merge and right and (len(left) - 1, len(right) - 1) in links:
            right[-1] += target
            links.add((len(left), len(right) - 1))
            left.append(source)
        else:
            links.add((len(left), len(right)))
            left.append(source)
            right.append(target)
        merge = rng.random() < rate
    return left, right, links, gone, new


def measure(documents: list[list[Pair]], *, rate: float, costs: Costs) -> dict[str, Counts]:
    """Link, omission and addition counts over all documents."""
    encoder = load_encoder("embedded")
    rng = random.Random(7)
    counts = {"link": Counts(), "omission": Counts(), "addition": Counts()}
    for pairs in documents:
        left, right, links, gone, new = corrupt(pairs, rng, rate=rate)
        beads = align(left, right, encoder, costs=costs)
        counts["link"].add(
            {(i, j) for b in beads for i in range(*b.source) for j in range(*b.hypothesis)}, links
        )
        counts["omission"].add({b.source[0] for b in beads if b.kind == "1-0"}, gone)
        counts["addition"].add({b.hypothesis[0] for b in beads if b.kind == "0-1"}, new)
    return counts


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--judge", action="store_true", help="data the constants were not set on")
    args = parser.parse_args()
    if SHARED is None:
        raise SystemExit("the shared data is not here")
    for name, reader in (("flores", flores), ("bio", bio)) if args.judge else (("wmt", wmt),):
        documents = list(reader())
        for rate in (0.0, 0.1):
            began = time.perf_counter()
            counts = measure(documents, rate=rate, costs=COSTS)
            seconds = time.perf_counter() - began
            print(
                f"{name}: {len(documents)} documents, {rate:.0%} of each kind planted,"
                f" {len(documents) / seconds:.0f} documents/s"
            )
            for kind, count in counts.items():
                print(f"  {kind:9} {count}")


if __name__ == "__main__":
    main()
