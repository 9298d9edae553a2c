"""How many calls one environment of the analysis drains, with a model that answers in one second: one by one, and ten.

    python -m tools.verify.bench.side_by_side [--rounds N] [--out FILE]

The real handler, the real client of the model over loopback, real clients of AWS. What is read moto answers; what
is written is answered after a fixed time, as moto's own transactions copy whole tables. The time is the invocation's
own: what Lambda would bill.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from statistics import median
from types import SimpleNamespace
from typing import Any
from unittest import mock

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders

import functions.analysis.handler
from postcall.aws import clients
from tests.support.in_process import sqs_record
from tools.simulators.model import SCENARIOS, ModelStub
from tools.verify.bench.bodies import webhook
from tools.verify.bench.findings import Bench, Findings, Target, silence
from tools.verify.bench.sandbox import sandbox

BATCH = 10
MODEL_SECONDS = 1.0
STORE_SECONDS = 0.004  # what DynamoDB and SQS take for a write within a region
BODY_BYTES = 26_000
READS = ("GetItem", "GetSecretValue")
_NOWHERE = "http://127.0.0.1:9/"  # nothing is sent to the CRM here
_CONTEXT = SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000)


def measure(rounds: int) -> Findings:
    """Medians of so many batches each."""
    seconds = {size: median(drained(size) for _ in range(rounds)) for size in (1, BATCH)}
    found = Findings(not_covered=["Lambda's own time between two invocations, and its share of a processor."])
    for size, name in ((1, "one_by_one"), (BATCH, "side_by_side")):
        found.note(**{f"{name}_calls_a_second": BATCH / seconds[size]})
        found.note(**{f"{name}_ms_a_call": 1000 * seconds[size] / BATCH})
    found.note(times_one_by_one=seconds[1] / seconds[BATCH], billed_of_one_by_one=seconds[BATCH] / seconds[1])
    found.hold(Target("billed_of_one_by_one", 0.125))
    return found


def drained(size: int) -> float:
    """Seconds that ten calls take in batches of this size, in a process that has served one.

    Raises:
        RuntimeError: One was not analysed.
    """
    with silence(), ModelStub(_slow) as model, sandbox(_NOWHERE, api_key="k", OPENAI_BASE_URL=model.base_url) as ours:
        for number in range(BATCH + 1):
            ours.ingest(webhook(f"conv_bench{number:023}", size=BODY_BYTES))
        found = [*_received(ours, 1), *_received(ours, BATCH)]
        with _quick_writes():
            _handle(found[:1])
            begun = time.monotonic()
            for start in range(1, BATCH + 1, size):
                _handle(found[start : start + size])
            return time.monotonic() - begun


def _received(ours: Any, most: int) -> list[dict[str, Any]]:  # noqa: ANN401 — the sandbox's own
    answer = ours.poller.receive_message(
        QueueUrl=ours.queues.analysis, MaxNumberOfMessages=most, MessageSystemAttributeNames=["All"]
    )
    return [sqs_record(message) for message in answer["Messages"]]


def _handle(records: list[dict[str, Any]]) -> None:
    if functions.analysis.handler.handler({"Records": records}, _CONTEXT)["batchItemFailures"]:
        raise RuntimeError("A call was not analysed.")


def _slow(request: dict[str, Any]) -> Any:  # noqa: ANN401 — a scenario's answer
    time.sleep(MODEL_SECONDS)
    return SCENARIOS["ok"](request)


@contextmanager
def _quick_writes() -> Iterator[None]:
    """Writes are answered before they are sent."""
    for client in (clients.dynamodb(), clients.sqs()):
        hook: Any = _answered
        client.meta.events.register_first("before-send", hook)
    with mock.patch.object(functions.analysis.handler, "flush_metrics"):
        yield


def _answered(request: AWSPreparedRequest, event_name: str, **_: object) -> AWSResponse | None:
    if event_name.rpartition(".")[2] in READS:
        return None
    time.sleep(STORE_SECONDS)
    raw = SimpleNamespace(stream=lambda *_args, **_options: [b"{}"])
    return AWSResponse(request.url, HTTPStatus.OK, HTTPHeaders(), raw)


BENCH = Bench("side_by_side", __doc__.splitlines()[0], measure, size=3, size_means="rounds")

if __name__ == "__main__":
    BENCH.main()
