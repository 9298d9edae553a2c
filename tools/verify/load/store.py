"""Our side of the matter: every stored event, and how full the queues are.

Read past the operator API: asking it 10 000 times would be a load of its own. What a failed id looks like to an
operator is asked there (`told`), and so is the redrive.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import httpx

from tools.local.aws import EmulatedAws
from tools.local.endpoints import Endpoints
from tools.verify.load.audit import Stored

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_sqs import SQSClient

SECONDS = 60.0
_NOT_NOW = {httpx.codes.CONFLICT, httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE}  # try again later
_DEPTHS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")


@dataclasses.dataclass(frozen=True)
class Depths:
    """Messages: those still on their way (waiting, hidden or being served), and the dead letters."""

    analysis: int
    dispatch: int
    dead: dict[str, int]

    @property
    def moving(self) -> int:
        return self.analysis + self.dispatch

    @property
    def all_dead(self) -> int:
        return sum(self.dead.values())


class Store:
    """The stack's tables and queues, and its operator API."""

    def __init__(self, endpoints: Endpoints) -> None:
        aws = EmulatedAws(endpoints.aws_endpoint_url, endpoints.region)
        self._dynamodb: DynamoDBClient = aws.dynamodb()
        self._sqs: SQSClient = aws.sqs()
        self._endpoints = endpoints
        token = {"Authorization": f"Bearer {endpoints.operator_token}"}
        self._http = httpx.Client(base_url=endpoints.api_url, headers=token, timeout=SECONDS, trust_env=False)

    def close(self) -> None:
        """End the connections."""
        self._http.close()
        self._dynamodb.close()
        self._sqs.close()

    def events(self) -> dict[str, Stored]:
        """Every event there is, by its id."""
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._endpoints.tables["webhook_events"],
            FilterExpression="attribute_exists(attempts)",  # not the index by contact, which lies beside the events
            ProjectionExpression="event_id, #status, attempts, duplicate_count, sweeps",
            ExpressionAttributeNames={"#status": "status"},
        )
        found = (_stored(item) for page in pages for item in page["Items"])
        return {event.event_id: event for event in found}

    def depths(self) -> Depths:
        """How full the queues are."""
        dead = {word: self._depth(f"{word}_dead_letters") for word in ("analysis", "dispatch")}
        return Depths(self._depth("analysis"), self._depth("dispatch"), dead)

    def redrive(self, queue: str) -> int:
        """Move a queue's dead letters back, as an operator does; how many there were, 0 when it cannot be done now."""
        answer = self._http.post(f"/api/queues/{queue}/redrive", json={"preview": False})
        if answer.status_code in _NOT_NOW:
            return 0
        answer.raise_for_status()
        return int(answer.json()["depth_before"])

    def report(self, event_id: str) -> str:
        """What the operator API says of an event."""
        answer = self._http.get(f"/api/events/{event_id}")
        return f"{answer.status_code} {answer.text}"

    def requests(self) -> dict[str, int]:
        """What the emulated AWS has been asked so far, by operation."""
        return self._counts("requests")

    def writes(self) -> dict[str, int]:
        """The writes so far, by table and operation."""
        return self._counts("writes")

    def _counts(self, of: str) -> dict[str, int]:
        answer = httpx.get(f"{self._endpoints.aws_endpoint_url}/_postcall/{of}", timeout=SECONDS, trust_env=False)
        answer.raise_for_status()
        return {str(name): int(count) for name, count in answer.json().items()}

    def _depth(self, queue: str) -> int:
        answer = self._sqs.get_queue_attributes(
            QueueUrl=self._endpoints.queues[queue],
            AttributeNames=list(_DEPTHS),  # type: ignore[arg-type]  # literals
        )
        attributes: dict[Any, str] = dict(answer["Attributes"])
        return sum(int(attributes[name]) for name in _DEPTHS)


def _stored(item: dict[str, Any]) -> Stored:
    def number(name: str) -> int:
        return int(item.get(name, {}).get("N", 0))

    return Stored(
        item["event_id"]["S"], item["status"]["S"], number("attempts"), number("duplicate_count"), number("sweeps")
    )
