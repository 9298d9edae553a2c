"""The five handlers in one process, over moto's AWS and the simulated CRM: the way of a call without a deployment."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import pytest
from aws_lambda_powertools.utilities.circuit_breaker import base as breaker_counters

import functions.analysis.handler
import functions.analysis.wiring
import functions.dispatch.handler
import functions.dispatch.wiring
import functions.intake.handler
import functions.intake.secret_rotation
import functions.intake.wiring
import functions.operations.handler
import functions.operations.wiring
import functions.reconciliation.handler
import functions.reconciliation.wiring
from postcall.aws import clients, observe
from postcall.domain.clock import SystemClock
from tests.aws import (
    ANALYSES,
    BUCKET,
    CIRCUITS,
    DISPATCHES,
    EVENTS,
    LEDGERS,
    QUARANTINE,
    SEARCH_KEY,
    LocalAws,
    local_aws,
)
from tests.builders import SECRET
from tests.fakes.functions import InProcessFunctions
from tools.crm_simulator.simulator import CrmSimulator
from tools.elevenlabs_simulator import ElevenLabsSimulator
from tools.elevenlabs_simulator.delivery import Signed

TOKEN = "invented-operator-token"
Answer = dict[str, Any]


@dataclass
class Way:
    """The handlers, called as Lambda calls them."""

    aws: LocalAws
    crm: CrmSimulator
    elevenlabs: ElevenLabsSimulator
    monkeypatch: pytest.MonkeyPatch

    def post(self, path: str, body: bytes, headers: dict[str, str], *, as_base64: bool = False) -> Answer:
        """One request to intake."""
        return functions.intake.handler.handler(http_event("POST", path, body, headers, as_base64=as_base64), None)

    def ask(
        self,
        method: str,
        path: str,
        query: dict[str, str] | None = None,
        token: str | None = TOKEN,
        body: bytes = b"",
    ) -> Answer:
        """One request to operations."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        return functions.operations.handler.handler(http_event(method, path, body, headers, query=query), None)

    def reconciliation(self, command: str, **members: Any) -> Answer:
        """One command to reconciliation, as a schedule gives it."""
        return functions.reconciliation.handler.handler({"command": command, **members}, None)

    def at(self, moment: datetime) -> None:
        """From now on every step's clock stands at this moment."""
        self.monkeypatch.setattr(SystemClock, "now", lambda _: moment)

    def analyse(self) -> Answer:
        """Give everything in the analysis queue to the analysis."""
        return self._pump(self.aws.analysis_queue, functions.analysis.handler.handler)

    def dispatch(self) -> Answer:
        """Give everything in the dispatch queue to dispatch."""
        return self._pump(self.aws.dispatch_queue, functions.dispatch.handler.handler)

    def set(self, **variables: str) -> None:
        """Change settings: every handler reads its settings anew."""
        for name, value in variables.items():
            self.monkeypatch.setenv(name, value)
        forget_handlers()

    def _pump(self, queue_url: str, handler: Any) -> Answer:
        records = clients.sqs().receive_message(
            QueueUrl=queue_url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
        )
        messages = records.get("Messages", [])
        if not messages:  # Lambda is never called without one
            return {"batchItemFailures": []}
        answer: Answer = handler({"Records": [sqs_record(message) for message in messages]}, None)
        failed = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        for message in messages:
            if message["MessageId"] not in failed:
                clients.sqs().delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
        return answer


def http_event(
    method: str,
    path: str,
    body: bytes,
    headers: dict[str, str],
    *,
    query: dict[str, str] | None = None,
    as_base64: bool = False,
) -> dict[str, Any]:
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


def sqs_record(message: Any) -> dict[str, Any]:
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
    wired = functions.dispatch.wiring.dispatch_one
    if wired.cache_info().currsize:
        wired().keywords["crm"].close()
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
    for counters in (breaker_counters._LOCAL_FAILURES, breaker_counters._LOCAL_SUCCESSES):
        counters.clear()


@contextmanager
def prepared_way(monkeypatch: pytest.MonkeyPatch) -> Iterator[Way]:
    with local_aws(monkeypatch) as aws, CrmSimulator() as crm, ElevenLabsSimulator(post=_hand_over) as elevenlabs:
        elevenlabs.point_to(url="https://calls.example.com/webhooks/elevenlabs", secret=SECRET)
        ours = ("CRM_", "OPENAI_", "EXTERNAL_CRM_", "ELEVENLABS_")
        for name in [name for name in os.environ if name.startswith(ours)]:
            monkeypatch.delenv(name)
        _secrets(elevenlabs)
        way = Way(aws, crm, elevenlabs, monkeypatch)
        handlers = {"intake": functions.intake.handler, "reconciliation": functions.reconciliation.handler}
        commands = InProcessFunctions({name: module.handler for name, module in handlers.items()})
        monkeypatch.setattr(clients, "functions", cache(lambda: commands))
        way.set(**_variables(aws, crm, elevenlabs))
        yield way
        forget_handlers()


@pytest.fixture
def way(monkeypatch: pytest.MonkeyPatch) -> Iterator[Way]:
    """Everything in place, nothing sent yet."""
    with prepared_way(monkeypatch) as ready:
        yield ready


def _hand_over(_url: str, message: Signed) -> int:
    """ElevenLabs' request, straight to the handler."""
    event = http_event("POST", "/webhooks/elevenlabs", message.body, {"ElevenLabs-Signature": message.header})
    return int(functions.intake.handler.handler(event, None)["statusCode"])


def _secrets(elevenlabs: ElevenLabsSimulator) -> None:
    tokens = {"tokens": [{"name": "anna", "sha256": hashlib.sha256(TOKEN.encode()).hexdigest()}]}
    values = {"webhook": SECRET, "tokens": json.dumps(tokens), "openai": json.dumps({"api_key": ""})}
    values |= {"search-key": SEARCH_KEY.decode(), "elevenlabs-api": json.dumps({"api_key": elevenlabs.api_key})}
    for name, value in values.items():
        clients.secrets_manager().create_secret(Name=name, SecretString=value)


def _variables(aws: LocalAws, crm: CrmSimulator, elevenlabs: ElevenLabsSimulator) -> dict[str, str]:
    return {
        "POWERTOOLS_METRICS_NAMESPACE": "Postcall",
        "POWERTOOLS_SERVICE_NAME": "test",
        "EVENTS_TABLE": EVENTS,
        "ANALYSES_TABLE": ANALYSES,
        "DISPATCHES_TABLE": DISPATCHES,
        "CIRCUITS_TABLE": CIRCUITS,
        "ANALYSIS_DEAD_LETTERS_URL": aws.analysis_dead_letters,
        "INTAKE_FUNCTION": "intake",
        "RECONCILIATION_FUNCTION": "reconciliation",
        "SEARCH_KEY_SECRET_ID": "search-key",
        "QUARANTINE_TABLE": QUARANTINE,
        "LEDGERS_TABLE": LEDGERS,
        "CRM_BREAKER_FAILURES": "3",
        "CRM_BREAKER_RECOVERY_SECONDS": "60",
        "PAYLOAD_BUCKET": BUCKET,
        "ANALYSIS_QUEUE_URL": aws.analysis_queue,
        "DISPATCH_QUEUE_URL": aws.dispatch_queue,
        "DISPATCH_DEAD_LETTERS_URL": aws.dispatch_dead_letters,
        "ELEVENLABS_WEBHOOK_SECRET_ID": "webhook",
        "ELEVENLABS_API_SECRET_ID": "elevenlabs-api",
        "ELEVENLABS_API_URL": elevenlabs.api_url,
        "OPERATOR_TOKENS_SECRET_ID": "tokens",
        "OPENAI_SECRET_ID": "openai",
        "EVENT_TTL_DAYS": "90",
        "EXTERNAL_CRM_ENABLED": "true",
        "EXTERNAL_CRM_DRY_RUN": "false",
        "CRM_SERVICE_URL": crm.service_url,
        "CRM_LANDING_ID": "cd8c698b-4b42-4a47-aaf4-7a9e72a0344b",
        "CRM_TRUSTED_ORIGIN": "https://mir.utlik.pro",
        "DISPATCH_RETRY_BASE_SECONDS": "1",
        "DISPATCH_RETRY_CAP_SECONDS": "2",
        "ANALYSIS_RETRY_BASE_SECONDS": "1",
        "ANALYSIS_RETRY_CAP_SECONDS": "2",
    }
