"""Deliveries as ElevenLabs makes them, and as they go wrong: signed, dropped, doubled, late, stale, forged.

What is retried, how often, and when a webhook is switched off: docs/contracts/elevenlabs.md, "Delivery".
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import urlsplit

from tools.simulators.elevenlabs.conversations import JsonObject
from tools.simulators.elevenlabs.signing import signature
from tools.simulators.elevenlabs.workspace import Webhook

How = Literal["normal", "drop", "duplicate", "late", "stale", "forged"]
WAYS: tuple[How, ...] = get_args(How)
ATTEMPTS = 5
LATE_SECONDS = 40 * 60  # the last retry, if it still carries the first one's time
STALE_SECONDS = 2 * 60 * 60
SWITCHED_OFF_AFTER = 10
LONG_SECONDS = 7 * 24 * 60 * 60
_RETRIED = {408, 429}
NOTHING, OK, SERVER_ERROR = 0, 200, 500  # NOTHING: no answer at all


@dataclass(frozen=True)
class Signed:
    """What is posted."""

    body: bytes
    header: str


@dataclass(frozen=True)
class Delivered:
    """One request that was made (or, with status None, was dropped on the way). Status 0: no answer came."""

    conversation_id: str
    attempt: int
    status: int | None


def signed(envelope: JsonObject, *, secret: str, at: float) -> Signed:
    """The bytes as a Python server writes them (ASCII, spaces behind separators), under a signature of that time."""
    body = json.dumps(envelope).encode()
    return Signed(body, signature(body, secret=secret, at=at))


Post = Callable[[str, Signed], int]


def post(url: str, message: Signed) -> int:
    """Post to loopback or wherever; the status, or 0 without an answer."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=30)
    headers = {"Content-Type": "application/json", "ElevenLabs-Signature": message.header}
    try:
        connection.request("POST", parts.path or "/", message.body, headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return NOTHING
    finally:
        connection.close()


def deliver(
    envelope: JsonObject,
    *,
    how: How,
    webhook: Webhook,
    now: Callable[[], float],
    send: Post,
    pause: Callable[[int], None] = lambda _attempt: None,
) -> list[Delivered]:
    """Deliver one event; `pause` is called before each retry. A switched-off webhook gets nothing."""
    conversation_id = str(envelope["data"].get("conversation_id"))
    if how == "drop" or webhook.is_disabled or webhook.is_auto_disabled:
        return [Delivered(conversation_id, 1, None)]
    back = {"late": LATE_SECONDS, "stale": STALE_SECONDS}.get(how, 0)
    secret = "wsec_somebody_else" if how == "forged" else webhook.secret
    message = signed(envelope, secret=secret, at=now() - back)
    done: list[Delivered] = []
    for _ in range(2 if how == "duplicate" else 1):
        done += _with_retries(conversation_id, message, webhook=webhook, now=now, send=send, pause=pause)
    return done


def _with_retries(
    conversation_id: str,
    message: Signed,
    *,
    webhook: Webhook,
    now: Callable[[], float],
    send: Post,
    pause: Callable[[int], None],
) -> list[Delivered]:
    done: list[Delivered] = []
    for attempt in range(1, ATTEMPTS + 1):
        if attempt > 1:
            pause(attempt)
        status = send(webhook.url, message)
        done.append(Delivered(conversation_id, attempt, status))
        note(webhook, status, now())
        retried = status in _RETRIED or status >= SERVER_ERROR or status == NOTHING
        if not (webhook.retry_enabled and retried):
            break
    return done


def note(webhook: Webhook, status: int, moment: float) -> None:
    """Keep the books on failures: ten running ones, and no success in a week, switch the webhook off."""
    if status == OK:
        webhook.failures_running, webhook.last_success = 0, moment
        return
    webhook.failures_running += 1
    webhook.most_recent_failure_error_code = status or None
    webhook.most_recent_failure_timestamp = int(moment)
    long_ago = webhook.last_success is None or webhook.last_success < moment - LONG_SECONDS
    if webhook.failures_running >= SWITCHED_OFF_AFTER and long_ago:
        webhook.is_auto_disabled = True
