"""The receiver's table of events in SQLite, which is its queue too."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass

LONGEST_WAIT_SECONDS = 30.0
MOST_TRIES = 10

_TABLE = """
CREATE TABLE IF NOT EXISTS events (
    event_id TEXT PRIMARY KEY,
    body BLOB NOT NULL,
    status TEXT NOT NULL DEFAULT 'pending',
    tries INTEGER NOT NULL DEFAULT 0,
    due REAL NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS waiting ON events (status, due);
"""
_TAKE = """
UPDATE events SET status = 'sending', tries = tries + 1
WHERE event_id = (SELECT event_id FROM events WHERE status = 'pending' AND due <= ? ORDER BY due LIMIT 1)
RETURNING event_id, body, tries
"""


@dataclass(frozen=True)
class Event:
    """An event that a worker has taken."""

    event_id: str
    body: bytes
    tries: int


class Store:
    """One connection; the application is one process with one event loop."""

    def __init__(self, path: str) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.executescript(_TABLE)

    def add(self, event_id: str, body: bytes) -> bool:
        """Keep a new event; whether it was new."""
        added = self._db.execute("INSERT OR IGNORE INTO events (event_id, body) VALUES (?, ?)", (event_id, body))
        return added.rowcount == 1

    def take_up_again(self) -> None:
        """After a restart: what was under way is pending again."""
        self._db.execute("UPDATE events SET status = 'pending' WHERE status = 'sending'")

    def take(self) -> Event | None:
        """The event that is due longest, for this worker alone."""
        rows = self._db.execute(_TAKE, (time.time(),)).fetchall()
        return Event(*rows[0]) if rows else None

    def put_off(self, event: Event) -> None:
        """Try it again later: after 1, 2, 4, … seconds; after ten tries it has failed."""
        if event.tries >= MOST_TRIES:
            self.mark(event.event_id, "failed")
            return
        wait = min(LONGEST_WAIT_SECONDS, 2.0 ** (event.tries - 1))
        self._db.execute(
            "UPDATE events SET status = 'pending', due = ? WHERE event_id = ?", (time.time() + wait, event.event_id)
        )

    def mark(self, event_id: str, status: str) -> None:
        """Write down how it ended."""
        self._db.execute("UPDATE events SET status = ? WHERE event_id = ?", (status, event_id))
