"""News for the centre, kept on disk until the centre has taken it.

Bounded: beyond `limit` the oldest events that are not gaps make room, then the oldest gaps; that something was
dropped is itself an event. SQLite, so that a kill at any moment leaves whole events.
"""

import hashlib
import json
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from binhyen.contracts import Clock, Event, EventBatch, EventKind, dump, load

EVENTS_MAX = 100_000
BATCH_EVENTS_MAX = 200
_DROP_SHARE = 20  # make room for a twentieth at once, so that dropping is rare


class EventSpool:
    """Used by the one thread that talks to the centre."""

    def __init__(self, path: Path, *, clock: Clock, limit: int = EVENTS_MAX) -> None:
        self._clock, self._limit = clock, limit
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS events (position INTEGER PRIMARY KEY AUTOINCREMENT,"
            " id TEXT NOT NULL UNIQUE, is_gap INTEGER NOT NULL, body TEXT NOT NULL)"
        )
        self._count = int(self._database.execute("SELECT count(*) FROM events").fetchone()[0])

    def __len__(self) -> int:
        return self._count

    def add(self, *events: Event) -> None:
        """Keep `events`, in order, until they are delivered."""
        with self._transaction():
            self._insert(*events)
            if self._count > self._limit:
                self._drop(self._count - self._limit + self._limit // _DROP_SHARE)

    def next_batch(self) -> EventBatch | None:
        """The oldest events. The same events make the same batch id, so a repeated delivery is known as one."""
        oldest = "SELECT body FROM events ORDER BY position LIMIT ?"
        rows = self._database.execute(oldest, (BATCH_EVENTS_MAX,)).fetchall()
        if not rows:
            return None
        events = tuple(load(Event, json.loads(row[0])) for row in rows)
        digest = hashlib.sha256("\n".join(event.id for event in events).encode()).hexdigest()
        return EventBatch(id=digest[:32], events=events)

    def delivered(self, batch: EventBatch) -> None:
        """The centre has it."""
        with self._transaction():
            for event in batch.events:
                self._count -= self._database.execute("DELETE FROM events WHERE id = ?", (event.id,)).rowcount

    def close(self) -> None:
        self._database.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        count = self._count
        self._database.execute("BEGIN")
        try:
            yield
            self._database.execute("COMMIT")
        except BaseException:
            self._count = count
            if self._database.in_transaction:  # a full disk has rolled back by itself
                self._database.execute("ROLLBACK")
            raise

    def _insert(self, *events: Event) -> None:
        for event in events:
            done = self._database.execute(
                "INSERT OR IGNORE INTO events (id, is_gap, body) VALUES (?, ?, ?)",
                (event.id, event.kind == EventKind.GAP, json.dumps(dump(event), ensure_ascii=False)),
            )
            self._count += done.rowcount

    def _drop(self, number: int) -> None:
        dropped = self._database.execute(
            "DELETE FROM events WHERE position IN (SELECT position FROM events ORDER BY is_gap, position LIMIT ?)",
            (number,),
        ).rowcount
        self._count -= dropped
        detail = {"state": "spool_overflow", "dropped": str(dropped)}
        self._insert(new_event(EventKind.DISK, self._clock, **detail))


def new_event(kind: EventKind, clock: Clock, camera: str = "", **detail: str) -> Event:
    """An event that happens now, with an id that no other ever has."""
    return Event(id=uuid.uuid4().hex, kind=kind, at=clock.now(), camera=camera, detail=detail)
