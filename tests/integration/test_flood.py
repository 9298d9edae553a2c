"""Forged posts beside genuine calls, as many as production's throttle lets in: those write nothing, these are taken.

In one process, as fast as it serves them, over the minutes of a clock that is set; `make flood` is the same over HTTP,
with the times.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from infra.environments import load
from postcall.aws import clients
from tests.integration.conftest import PipelineHarness
from tests.support.builders import any_webhook, encoded, signature
from tools.verify.flood.figures import WRITES_A_POST

MINUTES = 2
GENUINE_EVERY = 100


def post(pipeline: PipelineHarness, body: bytes, header: str | None) -> int:
    headers = {} if header is None else {"ElevenLabs-Signature": header}
    return int(pipeline.post("/webhooks/elevenlabs", body, headers)["statusCode"])


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


def test_forged_posts_write_next_to_nothing_and_genuine_calls_are_taken(pipeline: PipelineHarness) -> None:
    began = datetime.now(UTC).replace(second=0, microsecond=0)
    production = load("prod")
    rate = production.api.webhook_requests_per_second
    pipeline.set(QUARANTINE_ENTRIES_PER_MINUTE=str(production.intake.quarantine_entries_per_minute))
    posts, writes, of_genuine = MINUTES * 60 * rate, counted_writes(), 0
    for number in range(posts):
        now = began + timedelta(seconds=number / rate)
        pipeline.at(now)
        header = f"t={int(now.timestamp())},v0=00" if number % 2 else None
        assert post(pipeline, forged(number), header) == 401
        if number % GENUINE_EVERY == 0:
            before, body = writes.total(), encoded(any_webhook(f"conv_busy_{number}"))
            assert post(pipeline, body, signature(body, at=now.timestamp())) == 200
            of_genuine += writes.total() - before
    known = [pipeline.aws.events.get(f"conv_busy_{number}") for number in range(0, posts, GENUINE_EVERY)]
    assert None not in known
    assert 0 < writes.total() - of_genuine <= WRITES_A_POST * posts
