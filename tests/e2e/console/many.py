"""Many calls in every state: one comes its whole way, the others are written beside it as their states have it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from postcall.aws.event_item import STALLED
from postcall.aws.items import from_item, to_item
from postcall.domain.clock import write_time
from postcall.domain.event_id import body_id
from postcall.domain.outcome import Outcome
from postcall.domain.status import PASSING, Status
from tests.e2e.conftest import Stack

CALLS = 340
DAYS = 31
NAMES = (
    "Алеся Новик",
    "Константин Константинович Преображенский-Вознесенский",
    "Oleg Drozdov",
    "محمد الأحمد",
    "Ян",
    "Донаудампфшифффартсэлектрицитетенхауптбетрибсверк",
    "Марина Ковальчук",
)
TOPICS = ("apartment_purchase", "financing", "complaint", "job")
INTENTS = ("buy", "get_info", "callback_request", "complain")
AGENTS = ("Менеджер по заявкам", "Ночная линия", "Sales assistant of the northern region")


@dataclass(frozen=True)
class State:
    """A state of a call: its status, the reason, the attempt, and what else differs."""

    status: Status
    reason: str | None = None
    params: Mapping[str, Any] | None = None
    attempt: str | None = None
    outcome: Outcome | None = None
    more: Mapping[str, Any] | None = None

    @property
    def was_asked(self) -> bool:
        """Whether the CRM was."""
        return self.attempt in {"success", "error", "unknown"} and self.outcome is not Outcome.REJECTED_DATA

    @property
    def rests_without_a_lead(self) -> bool:
        """Then the index by status names it."""
        return self.status not in PASSING and self.status is not Status.DELIVERED


LOST = {"error": {"code": "http.no_answer", "params": {}}}
STATES = {
    "received": State(Status.RECEIVED),
    "analyzed": State(Status.ANALYZED),
    "sending": State(Status.SENDING, attempt="sending"),
    "delivered": State(Status.DELIVERED, "crm.saved", attempt="success", outcome=Outcome.DELIVERED),
    "retrying": State(Status.RETRYING, "crm.http_503", attempt="error", outcome=Outcome.UNAVAILABLE),
    "rejected": State(Status.REJECTED, "crm.landing_off", attempt="error", outcome=Outcome.REJECTED_CONFIGURATION),
    "own_refusal": State(
        Status.REJECTED,
        "dispatch.no_contact",
        {"required": "any"},
        attempt="error",
        outcome=Outcome.REJECTED_DATA,
        more={"contact": {}},
    ),
    "partial": State(Status.PARTIAL, "crm.partial_lookup", attempt="success", outcome=Outcome.PARTIAL),
    "unknown": State(Status.UNKNOWN, "crm.no_answer", LOST, attempt="unknown", outcome=Outcome.UNKNOWN),
    "dry_run": State(Status.DRY_RUN, "dispatch.dry_run", attempt="dry_run", outcome=Outcome.DRY_RUN),
    "disabled": State(Status.DISABLED, "dispatch.disabled", attempt="skipped", outcome=Outcome.DISABLED),
    "excluded": State(Status.EXCLUDED, "event.closed"),
    "stalled": State(Status.ANALYZED, more={"pending": STALLED, "sweeps": 9}),
}


def fill(stack: Stack, calls: int = CALLS) -> dict[str, str]:
    """Write them; the id of one call of every state."""
    first = f"many-{uuid.uuid4().hex[:12]}"
    stack.analyze(first, agent_id="agent_of_many")
    stack.rests(first, "delivered")
    image = _image(stack, f"api/{first}")
    names = list(STATES)
    shown = {name: f"{first}-{number}" for number, name in enumerate(names)}
    for number in range(calls):
        name = names[number % len(names)]
        _put(stack, dict(_rows(image, f"api/{first}-{number}", number, STATES[name])), whole=number < len(names))
    return shown


Rows = Mapping[str, Mapping[str, Any]]


def _image(stack: Stack, event_id: str) -> Rows:
    """The call's row in each table, and its body."""
    tables = stack.endpoints["tables"]

    def row(table: str, **key: Any) -> Mapping[str, Any]:
        return from_item(stack.client("dynamodb").get_item(TableName=tables[table], Key=to_item(key))["Item"])

    return {
        "event": row("webhook_events", event_id=event_id),
        "body": row("webhook_events", event_id=body_id(event_id)),
        "analysis": row("analyses", event_id=event_id, revision=1),
        "attempt": row("crm_dispatches", event_id=event_id, attempt=1),
    }


def _rows(image: Rows, event_id: str, number: int, state: State) -> Iterator[tuple[str, dict[str, Any]]]:
    moment = datetime.now(UTC) - timedelta(days=(number * number) % DAYS, minutes=number)
    text = write_time(moment)
    reason = {"status_reason": {"code": state.reason, "params": state.params or {}}} if state.reason else {}
    event = {name: value for name, value in image["event"].items() if name not in {"status_reason", "delivered_at"}}
    judged = {"topic": TOPICS[number % 4], "intent": INTENTS[number % 3], "quality_score": 1 + number % 5}
    contact = {
        "full_name": NAMES[number % len(NAMES)],
        "phone": f"+37529{number:07d}",
        "email": f"a.very.long.address.of.person.{number}@example.com",
    }
    yield (
        "event",
        {
            **event,
            **({} if state.status is Status.RECEIVED else judged),
            "event_id": event_id,
            "received_at": text,
            "updated_at": text,
            "day": text[:10],
            "status": state.status.value,
            "contact": contact,
            "agent_name": AGENTS[number % len(AGENTS)],
            "attempts": 1 if state.attempt else 0,
            **reason,
            **({"listed_as": state.status.value} if state.rests_without_a_lead else {}),
            **({"delivered_at": text} if state.status is Status.DELIVERED else {}),
            **({"pending_since": text} if state.more and "pending" in state.more else {}),
            **(state.more or {}),
        },
    )
    yield "body", {**image["body"], "event_id": body_id(event_id)}
    if state.status is not Status.RECEIVED:
        yield "analysis", {**image["analysis"], "event_id": event_id}
    if state.attempt:
        detail = {"code": state.reason, "params": state.params or {}} if state.reason else {}
        outcome = {"outcome": state.outcome.value, "detail": detail} if state.outcome else {}
        gone = {"outcome", "detail"} if state.was_asked else {"outcome", "detail", "http_status", "answer"}
        kept = {name: value for name, value in image["attempt"].items() if name not in gone}
        yield "attempt", {**kept, "event_id": event_id, "status": state.attempt, **outcome}


TABLES = {"event": "webhook_events", "body": "webhook_events", "analysis": "analyses", "attempt": "crm_dispatches"}


def _put(stack: Stack, rows: Rows, *, whole: bool) -> None:
    """A call that nobody opens has its row in the list alone."""
    client = stack.client("dynamodb")
    for name, row in rows.items():
        if whole or name == "event":
            client.put_item(TableName=stack.endpoints["tables"][TABLES[name]], Item=to_item(dict(row)))
