"""What was found out of a document, kept between runs in a SQLite file.

A document's segments with their findings, scores and risk are kept under a hash of its rows and of
all that they depend on: settings, models, the code itself. What is not reached by that hash is
never taken. A run that was killed finds its finished documents here.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import importlib.metadata
import io
import json
import logging
import os
import pickle
import sqlite3
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar, cast

from mtcheck.alignment.documents import Document
from mtcheck.config import ABOUT, READING, RULES, SCORING
from mtcheck.inspected import Examined
from mtcheck.models.embedded import PACKAGE
from mtcheck.pipeline.tools import Tools
from mtcheck.rules import CRASH_CODE, all_rules
from mtcheck.scoring import Scores
from mtcheck.timing import stage

T = TypeVar("T")

__all__ = ["FOLDER", "LIMIT", "Cache", "Documents", "Learned", "default_folder"]

FOLDER = "MTCHECK_CACHE_DIR"
"""Environment variable that names the folder; set to nothing, no cache is kept."""

LIMIT = 2**30
"""Bytes that the file may have when a run is over; what was used longest ago goes first."""

_FILE = "documents.sqlite3"
_FORMAT = 1
_DEPENDENCIES = (PACKAGE, "numpy", "onnxruntime", "opencc", "sacrebleu", "tokenizers")

Learned = tuple[list[Examined], Scores]
"""What is known of a document: its segments examined, and its scores."""


def default_folder() -> Path | None:
    """The user's cache folder, or what the environment names in its place; None for no cache."""
    named = os.environ.get(FOLDER)
    if named is not None:
        return Path(named) if named else None
    import platformdirs

    return Path(platformdirs.user_cache_dir("mtcheck", appauthor=False))


@dataclass(frozen=True)
class Cache:
    """A file of values by key, in a folder that is made when it is needed.

    Several processes may use it at once. It never stops a run: a file that can't be read is set
    aside and one that can't be written is done without, and either is logged.
    """

    folder: Path
    limit: int = LIMIT

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / _FILE

    def get(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """The values there are, by key."""

        def read(file: sqlite3.Connection) -> dict[bytes, bytes]:
            found: dict[bytes, bytes] = {}
            for start in range(0, len(keys), 500):
                some = keys[start : start + 500]
                marks = ",".join("?" * len(some))
                rows = file.execute(f"SELECT key, value FROM kept WHERE key IN ({marks})", some)
                found.update(rows.fetchall())
            now = int(time.time())
            used = [(now, key, now - 3600) for key in found]
            file.executemany("UPDATE kept SET used = ? WHERE key = ? AND used < ?", used)
            return found

        return self._do(read, {}) if self.path.exists() else {}

    def put(self, values: Mapping[bytes, bytes]) -> None:
        """Keep values."""
        rows = [(key, value, int(time.time())) for key, value in values.items()]
        self._do(lambda f: f.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", rows))

    def trim(self) -> None:
        """Let go what was used longest ago, until the rest is within the limit."""
        if self.size() <= self.limit:
            return
        self._do(
            lambda f: f.execute(
                "DELETE FROM kept WHERE key IN (SELECT key FROM (SELECT key, sum(length(value)) "
                "OVER (ORDER BY used DESC, key) AS upto FROM kept) WHERE upto > ?)",
                (self.limit * 3 // 4,),
            )
        )
        self._do(_compact)

    def size(self) -> int:
        """Bytes on disk."""
        return sum(p.stat().st_size for p in self.folder.glob(_FILE + "*") if p.is_file())

    def count(self) -> int:
        """How many documents are kept, of the values."""
        if not self.path.exists():
            return 0
        count = "SELECT count(*) FROM kept WHERE length(key) = 32"  # others are of answers
        counted = self._do(lambda f: f.execute(count).fetchone(), (0,))
        return int(counted[0])

    def clear(self) -> None:
        """Remove the file, and those that were set aside."""
        for path in self.folder.glob(_FILE + "*"):
            path.unlink(missing_ok=True)

    def _do(self, work: Callable[[sqlite3.Connection], T], otherwise: T | None = None) -> T:
        """Do something with the file in one transaction; if it can't be done, say so."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with contextlib.closing(sqlite3.connect(self.path, timeout=30)) as file, file:
                file.execute("PRAGMA journal_mode=WAL")
                file.execute("PRAGMA synchronous=NORMAL")
                file.execute(
                    "CREATE TABLE IF NOT EXISTS kept "
                    "(key BLOB PRIMARY KEY, value BLOB NOT NULL, used INTEGER NOT NULL)"
                )
                return work(file)
        except (sqlite3.OperationalError, OSError) as error:
            _say(f"{self.path}: the cache can't be used: {error}")
        except sqlite3.DatabaseError as error:
            aside = self.path.with_name(f"{_FILE}.broken")
            with contextlib.suppress(OSError):
                self.path.replace(aside)
                for more in ("-wal", "-shm"):
                    self.path.with_name(_FILE + more).unlink(missing_ok=True)
            _say(f"{self.path}: the cache is broken ({error}); set aside as {aside.name}")
        return cast("T", otherwise)


def _compact(file: sqlite3.Connection) -> None:
    file.commit()
    file.execute("VACUUM")


def _say(problem: str) -> None:
    logging.getLogger("mtcheck").warning("mtcheck: warning: %s", problem)


class Documents:
    """The documents of runs with some settings, as a cache has them."""

    def __init__(self, cache: Cache, tools: Tools) -> None:
        self._cache = cache
        self._signature = _signature(tools)

    def get(self, documents: Sequence[Sequence[Document]]) -> list[Learned | None]:
        """What is known of each document, given as its rows."""
        keys = [self._key(rows) for rows in documents]
        with stage("cache"):
            found = self._cache.get(keys)
            return [
                _read(found[key], rows) if key in found else None
                for key, rows in zip(keys, documents, strict=True)
            ]

    def put(self, documents: Sequence[Sequence[Document]], known: Sequence[Learned]) -> None:
        """Keep what was found out of some documents, but where a rule crashed."""
        with stage("cache"):
            self._cache.put(
                {
                    self._key(rows): _written(one, rows)
                    for rows, one in zip(documents, known, strict=True)
                    if not any(f.code == CRASH_CODE for e in one[0] for f in e.findings)
                }
            )

    def _key(self, rows: Sequence[Document]) -> bytes:
        # Where a row stands in its file and batch is put in when it is taken out.
        said = [
            [row.doc_id, row.segment_id, row.path, dict(row.texts), dict(row.metadata)]
            for row in rows
        ]
        text = json.dumps([self._signature, said], sort_keys=True, default=str)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _signature(tools: Tools) -> str:
    """Everything but its rows that a document's findings, scores and risk depend on."""
    config = tools.config
    panels = (READING, RULES, SCORING)
    settings = {n: getattr(config, n) for n, about in ABOUT.items() if about.panel in panels}
    files = [config.glossary, config.calibration, config.alignment_file]
    said = [
        _FORMAT,
        settings,
        sorted(tools.needs),
        sorted(tools.metrics),
        [hashlib.sha256(Path(f).read_bytes()).hexdigest() for f in files if f],
        tools.encoder.signature,
        _stamps(Path(config.encoder)) if Path(config.encoder).exists() else (),
        tools.risk.signature if tools.risk else "",
        [importlib.metadata.version(name) for name in _DEPENDENCIES],
        _code(),
    ]
    return json.dumps(said, sort_keys=True, default=dict)


def _code() -> list[tuple[str, int, int]]:
    """What tells whether the code has changed: ours, and what other packages add."""
    stamps = _stamps(Path(__file__).parents[1])
    for origin in sorted({rule.origin for rule in all_rules().values()}):
        module = importlib.import_module(origin)
        if not origin.startswith("mtcheck.") and module.__file__:
            stamps += _stamps(Path(module.__file__))
    for kind in ("scorers", "languages"):
        for point in importlib.metadata.entry_points(group=f"mtcheck.{kind}"):
            stamps.append((f"{point.value} {point.dist.version if point.dist else ''}", 0, 0))
    return stamps


def _stamps(place: Path) -> list[tuple[str, int, int]]:
    """Name, time and size of a file, or of all in a folder."""
    paths = sorted(place.rglob("*")) if place.is_dir() else [place]
    return [
        (path.name, path.stat().st_mtime_ns, path.stat().st_size)
        for path in paths
        if path.is_file() and path.suffix != ".pyc"
    ]


def _written(known: Learned, rows: Sequence[Document]) -> bytes:
    ordinals = {row.position: n for n, row in enumerate(rows)}
    examined = [
        replace(e, segment=replace(e.segment, row=ordinals[e.segment.row], line=None), document=0)
        for e in known[0]
    ]
    return zlib.compress(pickle.dumps((examined, known[1])), 1)


def _read(value: bytes, rows: Sequence[Document]) -> Learned | None:
    try:
        examined, scores = _Reader(io.BytesIO(zlib.decompress(value))).load()
        found = []
        for e in examined:
            row = rows[e.segment.row]
            found.append(replace(e, segment=replace(e.segment, row=row.position, line=row.line)))
    except Exception as error:  # whatever is wrong with it, the document can be examined anew
        _say(f"an entry of the cache can't be read: {error}")
        return None
    return found, scores


class _Reader(pickle.Unpickler):
    """Makes nothing but what is written here: who can write the file can run no code."""

    _ARRAYS = frozenset({"_reconstruct", "_frombuffer", "scalar", "ndarray", "dtype"})

    def find_class(self, module: str, name: str) -> object:
        own = module == "mtcheck.types" or (module, name) in {
            ("mtcheck.inspected", "Examined"),
            ("mtcheck.scoring", "Scores"),
            ("mtcheck.risk.model", "Risk"),
            ("collections", "Counter"),
        }
        if own or (module.partition(".")[0] == "numpy" and name in self._ARRAYS):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is not expected")
