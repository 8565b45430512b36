"""Only what changed: rows whose texts a base does not hold, by their fingerprint.

The base is a file or folder, or a commit of the repository that the inputs are in. A row is known
when the base has one of the same texts, wherever it stands and whatever its id is.
"""

from __future__ import annotations

import dataclasses
import hashlib
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pandas as pd

from mtcheck.config import Config
from mtcheck.errors import DataError, UsageError
from mtcheck.readers import Batch, Parallel, batches, scan

__all__ = ["changed", "known_rows"]

_TEXTS = ("source_title", "hypothesis_title", "source", "hypothesis", "back_translation")


def known_rows(
    base: str, inputs: Sequence[str | Path | Parallel], config: Config
) -> frozenset[bytes]:
    """The fingerprints of the rows of the base: a path, or else a commit.

    Of a commit, the files of the inputs as they were; one that was not there holds nothing. Raises
    UsageError for what is neither, DataError for a base that can't be read.
    """
    config = config.replace(bad_rows="skip")
    if base and Path(base).exists():
        return frozenset(_fingerprints(batches([base], config)))
    found: set[bytes] = set()
    for given in scan(inputs, config).files:
        with tempfile.TemporaryDirectory() as folder:
            old = _as_it_was(base, given, Path(folder))
            try:
                found.update(_fingerprints(batches([old], config)) if old else ())
            except DataError as error:
                where = f"{base}:{Path(given).as_posix()}"
                raise DataError(error.problem, path=where, mend=error.mend) from None
    return frozenset(found)


def _as_it_was(commit: str, given: Path | Parallel, folder: Path) -> Path | Parallel | None:
    """A copy of an input as it was in a commit; None where it was not there or was empty."""

    def copy(path: Path, part: str) -> Path | None:
        content = _at(commit, path)
        if content is None or not content.strip():
            return None
        old = folder / part / path.name
        old.parent.mkdir()
        old.write_bytes(content)
        return old

    if isinstance(given, Path):
        return copy(given, "file")
    source, hypothesis = copy(given.source, "source"), copy(given.hypothesis, "hypothesis")
    return Parallel(source, hypothesis) if source and hypothesis else None


def changed(all_batches: Iterable[Batch], known: frozenset[bytes]) -> Iterator[Batch]:
    """The batches with the rows that are not known, and those that were set aside."""
    for batch in all_batches:
        new = [mark not in known for mark in _marks(batch.frame)]
        yield dataclasses.replace(batch, frame=batch.frame[new].reset_index(drop=True))


def _fingerprints(all_batches: Iterable[Batch]) -> Iterator[bytes]:
    for batch in all_batches:
        yield from _marks(batch.frame)


def _marks(frame: pd.DataFrame) -> Iterator[bytes]:
    for texts in frame[list(_TEXTS)].fillna("").itertuples(index=False, name=None):
        yield hashlib.sha256("\x1f".join(texts).encode("utf-8", "surrogatepass")).digest()[:16]


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, check=False
        )
    except FileNotFoundError:
        raise UsageError("git is not installed; give a file to --diff-base") from None


def _at(commit: str, path: Path) -> bytes | None:
    """A file as it was in a commit; None where it was not there."""
    folder = path.resolve().parent
    asked = _git(
        folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}^{{commit}}"
    )
    if asked.returncode or not commit:
        raise UsageError(
            f"--diff-base {commit}: neither a file nor a commit here; "
            "in CI, fetch the history (fetch-depth: 0)"
        )
    hash_ = asked.stdout.decode().strip()
    shown = _git(folder, "show", f"{hash_}:./{path.resolve().name}")
    return None if shown.returncode else shown.stdout
