"""The five handlers in one process, over moto's AWS and the simulated CRM: the way of a call without a deployment."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import functions.analysis.handler
import functions.dispatch.handler
import functions.intake.handler
import functions.operations.handler
import functions.reconciliation.handler
from functions.operations.routes import console
from infra.openapi import document_file
from postcall.aws import clients
from postcall.domain.access import Token, read_tokens, token_hash, write_token
from postcall.domain.clock import SystemClock
from tests.support.aws import SEARCH_KEY, LocalAws, local_aws
from tests.support.builders import SECRET
from tests.support.fakes.functions import InProcessFunctions
from tests.support.in_memory_aws import keep_secrets
from tests.support.in_process import SETTINGS, forget_handlers, http_event, operator_tokens, sqs_record
from tools.simulators.crm.simulator import CrmSimulator
from tools.simulators.elevenlabs import ElevenLabsSimulator
from tools.simulators.elevenlabs.delivery import Signed

__all__ = [
    "POWERLESS",
    "TOKEN",
    "Answer",
    "PipelineHarness",
    "forget_handlers",
    "http_event",
    "pipeline",
    "prepared_way",
    "sqs_record",
    "tokens",
]
TOKEN = "invented-operator-token"
CONTEXT = SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000)  # as much of Lambda's as the steps use
POWERLESS = "invented-token-without-a-right"
Answer = dict[str, Any]


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> None:
    """The fuzzer's plugin is heavy: loaded where its tests are collected, and nowhere else."""
    if module_path.name == "test_fuzz_api.py":
        parent.config.pluginmanager.import_plugin("schemathesis.pytest.plugin")


@pytest.fixture(scope="session", autouse=True)
def _described() -> None:
    """The API's description, which synthesis packs with the code."""
    console.DESCRIPTION = document_file()


@dataclass
class PipelineHarness:
    """The handlers, called as Lambda calls them."""

    aws: LocalAws
    crm: CrmSimulator
    elevenlabs: ElevenLabsSimulator
    monkeypatch: pytest.MonkeyPatch

    def post(self, path: str, body: bytes, headers: dict[str, str], *, as_base64: bool = False) -> Answer:
        """One request to intake."""
        return functions.intake.handler.handler(http_event("POST", path, body, headers, as_base64=as_base64), None)

    def call_api(
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
        answer: Answer = handler({"Records": [sqs_record(message) for message in messages]}, CONTEXT)
        failed = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        for message in messages:
            if message["MessageId"] not in failed:
                clients.sqs().delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
        return answer


@contextmanager
def prepared_way(monkeypatch: pytest.MonkeyPatch) -> Iterator[PipelineHarness]:
    with local_aws(monkeypatch) as aws, CrmSimulator() as crm, ElevenLabsSimulator(post=_hand_over) as elevenlabs:
        elevenlabs.point_to(url="https://calls.example.com/webhooks/elevenlabs", secret=SECRET)
        ours = ("CRM_", "OPENAI_", "EXTERNAL_CRM_", "ELEVENLABS_")
        for name in [name for name in os.environ if name.startswith(ours)]:
            monkeypatch.delenv(name)
        _secrets(elevenlabs)
        pipeline = PipelineHarness(aws, crm, elevenlabs, monkeypatch)
        handlers = {"intake": functions.intake.handler, "reconciliation": functions.reconciliation.handler}
        commands = InProcessFunctions({name: module.handler for name, module in handlers.items()})
        monkeypatch.setattr(clients, "functions", cache(lambda: commands))
        pipeline.set(**_variables(aws, crm, elevenlabs))
        yield pipeline
        forget_handlers()


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> Iterator[PipelineHarness]:
    """Everything in place, nothing sent yet."""
    with prepared_way(monkeypatch) as ready:
        yield ready


def tokens(*of: Token) -> str:
    """The text of the secret that holds these."""
    return json.dumps({"tokens": [write_token(token) for token in of]})


def _hand_over(_url: str, message: Signed) -> int:
    """ElevenLabs' request, straight to the handler."""
    event = http_event("POST", "/webhooks/elevenlabs", message.body, {"ElevenLabs-Signature": message.header})
    return int(functions.intake.handler.handler(event, None)["statusCode"])


def _secrets(elevenlabs: ElevenLabsSimulator) -> None:
    rows = read_tokens(operator_tokens(anna=TOKEN))
    values = {
        "webhook": SECRET,
        "tokens": tokens(*rows, Token("nobody", token_hash(POWERLESS))),
        "openai": json.dumps({"api_key": ""}),
    }
    values |= {"search-key": SEARCH_KEY.decode(), "elevenlabs-api": json.dumps({"api_key": elevenlabs.api_key})}
    keep_secrets(values)


def _variables(aws: LocalAws, crm: CrmSimulator, elevenlabs: ElevenLabsSimulator) -> dict[str, str]:
    return SETTINGS | {
        "ANALYSIS_QUEUE_URL": aws.analysis_queue,
        "ANALYSIS_DEAD_LETTERS_URL": aws.analysis_dead_letters,
        "DISPATCH_QUEUE_URL": aws.dispatch_queue,
        "DISPATCH_DEAD_LETTERS_URL": aws.dispatch_dead_letters,
        "ELEVENLABS_API_URL": elevenlabs.api_url,
        "CRM_SERVICE_URL": crm.service_url,
    }
