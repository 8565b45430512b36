"""Several processes that inspect batches: their order kept, a dead one replaced."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess

from mtcheck.errors import DataError
from mtcheck.inspected import Inspected
from mtcheck.models import ThreadLimit
from mtcheck.readers import Batch

__all__ = ["BatchWork", "cores", "mapped"]

BatchWork = Callable[[Batch], Inspected]
"""What is done to a batch; it pickles."""

_AHEAD = 2
"""Batches read ahead, for each process: none waits for the next, and memory is bounded."""


def cores() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass
class _Task:
    batch: Batch
    result: Inspected | None = None
    deaths: int = 0


@dataclass
class _Worker:
    process: BaseProcess
    connection: Connection
    task: _Task | None = None


def mapped(
    batches: Iterable[Batch], work: BatchWork, jobs: int
) -> Iterator[tuple[Batch, Inspected]]:
    """Each batch with what the work makes of it, in order, by so many processes.

    What a process raises is raised here. The batch of one that died is given to another, once;
    the second time DataError names its documents.
    """
    batches = iter(batches)
    context = _context()
    workers: list[_Worker] = []
    tasks: deque[_Task] = deque()
    again: deque[_Task] = deque()
    read = True
    try:
        while True:
            while read and len(tasks) < _AHEAD * jobs:
                batch = next(batches, None)
                read = batch is not None
                if batch is not None:
                    tasks.append(_Task(batch))
                    again.append(tasks[-1])
            while again and (worker := _free(workers, work, context, jobs)):
                worker.task = again.popleft()
                with suppress(OSError):  # it died while it had nothing to do: seen below
                    worker.connection.send(worker.task.batch)
            if not tasks:
                return
            if (result := tasks[0].result) is not None:
                yield tasks.popleft().batch, result
                continue
            busy = {w.connection: w for w in workers if w.task}
            for connection in wait(list(busy)):
                worker = busy[connection]  # type: ignore[index]
                if not _received(worker):
                    workers.remove(worker)
                    again.appendleft(_bury(worker))
    finally:
        for worker in workers:
            worker.process.terminate()
        for worker in workers:
            worker.process.join()
            worker.connection.close()


def _free(
    workers: list[_Worker], work: BatchWork, context: BaseContext, jobs: int
) -> _Worker | None:
    """A process without a task: one that is there, or a new one."""
    for worker in workers:
        if worker.task is None:
            return worker
    if len(workers) == jobs:
        return None
    ours, theirs = context.Pipe()
    with _deaf():
        process = context.Process(target=_worker, args=(theirs, work), daemon=True)  # type: ignore[attr-defined]
        process.start()
    theirs.close()
    workers.append(_Worker(process, ours))
    return workers[-1]


def _received(worker: _Worker) -> bool:
    """Take a result from a process; False if it is dead."""
    assert worker.task
    try:
        done = worker.connection.recv()
    except (EOFError, OSError):
        return False
    if isinstance(done, BaseException):
        raise done
    worker.task.result = done
    worker.task = None
    return True


def _bury(worker: _Worker) -> _Task:
    """The task that a dead process leaves. Raises DataError for one that killed two."""
    worker.connection.close()
    worker.process.join()
    task = worker.task
    assert task
    task.deaths += 1
    if task.deaths > 1:
        names = list(dict.fromkeys(task.batch.frame["doc_id"].astype(str)))
        told = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        raise DataError(
            f"two processes died on the documents {told} (exit code {worker.process.exitcode})",
            mend="try --jobs 1, which needs less memory",
        )
    return task


def _worker(connection: Connection, work: BatchWork) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ThreadLimit.most = 1  # the other cores have processes of their own
    while True:
        try:
            batch = connection.recv()
        except EOFError:
            return
        try:
            done: Inspected | Exception = work(batch)
        except Exception as error:
            done = error
        connection.send(done)


def _context() -> BaseContext:
    """A server forks the processes where it can: it has no threads, and what it has imported."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "mtcheck.pipeline.inspecting"])
    resource_tracker.ensure_running()  # when it starts, it lets through what `_deaf` holds back
    return context


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes begun here never hear Ctrl-C: the one that began them ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
