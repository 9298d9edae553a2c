"""What intake does at the door, and when another step orders it to."""

from __future__ import annotations

from http import HTTPStatus

from tests.e2e.iam import seeds
from tests.e2e.iam.probes.probe import Probe
from tests.e2e.iam.sandbox import IamHarness, new_id
from tests.support.builders import any_webhook, encoded


def new_call(sandbox: IamHarness) -> bool:
    return sandbox.stack.webhook(conversation_id=new_id("conv")).status_code == HTTPStatus.OK


def long_call(sandbox: IamHarness) -> bool:
    return sandbox.stack.webhook(seeds.long_body(new_id("conv"))).status_code == HTTPStatus.OK


def failed_call(sandbox: IamHarness) -> bool:
    """Its body is read by intake alone."""
    body = any_webhook(new_id("conv")) | {"type": "call_initiation_failure"}
    return sandbox.stack.webhook(encoded(body)).status_code == HTTPStatus.OK


def known_call(sandbox: IamHarness) -> bool:
    answer = sandbox.stack.webhook(conversation_id=seeds.received(sandbox))
    return answer.status_code == HTTPStatus.OK and answer.json()["status"] == "duplicate"


def own_call(sandbox: IamHarness) -> bool:
    return sandbox.stack.analyze(new_id()).status_code == HTTPStatus.ACCEPTED


def forged_call(sandbox: IamHarness) -> bool:
    """401 says that it was quarantined; when it cannot be, the sender is asked to come again."""
    answer = sandbox.stack.webhook(conversation_id=new_id("conv"), secret="not the one")
    return answer.status_code == HTTPStatus.UNAUTHORIZED


def long_forged_call(sandbox: IamHarness) -> bool:
    answer = sandbox.stack.webhook(seeds.long_body(new_id("conv")), secret="not the one")
    return answer.status_code == HTTPStatus.UNAUTHORIZED


def release(sandbox: IamHarness) -> bool:
    entry = seeds.put_in_quarantine(sandbox, long=True)
    outcome = sandbox.invoke("intake", {"command": "release", "quarantine_id": entry.quarantine_id})
    return outcome.is_done and outcome.answer["status"] == "released"


PROBES = (
    Probe(
        "a new call is stored and passed on",
        new_call,
        ("dynamodb:PutItem webhook_events", "dynamodb:ConditionCheckItem webhook_events", "sqs:SendMessage analysis"),
    ),
    Probe("a long call is kept in the bucket", long_call, ("s3:PutObject payloads/*",)),
    Probe(
        "a known call is told apart",
        known_call,
        ("dynamodb:GetItem webhook_events", "dynamodb:UpdateItem webhook_events"),
    ),
    Probe("a signature is checked", new_call, ("secretsmanager:GetSecretValue elevenlabs-webhook",), cold=True),
    Probe(
        "who is in a call that was not set up is indexed",
        failed_call,
        ("secretsmanager:GetSecretValue search-key", "dynamodb:BatchWriteItem webhook_events"),
        cold=True,
    ),
    Probe("a token is checked", own_call, ("secretsmanager:GetSecretValue operator-tokens",), cold=True),
    Probe(
        "a forged call is quarantined within limits",
        forged_call,
        ("dynamodb:PutItem quarantine", "dynamodb:UpdateItem quarantine"),
    ),
    Probe("a long forged call is quarantined in the bucket", long_forged_call, ("s3:PutObject quarantine/*",)),
    Probe(
        "what was refused by mistake is released",
        release,
        ("dynamodb:GetItem quarantine", "s3:GetObject quarantine/*", "s3:DeleteObject quarantine/*"),
    ),
)
