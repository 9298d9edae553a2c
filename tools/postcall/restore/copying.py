"""The work of a restore, table by table, over ports: it may be broken off and run again at any point."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from infra.names import Table
from tools.postcall.restore.rules import KEYS, Row, erased_with, has_expired, held, was_under_way
from tools.postcall.restore.tables import Tables

NameOf = Callable[[Table], str]


@dataclass
class Copied:
    """What became of a restored table's rows."""

    rows: int = 0
    there: int = 0
    expired: int = 0
    erased: int = 0
    missing: int = 0  # and put back, unless it was only a preview
    held: int = 0  # of the missing: they wait for a person

    def document(self) -> dict[str, Any]:
        return asdict(self)


def restored_name(live: str, moment: datetime) -> str:
    """The same for the same moment, so that a second run finds what the first began."""
    return f"{live}-as-of-{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


@dataclass(frozen=True)
class Restore:
    """One restore. Of an erased event only what an erasure keeps comes back, and that is erased again afterwards."""

    tables: Tables
    name_of: NameOf
    moment: datetime
    now: datetime
    erased: Container[str] = frozenset()

    def outside(self) -> tuple[Table, tuple[datetime, datetime] | None] | None:
        """The first table that cannot be restored to the moment, with the moments that there are."""
        for table in KEYS:
            window = self.tables.window(self.name_of(table))
            if window is None or not window[0] <= self.moment <= window[1]:
                return table, window
        return None

    def restored(self) -> list[str]:
        """The restored tables' names."""
        return [restored_name(self.name_of(table), self.moment) for table in KEYS]

    def begin(self) -> None:
        """Have all of them made at the same time."""
        for table in KEYS:
            live = self.name_of(table)
            self.tables.restore(live, restored_name(live, self.moment), self.moment)

    def copy(self, table: Table, *, only_count: bool) -> Copied:
        """Put back what is missing, when the restored table is there."""
        live, done = self.name_of(table), Copied()
        restored = restored_name(live, self.moment)
        self.tables.wait_for(restored)
        for row in self.tables.rows(restored):
            done.rows += 1
            self._one(table, row, done, only_count=only_count)
        return done

    def clean(self) -> None:
        """Take the restored tables away."""
        for name in self.restored():
            self.tables.delete(name)

    def _one(self, table: Table, row: Row, done: Copied, *, only_count: bool) -> None:
        if has_expired(row, self.now):
            done.expired += 1
        elif erased_with(table, row) in self.erased:
            done.erased += 1
        elif not self._put(table, row, only_count=only_count):
            done.there += 1
        else:
            done.missing += 1
            done.held += was_under_way(table, row)

    def _put(self, table: Table, row: Row, *, only_count: bool) -> bool:
        live, key = self.name_of(table), KEYS[table]
        if only_count:
            return not self.tables.has(live, row, key)
        whole = held(row, self.moment, self.now) if was_under_way(table, row) else row
        return self.tables.put_missing(live, whole, key)
