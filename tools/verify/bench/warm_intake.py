"""What one warm intake costs: processor time of the whole handler call, against HMAC over the bytes and one JSON parse.

    python -m tools.verify.bench.warm_intake [--rounds N] [--out FILE]

Two measures of the same call, on bodies of 60 KB (letters as UTF-8, and escaped) and of 300 KB:

- `handler`: everything that is ours. The event is read, the signature checked, the body parsed, hashed and compressed,
  the item built, the message written, the log line and the metrics written (to nowhere). The three AWS clients are
  replaced by objects that take the arguments and answer at once.
- `with_botocore`: the same, and real clients: parameters checked and serialised, requests signed, answers parsed. Only
  the sending is cut short, by a canned answer.

In neither: the network, the Lambda runtime's own parsing of the event, a cold start.
"""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any
from unittest import mock

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders

import functions.intake.handler
import functions.intake.wiring
from postcall.aws import clients, secrets
from tests.support.in_process import http_event
from tools.simulators.elevenlabs.signing import signature
from tools.verify.bench.bodies import SECRET, webhook
from tools.verify.bench.findings import Bench, Findings, Target, alternate, processor_seconds, silence

BODIES = {
    "60kb": partial(webhook, size=60_000),
    "60kb_escaped": partial(webhook, size=60_000, escaped=True),
    "300kb": partial(webhook, size=300_000),
}
LIMIT = 2.0
CALLS = 20  # a sample; each with a body of its own, or the processor would learn the one by heart
VARIABLES = {
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "POWERTOOLS_METRICS_NAMESPACE": "Postcall",
    "POWERTOOLS_SERVICE_NAME": "intake",
    "EVENTS_TABLE": "webhook_events",
    "QUARANTINE_TABLE": "quarantine",
    "PAYLOAD_BUCKET": "payloads",
    "ANALYSIS_QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/123456789012/analysis",
    "ELEVENLABS_WEBHOOK_SECRET_ID": "webhook",
    "OPERATOR_TOKENS_SECRET_ID": "tokens",
    "SEARCH_KEY_SECRET_ID": "search-key",
    "EVENT_TTL_DAYS": "90",
}
SECRET_TEXT = {"SecretString": SECRET}


def measure(rounds: int) -> Findings:
    """Medians of `rounds` samples a side."""
    os.environ.update(VARIABLES)
    found = Findings(
        not_covered=[
            "The network to AWS, the Lambda runtime's own reading of the event, and the cold start (see cold_import).",
        ]
    )
    for name, body in BODIES.items():
        medians = _medians([body(f"conv_bench{number:023}") for number in range(CALLS)], rounds)
        for side in ("handler", "with_botocore"):
            ratio = f"{side}_{name}_times_floor"
            found.note(**{f"{side}_{name}_us": medians[side] * 1e6, ratio: medians[side] / medians["floor"]})
        found.note(**{f"floor_{name}_us": medians["floor"] * 1e6})
        found.hold(Target(f"handler_{name}_times_floor", LIMIT))
    return found


def _medians(bodies: list[bytes], rounds: int) -> dict[str, float]:
    """Seconds a call of each side."""
    now = time.time()
    sign = partial(signature, secret=SECRET, at=now)
    headers = ({"elevenlabs-signature": sign(body)} for body in bodies)
    events = [http_event("POST", "/webhooks/elevenlabs", *signed) for signed in zip(bodies, headers, strict=True)]

    def floor(body: bytes) -> None:
        sign(body)
        json.loads(body)

    def handle(event: dict[str, Any]) -> None:
        answer = functions.intake.handler.handler(event, None)
        if json.loads(answer["body"]).get("status") != "received":
            raise RuntimeError(f"The call was not taken in: {answer['body']}")

    def handled(stand_ins: Callable[[], AbstractContextManager[None]]) -> float:
        with stand_ins():
            handle(events[0])  # makes what one process makes once
            return processor_seconds(lambda: [*map(handle, events)])

    with silence():
        taken = alternate(
            {
                "floor": lambda: processor_seconds(lambda: [*map(floor, bodies)]),
                "handler": lambda: handled(_stand_ins),
                "with_botocore": lambda: handled(_canned_answers),
            },
            rounds,
        )
    return {name: statistics.median(samples) / len(bodies) for name, samples in taken.items()}


@contextmanager
def _stand_ins() -> Iterator[None]:
    """Clients that take what they are given and answer at once."""
    answers: dict[str, Callable[..., object]] = {
        "get_item": lambda **_: {},
        "put_item": lambda **_: {},
        "transact_write_items": lambda **_: {},
        "send_message": lambda **_: {},
        "put_object": lambda **_: {},
        "get_secret_value": lambda **_: SECRET_TEXT,
    }
    client = SimpleNamespace(**answers)
    with ExitStack() as stack:
        for name in ("dynamodb", "sqs", "s3", "secrets_manager"):
            stack.enter_context(mock.patch.object(clients, name, return_value=client))
        yield from _afresh()


@contextmanager
def _canned_answers() -> Iterator[None]:
    """Real clients, whose requests are answered before they are sent."""
    clients.forget()
    texts = {"secretsmanager": json.dumps(SECRET_TEXT).encode()}
    for client in (clients.dynamodb(), clients.sqs(), clients.s3(), clients.secrets_manager()):
        text = texts.get(client.meta.service_model.service_name, b"{}")
        hook: Any = partial(_answered, text)  # the stubs say that a hook returns nothing; this one's answer is taken
        client.meta.events.register("before-send", hook)
    yield from _afresh()


def _answered(text: bytes, request: AWSPreparedRequest, **_: object) -> AWSResponse:
    raw = SimpleNamespace(stream=lambda *_args, **_options: [text])
    return AWSResponse(request.url, HTTPStatus.OK, HTTPHeaders(), raw)


def _afresh() -> Iterator[None]:
    """The handler wired anew, with the clients that are there now."""
    secrets.forget()
    functions.intake.wiring._ingest.cache_clear()  # noqa: SLF001 — as a new process would
    yield


BENCH = Bench("warm_intake", __doc__.splitlines()[0], measure, size=40, size_means="rounds")

if __name__ == "__main__":
    BENCH.main()
