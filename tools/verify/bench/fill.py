"""Many events in moto's table at once, past its API: two days of calls, most delivered, some waiting for a person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item

from postcall.aws.items import to_attribute
from postcall.domain.clock import write_time
from postcall.domain.event_id import body_id
from postcall.domain.status import Status
from tests.support.in_memory_aws import EVENTS, REGION
from tools.verify.bench.bodies import webhook
from tools.verify.bench.sandbox import BenchHarness

DAYS = 2
MONTH = 31
REJECTED_EVERY = 20
AGENTS = 12
CAUSES = ("crm.landing_off", "crm.not_trusted", "crm.no_answer")
EVERY = {7: Status.UNKNOWN, 11: Status.PARTIAL, 13: Status.DRY_RUN, 17: Status.RETRYING, 19: Status.EXCLUDED}
SMALL = 20_000  # bytes; a call without a word is not much less


def event_id(number: int) -> str:
    """The id of an event of the filling."""
    return f"conv_fill{number:024}"


def fill(sandbox: BenchHarness, events: int) -> None:
    """Put `events` events into an empty table: one comes the whole way, the others are made after its image.

    Each has its own id, time, day and status; none is pending. Every day holds its share from its first second on, so
    that a page finds the same at any hour.

    Raises:
        RuntimeError: The first event was not taken in.
    """
    first = webhook(event_id(0), size=SMALL)
    if sandbox.ingest(first)["statusCode"] != 200:  # noqa: PLR2004 — taken in
        raise RuntimeError("The first event was not taken in.")
    sandbox.analyse()
    sandbox.dispatch()
    sandbox.call_api("/api/events")
    rows = _rows()
    (image,) = (row for row in rows.values() if "status" in row.attrs)  # beside it: body, index by contact
    body = next(row for row in rows.values() if row.attrs["event_id"].value == body_id(event_id(0)))
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for number in range(1, events):
        made = _copy(image, number, today - timedelta(days=number % DAYS, milliseconds=-number))
        rows[made.hash_key] = made
        beside = _changed(body, event_id=body_id(event_id(number)))
        rows[beside.hash_key] = beside


def spread() -> None:
    """Spread what lies in the table over a month, every kind of status, some causes and agents."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for number, row in enumerate(row for row in _rows().values() if "status" in row.attrs):
        moment = write_time(today - timedelta(days=number % MONTH, milliseconds=-number))
        status = next((status for every, status in EVERY.items() if number % every == 0), None)
        reason = {"code": CAUSES[number % len(CAUSES)], "params": {}}
        changed = {
            "received_at": moment,
            "updated_at": moment,
            "day": moment[:10],
            "agent_id": f"agent_{number % AGENTS}",
            "status_reason": reason,
        } | ({"status": status.value, "listed_as": status.value} if status else {})
        row.attrs.update({name: DynamoType(to_attribute(value)) for name, value in changed.items()})


def _rows() -> dict[DynamoType, Any]:
    """The items of moto's table, by their key."""
    rows: dict[DynamoType, Any] = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].get_table(EVENTS).items
    return rows


def _copy(image: Item, number: int, moment: datetime) -> Item:
    """An item that shares its unchanged values with the image: a hundred thousand fit into a little memory."""
    text = write_time(moment)
    status = Status.REJECTED if number % REJECTED_EVERY == 0 else Status.DELIVERED
    return _changed(
        image,
        event_id=event_id(number),
        conversation_id=event_id(number),
        received_at=text,
        updated_at=text,
        day=text[:10],
        status=status.value,
        **({} if status is Status.DELIVERED else {"listed_as": status.value}),
    )


def _changed(image: Item, **changed: str) -> Item:
    values = {name: DynamoType(to_attribute(value)) for name, value in changed.items()}
    made = Item(values["event_id"], None, {})
    made.attrs.update(image.attrs | values)
    return made
