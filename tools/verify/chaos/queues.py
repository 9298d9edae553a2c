"""The queues and their dead letters, looked at from outside."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import Any

from tools.verify.chaos.settings import RECEIVES

STEPS = ("analysis", "dispatch")
HIDDEN_SECONDS = 30  # while one looks through the dead letters, who then shows them again


class Queues:
    """Both steps' queues. `urls` are those of endpoints.json."""

    def __init__(self, client: Any, urls: Mapping[str, str]) -> None:
        self._client = client
        self._urls = urls
        self._looking = threading.Lock()  # who looks hides the messages from whoever else does

    def send(self, step: str, event_id: str) -> None:
        """One more copy of a step's message about an event."""
        self._client.send_message(QueueUrl=self._urls[step], MessageBody=json.dumps({"event_id": event_id}))

    def dead_letters(self) -> dict[str, list[str]]:
        """The steps in whose dead letters an event is named, by event."""
        found: dict[str, list[str]] = {}
        for step in STEPS:
            for message in self._dead_letters(step):
                found.setdefault(_event_id(message), []).append(step)
        return found

    def delete_dead_letters(self, event_id: str) -> int:
        """Delete dispatch's dead letters about an event, which no code of ours does unasked; how many there were."""
        mine = [message for message in self._dead_letters("dispatch") if _event_id(message) == event_id]
        for message in mine:
            url = self._urls["dispatch_dead_letters"]
            self._client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return len(mine)

    def under_way(self) -> int:
        """Messages of both queues that wait or are being worked on."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        return sum(int(number) for step in STEPS for number in self._attributes(self._urls[step], names).values())

    def set_visibility(self, seconds_by_step: Mapping[str, int]) -> None:
        """Hide a message from others for so long once it was taken; and let it be taken as often as in production."""
        for step, seconds in seconds_by_step.items():
            url = self._urls[step]
            redrive = json.loads(self._attributes(url, ["RedrivePolicy"])["RedrivePolicy"])
            policy = json.dumps(redrive | {"maxReceiveCount": RECEIVES})
            attributes = {"VisibilityTimeout": str(seconds), "RedrivePolicy": policy}
            self._client.set_queue_attributes(QueueUrl=url, Attributes=attributes)

    def _attributes(self, url: str, names: list[str]) -> dict[str, str]:
        return dict(self._client.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"])

    def _dead_letters(self, step: str) -> list[dict[str, Any]]:
        url, seen = self._urls[f"{step}_dead_letters"], list[dict[str, Any]]()
        with self._looking:
            while messages := self._receive(url):
                seen += messages
            for message in seen:
                handle = message["ReceiptHandle"]
                self._client.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0)
        return seen

    def _receive(self, url: str) -> list[dict[str, Any]]:
        answer = self._client.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=HIDDEN_SECONDS)
        return list(answer.get("Messages", []))


def _event_id(message: Mapping[str, Any]) -> str:
    return str(json.loads(message["Body"]).get("event_id"))
