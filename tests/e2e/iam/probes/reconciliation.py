"""What reconciliation does by the clock: sweep, ask ElevenLabs, write the ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from postcall.domain.zone import operators_zone
from tests.e2e.iam import seeds
from tests.e2e.iam.permission import NAMES
from tests.e2e.iam.probes.probe import Probe
from tests.e2e.iam.sandbox import IamHarness


def swept_received(sandbox: IamHarness) -> bool:
    return _swept(sandbox, seeds.received(sandbox, ago=seeds.LONG_AGO))


def swept_analyzed(sandbox: IamHarness) -> bool:
    return _swept(sandbox, seeds.analyzed(sandbox, ago=seeds.LONG_AGO))


def reconciled(sandbox: IamHarness) -> bool:
    """A call that ElevenLabs has and we do not is taken in."""
    missed = sandbox.elevenlabs.add(ago=3600)
    since = (datetime.now(UTC) - timedelta(days=2)).isoformat()
    outcome = sandbox.invoke("reconciliation", {"command": "reconcile", "since": since, "dry_run": False})
    return outcome.is_done and missed in outcome.answer.get("ids", {}).get("taken_in", [])


def accounted(sandbox: IamHarness) -> bool:
    outcome = sandbox.invoke(
        "reconciliation", {"command": "ledger", "day": datetime.now(operators_zone()).date().isoformat()}
    )
    return outcome.is_done and outcome.answer["status"] == "done"


def checked_erasures(sandbox: IamHarness) -> bool:
    """An event that stands on the record of erasures and is not erased is found; a person's hashes are looked up."""
    event_id, moment = seeds.unknown(sandbox), "2026-01-01T00:00:00.000Z"
    for kind, name in (("event", event_id), ("phone", "0" * 64), ("email", "0" * 64)):
        key = f"erasures/{kind}/{name}/{moment}"
        sandbox.aws.s3().put_object(Bucket=NAMES.payload_bucket, Key=key, Body=b"")
    outcome = sandbox.invoke("reconciliation", {"command": "erasures"})
    return outcome.is_done and event_id in {each["id"] for each in outcome.answer["found"]}


def _swept(sandbox: IamHarness, event_id: str) -> bool:
    outcome = sandbox.invoke("reconciliation", {"command": "sweep"})
    return outcome.is_done and event_id in outcome.answer["sent_again"]


PROBES = (
    Probe(
        "a call that stands still is sent to the analysis again",
        swept_received,
        (
            "dynamodb:Query webhook_events/pending",
            "dynamodb:GetItem webhook_events",
            "dynamodb:UpdateItem webhook_events",
            "sqs:SendMessage analysis",
        ),
    ),
    Probe("a lead that stands still is sent to dispatch again", swept_analyzed, ("sqs:SendMessage dispatch",)),
    Probe("the key for ElevenLabs is read", reconciled, ("secretsmanager:GetSecretValue elevenlabs-api",), cold=True),
    Probe(
        "a call that never came is taken in by intake",
        reconciled,
        ("dynamodb:BatchGetItem webhook_events", "lambda:InvokeFunction function:intake"),
    ),
    Probe(
        "what was erased is looked at",
        checked_erasures,
        (
            "dynamodb:Query webhook_events/by_phone",
            "dynamodb:Query webhook_events/by_email",
            "dynamodb:Query analyses",
            "dynamodb:Query crm_dispatches",
            "s3:ListBucket payloads-000000000000",
        ),
    ),
    Probe("a day is accounted for", accounted, ("dynamodb:Query webhook_events/by_day", "dynamodb:PutItem ledgers")),
)
