"""Every route and every right: one table, held to the answers; and the line that each request leaves."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from functions.operations.router import ROUTES
from postcall.aws import clients, secrets
from postcall.domain.access import Right, Token, token_hash
from tests.integration.conftest import tokens
from tests.integration.operations.harness import MoveTasks, OperationsHarness

OF = {right: f"invented-{right}" for right in Right}
TABLE = [(route.method, route.path, route.right) for route in ROUTES if not route.is_public]
TABLE.append(("POST", "/api/analyze", Right.BRING))
REFUSED = {401, 403}
Ask = Callable[..., int]


@pytest.fixture
def call_api(harness: OperationsHarness, move_tasks: MoveTasks) -> Ask:
    """Ask with the token of one right; the answer's status."""
    del move_tasks
    keep(*(Token(right, token_hash(text), frozenset({right})) for right, text in OF.items()))

    def asked(method: str, path: str, right: Right, **options: Any) -> int:
        if path == "/api/analyze":
            body = json.dumps(options.get("body", {})).encode()
            return int(harness.pipeline.post(path, body, {"Authorization": f"Bearer {OF[right]}"})["statusCode"])
        return harness.call_api(method, path.replace("{", "").replace("}", ""), token=OF[right], **options)[0]

    return asked


def keep(*given: Token) -> None:
    clients.secrets_manager().put_secret_value(SecretId="tokens", SecretString=tokens(*given))
    secrets.forget()


@pytest.mark.parametrize(("method", "path", "needed"), TABLE)
def test_a_route_opens_to_its_right_and_to_no_other(
    call_api: Ask, method: str, path: str, needed: Right | None
) -> None:
    for right in Right:
        assert (call_api(method, path, right) in REFUSED) is (needed not in {None, right}), (method, path, right)


def test_the_table_holds_every_right() -> None:
    assert {right for _, _, right in TABLE} == {None, *Right}


@pytest.mark.parametrize(
    ("route", "body", "query"),
    [
        ("POST /api/events/delivered/resend-crm", {}, {"force": "true"}),
        ("POST /api/queues/dispatch/redrive", {}, {}),
        ("DELETE /api/quarantine/nothing", {}, {}),
        ("POST /api/reconcile", {"since": "2026-10-26T00:00:00Z", "dry_run": False}, {}),
    ],
)
def test_an_act_that_can_do_harm_asks_for_a_reason(
    call_api: Ask, harness: OperationsHarness, route: str, body: dict[str, Any], query: dict[str, str]
) -> None:
    method, path = route.split(" ")
    handlers = clients.functions()._handlers  # type: ignore[attr-defined]  # the fake
    handlers["reconciliation"] = lambda _command, _context: {"status": "done"}
    assert call_api(method, path, Right.ACT, body=body, query=query) == 400
    assert "reason" in json.loads(harness.answers[-1][2]["body"])["detail"]
    assert call_api(method, path, Right.ACT, body=body | {"reason": "Ticket 4711."}, query=query) != 400
    assert call_api(method, path, Right.ACT, body=body, query=query | {"reason": "Ticket 4711."}) != 400


def test_the_reason_of_a_forced_resend_and_the_bringers_name_stand_on_the_event(harness: OperationsHarness) -> None:
    harness.bring("demo")
    harness.call_api("POST", "/api/events/demo/resend-crm", body={"reason": "Ticket 4711."}, query={"force": "true"})
    event = harness.pipeline.aws.events.find("demo")
    assert event is not None
    assert event.order is not None
    assert event.order.reason == "Ticket 4711."
    assert harness.event("demo")["brought_by"] == "anna"


def test_a_token_says_what_it_may(harness: OperationsHarness) -> None:
    until = datetime(2100, 1, 1, tzinfo=UTC)
    keep(Token("anna", token_hash("one"), frozenset({Right.ACT, Right.LOOK}), until, {Right.ACT: 5}))
    assert harness.call_api("GET", "/api/me", token="one") == (
        200,
        {
            "name": "anna",
            "may": ["look", "act"],
            "until": "2100-01-01T00:00:00+00:00",
            "per_day": {"act": 5},
            "reason_optional": False,
        },
    )


def test_a_token_whose_time_is_over_opens_nothing(harness: OperationsHarness) -> None:
    over = Token("anna", token_hash("one"), frozenset(Right), datetime.now(UTC) - timedelta(seconds=1))
    keep(over)
    assert harness.call_api("GET", "/api/me", token="one")[0] == 401
    keep(replace(over, until=None))
    assert harness.call_api("GET", "/api/me", token="one")[0] == 200


def test_a_token_whose_row_is_gone_opens_nothing_after_five_minutes(
    harness: OperationsHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_000.0
    monkeypatch.setattr("postcall.aws.secrets.time", SimpleNamespace(monotonic=lambda: now))
    keep(Token("anna", token_hash("one"), frozenset(Right)))
    assert harness.call_api("GET", "/api/me", token="one")[0] == 200
    clients.secrets_manager().put_secret_value(SecretId="tokens", SecretString='{"tokens": []}')
    now += 299
    assert harness.call_api("GET", "/api/me", token="one")[0] == 200
    now += 1
    assert harness.call_api("GET", "/api/me", token="one")[0] == 401


def test_a_days_limit_holds_for_its_right_alone_and_ends_with_the_day(harness: OperationsHarness) -> None:
    keep(Token("anna", token_hash("one"), frozenset(Right), per_day={Right.LOOK: 2}))
    day = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)
    harness.pipeline.at(day)
    looks = [harness.call_api("GET", "/api/events/nobody", token="one")[0] for _ in range(3)]
    assert looks == [404, 404, 429]
    assert harness.call_api("POST", "/api/events/nobody/resend-crm", token="one")[0] == 404
    harness.pipeline.at(day + timedelta(hours=1))
    assert harness.call_api("GET", "/api/events/nobody", token="one")[0] == 404


def test_each_request_leaves_one_line_with_its_name_route_event_and_status(
    harness: OperationsHarness, capsys: pytest.CaptureFixture[str]
) -> None:
    harness.pipeline.set(
        POWERTOOLS_SERVICE_NAME="access-test"
    )  # a logger of its own, which writes to the captured output
    harness.call_api("GET", "/api/events/nobody/call")
    for mistyped in ("+375291234567", "8 (029) 123-45-67", "ivan@example.com", "Иван"):
        harness.call_api("GET", f"/api/events/{mistyped}")
    harness.call_api("GET", "/api/nothing")
    harness.call_api("POST", "/api/search", body={"query": "+375291234567"})
    harness.bring("demo")
    harness.call_api("GET", "/api/me", token="wrong")
    out = capsys.readouterr().out
    lines = [json.loads(line) for line in out.splitlines() if '"access"' in line]
    assert [(line["token"], line["route"], line["status"], line.get("event_id")) for line in lines] == [
        ("anna", "GET /api/events/{event_id}/call", 404, "nobody"),
        *[("anna", "GET /api/events/{event_id}", 404, "no id")] * 4,
        ("anna", "GET none", 404, None),
        ("anna", "POST /api/search", 200, None),
        ("anna", "POST /api/analyze", 202, None),
    ]
    assert not [each for each in ("375291234567", "(029)", "123-45-67", "ivan@", "Иван") if each in out]
    assert '"TokensRefused":[1.0]' in out


def test_answers_of_the_api_tell_the_browser_to_guess_and_frame_nothing(harness: OperationsHarness) -> None:
    answer = harness.pipeline.call_api("GET", "/api/events/nobody")
    assert answer["headers"]["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer["headers"]["content-security-policy"]
