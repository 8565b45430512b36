"""Several processes give what one gives, whatever becomes of them."""

from __future__ import annotations

import functools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import mtcheck
from mtcheck import Config, DataError, RuleError
from mtcheck.inspected import Inspected, ranked
from mtcheck.pipeline import Means, jobs
from mtcheck.pipeline.jobs import mapped
from mtcheck.pipeline.spool import all_inspected
from mtcheck.readers import Batch, from_frame
from tests.pipeline.test_needs import FRAME


def batches(count: int = 5) -> list[Batch]:
    return [Batch(pd.DataFrame({"doc_id": [f"d{n}"], "n": [n]}), 1.0) for n in range(count)]


def doubled(batch: Batch) -> Inspected:
    """The later, the sooner."""
    number = int(batch.frame["n"][0])
    time.sleep(0.05 * (5 - number))
    return Inspected.of(pd.DataFrame({"n": [2 * number]}))


def fatal(batch: Batch, folder: Path, deaths: int) -> Inspected:
    """Kills its process as often, at the third batch."""
    number = int(batch.frame["n"][0])
    died = len(list(folder.iterdir()))
    if number == 2 and died < deaths:
        (folder / str(died)).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return Inspected.of(pd.DataFrame({"n": [2 * number]}))


def failing(batch: Batch) -> Inspected:
    raise RuleError(f"batch {batch.frame['doc_id'][0]}")


def numbers(found: Iterator[tuple[Batch, Inspected]]) -> list[tuple[int, int]]:
    return [(int(b.frame["n"][0]), int(i.segments["n"][0])) for b, i in found]


EXPECTED = [(n, 2 * n) for n in range(5)]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_order_is_kept(count: int) -> None:
    assert numbers(mapped(batches(), doubled, count)) == EXPECTED
    assert numbers(mapped([], doubled, count)) == []


def test_the_batch_of_a_process_that_died_is_done_by_another(tmp_path: Path) -> None:
    work = functools.partial(fatal, folder=tmp_path, deaths=1)
    assert numbers(mapped(batches(), work, 2)) == EXPECTED


def test_what_kills_two_processes_is_named(tmp_path: Path) -> None:
    work = functools.partial(fatal, folder=tmp_path, deaths=2)
    with pytest.raises(DataError, match=r"documents d2 \(exit code -9\); try --jobs 1"):
        numbers(mapped(batches(), work, 2))


def test_what_a_process_raises_is_raised() -> None:
    with pytest.raises(RuleError, match="batch d"):
        numbers(mapped(batches(), failing, 2))


def test_a_run_that_is_left_leaves_no_process() -> None:
    found = mapped(batches(), doubled, 2)
    next(found)
    processes = [w.process for w in found.gi_frame.f_locals["workers"]]  # type: ignore[attr-defined]
    found.close()  # type: ignore[attr-defined]
    assert processes
    assert not any(p.is_alive() for p in processes)


@pytest.mark.slow
def test_two_processes_find_what_one_does() -> None:
    config = Config(batch_size=1)
    frame = pd.concat([FRAME.assign(id=f"x{n}", segment_id=FRAME["segment_id"] + f"x{n}")
                       for n in range(3)])  # fmt: skip
    one, two = (
        [
            (inspected.segments.to_dict("records"), inspected.ranks, inspected.owners)
            for _, inspected in all_inspected(from_frame(frame, config), config, None, means)
        ]
        for means in (Means(), Means(jobs=2))
    )
    assert len(one) > 1
    assert str(one) == str(two)


def test_one_batch_is_not_worth_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mtcheck.pipeline.spool.mapped", None)
    audit = mtcheck.audit(FRAME, jobs=2, config=Config(risk=False, similarity=False))
    assert len(list(ranked(Inspected.of(audit.segments)))) == len(FRAME)


def test_at_least_one_core() -> None:
    assert jobs.cores() >= 1


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "setsid"), reason="no process groups here")
def test_ctrl_c_ends_all_with_one_line(tmp_path: Path) -> None:
    """As a terminal sends it: to every process of the command."""
    (tmp_path / "rows.csv").write_text(
        FRAME.iloc[[n % len(FRAME) for n in range(4000)]]
        .assign(segment_id=range(4000), id=[f"d{n // 8}" for n in range(4000)])
        .to_csv(index=False),
        encoding="utf-8",
    )
    child = subprocess.Popen(
        [sys.executable, "-m", "mtcheck", "audit", "rows.csv", "--jobs", "2", "--out", "r"],
        cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
        start_new_session=True, env=os.environ | {"OMP_NUM_THREADS": "1"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )  # fmt: skip
    time.sleep(8)
    os.killpg(child.pid, signal.SIGINT)
    _, err = child.communicate(timeout=60)
    assert child.returncode == 130, err
    assert err.splitlines() == ["mtcheck: error: interrupted"]
    assert not (tmp_path / "r").exists()
