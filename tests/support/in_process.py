"""The handlers called in this process as Lambda calls them: the events it hands on, the settings, a cold start.

For the integration tests and the benches, over moto's AWS (tests/support/in_memory_aws.py) and the CRM simulator.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import functions.analysis.handler
import functions.analysis.wiring
import functions.dispatch.wiring
import functions.intake.secret_rotation
import functions.intake.wiring
import functions.operations.wiring
import functions.reconciliation.wiring
from postcall.aws import observe
from postcall.domain.access import Right, Token, token_hash, write_token
from postcall.domain.json_object import JsonObject
from tests.support.in_memory_aws import ANALYSES, BUCKET, CIRCUITS, DISPATCHES, EVENTS, LEDGERS, QUARANTINE, Queues

SETTINGS = {
    "POWERTOOLS_METRICS_NAMESPACE": "Postcall",
    "POWERTOOLS_SERVICE_NAME": "test",
    "EVENTS_TABLE": EVENTS,
    "ANALYSES_TABLE": ANALYSES,
    "DISPATCHES_TABLE": DISPATCHES,
    "CIRCUITS_TABLE": CIRCUITS,
    "QUARANTINE_TABLE": QUARANTINE,
    "LEDGERS_TABLE": LEDGERS,
    "PAYLOAD_BUCKET": BUCKET,
    "INTAKE_FUNCTION": "intake",
    "RECONCILIATION_FUNCTION": "reconciliation",
    "SEARCH_KEY_SECRET_ID": "search-key",
    "ELEVENLABS_WEBHOOK_SECRET_ID": "webhook",
    "ELEVENLABS_API_SECRET_ID": "elevenlabs-api",
    "OPERATOR_TOKENS_SECRET_ID": "tokens",
    "OPENAI_SECRET_ID": "openai",
    "EVENT_TTL_DAYS": "90",
    "QUARANTINE_ENTRIES_PER_MINUTE": "600",  # of strangers a sixtieth
    "EXTERNAL_CRM_ENABLED": "true",
    "EXTERNAL_CRM_DRY_RUN": "false",
    "CRM_BREAKER_FAILURES": "3",
    "CRM_BREAKER_RECOVERY_SECONDS": "60",
    "CRM_LANDING_ID": "cd8c698b-4b42-4a47-aaf4-7a9e72a0344b",
    "CRM_TRUSTED_ORIGIN": "https://mir.utlik.pro",
    "DISPATCH_RETRY_BASE_SECONDS": "1",
    "DISPATCH_RETRY_CAP_SECONDS": "2",
    "ANALYSIS_RETRY_BASE_SECONDS": "1",
    "ANALYSIS_RETRY_CAP_SECONDS": "2",
}


def queue_settings(queues: Queues) -> dict[str, str]:
    """The settings that name the queues."""
    return {
        "ANALYSIS_QUEUE_URL": queues.analysis,
        "ANALYSIS_DEAD_LETTERS_URL": queues.analysis_dead_letters,
        "DISPATCH_QUEUE_URL": queues.dispatch,
        "DISPATCH_DEAD_LETTERS_URL": queues.dispatch_dead_letters,
    }


def operator_tokens(**tokens: str) -> str:
    """The text of the secret that lets these people do everything, by name."""
    rows = [
        write_token(Token(name, token_hash(text), may=frozenset(Right), reason_optional=True))
        for name, text in tokens.items()
    ]
    return json.dumps({"tokens": rows})


def http_event(
    method: str,
    path: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    query: dict[str, str] | None = None,
    as_base64: bool = False,
) -> JsonObject:
    """A request as an HTTP API hands it on (payload 2.0)."""
    return {
        "version": "2.0",
        "rawPath": path,
        "headers": {name.lower(): value for name, value in headers.items()},
        "queryStringParameters": query,
        "requestContext": {"http": {"method": method, "path": path}},
        "body": base64.b64encode(body).decode() if as_base64 else body.decode(),
        "isBase64Encoded": as_base64,
    }


def sqs_record(message: Any) -> JsonObject:
    """A message as an event source mapping hands it on."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:queue",
    }


def forget_handlers() -> None:
    """Every handler as after a cold start."""
    for module in (
        functions.intake.wiring,
        functions.analysis.handler,
        functions.analysis.wiring,
        functions.dispatch.wiring,
        functions.operations.wiring,
        functions.reconciliation.wiring,
        observe,
    ):
        for member in vars(module).values():
            if isinstance(member, type(cache(lambda: None))):
                member.cache_clear()
    functions.intake.secret_rotation._last_reread = 0.0
