"""`postcall restore`: what is missing comes back, what is there stays, and no lead is sent again unseen."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from rich.console import Console

from infra.names import Table
from postcall.aws.event_item import pending_key
from tools.postcall.arguments import parser
from tools.postcall.context import Context
from tools.postcall.errors import DONE, Refused
from tools.postcall.restore.command import Erasures, run
from tools.postcall.restore.rules import KEYS, LEFT_OUT, Row
from tools.postcall.screen import Screen
from tools.postcall.target import Target

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
MOMENT = "2026-11-29T10:00:00Z"
LATER = str(int((NOW + timedelta(days=30)).timestamp()))
EVENTS, ANALYSES = "postcall-uat-webhook_events", "postcall-uat-analyses"


@dataclass
class FakeTables:
    """Tables by name; `before` is what they held at every moment of the window."""

    live: dict[str, list[Row]]
    before: dict[str, list[Row]]
    since: datetime | None = NOW - timedelta(days=7)
    restored: dict[str, list[Row]] = field(default_factory=dict)
    asked_for: list[datetime] = field(default_factory=list)
    erasures: list[list[str]] = field(default_factory=list)  # what was there each time that they were run

    def erase_again(self) -> dict[str, Any]:
        """The recorded erasures: of an event `erased`."""
        rows = self.live.get(EVENTS, [])
        self.erasures.append(sorted(row["event_id"]["S"] for row in rows))
        found = [row for row in rows if row["event_id"]["S"] == "erased" and "payload" in row]
        for row in found:
            del row["payload"]
        return {"erased": ["erased"] * len(found), "refused": []}

    def window(self, table: str) -> tuple[datetime, datetime] | None:
        del table
        return None if self.since is None else (self.since, NOW - timedelta(minutes=5))

    def restore(self, source: str, target: str, moment: datetime) -> None:
        self.asked_for.append(moment)
        self.restored[target] = self.before.get(source, [])

    def wait_for(self, table: str) -> None:
        assert table in self.restored

    def rows(self, table: str) -> Iterator[Row]:
        yield from self.restored[table]

    def has(self, table: str, row: Row, key: Sequence[str]) -> bool:
        return any(all(each[name] == row[name] for name in key) for each in self.live.get(table, []))

    def put_missing(self, table: str, row: Row, key: Sequence[str]) -> bool:
        if self.has(table, row, key):
            return False
        self.live.setdefault(table, []).append(row)
        return True

    def delete(self, table: str) -> None:
        del self.restored[table]


def event(event_id: str, status: str = "delivered", **members: str) -> Row:
    texts = {"event_id": event_id, "status": status, **members}
    return {name: {"S": text} for name, text in texts.items()} | {"expires_at": {"N": LATER}}


def restored(tables: FakeTables, *more: str) -> dict[str, Any]:
    """The command's document."""
    out = io.StringIO()
    options = parser().parse_args(["restore", "--to", MOMENT, "--yes", "--json", *more])
    erasures = Erasures(lambda: frozenset({"erased"}), tables.erase_again)
    screen = Screen(as_json=True, out=Console(file=out), err=Console(file=io.StringIO()))
    context = Context(Target("uat", "https://api.example.com", "t"), screen)
    assert run(context, options, tables, erasures, now=NOW) == DONE
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def ids(tables: FakeTables, table: str = EVENTS) -> set[str]:
    return {row["event_id"]["S"] for row in tables.live[table]}


def test_what_is_missing_comes_back_and_what_is_there_stays_as_it_is() -> None:
    tables = FakeTables({EVENTS: [event("there", "delivered")]}, {EVENTS: [event("there", "analyzed"), event("lost")]})

    report = restored(tables)["tables"]["webhook_events"]

    assert ids(tables) == {"there", "lost"}
    assert tables.live[EVENTS][0]["status"] == {"S": "delivered"}
    assert (report["rows"], report["there"], report["missing"]) == (2, 1, 1)


def test_a_row_is_known_by_its_whole_key() -> None:
    row = {"event_id": {"S": "e"}, "revision": {"N": "1"}}
    tables = FakeTables({ANALYSES: [row]}, {ANALYSES: [row, row | {"revision": {"N": "2"}}]})

    assert restored(tables)["tables"]["analyses"]["missing"] == 1


@pytest.mark.parametrize("status", ["received", "analyzed", "retrying"])
def test_a_call_that_was_under_way_waits_for_a_person(status: str) -> None:
    """Its lead may have been sent between the moment and the loss: nothing sends it by itself."""
    tables = FakeTables(
        {}, {EVENTS: [event("lost", status, pending=pending_key("lost"), pending_since="2026-11-29T09:59:59.000Z")]}
    )

    report = restored(tables)["tables"]["webhook_events"]

    (row,) = tables.live[EVENTS]
    assert (row["pending"]["S"], row["pending_since"]["S"]) == ("stuck", "2026-11-29T12:00:00.000Z")
    assert row["status_reason"]["M"]["code"] == {"S": "restore.held"}
    assert report["held"] == 1


def test_a_call_that_a_worker_held_is_judged_as_after_any_workers_death() -> None:
    lost = event("lost", "sending", pending="1", lease_expires_at="2026-11-29T10:01:30.000Z")
    tables = FakeTables({}, {EVENTS: [lost]})
    restored(tables)

    assert tables.live[EVENTS] == [lost]


def test_what_is_over_does_not_come_back() -> None:
    over = event("over") | {"expires_at": {"N": str(int(NOW.timestamp()))}}
    tables = FakeTables({EVENTS: []}, {EVENTS: [over]})

    assert restored(tables)["tables"]["webhook_events"]["expired"] == 1
    assert tables.live[EVENTS] == []


def test_what_was_erased_since_is_erased_again() -> None:
    """Its skeleton comes back: without it a repeated webhook would bring the call back."""
    tables = FakeTables({EVENTS: []}, {EVENTS: [event("erased", payload="what was said")]})

    assert restored(tables)["erased_again"] == ["erased"]
    assert ids(tables) == {"erased"}
    assert "payload" not in tables.live[EVENTS][0]
    assert tables.erasures == [[], ["erased"]]  # first to see that the token may


def test_what_goes_with_an_erasure_does_not_even_come_back() -> None:
    analysis = {"event_id": {"S": "erased"}, "revision": {"N": "1"}}
    index = {"event_id": {"S": "key/own/0123/erased"}, "phone_key": {"S": "0123"}}
    body = {"event_id": {"S": "body/erased"}, "payload": {"B": b"what was said"}}
    tables = FakeTables({ANALYSES: [], EVENTS: []}, {ANALYSES: [analysis], EVENTS: [index, body]})

    report = restored(tables)["tables"]

    assert (report["analyses"]["erased"], report["webhook_events"]["erased"]) == (1, 2)
    assert tables.live == {ANALYSES: [], EVENTS: []}


def test_attempts_and_analyses_are_there_before_their_event() -> None:
    assert list(KEYS)[-1] == "webhook_events"


def test_a_preview_counts_and_copies_nothing_and_keeps_what_was_restored() -> None:
    tables = FakeTables({EVENTS: []}, {EVENTS: [event("lost")]})

    assert restored(tables, "--preview")["tables"]["webhook_events"]["missing"] == 1
    assert tables.live[EVENTS] == []
    assert tables.erasures == []
    assert len(tables.restored) == len(KEYS)


def test_afterwards_the_restored_tables_are_gone_unless_they_are_to_stay() -> None:
    tables = FakeTables({}, {})
    restored(tables, "--keep")
    assert "postcall-uat-webhook_events-as-of-20261129T100000Z" in tables.restored

    restored(tables)
    assert tables.restored == {}
    assert set(tables.asked_for) == {datetime(2026, 11, 29, 10, tzinfo=UTC)}


def test_a_moment_that_aws_does_not_keep_is_refused_before_anything_is_made() -> None:
    tables = FakeTables({}, {}, since=NOW - timedelta(hours=1))

    with pytest.raises(Refused, match="AWS keeps the moments from 2026-11-29T11:00:00"):
        restored(tables)
    assert tables.restored == {}


def test_a_table_without_recovery_is_named() -> None:
    with pytest.raises(Refused, match="crm_dispatches has no point-in-time recovery"):
        restored(FakeTables({}, {}, since=None))


def test_every_table_is_restored_or_left_out_with_a_reason() -> None:
    assert sorted([*KEYS, *LEFT_OUT]) == sorted(get_args(Table))
