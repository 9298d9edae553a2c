"""The stack under enforced permissions, seen by a probe: faces to knock at, and hands that may set up anything."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from infra.names import Step
from postcall.aws.analysis_table import AnalysisTable
from postcall.aws.dispatch_table import DispatchTable
from postcall.aws.event_table import EventTable
from postcall.aws.payloads import Payloads
from postcall.aws.quarantine import FOLDER, QuarantineTable
from tests.e2e.conftest import Stack
from tests.e2e.iam.permission import NAMES, Permission, without
from tools.local.aws import EmulatedAws
from tools.simulators.elevenlabs.simulator import ElevenLabsSimulator

POLICY = "WhatItDoes"
TTL_DAYS = 30


@dataclass(frozen=True)
class Outcome:
    """What an invocation came to. `failed` are the queue messages it wants back, or True for an error."""

    answer: Any
    error: str | None

    @property
    def is_done(self) -> bool:
        """No error, and no message left over."""
        return self.error is None and not (isinstance(self.answer, dict) and self.answer.get("batchItemFailures"))


class IamHarness:
    """`aws` is the account's owner, whom no policy binds; the functions run under their roles."""

    def __init__(self, stack: Stack, aws: EmulatedAws, elevenlabs: ElevenLabsSimulator) -> None:
        self.stack = stack
        self.aws = aws
        self.elevenlabs = elevenlabs
        self._denied = stack.directory / "logs" / "denied.log"

    @cached_property
    def events(self) -> EventTable:
        payloads = Payloads(self.aws.s3, NAMES.payload_bucket)
        return EventTable(self.aws.dynamodb(), NAMES.table("webhook_events"), payloads, ttl_days=TTL_DAYS)

    @cached_property
    def analyses(self) -> AnalysisTable:
        return AnalysisTable(
            self.aws.dynamodb(),
            analyses=NAMES.table("analyses"),
            events=NAMES.table("webhook_events"),
            ttl_days=TTL_DAYS,
        )

    @cached_property
    def dispatches(self) -> DispatchTable:
        return DispatchTable(
            self.aws.dynamodb(),
            dispatches=NAMES.table("crm_dispatches"),
            events=NAMES.table("webhook_events"),
            ttl_days=TTL_DAYS,
        )

    @cached_property
    def quarantine(self) -> QuarantineTable:
        payloads = Payloads(self.aws.s3, NAMES.payload_bucket, folder=FOLDER)
        return QuarantineTable(self.aws.dynamodb(), NAMES.table("quarantine"), payloads, ttl_days=TTL_DAYS)

    def invoke(self, step: Step, event: dict[str, Any]) -> Outcome:
        """Call a function as Lambda's event sources do."""
        answer = self.aws.functions().invoke(FunctionName=NAMES.function(step), Payload=json.dumps(event).encode())
        payload = json.loads(answer["Payload"].read() or b"null")
        return Outcome(payload, str(payload) if answer.get("FunctionError") else None)

    def deliver(self, step: Step, message: dict[str, Any], *, hidden_seconds: int = 120) -> Outcome:
        """Send a message to the step's empty queue, take it out, and hand it to the function as Lambda would."""
        url, sqs = self.stack.endpoints["queues"][step], self.aws.sqs()
        sqs.purge_queue(QueueUrl=url)
        sqs.send_message(QueueUrl=url, MessageBody=json.dumps(message))
        (taken,) = sqs.receive_message(
            QueueUrl=url, VisibilityTimeout=hidden_seconds, WaitTimeSeconds=2, MessageSystemAttributeNames=["All"]
        )["Messages"]
        record = {
            "messageId": taken["MessageId"],
            "receiptHandle": taken["ReceiptHandle"],
            "body": taken["Body"],
            "attributes": taken["Attributes"],
            "eventSource": "aws:sqs",
            "eventSourceARN": f"{NAMES.queue_arn(step)}",  # type: ignore[arg-type]  # a queue's word
        }
        outcome = self.invoke(step, {"Records": [record]})
        if outcome.is_done:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=taken["ReceiptHandle"])
        return outcome

    def is_back(self, queue: str, *, within_seconds: int) -> bool:
        """Whether a message shows up in a queue; it is taken out."""
        url, sqs = self.stack.endpoints["queues"][queue], self.aws.sqs()
        found = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=within_seconds, MaxNumberOfMessages=10)
        for message in found.get("Messages", []):
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return bool(found.get("Messages"))

    def empty(self) -> None:
        """No message in any queue."""
        for url in self.stack.endpoints["queues"].values():
            self.aws.sqs().purge_queue(QueueUrl=url)

    def start_afresh(self, step: Step) -> None:
        """The next call of this function is a cold start: nothing it had read is remembered."""
        name, functions = NAMES.function(step), self.aws.functions()
        found = functions.get_function_configuration(FunctionName=name)
        functions.update_function_configuration(FunctionName=name, Timeout=found["Timeout"])

    @contextmanager
    def taken_away(self, permission: Permission) -> Iterator[None]:
        """The role without that permission, for as long as the block lasts."""
        iam, role = self.aws.client("iam"), self._role(permission.step)
        policy = iam.get_role_policy(RoleName=role, PolicyName=POLICY)["PolicyDocument"]
        lacking = without(policy, permission)
        iam.put_role_policy(RoleName=role, PolicyName=POLICY, PolicyDocument=json.dumps(lacking))
        try:
            yield
        finally:
            iam.put_role_policy(RoleName=role, PolicyName=POLICY, PolicyDocument=json.dumps(policy))

    def denials(self) -> list[dict[str, str]]:
        """Who was denied what so far."""
        if not self._denied.exists():
            return []
        return [json.loads(line) for line in self._denied.read_text(encoding="utf-8").splitlines()]

    def _role(self, step: Step) -> str:
        found = self.aws.functions().get_function_configuration(FunctionName=NAMES.function(step))
        return found["Role"].rsplit("/", 1)[1]


def new_id(word: str = "probe") -> str:
    return f"{word}-{uuid.uuid4().hex[:16]}"


def now() -> int:
    return int(time.time())
