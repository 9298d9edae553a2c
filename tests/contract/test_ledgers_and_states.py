"""The ledgers' table, the batches in which events' states are read, and commands between functions."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError

from postcall.aws import clients
from postcall.aws.commands import Commands
from postcall.aws.event_states import EventState, EventStates
from postcall.aws.ledger_table import LAST_RECONCILIATION, LedgerTable
from postcall.domain.errors import Unavailable
from postcall.domain.ledger import Ledger
from postcall.domain.status import Status
from tests.support.aws import EVENTS, LEDGERS, LocalAws, local_aws
from tests.support.builders import any_incoming
from tests.support.fakes.clock import START
from tests.support.fakes.states import MemoryStates
from tests.support.fakes.store import MemoryStore

DAY = date(2026, 10, 25)
LEDGER = Ledger(DAY, START, 3, 1, {"not a lead": 1}, {}, missing=1, ids={"missing": ("c3",)})


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalAws]:
    with local_aws(monkeypatch) as ready:
        yield ready


def test_a_ledger_comes_back_and_a_newer_one_takes_its_place(aws: LocalAws) -> None:
    assert aws.ledgers.get(DAY) is None
    aws.ledgers.put(LEDGER)
    assert aws.ledgers.get(DAY) == LEDGER
    newer = Ledger(DAY, START + timedelta(days=1), 3, 3)
    aws.ledgers.put(newer)
    assert aws.ledgers.get(DAY) == newer


def test_a_ledger_is_forgotten_with_the_events(aws: LocalAws) -> None:
    aws.ledgers.put(LEDGER)
    item = clients.dynamodb().get_item(TableName=LEDGERS, Key={"day": {"S": DAY.isoformat()}})["Item"]
    assert int(item["expires_at"]["N"]) == int((START + timedelta(days=90)).timestamp())


def test_the_last_report_is_kept_under_its_word(aws: LocalAws) -> None:
    assert aws.ledgers.report(LAST_RECONCILIATION) is None
    aws.ledgers.put_report(LAST_RECONCILIATION, {"status": "done", "ids": {"missed": []}}, now=START)
    assert aws.ledgers.report(LAST_RECONCILIATION) == {
        "made_at": "2026-10-26T10:00:00.000Z",
        "report": {"status": "done", "ids": {"missed": []}},
    }


@pytest.mark.parametrize("kind", ["memory", "dynamodb"])
def test_states_are_read_for_many_events_at_once(kind: str, request: pytest.FixtureRequest) -> None:
    if kind == "memory":
        store: Any = MemoryStore()
        states: Any = MemoryStates(store)
    else:
        store = request.getfixturevalue("aws").events
        states = EventStates(clients.dynamodb(), EVENTS)
    for number in range(130):
        store.add(any_incoming(f"c{number}"), now=START)
    store.add(any_incoming("c:call_initiation_failure", excluded_because="The call was not set up (busy)."), now=START)
    asked = [f"c{number}" for number in range(0, 260, 2)] + ["c0", "c:call_initiation_failure"]
    found = states.states(asked)
    assert set(found) == {f"c{number}" for number in range(0, 130, 2)} | {"c:call_initiation_failure"}
    assert found["c0"] == EventState("c0", Status.RECEIVED, event_timestamp=1_793_000_066)
    assert found["c:call_initiation_failure"].status_reason == "The call was not set up (busy)."
    assert states.states([]) == {}


def test_what_a_busy_table_leaves_out_is_asked_for_again() -> None:
    class Busy:
        """Answers one key a request."""

        def __init__(self) -> None:
            self.asked = 0

        def batch_get_item(self, *, RequestItems: Any) -> Any:  # noqa: N803 — boto's own name
            self.asked += 1
            (table, request), *_ = RequestItems.items()
            first, *others = request["Keys"]
            item = {"event_id": first["event_id"], "status": {"S": "received"}, "source": {"S": "elevenlabs"}}
            left = {table: request | {"Keys": others}} if others else {}
            return {"Responses": {table: [item]}, "UnprocessedKeys": left}

    busy = Busy()
    assert set(EventStates(busy, "events").states(["a", "b", "c"])) == {"a", "b", "c"}  # type: ignore[arg-type]  # as much of a client as is asked
    with pytest.raises(Unavailable, match="busy"):
        EventStates(busy, "events").states([str(number) for number in range(50)])  # type: ignore[arg-type]  # the same


@pytest.mark.usefixtures("aws")
def test_a_table_that_is_not_there_is_unavailable() -> None:
    ledgers = LedgerTable(clients.dynamodb(), "missing", ttl_days=1)
    for ask in (
        lambda: ledgers.put(LEDGER),
        lambda: ledgers.get(DAY),
        lambda: EventStates(clients.dynamodb(), "missing").states(["c"]),
    ):
        with pytest.raises(Unavailable):
            ask()


class Lambda:
    """Answers one call of a function."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.given: dict[str, Any] = {}

    def invoke(self, **given: Any) -> Any:
        self.given = given
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def payload(value: Any) -> io.BytesIO:
    return io.BytesIO(json.dumps(value).encode())


def test_a_command_is_given_and_its_result_comes_back() -> None:
    client = Lambda({"Payload": payload({"status": "released"})})
    result = Commands(client, "postcall-local-intake")({"command": "release"})  # type: ignore[arg-type]  # as above
    assert result == {"status": "released"}
    assert client.given == {"FunctionName": "postcall-local-intake", "Payload": b'{"command": "release"}'}


@pytest.mark.parametrize(
    "answer",
    [
        {"FunctionError": "Unhandled", "Payload": payload({"errorMessage": "boom"})},
        {"Payload": payload(None)},
        {"Payload": io.BytesIO(b"")},
        BotoCoreError(),
    ],
)
def test_a_function_that_fails_is_unavailable(answer: Any) -> None:
    with pytest.raises(Unavailable, match="postcall-local-intake"):
        Commands(Lambda(answer), "postcall-local-intake")({})  # type: ignore[arg-type]  # as above
