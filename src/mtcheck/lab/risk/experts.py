"""Items of the second stage: expert judgements of several translations of one source.

Most rows of a batch are translations that are read beside one another, so that the network learns
what tells a good translation from a bad one, not which sources are hard. Corpora differ in how
strict their annotators were: levels are learnt as differences from each corpus' own.
"""

from __future__ import annotations

import json
import math
import random
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from mtcheck.lab.planting.translations import MEANING, corrupt
from mtcheck.lab.risk.data import Example, TrainingItem, kept, shifted

__all__ = ["LEVELS", "ExpertText", "abstract_texts", "items_on", "news_texts"]

LEVELS = (1, 5, 10)
"""MQM penalties that mark the steps of severity: any error, a major one, two or a critical one."""

_TOGETHER = 7
"""Translations of one source that are read together, at most."""

_GAP = 0.75
"""Least difference of mean MQM from which one of two translations counts as better."""

_HELD_NEWS = 20
"""One document in so many of the news is kept from the network."""

_PENALTY = {"minor": 1, "major": 5, "critical": 10}
"""MQM of an error; others, such as neutral ones, cost nothing."""

_STEP = {"minor": 0.6, "major": 1.0, "critical": 1.0}
"""How strongly a mark of each severity speaks."""

_SURE = frozenset({"ted", "generalMT2023"})
"""Corpora with categories, and with omissions marked on the source."""


@dataclass(slots=True)
class ExpertText:
    """One translation, as all its annotators judged it."""

    pair: str
    corpus: str
    source: str
    hypothesis: str
    judgements: list[list[Mapping[str, object]]]

    def penalty(self) -> float:
        """Mean MQM penalty, 0 or more."""
        total = sum(_penalty(e) for errors in self.judgements for e in errors)
        return total / len(self.judgements)

    def share(self, level: float) -> float:
        """Share of the annotators with at least that penalty; from 5 on, a major error."""
        return sum(_reaches(errors, level) for errors in self.judgements) / len(self.judgements)


def _severity(error: Mapping[str, object]) -> str:
    return str(error.get("severity")).lower()


def _penalty(error: Mapping[str, object]) -> int:
    return _PENALTY.get(_severity(error), 0)


def _reaches(errors: Sequence[Mapping[str, object]], level: float) -> bool:
    """Minor errors alone reach the first level only, however many they are."""
    least = 1 if level == LEVELS[0] else LEVELS[1]
    return sum(p for p in map(_penalty, errors) if p >= least) >= level


def news_texts(path: Path, *, held: bool = False) -> list[ExpertText]:
    """The texts of news and TED, each once, with the judgements of all annotators.

    ``held``: those of the documents that the network never sees, instead of the others.
    """
    frame = pd.read_parquet(path)
    out = (zlib.crc32(d.encode()) % _HELD_NEWS == 0 for d in frame["doc_id"])
    frame = frame[np.fromiter(out, dtype=bool) == held]
    found: dict[tuple[str, ...], ExpertText] = {}
    for pair, corpus, source, hypothesis, errors in zip(
        *(frame[c] for c in ("language_pair", "corpus", "source", "hypothesis", "errors")),
        strict=True,
    ):
        key = (pair, corpus, source, hypothesis)
        one = found.setdefault(key, ExpertText(*key, []))
        one.judgements.append(json.loads(errors))
    return list(found.values())


def abstract_texts(path: Path, pairs: Iterable[str] = ("en-zh",)) -> list[ExpertText]:
    """The same of a file of Bio-MQM, where the end of a span is its last character."""
    found: dict[tuple[str, str, str], ExpertText] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            pair = row.get("language_pair", "en-zh")
            if pair not in pairs:
                continue
            errors = [
                {**e, "end": e["end"] + 1} if isinstance(e.get("end"), int) else e
                for e in row["errors"]
            ]
            key = (pair, row["source"], row["hypothesis"])
            one = found.setdefault(key, ExpertText(pair, "bio", *key[1:], []))
            one.judgements.append(errors)
    return list(found.values())


def _log_odds(share: float) -> float:
    share = min(max(share, 0.01), 0.99)
    return math.log(share / (1 - share))


def _offsets(texts: Sequence[ExpertText], base: float) -> dict[tuple[str, str], list[float]]:
    """For each corpus how much its log-odds of each level are above ``base``.

    So the head learns what makes a row worse than its corpus has it, and no corpus' level.
    """
    groups: dict[tuple[str, str], list[ExpertText]] = {}
    for text in texts:
        groups.setdefault((text.pair, text.corpus), []).append(text)
    return {
        key: [_log_odds(sum(t.share(v) for t in group) / len(group)) - base for v in LEVELS]
        for key, group in groups.items()
    }


def _expert_row(text: ExpertText, offsets: Sequence[float]) -> Example:
    marks, strength, missing = [], [], []
    for errors in text.judgements:
        for e in errors:
            start, end = e.get("start"), e.get("end")
            if not isinstance(start, int) or not isinstance(end, int) or not start < end:
                continue
            if e.get("side") == "source":
                missing.append((start, end))
                continue
            marks.append((start, end))
            strength.append(_STEP.get(_severity(e), 0.0) / len(text.judgements))
    return Example(
        text.source,
        text.hypothesis,
        {},
        tuple(marks),
        text.pair != "en-zh",
        tuple(missing) if text.corpus in _SURE else None,
        tuple(strength),
        tuple((text.share(v), o) for v, o in zip(LEVELS, offsets, strict=True)),
    )


def _paired(penalties: Sequence[float]) -> tuple[tuple[tuple[int, int], ...], tuple[float, ...]]:
    """Which is better than which, and by how much."""
    pairs = [
        (i, j)
        for i in range(len(penalties))
        for j in range(len(penalties))
        if penalties[j] - penalties[i] >= _GAP
    ]
    return tuple(pairs), tuple(penalties[j] - penalties[i] for i, j in pairs)


def _together(
    texts: Sequence[ExpertText], base: float, rng: random.Random
) -> Iterator[TrainingItem]:
    """The translations of each source, some at a time."""
    offsets = _offsets(texts, base)
    groups: dict[tuple[str, str], list[ExpertText]] = {}
    for text in texts:
        groups.setdefault((text.pair, text.source), []).append(text)
    for group in groups.values():
        rng.shuffle(group)
        parts = -(-len(group) // _TOGETHER)
        for at in range(parts):
            part = group[at::parts]
            better, gaps = _paired([t.penalty() for t in part])
            rows = tuple(_expert_row(t, offsets[t.pair, t.corpus]) for t in part)
            yield TrainingItem(rows, better, gaps)


def _accurate(error: Mapping[str, object]) -> bool:
    return "accuracy" in str(error.get("category")).lower()


def _turned_news(texts: Sequence[ExpertText], rng: random.Random) -> Iterator[TrainingItem]:
    """Chinese sources as translations of their faultless English, and of English gone astray.

    The English that has a major error of accuracy says something else than the Chinese; which
    of its words, is marked on what is now the source.
    """
    groups: dict[str, tuple[list[Example], list[Example]]] = {}
    for text in texts:
        if text.pair != "zh-en" or text.corpus not in _SURE:
            continue
        errors = [e for judged in text.judgements for e in judged]
        spans = [
            (int(str(e["start"])), int(str(e["end"])))
            for e in errors
            if _accurate(e) and e.get("side") != "source" and isinstance(e.get("start"), int)
        ]
        astray = text.share(5) > 0.5 and any(
            _accurate(e) and _severity(e) != "minor" for e in errors
        )
        if errors and not (astray and spans):
            continue
        row = Example(
            text.hypothesis, text.source, {}, None if errors else (), source_marks=tuple(spans)
        )
        groups.setdefault(text.source, ([], []))[bool(errors)].append(row)
    for right, wrong in groups.values():
        if not right or not wrong:
            continue
        rows = [*rng.sample(right, min(2, len(right))), *rng.sample(wrong, min(2, len(wrong)))]
        count = min(2, len(right))
        better = tuple((i, j) for i in range(count) for j in range(count, len(rows)))
        yield TrainingItem(tuple(rows), better, (5.0,) * len(better))


def _planted(texts: Sequence[ExpertText], rng: random.Random) -> Iterator[TrainingItem]:
    """Faultless abstracts, each beside two of the same with another meaning.

    English by Chinese, and Chinese originals beside their faultless English MT.
    """
    clean: dict[str, list[tuple[str, str]]] = {}
    for text in texts:
        if not any(text.judgements):
            pair = (text.source, text.hypothesis)
            clean.setdefault(text.source, []).append(pair if text.pair == "en-zh" else pair[::-1])
    chosen = [p for pairs in clean.values() for p in rng.sample(pairs, min(3, len(pairs)))]
    others = shifted([chinese for _, chinese in chosen], rng)
    for (english, chinese), other in zip(chosen, others, strict=True):
        rows = [Example(english, chinese, {}, ())]
        for _ in range(2):
            _, wrong, marks = corrupt(english, chinese, other, rng, MEANING)
            rows.append(Example(english, wrong, {}, marks))
        levels = [tuple((v, 0.0) for v in values) for values in ((0.0,), (1.0,), (1.0,))]
        made = tuple(replace(row, levels=level) for row, level in zip(rows, levels, strict=True))
        yield TrainingItem(made, ((0, 1), (0, 2)), (5.0, 5.0))


_PART = 3
"""Epochs in which each judged text of news and TED is read once."""

_KEPT = 1300
"""Items of each file with other judgements in an epoch."""


def items_on(folder: Path, seed: int, number: int) -> list[TrainingItem]:
    """The n-th epoch of the second stage, which goes on from a trained network.

    Most are translations of one source with what experts said of them: a third of Chinese to
    English, some of English to German and Russian, all abstracts to Chinese but those of dev.
    """
    rng = random.Random(1000 * seed + number)
    turn = random.Random(1000 * seed + number // _PART)  # the same for all parts of one pass
    news = news_texts(folder / "mqm_news_ted_train.parquet")
    bio = abstract_texts(folder / "bio_mqm_train.jsonl")
    near = abstract_texts(folder / "bio_mqm_dev_other_pairs.jsonl", ("zh-en", "en-de", "en-ru"))
    base = _log_odds(sum(t.share(5) for t in bio) / len(bio))
    chinese = list(_together([t for t in news if t.pair == "zh-en"], base, turn))
    turn.shuffle(chinese)
    others = list(_together([t for t in news if t.pair != "zh-en"], base, rng))
    abstracts = list(_together(near, base, rng))
    turned = list(_turned_news(news, rng))
    medline = [t for t in near if t.pair == "zh-en"]
    return [
        *chinese[number % _PART :: _PART],
        *rng.sample(others, min(len(others), 200)),
        *_together(bio, base, rng),
        *rng.sample(abstracts, min(len(abstracts), 150)),
        *rng.sample(turned, min(len(turned), 250)),
        *_planted([*bio, *medline], rng),
        *kept(folder, rng, _KEPT),
    ]
