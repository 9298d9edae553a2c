"""What no client of ours asks and a fuzzer does: answered in one sentence, never by a server error."""

from __future__ import annotations

import json
from typing import Any

import pytest

from postcall.aws.cursor import write_cursor
from tests.integration.operations.harness import OperationsHarness


def cursor(day: str) -> str:
    return write_cursor({"day": {"S": day}})


@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        ("GET", "/api/events", {"query": {"cursor": cursor("0001-01-01")}}, 400),
        ("GET", "/api/events", {"query": {"cursor": cursor("9999-12-31")}}, 400),
        ("GET", "/api/quarantine", {"query": {"cursor": cursor("0001-01-01")}}, 400),
        ("GET", "/api/events", {"query": {"day": "9999-12-31"}}, 400),
        ("GET", "/api/numbers", {"query": {"day": "0001-01-01"}}, 400),
        ("GET", "/api/numbers", {"query": {"days": "32"}}, 400),
        ("GET", "/api/numbers", {"query": {"zone": "../etc"}}, 400),
        ("GET", "/api/ledger/9999-12-31", {}, 400),
        ("POST", "/api/reconcile", {"body": {"since": "9999-12-31T23:59:59-12:00"}}, 400),
        ("POST", "/api/reconcile", {"body": {"since": "0001-01-01T00:00:00+12:00"}}, 400),
        ("POST", "/api/search", {"body": b'{"query": "\\ud800"}'}, 200),
        ("POST", "/api/search", {"body": b'{"query": "\\ud800@example.com"}'}, 200),
        ("GET", f"/api/events/{'x' * 3_000}", {}, 404),
        ("GET", f"/api/events/{'x' * 2_046}", {}, 404),
        ("POST", f"/api/events/{'x' * 3_000}/resend-crm", {}, 404),
        ("DELETE", f"/api/quarantine/{'x' * 3_000}", {}, 404),
    ],
    ids=lambda value: str(value)[:40],
)
def test_an_odd_request_is_answered_in_a_sentence(
    harness: OperationsHarness, method: str, path: str, options: dict[str, Any], status: int
) -> None:
    got, answer = harness.call_api(method, path, **options)
    assert got == status, json.dumps(answer)
