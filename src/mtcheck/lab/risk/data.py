"""Training items from labelled files: rows with labels, and which row is better than which."""

from __future__ import annotations

import json
import random
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from mtcheck.lab.marks import Marks
from mtcheck.lab.planting.translations import corrupt

__all__ = [
    "Example",
    "Marks",
    "TrainingItem",
    "held_out",
    "items",
    "joined",
    "kept",
    "major",
    "shifted",
    "tagged",
]  # fmt: skip

_HAN = "[\u3400-\u9fff\u3000-\u303f\uff00-\uff65]"
_MAJOR = {"major", "critical"}

_TRANSFER = 6000
"""Rows of the six other MLQE-PE pairs in one epoch; the next epoch draws others."""


@dataclass(frozen=True, slots=True)
class Example:
    """A pair with the labels it has. ``marks``: wrong stretches of the hypothesis, or None.

    ``source_marks``: stretches of the source that are missing or wrong in the hypothesis, or
    None. ``strength``: of each mark (0 to 1), where they differ. ``levels``: for some steps of
    severity how sure it is that the errors are that bad, and by how much the log-odds of that
    differ from a major error's in an abstract. ``foreign``: not English to Chinese.
    """

    source: str
    hypothesis: str
    labels: Mapping[str, float] = field(default_factory=dict)
    marks: Marks | None = None
    foreign: bool = False
    source_marks: Marks | None = None
    strength: tuple[float, ...] = ()
    levels: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class TrainingItem:
    """Rows that are read together; ``better`` holds (index of the better, of the worse).

    ``gaps``: by how much MQM each pair differs; where there are none, by a major error, and no
    margin is asked.
    """

    rows: tuple[Example, ...]
    better: tuple[tuple[int, int], ...] = ()
    gaps: tuple[float, ...] = ()


def joined(text: str) -> str:
    """Tokenised Chinese as one writes it: no space beside Han or full-width punctuation."""
    return re.sub(rf"(?<={_HAN})\s+|\s+(?={_HAN})|\s+(?=[,.;:!?)%])", "", text.strip())


def tagged(tokens: str, tags: str) -> tuple[str, Marks]:
    """MLQE-PE word tags as stretches of the joined text; tags stand gap, word, gap and so on."""
    words, labels = tokens.split(), tags.split()
    text, marks = "", []
    for i, word in enumerate(words):
        space = " " if text and text[-1].isascii() and word[:1].isascii() else ""
        if word[:1] in ",.;:!?)%":
            space = ""
        text += space
        if labels[2 * i + 1] == "BAD":
            marks.append((len(text), len(text) + len(word)))
        text += word
    return text, tuple(marks)


def held_out(source: str) -> bool:
    """One source in ten is kept from the network, for the stack above it."""
    return zlib.crc32(source.encode()) % 10 == 0


def shifted(rows: list[str], rng: random.Random) -> list[str]:
    """For each row the text of another."""
    order = rows[:]
    rng.shuffle(order)
    return [b if a != b else rows[0] for a, b in zip(rows, order, strict=True)]


def _mlqe(path: Path, rng: random.Random) -> Iterator[TrainingItem]:
    """MT with its labels; its post-edit, better; the post-edit corrupted, worse than that."""
    frame = pd.read_parquet(path)
    frame = frame[~frame["source"].map(held_out)]
    edits = [joined(t) for t in frame["post_edit_tokenised"]]
    for row, edit, other in zip(frame.to_dict("records"), edits, shifted(edits, rng), strict=True):
        text, marks = tagged(row["hypothesis_tokenised"], row["target_tags"])
        labels = {"adequacy": row["da_z"], "effort": min(1.0, row["hter"])}
        rows = [Example(row["source"], text, labels, marks)]
        better = []
        _, wrong, stretches = corrupt(row["source"], edit, other, rng)
        rows.append(Example(row["source"], edit, {"effort": 0.0, "major": 0.0}, ()))
        rows.append(Example(row["source"], wrong, {"major": 1.0}, stretches))
        better.append((1, 2))
        if row["hter"] > 0.1:
            better.append((1, 0))
        yield TrainingItem(tuple(rows), tuple(better))


def _critical(path: Path, rng: random.Random) -> Iterator[TrainingItem]:
    """MT with a yes or no; for every third, a corrupted one that is worse."""
    frame = pd.read_parquet(path)
    frame = frame[~frame["source"].map(held_out)]
    texts = [joined(t) for t in frame["hypothesis"]]
    for i, (source, critical, text, other) in enumerate(
        zip(frame["source"], frame["critical"], texts, shifted(texts, rng), strict=True)
    ):
        first = Example(source, text, {"critical": float(critical)})
        if critical or i % 3:
            yield TrainingItem((first,))
            continue
        _, wrong, stretches = corrupt(source, text, other, rng)
        yield TrainingItem((first, Example(source, wrong, {"major": 1.0}, stretches)), ((0, 1),))


def _mqm(path: Path, rng: random.Random, most: int = 4) -> Iterator[TrainingItem]:
    """Up to ``most`` systems' translations of one source, the better ones better."""
    groups: dict[tuple[str, str], list[dict[str, object]]] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            groups.setdefault((row["language_pair"], row["source"]), []).append(row)
    for group in groups.values():
        rng.shuffle(group)
        for at in range(0, len(group), most):
            part = group[at : at + most]
            rows = tuple(_mqm_row(r) for r in part)
            scores = [int(str(r["mqm"])) for r in part]
            better = tuple(
                (i, j)
                for i in range(len(part))
                for j in range(len(part))
                if scores[i] > scores[j] + 1
            )
            yield TrainingItem(rows, better)


def major(errors: Iterable[Mapping[str, object]]) -> bool:
    """Whether one of the MQM errors is major or critical."""
    return any(str(e["severity"]).lower() in _MAJOR for e in errors)


def _mqm_row(row: Mapping[str, object]) -> Example:
    errors = [e for e in row["errors"] if isinstance(e, dict)]  # type: ignore[attr-defined]
    marks = tuple(
        (int(e["start"]), int(e["end"]) + 1) for e in errors if isinstance(e.get("start"), int)
    )
    return Example(
        str(row["source"]), str(row["hypothesis"]), {"major": float(major(errors))}, marks, True
    )


def _turned(path: Path, rng: random.Random) -> Iterator[TrainingItem]:
    """Medline abstracts written in Chinese, as translations of their faultless English MT.

    The English has no error marked, so the Chinese says the same: a clean pair of the domain
    that matters most, which has no other Chinese text that may ship. Corrupted, it is worse.
    """
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    clean = [r for r in rows if r["language_pair"] == "zh-en" and not r["errors"]]
    chosen: dict[str, list[str]] = {}
    for row in rng.sample(clean, len(clean)):
        chosen.setdefault(row["source"], []).append(row["hypothesis"])
    pairs = [(english, chinese) for chinese, found in chosen.items() for english in found[:2]]
    others = shifted([chinese for _, chinese in pairs], rng)
    for (english, chinese), other in zip(pairs, others, strict=True):
        _, wrong, marks = corrupt(english, chinese, other, rng)
        right = Example(english, chinese, {"major": 0.0}, ())
        yield TrainingItem((right, Example(english, wrong, {"major": 1.0}, marks)), ((0, 1),))


def _other_pairs(path: Path, rng: random.Random) -> Iterator[TrainingItem]:
    """Direct assessments of other language pairs: what adequacy is, in any language."""
    frame = pd.read_parquet(path).sample(_TRANSFER, random_state=rng.randrange(2**31))
    for source, text, score in zip(
        frame["source"], frame["hypothesis"], frame["da_z"], strict=True
    ):
        yield TrainingItem((Example(source, text, {"adequacy": float(score)}, None, True),))


def items(folder: Path, seed: int) -> list[TrainingItem]:
    """One epoch of items, drawn anew for each seed; only files that may ship are read."""
    rng = random.Random(seed)
    mqm = folder / "bio_mqm_dev_other_pairs.jsonl"
    return [
        *_mlqe(folder / "mlqe_pe_train.parquet", rng),
        *_critical(folder / "critical_errors_train.parquet", rng),
        *_mqm(mqm, rng),
        *_turned(mqm, rng),
        *_other_pairs(folder / "mlqe_pe_train_other_pairs.parquet", rng),
    ]


def kept(folder: Path, rng: random.Random, count: int) -> list[TrainingItem]:
    """Items of the files with direct assessments, post-edits and critical errors.

    ``count`` of each file, a third as many of the other pairs: what a later stage reads besides,
    so that the network forgets nothing.
    """
    mlqe = list(_mlqe(folder / "mlqe_pe_train.parquet", rng))
    critical = list(_critical(folder / "critical_errors_train.parquet", rng))
    other = list(_other_pairs(folder / "mlqe_pe_train_other_pairs.parquet", rng))
    parts = ((mlqe, count), (critical, count), (other, count // 3))
    return [item for part, most in parts for item in rng.sample(part, min(len(part), most))]
