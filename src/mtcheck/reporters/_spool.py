"""A sorted heap of records on disk, so that a writer holds no more than one batch."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import cast

from mtcheck.records import Record, is_flagged

__all__ = ["Spool"]


class Spool:
    """Records in a temporary SQLite file: written by batch, read back in either order.

    ``keep`` is how many of the worst to keep; None keeps all. No connection outlives a call,
    so that a failed run leaves nothing open. ``flagged`` and ``total`` count what was added.
    """

    def __init__(self, folder: Path, name: str, *, keep: int | None = None) -> None:
        self._path = folder / f".{name}.spool"
        self._keep = keep
        self.total = self.flagged = 0
        with closing(self._connect()) as db:
            db.execute(
                "CREATE TABLE record (accepted INTEGER, rank REAL, place INTEGER, body TEXT,"
                " PRIMARY KEY (accepted, rank, place)) WITHOUT ROWID"
            )
            if keep is None:
                db.execute("CREATE INDEX by_place ON record (place)")

    def _connect(self) -> sqlite3.Connection:
        # Autocommit; the file is scratch, so neither journal nor sync is worth its time.
        db = sqlite3.connect(self._path, isolation_level=None)
        db.execute("PRAGMA journal_mode=OFF")
        db.execute("PRAGMA synchronous=OFF")
        return db

    def add(self, records: Iterable[tuple[float, Record]]) -> None:
        """Put away a batch of (rank, record); a higher rank is worse."""
        rows = []
        for rank, record in records:
            self.total += 1
            self.flagged += is_flagged(record)
            body = json.dumps(record, ensure_ascii=False, allow_nan=False)
            rows.append((not is_flagged(record), -rank, self.total, body))
        with closing(self._connect()) as db:
            db.execute("BEGIN")
            db.executemany("INSERT INTO record VALUES (?, ?, ?, ?)", rows)
            db.execute("COMMIT")
            if self._keep is not None:
                db.execute(
                    "DELETE FROM record WHERE (accepted, rank, place) IN (SELECT accepted, rank,"
                    " place FROM record ORDER BY accepted, rank, place LIMIT -1 OFFSET ?)",
                    (self._keep,),
                )

    def _read(self, query: str) -> Iterator[Record]:
        with closing(self._connect()) as db:
            for (body,) in db.execute(query):
                yield cast("Record", json.loads(body))

    def in_order(self) -> Iterator[Record]:
        """All records as they came."""
        return self._read("SELECT body FROM record ORDER BY place")

    def worst_first(self, *, accepted: bool | None = None) -> Iterator[Record]:
        """Flagged records, worst first, then the accepted; or only one of the two."""
        where = "" if accepted is None else f"WHERE accepted = {int(accepted)}"
        return self._read(f"SELECT body FROM record {where} ORDER BY accepted, rank, place")

    def remove(self) -> None:
        """Delete the file."""
        self._path.unlink(missing_ok=True)
