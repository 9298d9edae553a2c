"""All handlers in this process over moto's AWS and the CRM simulator: what a bench takes a call through."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from unittest import mock

from botocore.session import Session
from moto import mock_aws

import functions.analysis.handler
import functions.dispatch.handler
import functions.intake.handler
import functions.operations.handler
import functions.reconciliation.handler
from postcall.aws import clients, secrets
from tests.support.in_memory_aws import REGION, Queues, keep_secrets, make_resources
from tests.support.in_process import SETTINGS, forget_handlers, http_event, operator_tokens, queue_settings, sqs_record
from tools.simulators.elevenlabs.signing import signature
from tools.verify.bench.bodies import SECRET

TOKEN = "invented-operator-token"  # noqa: S105 — invented, for a bench
_CONTEXT = SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000)
_OURS = ("CRM_", "OPENAI_", "EXTERNAL_CRM_", "ELEVENLABS_")
Answer = dict[str, Any]


@dataclass(frozen=True)
class BenchHarness:
    """Our five functions. Each method is one invocation, as the API, a queue or the schedule makes it."""

    queues: Queues
    poller: Any  # Lambda's own client of SQS, beside the functions': nothing of it is counted

    def ingest(self, body: bytes) -> Answer:
        """A webhook."""
        headers = {"ElevenLabs-Signature": signature(body, secret=SECRET, at=time.time())}
        event = http_event("POST", "/webhooks/elevenlabs", body, headers)
        return functions.intake.handler.handler(event, None)

    def analyse(self) -> Answer:
        """One message of the analysis queue."""
        return self._deliver(self.queues.analysis, functions.analysis.handler.handler)

    def dispatch(self) -> Answer:
        """One message of the dispatch queue."""
        return self._deliver(self.queues.dispatch, functions.dispatch.handler.handler)

    def sweep(self) -> Answer:
        """What the schedule orders every few minutes."""
        return functions.reconciliation.handler.handler({"command": "sweep"}, _CONTEXT)

    def call_api(self, path: str, **query: str) -> Answer:
        """An operator's GET."""
        event = http_event("GET", path, b"", {"Authorization": f"Bearer {TOKEN}"}, query=query)
        return functions.operations.handler.handler(event, None)

    def _deliver(self, queue: str, handler: Callable[[Any, Any], Answer]) -> Answer:
        """Lambda's part of it, receiving and deleting, is not the function's."""
        found = self.poller.receive_message(QueueUrl=queue, MaxNumberOfMessages=1, MessageSystemAttributeNames=["All"])
        (message,) = found["Messages"]
        answer = handler({"Records": [sqs_record(message)]}, _CONTEXT)
        if answer["batchItemFailures"]:
            raise RuntimeError(f"A message of {queue} was not served.")
        self.poller.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return answer


@contextmanager
def sandbox(crm_url: str, *, api_key: str = "", **settings: str) -> Iterator[BenchHarness]:
    """An empty AWS in this process, and settings beside the usual ones.

    Without a key of the model's the offline analyst judges.
    """
    with ExitStack() as stack:
        stack.enter_context(mock.patch.dict(os.environ, _environment(crm_url)))
        stack.enter_context(mock_aws())
        clients.forget()
        secrets.forget()
        queues = make_resources()
        texts = {"webhook": SECRET, "tokens": operator_tokens(bench=TOKEN), "search-key": "invented"}
        keep_secrets(texts | {"openai": json.dumps({"api_key": api_key})})
        os.environ.update(queue_settings(queues) | settings)
        forget_handlers()
        yield BenchHarness(queues, Session().create_client("sqs"))
        forget_handlers()
    clients.forget()
    secrets.forget()


def _environment(crm_url: str) -> dict[str, str]:
    for name in [name for name in os.environ if name.startswith(_OURS)]:
        del os.environ[name]
    keys = {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench"}
    places = {"AWS_DEFAULT_REGION": REGION, "AWS_REGION": REGION, "CRM_SERVICE_URL": crm_url}
    return SETTINGS | {"POWERTOOLS_SERVICE_NAME": "bench"} | keys | places
