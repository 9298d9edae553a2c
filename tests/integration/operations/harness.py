"""An operator's desk over the whole way of a call: bring calls, ask the API, and see what the answers say."""

from __future__ import annotations

import itertools
import json
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from botocore.exceptions import ClientError

import functions.operations.handler
from postcall.aws import clients
from tests.integration.conftest import TOKEN, Answer, PipelineHarness, http_event
from tests.support.builders import SAMPLES, any_webhook, encoded, signature

CONTACTS = {"full_name": "Иван Иванов", "phone": "+375291234567", "email": "user@example.com"}
TURNS = [{"role": "agent", "message": "Добрый день."}, {"role": "user", "message": "Хочу купить квартиру."}]


@dataclass
class OperationsHarness:
    """Asks, and remembers every answer by what was asked: method, path, status."""

    pipeline: PipelineHarness
    answers: list[tuple[str, str, Answer]] = field(default_factory=list)

    def call_api(self, method: str, path: str, *, token: str | None = TOKEN, **options: Any) -> tuple[int, Any]:
        """`body` is sent as JSON (bytes as they are), `query` as the query string."""
        body = options.get("body", b"")
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = self.pipeline.call_api(method, path, options.get("query"), token, raw)
        self.answers.append((method, path, answer))
        return answer["statusCode"], _content(answer)

    def bring(self, event_id: str, *, fault: str | None = None, **members: Any) -> None:
        """A call of our own systems, analysed and dispatched; the CRM meets a fault if one is named."""
        call = {"event_id": event_id, "transcript": TURNS, "contacts": CONTACTS, "agent_id": "A1"}
        call |= {"conversation_id": f"C-{event_id}"}
        body = json.dumps(call | members).encode()
        answer = self.pipeline.post("/api/analyze", body, {"Authorization": f"Bearer {TOKEN}"})
        self.answers.append(("POST", "/api/analyze", answer))
        self.pipeline.analyse()
        if fault:
            self.pipeline.crm.fail_next(fault)
        self.pipeline.dispatch()

    def webhook(self, body: bytes | None = None, *, header: str | None = None) -> tuple[int, Any]:
        """A signed webhook, or one under another header."""
        body = encoded(any_webhook()) if body is None else body
        signed = signature(body, at=time.time()) if header is None else header
        answer = self.pipeline.post("/webhooks/elevenlabs", body, {"ElevenLabs-Signature": signed})
        self.answers.append(("POST", "/webhooks/elevenlabs", answer))
        return answer["statusCode"], _content(answer)

    def call_api_again(self, path: str, tag: str) -> Answer:
        """Ask for a file that is known already."""
        event = http_event("GET", path, b"", {"If-None-Match": tag})
        answer = functions.operations.handler.handler(event, None)
        self.answers.append(("GET", path, answer))
        return answer

    def event(self, event_id: str) -> Any:
        """The event's own members."""
        status, record = self.call_api("GET", f"/api/events/{quote(event_id, safe='')}")
        assert status == HTTPStatus.OK, record
        return record["event"]


def sample(name: str) -> bytes:
    """One of the sample payloads, by the number before its name."""
    (path,) = (SAMPLES / "elevenlabs").glob(f"{name}-*.json")
    return path.read_bytes()


class MoveTasks:
    """SQS's message move tasks, which moto lacks: messages are received, sent and deleted. One may be kept running."""

    def __init__(self) -> None:
        self.running = False
        self._numbers = itertools.count(1)

    def start(self, *, SourceArn: str, DestinationArn: str) -> dict[str, str]:  # noqa: N803 — boto's own names
        if self.running:
            error = {"Error": {"Code": "UnsupportedOperation", "Message": "There is already a task running."}}
            raise ClientError(error, "StartMessageMoveTask")  # type: ignore[arg-type]  # as much of it as is read
        sqs = clients.sqs()
        source, destination = (
            sqs.get_queue_url(QueueName=arn.split(":")[-1])["QueueUrl"] for arn in (SourceArn, DestinationArn)
        )
        while messages := sqs.receive_message(QueueUrl=source, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                sqs.send_message(QueueUrl=destination, MessageBody=message["Body"])
                sqs.delete_message(QueueUrl=source, ReceiptHandle=message["ReceiptHandle"])
        return {"TaskHandle": f"task-{next(self._numbers)}"}


def _content(answer: Answer) -> Any:
    if "json" in answer["headers"].get("content-type", ""):
        return json.loads(answer["body"])
    return answer["body"]
