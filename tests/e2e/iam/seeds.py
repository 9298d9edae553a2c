"""Events, analyses and refused webhooks as the steps before would have left them, put there by the account's owner."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from postcall.domain.event import CallEvent
from postcall.domain.outcome import Attempt, AttemptStatus, Outcome, Verdict
from postcall.domain.quarantine import Kind, Quarantined, quarantined
from postcall.domain.status import Status
from tests.e2e.iam.sandbox import IamHarness, new_id
from tests.support.builders import any_incoming, any_recorded, any_webhook, encoded, signature

LONG_AGO = timedelta(hours=6)  # longer than any patience of the sweep
LETTERS = str.maketrans("0123456789", "ghijklmnop")  # noise in which nobody looks for a phone number


def long_body(event_id: str) -> bytes:
    """A call that is longer than an item holds, however well it is packed."""
    noise = os.urandom(80_000).hex().translate(LETTERS)
    return encoded(any_webhook(event_id, transcript=[{"role": "user", "message": noise, "time_in_call_secs": 1}]))


def received(sandbox: IamHarness, *, long: bool = False, ago: timedelta = timedelta()) -> str:
    """A stored call that nobody has analysed."""
    event_id = new_id("conv")
    body = long_body(event_id) if long else encoded(any_webhook(event_id))
    assert sandbox.events.add(any_incoming(event_id, body=body), now=datetime.now(UTC) - ago)
    return event_id


def analyzed(sandbox: IamHarness, *, long: bool = False, ago: timedelta = timedelta()) -> str:
    """A call with its analysis, ready to be sent."""
    event_id = received(sandbox, long=long, ago=ago)
    assert sandbox.analyses.record(any_recorded(event_id, at=datetime.now(UTC) - ago))
    return event_id


def unknown(sandbox: IamHarness) -> str:
    """A call of which nobody knows whether the CRM has its lead."""
    event_id, now = analyzed(sandbox), datetime.now(UTC)
    attempt = Attempt(event_id, 1, AttemptStatus.SENDING, payload="{}", started_at=now)
    assert sandbox.dispatches.claim(event_of(sandbox, event_id), attempt, lease_until=now + timedelta(minutes=2))
    lost = Verdict(Outcome.UNKNOWN, "The answer was lost.")
    claimed = event_of(sandbox, event_id)
    assert sandbox.dispatches.record(claimed, attempt, lost, status=Status.UNKNOWN, retry=False, now=now)
    return event_id


def put_in_quarantine(sandbox: IamHarness, *, long: bool = False, event_id: str | None = None) -> Quarantined:
    """A genuine webhook that lies in the quarantine."""
    event_id, at = event_id or new_id("conv"), datetime.now(UTC)
    body = long_body(event_id) if long else encoded(any_webhook(event_id))
    header = signature(body, secret=sandbox.stack.endpoints["webhook_secret"], at=at.timestamp())
    entry = quarantined(Kind.SIGNATURE, "refused by mistake", body, signature=header, now=at)
    assert sandbox.quarantine.keep(entry, body)
    return entry


def event_of(sandbox: IamHarness, event_id: str) -> CallEvent:
    """The event as it stands."""
    found = sandbox.events.find(event_id)
    assert found is not None
    return found
