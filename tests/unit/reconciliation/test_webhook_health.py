"""The webhook's own health, as ElevenLabs tells it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from functions.reconciliation.webhook_health import WebhookHealth, webhook_health
from tests.support.fakes.clock import START

OURS = "https://calls.example.com/webhooks/elevenlabs"


def row(**members: Any) -> dict[str, Any]:
    return {
        "webhook_id": "w1",
        "name": "Postcall",
        "webhook_url": OURS,
        "is_disabled": False,
        "is_auto_disabled": False,
        "retry_enabled": True,
        "most_recent_failure_error_code": None,
        "most_recent_failure_timestamp": None,
    } | members


def health(*rows: dict[str, Any], url: str | None = None) -> WebhookHealth:
    return webhook_health(list(rows), url=url, now=START)


def judged(found: WebhookHealth) -> set[str]:
    flags = {"missing", "disabled", "retries_off", "failing"}
    return {name for name in flags if getattr(found, name)}


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, set()),
        ({"is_disabled": True}, {"disabled"}),
        ({"is_auto_disabled": True}, {"disabled"}),
        ({"retry_enabled": False}, {"retries_off"}),
        ({"retry_enabled": None}, set()),
        ({"most_recent_failure_timestamp": int(START.timestamp()) - 60}, {"failing"}),
        ({"most_recent_failure_timestamp": int((START - timedelta(hours=2)).timestamp())}, set()),
        ({"most_recent_failure_timestamp": "yesterday"}, set()),
        ({"webhook_url": OURS + "/"}, set()),
        ({"webhook_url": "https://elsewhere.example.com/hook"}, {"missing"}),
        ({"webhook_url": "http://[broken"}, {"missing"}),
        ({"webhook_url": None}, {"missing"}),
    ],
)
def test_what_stands_in_the_list_is_judged(members: dict[str, Any], expected: set[str]) -> None:
    assert judged(health(row(**members))) == expected


def test_without_any_webhook_none_leads_to_us() -> None:
    assert judged(health()) == {"missing"}


def test_webhooks_of_others_do_not_count() -> None:
    theirs = row(webhook_url="https://uat.example.com/webhooks/elevenlabs", is_disabled=True)
    assert judged(health(row(), theirs)) == {"disabled"}
    assert judged(health(row(), theirs, url=OURS)) == set()


def test_the_report_tells_what_a_person_looks_for_and_no_address() -> None:
    failed = row(most_recent_failure_error_code=503, most_recent_failure_timestamp=int(START.timestamp()))
    assert health(failed).report()["webhooks"] == [
        {
            "webhook_id": "w1",
            "name": "Postcall",
            "is_disabled": False,
            "is_auto_disabled": False,
            "retry_enabled": True,
            "last_failure_code": 503,
            "last_failure_at": "2026-10-26T10:00:00.000Z",
        }
    ]
