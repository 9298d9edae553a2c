"""A running emulator for a test: started, deployed to, and stopped with everything it started."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.e2e.local_stack.probe_assembly import STACK, write_assembly
from tools.local import processes, services
from tools.local.aws import EmulatedAws
from tools.local.deploy import deploy
from tools.local.paths import LocalDirectory
from tools.local.ports import HOST, Ports, choose_ports
from tools.local.processes import Running


@dataclass(frozen=True)
class Response:
    """An HTTP answer."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True)
class Emulated:
    """The emulator with the probe deployed."""

    aws: EmulatedAws
    ports: Ports
    running: Running
    directory: LocalDirectory
    outputs: dict[str, str] = field(default_factory=dict)

    def call(self, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Response:
        """Call the API as any client would."""
        request = urllib.request.Request(f"http://{HOST}:{self.ports.api}{path}", body, headers or {})
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
                return Response(answer.status, dict(answer.headers), answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Response(error.code, dict(error.headers), error.read().decode())

    def send(self, *orders: dict[str, Any]) -> None:
        """Put messages into the queue, in one request."""
        entries = [{"Id": str(number), "MessageBody": json.dumps(order)} for number, order in enumerate(orders)]
        answer = self.aws.sqs().send_message_batch(QueueUrl=self.outputs["Queue"], Entries=entries)  # type: ignore[arg-type]  # plain dicts
        assert len(answer["Successful"]) == len(orders)

    def messages_in(self, queue: str) -> int:
        """All messages of a queue, hidden ones too."""
        found = self.aws.sqs().get_queue_attributes(
            QueueUrl=self.outputs[queue],
            AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        )["Attributes"]
        return sum(int(text) for name, text in found.items() if name.startswith("ApproximateNumberOfMessages"))


@contextmanager
def emulator(path: Path) -> Iterator[Emulated]:
    """An emulator with the probe; nothing of it is left afterwards."""
    directory = LocalDirectory(path)
    ports = choose_ports(directory.ports, api=None)
    running = services.start_aws(directory, ports, keep_state=False)
    try:
        services.wait_for_aws(running, directory, ports)
        aws = EmulatedAws(services.aws_url(ports), certificate=services.aws_certificate(directory))
        outputs = deploy(write_assembly(path / "cdk.out"), aws, {})
        yield Emulated(aws, ports, running, directory, outputs[STACK])
    finally:
        processes.stop(running)
