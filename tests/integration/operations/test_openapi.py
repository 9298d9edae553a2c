"""The OpenAPI document is held to the behaviour: what is made of the routes is what is served, each status it names is
seen, each answer fits its schema.
"""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, date, datetime
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from functions.operations.router import ROUTES
from infra.openapi import document
from postcall.aws import clients
from postcall.domain.ledger import Ledger, write_ledger
from tests.integration.conftest import POWERLESS, TOKEN, PipelineHarness
from tests.integration.operations.harness import MoveTasks, OperationsHarness, sample
from tests.support.builders import CONVERSATION, SECRET, any_webhook, encoded, signature

INTAKE = {("POST", "/webhooks/elevenlabs"), ("POST", "/api/analyze")}
REASON = {"reason": "The caller asked for it."}
NO_FILE = "nothing.js"


def test_every_route_stands_in_the_document_and_nothing_else() -> None:
    documented = {(method.upper(), path) for path, item in document()["paths"].items() for method in item}
    assert documented == {(route.method, route.path) for route in ROUTES} | INTAKE


def test_what_is_served_is_what_was_made(harness: OperationsHarness) -> None:
    answer = harness.pipeline.call_api("GET", "/api/openapi.json", token=None)

    assert json.loads(answer["body"]) == document()


def test_every_operation_asks_for_what_its_route_asks_for() -> None:
    for route in ROUTES:
        operation = document()["paths"][route.path][route.method.lower()]
        assert operation["security"] == ([] if route.is_public else [{"operator": []}]), route.path
        named = {each["name"] for each in operation.get("parameters", []) if each["in"] == "path"}
        assert named == set(re.findall(r"\{(\w+)\}", route.path)), route.path


def test_every_schema_is_a_schema_and_every_reference_leads_somewhere() -> None:
    whole = document()
    for schema in whole["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    references = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(whole)))
    assert references == set(whole["components"]["schemas"])


def look(harness: OperationsHarness) -> None:
    """Everything that is only read, on calls of every kind."""
    harness.call_api("GET", "/api/me")
    harness.bring("delivered")
    harness.bring("delivered")  # a duplicate
    harness.bring("rejected", fault="landing_off")
    harness.bring("unknown", fault="close_before_commit")
    harness.bring("retrying", fault="http_503")
    assert harness.webhook() == (200, {"event_id": CONVERSATION, "status": "received"})
    harness.webhook(sample("05"))
    harness.webhook(encoded({"type": "voice_removed", "data": {}}))
    harness.webhook(b"{}")
    harness.webhook(header="t=1,v0=00")
    harness.pipeline.analyse()
    for event_id in ("delivered", "rejected", "unknown", "retrying", CONVERSATION, "nobody"):
        harness.call_api("GET", f"/api/events/{event_id}")
        harness.call_api("GET", f"/api/events/{event_id}/call")
    harness.call_api("GET", "/api/events", query={"limit": "2"})
    harness.call_api("GET", "/api/events", query={"status": "unknown", "agent_id": "A1"})
    harness.call_api("GET", "/api/events", query={"limit": "x"})
    for query in ("delivered", "+375 29 1234567", "USER@example.com", "nobody at all"):
        harness.call_api("POST", "/api/search", body={"query": query})
    harness.call_api("POST", "/api/search", body={})
    harness.call_api("POST", "/api/search", body=b"x" * 65_537)
    harness.call_api("GET", "/api/numbers")
    harness.call_api("GET", "/api/numbers", query={"day": "yesterday"})
    harness.call_api("GET", "/api/health")
    harness.call_api("GET", "/api/attention")
    harness.call_api("GET", "/api/export")
    harness.call_api("GET", "/api/export", query={"format": "pdf"})
    harness.call_api("GET", "/api/export", query={"list": "ledger", "day": "2026-10-27"})
    for body in ({"query": "delivered"}, {}, b"x" * 65_537):
        harness.call_api("POST", "/api/export", body=body)
    harness.call_api("GET", "/api/queues")
    for name, language in (("crm-unavailable", "ru"), ("crm-unavailable", "xx"), ("nothing", "en")):
        harness.call_api("GET", f"/api/runbooks/{name}", query={"lang": language})
    harness.pipeline.aws.ledgers.put(
        Ledger(date(2026, 10, 26), datetime.now(UTC), 2, 1, missing=1, ids={"missing": ("c",)})
    )
    for day in ("2026-10-26", "2026-10-27", "yesterday"):
        harness.call_api("GET", f"/api/ledger/{day}")


def act(harness: OperationsHarness, tasks: MoveTasks) -> None:
    """Everything that is ordered, once so that it works and once so that it does not."""
    harness.call_api("POST", "/api/events/delivered/resend-crm")
    harness.call_api("POST", "/api/events/delivered/resend-crm", query={"force": "true"})
    harness.call_api("POST", "/api/events/delivered/resend-crm", query={"force": "perhaps"})
    harness.call_api("POST", "/api/events/nobody/resend-crm")
    for body in ({"outcome": "delivered", "reason": "Seen."}, {"outcome": "delivered", "reason": "Seen."}, {}):
        harness.call_api("POST", "/api/events/unknown/resolve", body=body)
    harness.call_api("POST", "/api/events/nobody/resolve", body={"outcome": "delivered", "reason": "Seen."})
    for event_id, body in (("delivered", REASON), ("delivered", REASON), ("delivered", {}), ("nobody", REASON)):
        harness.call_api("POST", f"/api/events/{event_id}/reanalyze", body=body)
    for event_id in ("delivered", "nobody"):
        harness.call_api("GET", f"/api/events/{event_id}/revisions")
    use_revision(harness)
    bring_on(harness)
    for preview in (True, False, "yes"):
        harness.call_api("POST", "/api/queues/dispatch/redrive", body={"preview": preview})
    harness.call_api("POST", "/api/queues/nothing/redrive", body={})
    tasks.running = True
    harness.call_api("POST", "/api/queues/dispatch/redrive", body={})
    stand_at_sending(harness.pipeline, "retrying")
    for event_id, body in (("rejected", REASON), ("rejected", {}), ("nobody", REASON), ("retrying", REASON)):
        harness.call_api("POST", f"/api/events/{event_id}/erase", body=body)
    harness.call_api("GET", "/api/events/rejected")
    harness.call_api("GET", "/api/events/rejected/call")
    harness.call_api("POST", "/api/erase-person", body={"phone": "+375291234567", **REASON})
    harness.call_api("POST", "/api/erase-person", body={"phone": "no number", **REASON})
    for after in ("", "x"):
        harness.call_api("POST", "/api/erasures/again", body={"after": after, **REASON})


def use_revision(harness: OperationsHarness) -> None:
    """Used, no such content, no such call, no reason, not analysed yet."""
    harness.webhook(encoded(any_webhook(status="revised")))
    revisions = harness.call_api("GET", f"/api/events/{CONVERSATION}/revisions")[1]["revisions"]
    body = {"sha256": revisions[1]["sha256"], **REASON}
    for event_id, given in ((CONVERSATION, body), (CONVERSATION, body), ("nobody", body), (CONVERSATION, {})):
        harness.call_api("POST", f"/api/events/{event_id}/use-revision", body=given)
    harness.webhook(encoded(any_webhook("conv_young")))
    harness.call_api("POST", "/api/events/conv_young/use-revision", body=body)


def bring_on(harness: OperationsHarness) -> None:
    """The ways out: a step continued, an order taken back, a call closed; and each refused."""
    for event_id in ("retrying", "unknown", "nobody"):
        harness.call_api("POST", f"/api/events/{event_id}/continue")
    for event_id in ("delivered", "delivered", "nobody"):
        harness.call_api("POST", f"/api/events/{event_id}/withdraw")
    for event_id, body in (("rejected", {}), ("rejected", REASON), ("rejected", REASON), ("nobody", REASON)):
        harness.call_api("POST", f"/api/events/{event_id}/close", body=body)
    harness.call_api("GET", "/api/events/rejected")
    harness.call_api("GET", "/api/events", query={"stalled": "true"})


def stand_at_sending(pipeline: PipelineHarness, event_id: str) -> None:
    """As while a worker holds it."""
    event = pipeline.aws.events.find(event_id)
    assert event is not None
    clients.dynamodb().update_item(
        TableName="webhook_events",
        Key={"event_id": {"S": event.event_id}},
        UpdateExpression="SET #status = :sending",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":sending": {"S": "sending"}},
    )


def quarantine(harness: OperationsHarness) -> None:
    """Refused webhooks: one is released once its secret is ours, one is refused again, one is deleted."""
    late = encoded(any_webhook("conv_late"))
    harness.webhook(late, header=signature(late, secret="wsec_rotated_over_there", at=time.time()))
    newest, *_, oldest = harness.call_api("GET", "/api/quarantine")[1]["entries"]
    harness.call_api("GET", "/api/quarantine", query={"limit": "1"})
    harness.call_api("GET", "/api/quarantine", query={"cursor": "x"})
    rotated = json.dumps({"current": SECRET, "previous": "wsec_rotated_over_there"})
    clients.secrets_manager().put_secret_value(SecretId="webhook", SecretString=rotated)
    for quarantine_id in (newest["quarantine_id"], oldest["quarantine_id"], "nothing"):
        harness.call_api("POST", f"/api/quarantine/{quarantine_id}/release")
    for quarantine_id in (oldest["quarantine_id"], "nothing"):
        harness.call_api("DELETE", f"/api/quarantine/{quarantine_id}")
    harness.call_api("DELETE", f"/api/quarantine/{quarantine_id}", query={"reason": " "})


def reconcile(harness: OperationsHarness) -> None:
    """A result, a refusal, a failure; what reconciliation itself does has tests of its own."""
    handlers = clients.functions()._handlers  # type: ignore[attr-defined]  # the fake
    for result in ({"status": "done", "missed": 0}, {"status": "refused", "reason": "No key."}, None):
        handlers["reconciliation"] = lambda _command, _context, result=result: result
        harness.call_api("POST", "/api/reconcile", body={"since": "2026-10-26T00:00:00Z", "dry_run": True})
    harness.call_api("POST", "/api/reconcile", body={"since": "yesterday"})
    made = write_ledger(Ledger(date(2026, 10, 26), datetime.now(UTC), 2, 2))
    answers: tuple[dict[str, Any], ...] = (
        {"status": "done", "ledgers": [made]},
        {"status": "off", "reason": "No key."},
    )
    for report in answers:
        handlers["reconciliation"] = lambda _command, _context, report=report: report
        harness.call_api("POST", "/api/ledger/2026-10-26")
    harness.call_api("POST", "/api/ledger/yesterday")


def files(harness: OperationsHarness) -> None:
    """What needs no token."""
    for path in ("/api/openapi.json", "/api/docs", "/console", "/console/console.css"):
        answer = harness.pipeline.call_api("GET", path, None, None)
        harness.answers.append(("GET", path, answer))
        harness.call_api_again(path, answer["headers"]["etag"])
    harness.answers.append(("GET", "/", harness.pipeline.call_api("GET", "/", None, None)))
    harness.call_api("GET", f"/console/{NO_FILE}", token=None)


def without_token(harness: OperationsHarness) -> None:
    for route in ROUTES:
        if not route.is_public:
            for token in ("wrong", POWERLESS):
                harness.call_api(route.method, route.path.replace("{", "").replace("}", ""), token=token)
    harness.pipeline.post("/api/analyze", b"{}", {})
    body = b"{}"
    for headers in ({}, {"Authorization": f"Bearer {POWERLESS}"}, {"Authorization": f"Bearer {TOKEN}"}):
        harness.answers.append(("POST", "/api/analyze", harness.pipeline.post("/api/analyze", body, headers)))


def search_is_off(harness: OperationsHarness) -> None:
    harness.pipeline.set(SEARCH_KEY_SECRET_ID="nobody-made-it")
    for path in ("/api/search", "/api/export"):
        harness.call_api("POST", path, body={"query": "+375291234567"})
    harness.call_api("POST", "/api/erase-person", body={"email": "user@example.com", **REASON})


@pytest.fixture
def walked(harness: OperationsHarness, move_tasks: MoveTasks) -> OperationsHarness:
    """Everything asked that the document speaks of."""
    look(harness)
    harness.pipeline.set(INTAKE_MAX_BODY_BYTES="2000")
    harness.webhook(b"x" * 2_001)
    harness.pipeline.set(INTAKE_MAX_BODY_BYTES="6291456")
    quarantine(harness)
    act(harness, move_tasks)
    reconcile(harness)
    files(harness)
    without_token(harness)
    search_is_off(harness)
    return harness


def test_each_status_is_seen_and_each_answer_fits_its_schema(walked: OperationsHarness) -> None:
    whole = document()
    seen: set[tuple[str, str, str]] = set()
    for method, path, answer in walked.answers:
        template = template_of(method, path, whole)
        responses = whole["paths"][template][method.lower()]["responses"]
        status = str(answer["statusCode"])
        assert status in responses, f"{method} {path} answers {status}: {answer['body']}"
        check(answer, responses[status], whole, f"{method} {path} {status}")
        seen.add((method, template, status))
    named = {
        (method.upper(), path, status)
        for path, item in whole["paths"].items()
        for method, operation in item.items()
        for status in operation["responses"]
        if status != "default"
    }
    assert named - seen == set()


def template_of(method: str, path: str, whole: dict[str, Any]) -> str:
    """The documented path: one with fewer parameters first."""
    for template in sorted(whole["paths"], key=lambda each: each.count("{")):
        pattern = re.sub(r"\{\w+\}", "[^/]+", template)
        if re.fullmatch(pattern, path) and method.lower() in whole["paths"][template]:
            return str(template)
    raise AssertionError(f"{method} {path} is not documented")


def check(answer: dict[str, Any], documented: dict[str, Any], whole: dict[str, Any], where: str) -> None:
    if "content" not in documented:
        assert answer["body"] == "", where
        return
    given = answer["headers"]["content-type"]
    contents = documented["content"]
    kind = next((each for each in contents if given.startswith(each)), next(iter(contents)))
    content = contents[kind]
    if "json" in kind:
        assert given.startswith(kind), where
        schema = content["schema"] | {"components": whole["components"]}
        errors = [error.message for error in Draft202012Validator(schema).iter_errors(json.loads(answer["body"]))]
        assert errors == [], where
