"""How well the aligner finds links, omissions, additions and moves planted in clean text.

    python -m tests.benchmarks.alignment            # our own sample data, MLQE-PE and WMT24
    python -m tests.benchmarks.alignment --judge    # our own sample data, FLORES and Bio-MQM
    python -m tests.benchmarks.alignment --size     # time and memory of long texts

From every document of clean pairs, some lose their hypothesis (omission), some their source
(addition, so that the added sentence is of the same document), some neighbours are merged, some
sentences split at a comma, and in a second pass some neighbours swapped. Fixed seed. Then
clauses are deleted from one side of single pairs.

Weights were set on MLQE-PE, choices between models made on MLQE-PE, WMT24 and the sample data;
FLORES and Bio-MQM only judge. Beside mtcheck: pairs that are each other's best by cosine,
galechurch (with the ratio of lengths of English and Chinese), and sentweave (vecalign) on the
same encoder. sentweave embeds every run of neighbours that it may join, by default of up to
seven sentences, which is 28 times the text: here it may join three, and it gets the first
documents of each set only, which mtcheck gets once more for comparison. The others are no
dependencies: ``pip install galechurch sentweave``.
"""

from __future__ import annotations

import argparse
import importlib
import random
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mtcheck.alignment.pairing import align
from mtcheck.alignment.prepare import prepare
from mtcheck.lab.planting.documents import Block, alike, opened, plant, without
from mtcheck.lab.planting.kinds import Pair
from mtcheck.languages.en.sentences import split_english
from mtcheck.languages.en_zh.clauses import chinese_clauses, english_clauses
from mtcheck.languages.zh.sentences import split_chinese
from mtcheck.models import Encoder, Vectors, load_encoder
from mtcheck.types import Segment
from tests.conftest import ROOT, SHARED

_SENTWEAVE_JOINS, _SENTWEAVE_DOCUMENTS = 3, 20
_CLOCKED = 0.1
"""The rate of errors at which the aligners are clocked; elsewhere embeddings are shared."""


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
        self._encoder = encoder
        self.forget()

    def forget(self) -> None:
        """Begin anew, so that nobody profits from what another had embedded."""
        self.seconds = 0.0
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
    pairs = zip(frame.source, map(opened, frame.post_edit_tokenised), strict=True)
    usual = [(s, t) for s, t in pairs if 0.12 < len(t) / len(s) < 0.8]
    yield from alike(usual, encoder, seed=3)


def own(encoder: Encoder) -> Iterator[list[Pair]]:
    """The references of our sample data, where both sides have as many sentences."""
    frame = pd.read_csv(ROOT / "data" / "abstracts.csv")
    for source, target in zip(frame.source, frame.reference, strict=True):
        left, right = split_english(source), split_chinese(target)
        if len(left) == len(right):
            yield [(s.text, t.text) for s, t in zip(left, right, strict=True)]


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


def _gale_church() -> Aligner:
    library = importlib.import_module("galechurch")

    def run(
        left: Sequence[str], right: Sequence[str], encoder: Encoder
    ) -> tuple[list[Block], set[int]]:
        # English letters to a Chinese character, by MLQE-PE train; their variance is its own.
        found = library.align(list(left), list(right), mean_xy=2.7)
        return [
            (b.source_start, b.source_end, b.target_start, b.target_end) for b in found.beads
        ], set()

    return run


def _sentweave() -> Aligner:
    library = importlib.import_module("sentweave")

    def run(
        left: Sequence[str], right: Sequence[str], encoder: Encoder
    ) -> tuple[list[Block], set[int]]:
        with np.errstate(invalid="ignore"):  # its own, where a document is short
            found = library.align(
                list(left),
                list(right),
                lambda texts: encoder.encode(list(texts)),
                alignment_max_size=_SENTWEAVE_JOINS + 1,
            )
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
        planted = plant(pairs, rng, rate=rate, swaps=swaps)
        if not planted.source or not planted.hypothesis:
            continue
        blocks, moved = aligner(planted.source, planted.hypothesis, encoder)
        for kind, said, true in zip(counts, _said(blocks), _said(planted.beads), strict=False):
            counts[kind].add(said, true)
        swapped = planted.swapped
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
    the uncovered clause is known; the stretch found must have more than half of its characters
    in common with it (the choice favours our encoder). Otherwise any clause of any sentence is
    deleted, and a find counts for the sentence. Each document is told to pair up one to one.
    """
    rng = random.Random(11)
    counts = {"clause omission": Counts(), "clause addition": Counts()}
    for pairs in documents:
        segments: list[Segment] = []
        true: dict[str, dict[int, tuple[int, int]]] = {"source": {}, "hypothesis": {}}
        for at, (whole_source, whole_target) in enumerate(pairs):
            source, target = whole_source, whole_target
            one, two = english_clauses(source), chinese_clauses(target)
            draw = rng.random()
            which = rng.randrange(60)
            if draw < 2 * rate and (not paired or _paired(source, target, encoder)):
                if draw < rate and len(two) > 1:
                    target = without(target, two[which % len(two)], "，")
                    true["source"][at] = one[which % len(one)]
                elif draw >= rate and len(one) > 1:
                    source = without(source, one[which % len(one)], ", ")
                    true["hypothesis"][at] = two[which % len(two)]
            segments.append(Segment("", str(at), source, target, alignment="1-1"))
        found = prepare(segments, encoder, needs={"uncovered"})
        for kind, side in (("clause omission", "source"), ("clause addition", "hypothesis")):
            lost = true[side]
            said = {
                i if not paired or i not in lost or _overlap((u.start, u.end), lost[i]) else -1 - i
                for i, s in enumerate(found)
                for u in s.uncovered
                if u.side == side
            }
            counts[kind].add(set(said), set(lost))
    return counts


def _overlap(one: tuple[int, int], two: tuple[int, int]) -> bool:
    common = min(one[1], two[1]) - max(one[0], two[0])
    return 2 * common > max(one[1], two[1]) - min(one[0], two[0])


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
    few: dict[str, Aligner] = {}
    if not args.alone:
        aligners["mutual best"] = _mutual
        for name, make, among in (
            ("galechurch", _gale_church, aligners),
            ("sentweave", _sentweave, few),
        ):
            try:
                among[name] = make()
            except ImportError:
                print(f"{name} is not installed: pip install {name}")
    if few:
        few["mtcheck"] = _ours
    sets: tuple[tuple[str, Reader], ...] = (
        (("own", own), ("flores", flores), ("bio", bio))
        if args.judge
        else (("own", own), ("mlqe", mlqe), ("wmt", wmt))
    )
    for name, reader in sets:
        _tables(name, reader, aligners, few)


Reader = Callable[[Encoder], Iterator[list[Pair]]]


def _tables(
    name: str, reader: Reader, aligners: dict[str, Aligner], few: dict[str, Aligner]
) -> None:
    encoder = Timed(load_encoder("embedded"))
    documents = list(reader(encoder))
    first = documents[:_SENTWEAVE_DOCUMENTS]
    print(f"{name}: {len(documents)} documents, {sum(map(len, documents))} pairs")
    for rate, swaps in ((0.0, 0.0), (0.1, 0.0), (0.05, 0.1)):
        print(f" omissions, additions, merges, splits {rate:.0%} each; swaps {swaps:.0%}")
        for title, aligner, given in (
            *((t, a, documents) for t, a in aligners.items()),
            *((f"{t}, first {len(first)}", a, first) for t, a in few.items()),
        ):
            clocked = rate == _CLOCKED and aligner is not _mutual
            if clocked:
                encoder.forget()
            began = time.perf_counter()
            counts = measure(given, aligner, encoder, rate=rate, swaps=swaps)
            seconds = time.perf_counter() - began
            figures = "  ".join(f"{kind} {count}" for kind, count in counts.items())
            print(f"  {title:19} {figures}", flush=True)
            if clocked:
                print(
                    f"  {'':19} {len(given) / seconds:.1f} documents/s, "
                    f"{encoder.seconds / seconds:.0%} of the time the encoder",
                )
    for rate, paired in ((0.0, True), (0.3, True), (0.1, False)):
        clause = clause_counts(documents, encoder, rate=rate, paired=paired)
        figures = "  ".join(f"{kind} {count}" for kind, count in clause.items())
        print(f" {'paired' if paired else 'any'} clauses deleted {rate:.0%} each: {figures}")


if __name__ == "__main__":
    main()
