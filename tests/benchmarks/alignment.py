"""How well the aligner finds links, omissions, additions and moves planted in clean text.

    python -m tests.benchmarks.alignment            # MLQE-PE and WMT24: where it was set
    python -m tests.benchmarks.alignment --judge    # FLORES and Bio-MQM
    python -m tests.benchmarks.alignment --size     # time and memory of long texts

From every document of clean pairs, some lose their hypothesis (omission), some their source
(addition, so that the added sentence is of the same document), some neighbours are merged, some
sentences split at a comma, and in a second pass some neighbours swapped. Fixed seed. Beside
mtcheck: sentweave (vecalign) on the same encoder, Gale-Church, and pairs that are each other's
best by cosine.
"""

from __future__ import annotations

import argparse
import importlib
import math
import random
import re
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mtcheck.align import align
from mtcheck.coverage import with_uncovered
from mtcheck.models import Encoder, Vectors, load_encoder
from mtcheck.text.clauses import chinese_clauses, english_clauses
from mtcheck.text.sentences import split_chinese, split_english
from mtcheck.types import Segment
from tests.conftest import SHARED

Pair = tuple[str, str]
Block = tuple[int, int, int, int]
"""Half-open ranges of source and hypothesis sentences: ``(i, i2, j, j2)``."""


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
        if not self.true:
            return f"{self.said} false"
        p, r = self.hit / max(1, self.said), self.hit / max(1, self.true)
        return f"P {p:.3f} R {r:.3f} F1 {2 * p * r / max(1e-9, p + r):.3f}"


class Timed:
    """An encoder that remembers what it embedded, and how long that took."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.signature = encoder.name, encoder.signature
        self.min_similarity = encoder.min_similarity
        self.seconds = 0.0
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}

    def encode(self, texts: list[str]) -> Vectors:
        began = time.perf_counter()
        new = [t for t in dict.fromkeys(texts) if t not in self._known]
        if new:
            self._known.update(zip(new, self._encoder.encode(new), strict=True))
        self.seconds += time.perf_counter() - began
        return np.array([self._known[t] for t in texts], dtype=np.float32)


def wmt(encoder: Encoder) -> Iterator[list[Pair]]:
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


def mlqe(encoder: Encoder) -> Iterator[list[Pair]]:
    """MLQE-PE train post-edits: each document a sentence with those most like it."""
    assert SHARED
    frame = pd.read_parquet(SHARED / "human/mlqe_pe_train.parquet").head(1500)
    spaces = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")
    targets = [
        spaces.sub("", t if isinstance(t, str) else " ".join(t)) for t in frame.post_edit_tokenised
    ]
    sources = list(frame.source)
    vectors = encoder.encode(sources)
    rng = random.Random(3)
    free = [i for i in range(len(sources)) if 0.12 < len(targets[i]) / len(sources[i]) < 0.8]
    while len(free) > 13:
        near = np.argsort(-(vectors[free] @ vectors[free[0]]), kind="stable")
        chosen = [free[k] for k in near[: rng.randint(4, 13)]]
        free = [i for i in free if i not in chosen]
        rng.shuffle(chosen)
        yield [(sources[i], targets[i]) for i in chosen]


def flores(encoder: Encoder) -> Iterator[list[Pair]]:
    """FLORES references: ten neighbours (a few articles) at a time."""
    assert SHARED
    frame = pd.read_json(SHARED / "mt_systems/flores_dev_en_zh.jsonl", lines=True)
    pairs = list(zip(frame.source, frame.reference, strict=True))
    yield from (pairs[i : i + 10] for i in range(0, len(pairs) - 9, 10))


def bio(encoder: Encoder) -> Iterator[list[Pair]]:
    """Bio-MQM references and systems by abstract, in the order of the abstract.

    Segments that several annotators rated stand in the file as often; one of each is kept.
    """
    assert SHARED
    frame = pd.read_json(SHARED / "human/bio_mqm_dev.jsonl", lines=True)
    frame = frame.drop_duplicates(["system", "doc_id", "source"])
    frame["place"] = frame.segment_id.str.extract(r"(\d+)$")[0].astype(int)
    for _, rows in frame.sort_values("place").groupby(["system", "doc_id"]):
        if len(rows) > 2:
            yield list(zip(rows.source, rows.hypothesis, strict=True))


_COMMA = re.compile("[，；,;]")


def corrupt(
    pairs: list[Pair], rng: random.Random, *, rate: float, swaps: float
) -> tuple[list[str], list[str], list[Block], set[int]]:
    """Plant errors. Gives both sides, the true beads, and the sources that begin a swap."""
    left: list[str] = []
    right: list[str] = []
    beads: list[list[int]] = []
    merge = False
    for source, target in pairs:
        i, j = len(left), len(right)
        cuts = [m.start() for m in _COMMA.finditer(target, 6) if m.start() < len(target) - 7]
        draw = rng.random()
        last = beads[-1] if beads else None
        if draw < rate:
            beads.append([i, i + 1, j, j])
            left.append(source)
        elif draw < 2 * rate:
            beads.append([i, i, j, j + 1])
            right.append(target)
        elif draw < 3 * rate and cuts:
            cut = rng.choice(cuts)
            beads.append([i, i + 1, j, j + 2])
            left.append(source)
            right += [target[:cut] + "。", target[cut + 1 :]]
        elif merge and last and last[1] - last[0] in (1, 2) and last[3] - last[2] == 1:
            right[-1] = right[-1].rstrip("。") + "，" + target
            left.append(source)
            last[1] += 1
        else:
            beads.append([i, i + 1, j, j + 1])
            left.append(source)
            right.append(target)
        merge = rng.random() < rate
    swapped: set[int] = set()
    k = 0
    while k + 1 < len(beads):
        one, two = beads[k], beads[k + 1]
        whole = all(b[1] - b[0] == 1 == b[3] - b[2] for b in (one, two))
        if swaps and whole and rng.random() < swaps:
            j = one[2]
            right[j], right[j + 1] = right[j + 1], right[j]
            one[2:], two[2:] = [j + 1, j + 2], [j, j + 1]
            swapped.add(one[0])
            k += 1
        k += 1
    return left, right, [(b[0], b[1], b[2], b[3]) for b in beads], swapped


Aligner = Callable[[Sequence[str], Sequence[str], Encoder], tuple[list[Block], set[int]]]
"""Beads, and the sources of those that are said to be moved."""


def _ours(
    left: Sequence[str], right: Sequence[str], encoder: Encoder
) -> tuple[list[Block], set[int]]:
    beads = align(left, right, encoder)
    return [(*b.source, *b.hypothesis) for b in beads], {b.source[0] for b in beads if b.moved}


def _mutual(
    left: Sequence[str], right: Sequence[str], encoder: Encoder
) -> tuple[list[Block], set[int]]:
    cosine = encoder.encode(list(left)) @ encoder.encode(list(right)).T
    best = cosine.argmax(axis=1)
    pairs = [(i, int(j)) for i, j in enumerate(best) if cosine[:, j].argmax() == i]
    lefts, rights = {i for i, _ in pairs}, {j for _, j in pairs}
    blocks = [(i, i + 1, j, j + 1) for i, j in pairs]
    blocks += [(i, i + 1, 0, 0) for i in range(len(left)) if i not in lefts]
    return blocks + [(0, 0, j, j + 1) for j in range(len(right)) if j not in rights], set()


def _gale_church(
    left: Sequence[str], right: Sequence[str], encoder: Encoder
) -> tuple[list[Block], set[int]]:
    """Gale and Church (1993) with the ratio and the spread of English and Chinese."""
    prior = {(1, 1): 0.89, (1, 0): 0.0099, (0, 1): 0.0099, (2, 1): 0.089, (1, 2): 0.089,
             (2, 2): 0.011}  # fmt: skip
    n, m = len(left), len(right)
    a = np.concatenate([[0], np.cumsum([len(t) for t in left])])
    b = np.concatenate([[0], np.cumsum([len(t) for t in right])])
    cost: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}
    for i in range(n + 1):
        for j in range(m + 1):
            for (x, y), p in prior.items():
                if (i - x, j - y) in cost:
                    one, two = a[i] - a[i - x], b[j] - b[j - y]
                    mean = (one + two / 0.31) / 2
                    delta = (two - one * 0.31) / math.sqrt(max(1.0, mean) * 0.7)
                    chance = max(1e-9, math.erfc(abs(delta) / math.sqrt(2)))
                    total = cost[i - x, j - y][0] - math.log(p) - math.log(chance)
                    if (i, j) not in cost or total < cost[i, j][0]:
                        cost[i, j] = (total, (x, y))
    blocks: list[Block] = []
    i, j = n, m
    while i or j:
        x, y = cost[i, j][1]
        blocks.append((i - x, i, j - y, j))
        i, j = i - x, j - y
    return blocks, set()


def _sentweave() -> Aligner:
    library = importlib.import_module("sentweave")

    def run(
        left: Sequence[str], right: Sequence[str], encoder: Encoder
    ) -> tuple[list[Block], set[int]]:
        found = library.align(list(left), list(right), lambda texts: encoder.encode(list(texts)))
        blocks: list[Block] = []
        for a in found.alignments:
            s, t = list(a.src_indices), list(a.tgt_indices)
            rows = (s[0], s[-1] + 1) if s else (0, 0)
            blocks.append((*rows, *((t[0], t[-1] + 1) if t else (0, 0))))
        return blocks, set()

    return run


def _said(blocks: list[Block]) -> tuple[set[object], set[object], set[object]]:
    return (
        {(i, j) for a, b, c, d in blocks for i in range(a, b) for j in range(c, d)},
        {i for a, b, c, d in blocks if c == d for i in range(a, b)},
        {j for a, b, c, d in blocks if a == b for j in range(c, d)},
    )


def measure(
    documents: list[list[Pair]], aligner: Aligner, encoder: Encoder, *, rate: float, swaps: float
) -> dict[str, Counts]:
    """Link, omission, addition and reordering counts over all documents."""
    rng = random.Random(7)
    counts = {kind: Counts() for kind in ("link", "omission", "addition", "reorder")}
    for pairs in documents:
        left, right, beads, swapped = corrupt(pairs, rng, rate=rate, swaps=swaps)
        if not left or not right:
            continue
        blocks, moved = aligner(left, right, encoder)
        for kind, said, true in zip(counts, _said(blocks), _said(beads), strict=False):
            counts[kind].add(said, true)
        # Either of two swapped sentences may be the one that is called moved.
        counts["reorder"].add({i if i in swapped else i - 1 for i in moved}, set(swapped))
    return counts


def _paired(source: str, target: str, encoder: Encoder) -> bool:
    """Whether each clause of one side is the best match of its opposite number, and they agree."""
    one, two = english_clauses(source), chinese_clauses(target)
    if len(one) < 2 or len(one) != len(two):
        return False
    left = encoder.encode([source[a:b] for a, b in one])
    cosine = left @ encoder.encode([target[a:b] for a, b in two]).T
    own = np.arange(len(one))
    straight = (cosine.argmax(axis=1) == own).all() and (cosine.argmax(axis=0) == own).all()
    return bool(straight and cosine.diagonal().min() > 0.4)


def clause_counts(
    documents: list[list[Pair]], encoder: Encoder, *, rate: float, paired: bool
) -> dict[str, Counts]:
    """Clauses deleted from a translation (ACC026) or from a source (ACC027).

    With ``paired`` only where the clauses of both sides match one to one by cosine, so that
    the uncovered clause is known and must be found itself (the choice favours our encoder);
    otherwise any clause of any sentence, and a find counts for the sentence.
    """
    rng = random.Random(11)
    counts = {"clause omission": Counts(), "clause addition": Counts()}
    for pairs in documents:
        segments, lost, new = [], set[object](), set[object]()
        for at, (whole_source, whole_target) in enumerate(pairs):
            source, target = whole_source, whole_target
            one, two = english_clauses(source), chinese_clauses(target)
            draw = rng.random()
            which = rng.randrange(60)
            if draw < 2 * rate and (not paired or _paired(source, target, encoder)):
                if draw < rate and len(two) > 1:
                    target = _less(target, two[which % len(two)], "，")
                    lost.add((at, one[which % len(one)][0] if paired else None))
                elif draw >= rate and len(one) > 1:
                    source = _less(source, one[which % len(one)], ", ")
                    new.add((at, two[which % len(two)][0] if paired else None))
            segments.append(Segment("", str(at), source, target))
        found = with_uncovered(segments, encoder)
        for kind, side, true in (
            ("clause omission", "source", lost),
            ("clause addition", "hypothesis", new),
        ):
            said = {
                (i, u.start if paired else None)
                for i, s in enumerate(found)
                for u in s.uncovered
                if u.side == side
            }
            counts[kind].add(set(said), true)
    return counts


def _less(text: str, place: tuple[int, int], joint: str) -> str:
    before = text[: place[0]].rstrip(" ,;:，；：")
    after = text[place[1] :].lstrip(" ,;:，；：")
    ending = after in {"", ".", "。", "！", "？", "!", "?"}
    return before + after if not before or ending else before + joint + after


def size() -> None:
    """Time and memory of 500 short sentences, and of a text of 20,000 characters."""
    encoder = load_encoder("embedded")
    for what, count, repeat in (("500 sentences", 500, 1), ("20,000 characters", 140, 5)):
        words = ["pump", "valve", "river", "stone", "cloud", "engine", "garden", "window"]
        left = [f"The {words[k % 8]} number {k} failed. " * repeat for k in range(count)]
        right = [f"第{k}号{words[k % 8]}失效了。" * repeat for k in range(count)]
        began = time.perf_counter()
        encoder.encode([*left, *right])
        encoding = time.perf_counter() - began
        began = time.perf_counter()
        align(left, right, encoder)
        seconds = time.perf_counter() - began
        tracemalloc.start()  # slows all down, so the time was taken before
        beads = align(left, right, encoder)
        peak = tracemalloc.get_traced_memory()[1] / 2**20
        tracemalloc.stop()
        print(
            f"{what} ({sum(map(len, left))} characters): {seconds:.1f} s, of which encoding "
            f"{encoding:.1f} s; {peak:.0f} MiB at the peak; "
            f"{sum(b.kind == '1-1' for b in beads)} 1-1 beads"
        )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--judge", action="store_true", help="data the weights were not set on")
    parser.add_argument("--size", action="store_true", help="only time and memory of long texts")
    parser.add_argument("--alone", action="store_true", help="leave the other aligners out")
    args = parser.parse_args()
    if args.size:
        size()
        return
    if SHARED is None:
        raise SystemExit("the shared data is not here")
    aligners: dict[str, Aligner] = {"mtcheck": _ours}
    if not args.alone:
        aligners |= {"mutual best": _mutual, "Gale-Church": _gale_church}
        try:
            aligners["sentweave"] = _sentweave()
        except ImportError:
            print("sentweave is not installed: pip install sentweave")
    sets = (("flores", flores), ("bio", bio)) if args.judge else (("mlqe", mlqe), ("wmt", wmt))
    for name, reader in sets:
        encoder = Timed(load_encoder("embedded"))
        documents = list(reader(encoder))
        print(f"{name}: {len(documents)} documents, {sum(map(len, documents))} pairs")
        for rate, swaps in ((0.0, 0.0), (0.1, 0.0), (0.05, 0.1)):
            print(f" omissions, additions, merges, splits {rate:.0%} each; swaps {swaps:.0%}")
            for title, aligner in aligners.items():
                encoder.seconds = 0.0
                began = time.perf_counter()
                counts = measure(documents, aligner, encoder, rate=rate, swaps=swaps)
                seconds = time.perf_counter() - began
                figures = "  ".join(f"{kind} {count}" for kind, count in counts.items())
                print(f"  {title:12} {figures}")
                if title == "mtcheck":
                    print(
                        f"  {'':12} {len(documents) / seconds:.0f} documents/s, "
                        f"{encoder.seconds / seconds:.0%} of it the encoder"
                    )
        for rate, paired in ((0.0, True), (0.3, True), (0.1, False)):
            clause = clause_counts(documents, encoder, rate=rate, paired=paired)
            figures = "  ".join(f"{kind} {count}" for kind, count in clause.items())
            print(f" {'paired' if paired else 'any'} clauses deleted {rate:.0%} each: {figures}")


if __name__ == "__main__":
    main()
