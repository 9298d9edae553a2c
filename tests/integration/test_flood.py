"""Forged posts beside genuine calls: a genuine call is taken at its usual cost, a forged post writes next to nothing.

`make flood` asks for 20,000 forged posts and 200 genuine calls and prints the figures; here it is a twentieth of both.
The posts come in one process and as fast as it serves them, over the minutes that the API's throttle would spread them.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

from postcall.aws import clients
from tests.integration.conftest import PipelineHarness
from tests.support.builders import any_webhook, encoded, signature

FORGED = int(os.environ.get("FLOOD_POSTS", "1000"))
GENUINE_EVERY = 100
POSTS_A_SECOND = 100
WRITES_A_POST = 0.02
TIMES_ITS_QUIET_COST = 2


def post(pipeline: PipelineHarness, body: bytes, header: str) -> int:
    return int(pipeline.post("/webhooks/elevenlabs", body, {"ElevenLabs-Signature": header})["statusCode"])


def acknowledged(pipeline: PipelineHarness, name: str, at: datetime) -> float:
    """The process' time from a genuine webhook to its 200."""
    body = encoded(any_webhook(f"conv_{name}"))
    header, began = signature(body, at=at.timestamp()), time.process_time()
    assert post(pipeline, body, header) == 200
    return time.process_time() - began


def counted_writes() -> Counter[str]:
    """Counts every write to DynamoDB and S3 from now on."""
    counted: Counter[str] = Counter()
    for client, operations in ((clients.dynamodb(), ("UpdateItem", "PutItem")), (clients.s3(), ("PutObject",))):
        for operation in operations:
            place = f"before-call.{client.meta.service_model.service_name}.{operation}"
            client.meta.events.register(place, lambda model, **_: counted.update([model.name]))
    return counted


def forged(number: int) -> bytes:
    """A call's body in everything, each with another number."""
    line = {"phone_call": {"direction": "inbound", "external_number": f"+37529{number:07}"}}
    return encoded(any_webhook(f"conv_forged_{number}", metadata=line))


def test_forged_posts_cost_next_to_nothing_and_genuine_calls_what_they_cost_in_quiet(
    pipeline: PipelineHarness,
) -> None:
    began = datetime.now(UTC).replace(second=0, microsecond=0)
    pipeline.at(began)
    acknowledged(pipeline, "warm", began)
    quiet = [acknowledged(pipeline, f"quiet_{number}", began) for number in range(20)]
    writes, of_genuine, busy = counted_writes(), 0, []
    for number in range(FORGED):
        now = began + timedelta(seconds=number / POSTS_A_SECOND)
        pipeline.at(now)
        assert post(pipeline, forged(number), f"t={int(now.timestamp())},v0=00") == 401
        if number % GENUINE_EVERY == 0:
            before = writes.total()
            busy.append(acknowledged(pipeline, f"busy_{number}", now))
            of_genuine += writes.total() - before
    known = [pipeline.aws.events.get(f"conv_busy_{number}") for number in range(0, FORGED, GENUINE_EVERY)]
    a_post, quietly, busily = (
        (writes.total() - of_genuine) / FORGED,
        statistics.median(quiet),
        statistics.median(busy),
    )
    sys.stdout.write(
        f"\n{FORGED} forged posts: {a_post:.4f} writes each; {len(known)} genuine calls: "
        f"{1000 * busily:.1f} ms of the process each, {1000 * quietly:.1f} ms in quiet\n"
    )
    assert None not in known
    assert a_post <= max(WRITES_A_POST, 30 / FORGED)  # a short run is mostly its first minute
    assert busily <= TIMES_ITS_QUIET_COST * quietly
