"""What the analysis does with a message of its queue."""

from __future__ import annotations

from datetime import UTC, datetime

from postcall.aws.reanalysis import Reanalyses
from postcall.domain.event import ReanalysisOrder
from postcall.domain.event_id import body_id
from tests.e2e.iam import seeds
from tests.e2e.iam.permission import NAMES
from tests.e2e.iam.probes.probe import Probe
from tests.e2e.iam.sandbox import IamHarness, new_id
from tests.support.builders import SAMPLES, any_incoming


def call(sandbox: IamHarness) -> bool:
    return sandbox.deliver("analysis", {"event_id": seeds.received(sandbox)}).is_done


def long_call(sandbox: IamHarness) -> bool:
    return sandbox.deliver("analysis", {"event_id": seeds.received(sandbox, long=True)}).is_done


def findable(sandbox: IamHarness) -> bool:
    """The contact's key is in the event's item, by which it is found."""
    event_id = seeds.received(sandbox)
    sandbox.deliver("analysis", {"event_id": event_id})
    table, key = NAMES.table("webhook_events"), {"event_id": {"S": event_id}}
    return "phone_key" in sandbox.aws.dynamodb().get_item(TableName=table, Key=key)["Item"]


def whole(sandbox: IamHarness) -> bool:
    """A call that came as spans is analysed from the whole conversation, which reconciliation fetches."""
    event_id = sandbox.elevenlabs.add()
    body = (SAMPLES / "elevenlabs" / "18-otel-transcript.json").read_bytes()
    spans = any_incoming(event_id, type="post_call_transcription_otel", body=body)
    assert sandbox.events.add(spans, now=datetime.now(UTC))
    sandbox.deliver("analysis", {"event_id": event_id})
    latest = sandbox.analyses.latest(event_id)
    return latest is not None and latest.analysis.language == "ru"  # which no span tells


def retry(sandbox: IamHarness) -> bool:
    """An operator's order makes a further revision."""
    event_id, order_id = seeds.analyzed(sandbox), new_id("order")
    order = ReanalysisOrder(order_id, requested_by="anna", requested_at=datetime.now(UTC), reason="the topic is wrong")
    orders = Reanalyses(sandbox.aws.dynamodb(), NAMES.table("webhook_events"))
    assert orders.order(seeds.event_of(sandbox, event_id), order)
    sandbox.deliver("analysis", {"event_id": event_id, "order_id": order_id})
    latest = sandbox.analyses.latest(event_id)
    return latest is not None and latest.revision > 1


def postponed(sandbox: IamHarness) -> bool:
    """A message that cannot be served (its payload is gone) comes again soon, not after the queue's own time."""
    sandbox.empty()
    event_id = seeds.received(sandbox)
    sandbox.aws.dynamodb().delete_item(
        TableName=NAMES.table("webhook_events"), Key={"event_id": {"S": body_id(event_id)}}
    )
    outcome = sandbox.deliver("analysis", {"event_id": event_id})
    return outcome.error is None and not outcome.is_done and sandbox.is_back("analysis", within_seconds=4)


def dead_letter(sandbox: IamHarness) -> bool:
    """A message that names no event becomes a dead letter with its reason."""
    sandbox.empty()
    outcome = sandbox.deliver("analysis", {"event_id": new_id("nobody")})
    return outcome.is_done and sandbox.is_back("analysis_dead_letters", within_seconds=1)


PROBES = (
    Probe(
        "a call is analysed, recorded and passed on",
        call,
        (
            "dynamodb:BatchGetItem webhook_events",
            "dynamodb:UpdateItem webhook_events",
            "dynamodb:PutItem analyses",
            "sqs:SendMessage dispatch",
        ),
    ),
    Probe("a long call is read from the bucket", long_call, ("s3:GetObject payloads/*",)),
    Probe("what came as spans is read as a whole", whole, ("lambda:InvokeFunction function:reconciliation",)),
    Probe("the model's key is read", call, ("secretsmanager:GetSecretValue openai",), cold=True),
    Probe(
        "the contact is made findable",
        findable,
        ("secretsmanager:GetSecretValue search-key", "dynamodb:BatchWriteItem webhook_events"),
        cold=True,
    ),
    Probe("an ordered analysis is a further revision", retry, ("dynamodb:Query analyses",)),
    Probe(
        "what cannot be analysed ever becomes a dead letter", dead_letter, ("sqs:SendMessage analysis-dead-letters",)
    ),
    Probe("what cannot be served now comes again soon", postponed, ("sqs:ChangeMessageVisibility analysis",)),
)
