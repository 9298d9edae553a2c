"""Behind a REST API (payload 1.0) the way of a call is the same as behind an HTTP API."""

from __future__ import annotations

import json
import time
from typing import Any

import functions.intake.handler
import functions.operations.handler
from tests.integration.conftest import TOKEN, PipelineHarness
from tests.support.builders import CONVERSATION, any_webhook, encoded, signature


def rest_event(method: str, path: str, headers: dict[str, str], body: bytes = b"", **query: str) -> dict[str, Any]:
    """A request as a REST API hands it on."""
    return {
        "httpMethod": method,
        "path": path,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": query or None,
        "multiValueQueryStringParameters": {name: [value] for name, value in query.items()} or None,
        "pathParameters": None,
        "requestContext": {"httpMethod": method, "path": f"/live{path}", "stage": "live"},
        "body": body.decode() or None,
        "isBase64Encoded": False,
    }


def test_a_signed_webhook_is_taken_in_and_found_by_an_operator(pipeline: PipelineHarness) -> None:
    body = encoded(any_webhook())
    headers = {"ElevenLabs-Signature": signature(body, at=time.time()), "Content-Type": "application/json"}
    taken = functions.intake.handler.handler(rest_event("POST", "/webhooks/elevenlabs", headers, body), None)
    token = {"Authorization": f"Bearer {TOKEN}"}
    listed = functions.operations.handler.handler(
        rest_event("GET", "/api/events", token, status="received", limit="5"), None
    )

    assert (taken["statusCode"], json.loads(taken["body"])["status"]) == (200, "received")
    assert [each["event_id"] for each in json.loads(listed["body"])["events"]] == [CONVERSATION]
    assert pipeline.aws.messages(pipeline.aws.analysis_queue)[0]["event_id"] == CONVERSATION


def test_a_webhook_without_a_signature_is_refused(pipeline: PipelineHarness) -> None:
    event = rest_event("POST", "/webhooks/elevenlabs", {}, encoded(any_webhook()))

    assert functions.intake.handler.handler(event, None)["statusCode"] == 401
    assert pipeline.aws.events.get(CONVERSATION) is None
