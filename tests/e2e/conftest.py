"""The local stack as `make up` starts it, in a folder of its own, for all end-to-end tests of the session."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import boto3
import httpx
import pytest
from botocore.config import Config

from tests.support.builders import any_webhook, encoded, signature
from tools.local import waiting
from tools.local.as_command import local_command

STEPS = ("analysis", "dispatch")
SECONDS = 60.0  # until what a test waits for is true: for a machine with other things to do
ANSWER_SECONDS = 30.0  # as long as API Gateway lets a function answer, its cold start included
REST_SECONDS = 15.0  # until the steps have put down a test's last message


class Stack:
    """The stack and the questions a test asks of it. `up` changes settings as a second `make up` does."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.always: dict[str, str] = {}
        self.endpoints: dict[str, Any] = {}

    def command(self, command: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """`python -m tools.local COMMAND` with these settings in the shell."""
        return local_command(command, self.directory, self.always | settings)

    def up(self, **settings: str) -> None:
        """Start it, or change its settings; what is not named has its default."""
        done = self.command("up", **settings)
        assert done.returncode == 0, done.stdout + done.stderr
        self.endpoints = json.loads((self.directory / "endpoints.json").read_text(encoding="utf-8"))

    @contextmanager
    def settings(self, **settings: str) -> Iterator[None]:
        """Up with these settings for as long as the block lasts; with the defaults afterwards, however it ends."""
        try:
            self.up(**settings)
            yield
        finally:
            self.up()

    def call_api(self, method: str, path: str, **options: Any) -> httpx.Response:
        """A request of an operator."""
        headers = {"Authorization": f"Bearer {self.endpoints['operator_token']}"} | options.pop("headers", {})
        return request(method, self.endpoints["api_url"] + path, headers=headers, **options)

    def webhook(self, body: bytes | None = None, *, secret: str | None = None, **members: Any) -> httpx.Response:
        """A signed webhook, as ElevenLabs posts it; members replace those of its data."""
        body = encoded(any_webhook(**members)) if body is None else body
        header = signature(body, secret=secret or self.endpoints["webhook_secret"], at=time.time())
        headers = {"ElevenLabs-Signature": header, "Content-Type": "application/json"}
        return self.post_webhook(body, headers)

    def post_webhook(self, body: bytes, headers: dict[str, str]) -> httpx.Response:
        """A webhook with these headers and no others."""
        return request("POST", self.endpoints["webhook_url"], content=body, headers=headers)

    def analyze(self, event_id: str, **members: Any) -> httpx.Response:
        """A call brought by one of our own systems."""
        call = {
            "event_id": event_id,
            "transcript": [
                {"role": "agent", "message": "Чем могу помочь?"},
                {"role": "user", "message": "Хочу купить двухкомнатную квартиру."},
            ],
            "contacts": {"full_name": "Иван Иванов", "phone": "+375291234567", "email": "user@example.com"},
            "agent_id": "A1",
            "conversation_id": f"C-{event_id}",
        }
        return self.call_api("POST", "/api/analyze", json=call | members)

    def event(self, event_id: str) -> dict[str, Any]:
        """Event, analysis and attempts."""
        answer = self.call_api("GET", f"/api/events/{event_id}")
        return dict(answer.json()) if answer.status_code == httpx.codes.OK else {}

    def status(self, event_id: str) -> str | None:
        """Where the event stands."""
        event = self.event(event_id).get("event")
        return None if event is None else str(event["status"])

    def rests(self, event_id: str, status: str) -> dict[str, Any]:
        """Wait until the event stands at a status; its record."""
        wait_until(lambda: self.status(event_id) == status, what=f"{event_id} is {status}", of=self.event, by=event_id)
        return self.event(event_id)

    def leads(self, event_id: str) -> list[dict[str, Any]]:
        """The leads that the CRM has of an event."""
        found = self.crm("GET", "/api/leads", params={"event_id": event_id}).json()
        return list(found["leads"] if isinstance(found, dict) else found)

    def fault(self, name: str, count: int = 1) -> None:
        """The CRM's next requests meet a fault."""
        self.crm("POST", "/api/faults", json={"fault": name, "count": count})

    def crm(self, method: str, path: str, **options: Any) -> httpx.Response:
        """A request of the CRM's owner."""
        answer = request(method, self.endpoints["crm_admin_url"] + path, **options)
        assert answer.is_success, answer.text
        return answer

    def client(self, service: str) -> Any:
        """A boto3 client of the emulated AWS."""
        return boto3.client(
            service,  # type: ignore[call-overload]  # any service
            endpoint_url=self.endpoints["aws_endpoint_url"],
            region_name=self.endpoints["region"],
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 2}),
        )

    def depth(self, queue: str) -> int:
        """How many messages lie in a queue, named as in endpoints.json."""
        answer = self.client("sqs").get_queue_attributes(
            QueueUrl=self.endpoints["queues"][queue], AttributeNames=["ApproximateNumberOfMessages"]
        )
        return int(answer["Attributes"]["ApproximateNumberOfMessages"])

    def under_way(self) -> int:
        """How many messages of both steps wait or are being worked on."""
        names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        sqs, urls = self.client("sqs"), (self.endpoints["queues"][step] for step in STEPS)
        found = [sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"] for url in urls]
        return sum(int(each[name]) for each in found for name in names)

    def clear(self) -> None:
        """No lead, no fault and no message, whatever the last test has left."""
        self.crm("POST", "/api/reset")
        deadline = time.monotonic() + REST_SECONDS
        while self.under_way() and time.monotonic() < deadline:  # a later dead letter would be the next test's
            time.sleep(0.05)
        for url in self.endpoints["queues"].values():
            self.client("sqs").purge_queue(QueueUrl=url)


def request(method: str, url: str, **options: Any) -> httpx.Response:
    """One request past any proxy, with the patience that a cold start asks for."""
    return httpx.request(method, url, timeout=ANSWER_SECONDS, trust_env=False, **options)


def wait_until(
    true: Callable[[], bool],
    *,
    what: str,
    seconds: float = SECONDS,
    of: Callable[[str], Any] | None = None,
    by: str = "",
) -> None:
    """Ask again and again until it is true; fails with what was waited for, and what was there instead."""
    waiting.wait_until(true, what=what, seconds=seconds, instead=lambda: of(by) if of else "-")


S = TypeVar("S", bound=Stack)


@contextmanager
def started(stack: S) -> Iterator[S]:
    """Up for as long as the block lasts."""
    try:
        stack.up()
        yield stack
    finally:
        stack.command("down")


@pytest.fixture(scope="session")
def running_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One stack for the whole session."""
    with started(Stack(tmp_path_factory.mktemp("stack"))) as stack:
        yield stack


@pytest.fixture
def stack(running_stack: Stack) -> Iterator[Stack]:
    """The stack with its default settings, an empty CRM, and empty queues."""
    yield running_stack
    running_stack.clear()
