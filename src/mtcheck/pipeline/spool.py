"""What must see a whole run before it judges: a budget of the riskiest, and batch rules."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import math
import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from mtcheck.config import Config
from mtcheck.inspected import Inspected
from mtcheck.judge import REVIEW_RANK
from mtcheck.pipeline.cache import Cache
from mtcheck.pipeline.inspecting import conclude, inspect
from mtcheck.pipeline.jobs import mapped
from mtcheck.readers import Batch
from mtcheck.rules import selected
from mtcheck.tally import Tally
from mtcheck.timing import stage

__all__ = ["INSPECTING", "Means", "OnBatch", "all_inspected", "within_budget"]

INSPECTING = "inspecting"
"""The stage in which a batch is inspected, which has stages of its own."""


@dataclass(frozen=True, slots=True)
class Means:
    """What a run may use, which changes no result: so many processes, a cache."""

    jobs: int = 1
    cache: Cache | None = None


OnBatch = Callable[[Batch, Tally], None]


def all_inspected(
    batches: Iterable[Batch], config: Config, on_batch: OnBatch | None, means: Means
) -> Iterator[tuple[Batch, Inspected]]:
    """Each batch with its segments.

    Under a budget, and for batch rules, only after all were seen, from a file.
    """
    if config.budget is None and not any(rule.scope == "batch" for rule in selected(config)):
        yield from _inspections(batches, config, means)
        return
    risks: list[float] = []
    limit = 1.0
    seen = Tally()
    with tempfile.TemporaryFile() as spool:
        count = 0
        for batch, inspected in _inspections(batches, config, means):
            # What a reviewer has read already takes no place in the budget.
            risks += [
                -1.0 if decision else risk
                for risk, decision in zip(
                    inspected.segments["risk"], inspected.settled, strict=True
                )
            ]
            pickle.dump((batch, inspected), spool)
            count += 1
            seen.segments += len(inspected.segments)
            seen.add_facts(inspected)
            if on_batch:
                on_batch(dataclasses.replace(batch, rejected=(), unread=()), seen)
        if config.budget is not None and risks:
            limit = float(np.sort(risks)[-math.ceil(config.budget * len(risks))])
        spool.seek(0)
        for _ in range(count):
            batch, inspected = pickle.load(spool)
            with stage("batch rules"):
                inspected = conclude(inspected, seen.facts, config)
            if config.budget is not None:
                inspected = within_budget(inspected, limit, config.budget)
            yield batch, inspected


def _read(batches: Iterable[Batch]) -> Iterator[Batch]:
    batches = iter(batches)
    while True:
        with stage("reading"):
            batch = next(batches, None)
        if batch is None:
            return
        yield batch


def _inspections(
    batches: Iterable[Batch], config: Config, means: Means
) -> Iterator[tuple[Batch, Inspected]]:
    """One batch alone is not worth a process."""
    read = _read(batches)
    first = list(itertools.islice(read, 2))
    read = itertools.chain(first, read)
    work = functools.partial(_inspect, config=config, cache=means.cache)
    if means.jobs > 1 and len(first) > 1:
        found = mapped(read, work, means.jobs)
    else:
        found = ((batch, work(batch)) for batch in read)
    while True:
        with stage(INSPECTING):
            pair = next(found, None)
        if pair is None:
            return
        yield pair


def _inspect(batch: Batch, config: Config, cache: Cache | None) -> Inspected:
    return inspect(batch.frame, config, cache)


def within_budget(inspected: Inspected, limit: float, budget: float) -> Inspected:
    """Put the accepted segments whose risk reaches ``limit`` under review."""
    segments = inspected.segments
    reason = f"among the riskiest {budget:.0%} (from {limit:.2f} on)"
    status, reasons = segments["status"].tolist(), segments["reasons"].tolist()
    ranks = list(inspected.ranks)
    rows = [dict(d.row) for d in inspected.documents]
    for i, risk in enumerate(segments["risk"]):
        settled = inspected.settled[i] if inspected.settled else ""
        if status[i] != "accept" or settled or not risk >= limit:
            continue
        status[i] = "review"
        reasons[i] = [*reasons[i], f"risk {risk:.2f}: {reason}"]
        ranks[i] += REVIEW_RANK
        if inspected.owners:
            row = rows[inspected.owners[i]]
            flagged = row["review"]
            row["review"] = flagged + 1 if isinstance(flagged, int) else 1
    return dataclasses.replace(
        inspected.with_columns(status=status, reasons=reasons),
        ranks=tuple(ranks),
        documents=tuple(
            dataclasses.replace(d, row=row)
            for d, row in zip(inspected.documents, rows, strict=True)
        ),
    )
