"""Which requests the functions make of AWS, and how many bytes go each way: seen by hooks on their own clients."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from botocore.awsrequest import AWSPreparedRequest

from postcall.aws import clients


@dataclass
class Requests:
    """What was sent since `begin`. Bytes are those of bodies; a repeated try counts again, as it is billed again."""

    operations: Counter[str] = field(default_factory=Counter)  # dynamodb.PutItem
    sent_bytes: int = 0
    received_bytes: int = 0

    def begin(self) -> None:
        """Forget what was."""
        self.operations.clear()
        self.sent_bytes = self.received_bytes = 0

    @property
    def text(self) -> str:
        """`dynamodb.PutItem 1, sqs.SendMessage 1`, in alphabetical order."""
        return ", ".join(f"{name} {count}" for name, count in sorted(self.operations.items())) or "none"

    def _sent(self, request: AWSPreparedRequest, event_name: str, **_: object) -> None:
        self.operations[event_name.removeprefix("before-send.")] += 1
        self.sent_bytes += _length(request)

    def _received(self, response_dict: dict[str, Any] | None, **_: object) -> None:
        if response_dict is None:
            return
        body = response_dict.get("body")
        self.received_bytes += (
            len(body) if isinstance(body, bytes) else int(response_dict["headers"].get("content-length", 0))
        )

    def watch(self, client: Any) -> Any:  # noqa: ANN401 — any of botocore's clients
        """Hook a client."""
        client.meta.events.register_first("before-send", self._sent)
        client.meta.events.register("response-received", self._received)
        return client


def _length(request: AWSPreparedRequest) -> int:
    """Bytes of the body; an upload in chunks tells its length in a header only."""
    figures = request.headers.get("X-Amz-Decoded-Content-Length")
    if figures is not None:
        return int(figures)
    return len(request.body) if isinstance(request.body, str | bytes) else 0


@contextmanager
def counted() -> Iterator[Requests]:
    """Every client that the functions make from now on is watched."""
    requests, make = Requests(), clients._client  # noqa: SLF001 — the one place where clients are made

    def watched(*arguments: Any) -> Any:  # noqa: ANN401 — see above
        return requests.watch(make(*arguments))

    with mock.patch.object(clients, "_client", watched):
        clients.forget()
        yield requests
    clients.forget()
