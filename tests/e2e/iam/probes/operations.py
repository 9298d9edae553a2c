"""What operators do through the API."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from postcall.domain.access import Right, Token, token_hash, write_token
from tests.e2e.iam import seeds
from tests.e2e.iam.permission import NAMES
from tests.e2e.iam.probes.probe import Probe
from tests.e2e.iam.sandbox import IamHarness, new_id

REASON = {"reason": "asked for by its subject"}


def asks(method: str, path: str, **options: Any) -> Callable[[IamHarness], bool]:
    """A request that needs nothing to be there."""

    def works(sandbox: IamHarness) -> bool:
        return sandbox.stack.call_api(method, path, **options).status_code == HTTPStatus.OK

    return works


def ask_with_a_limited_token(sandbox: IamHarness) -> bool:
    """A token of its own, of which each look is counted."""
    client, secret_id = sandbox.aws.secrets_manager(), "postcall/local/operator-tokens"
    document = json.loads(client.get_secret_value(SecretId=secret_id)["SecretString"])
    limited = Token("limited", token_hash("limited"), frozenset({Right.LOOK}), per_day={Right.LOOK: 1_000_000})
    rows = [row for row in document["tokens"] if row["name"] != limited.name]
    client.put_secret_value(SecretId=secret_id, SecretString=json.dumps({"tokens": [*rows, write_token(limited)]}))
    sandbox.start_afresh("operations")
    answer = sandbox.stack.call_api("GET", "/api/events", headers={"Authorization": "Bearer limited"})
    return answer.status_code == HTTPStatus.OK


def show(sandbox: IamHarness) -> bool:
    return sandbox.stack.call_api("GET", f"/api/events/{seeds.unknown(sandbox)}").status_code == HTTPStatus.OK


def list_persons(sandbox: IamHarness) -> bool:
    """The index holds no contact: the page's events are read for whose calls they are."""
    event_id = seeds.received(sandbox)
    answer = sandbox.stack.call_api("GET", "/api/events")
    return answer.status_code == HTTPStatus.OK and event_id in {row["event_id"] for row in answer.json()["events"]}


def read_long_call(sandbox: IamHarness) -> bool:
    path = f"/api/events/{seeds.received(sandbox, long=True)}/call"
    return sandbox.stack.call_api("GET", path).status_code == HTTPStatus.OK


def resend(sandbox: IamHarness) -> bool:
    path = f"/api/events/{seeds.analyzed(sandbox)}/resend-crm"
    return sandbox.stack.call_api("POST", path).status_code == HTTPStatus.ACCEPTED


def reanalyze(sandbox: IamHarness) -> bool:
    path = f"/api/events/{seeds.analyzed(sandbox)}/reanalyze"
    return (
        sandbox.stack.call_api("POST", path, json={"reason": "the topic is wrong"}).status_code == HTTPStatus.ACCEPTED
    )


def resolve(sandbox: IamHarness) -> bool:
    found = {"outcome": "delivered", "reason": "seen in the CRM"}
    path = f"/api/events/{seeds.unknown(sandbox)}/resolve"
    return sandbox.stack.call_api("POST", path, json=found).status_code == HTTPStatus.OK


def erase(sandbox: IamHarness) -> bool:
    """An event with an analysis, an attempt, and a long body in the bucket."""
    event_id = seeds.unknown(sandbox)
    sandbox.aws.s3().put_object(Bucket=NAMES.payload_bucket, Key=f"payloads/{event_id}/revision.zlib", Body=b"x")
    answer = sandbox.stack.call_api("POST", f"/api/events/{event_id}/erase", json=REASON)
    return answer.status_code == HTTPStatus.OK and {"bodies", "analyses", "attempts"} <= set(answer.json()["erased"])


def erase_what_leads_to_it(sandbox: IamHarness) -> bool:
    """The index by the numbers and addresses of the call goes as well, in a batch."""
    event_id = seeds.received(sandbox)
    answer = sandbox.stack.call_api("POST", f"/api/events/{event_id}/erase", json=REASON)
    return answer.status_code == HTTPStatus.OK


def discard(sandbox: IamHarness) -> bool:
    path = f"/api/quarantine/{seeds.put_in_quarantine(sandbox, long=True).quarantine_id}"
    return sandbox.stack.call_api("DELETE", path).is_success


def list_what_was_released(sandbox: IamHarness) -> bool:
    entry = seeds.put_in_quarantine(sandbox)
    sandbox.quarantine.release(entry, event_id=None, by="anna", now=datetime.now(UTC))
    return sandbox.stack.call_api("GET", "/api/quarantine").is_success


def release(sandbox: IamHarness) -> bool:
    path = f"/api/quarantine/{seeds.put_in_quarantine(sandbox).quarantine_id}/release"
    return sandbox.stack.call_api("POST", path).is_success


def reconcile(sandbox: IamHarness) -> bool:
    since = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    return sandbox.stack.call_api("POST", "/api/reconcile", json={"since": since, "dry_run": True}).is_success


def preview(queue: str) -> Callable[[IamHarness], bool]:
    def works(sandbox: IamHarness) -> bool:
        sandbox.empty()
        url = sandbox.stack.endpoints["queues"][f"{queue}_dead_letters"]
        sandbox.aws.sqs().send_message(QueueUrl=url, MessageBody=f'{{"event_id": "{new_id()}"}}')
        answer = sandbox.stack.call_api("POST", f"/api/queues/{queue}/redrive", json={"preview": True})
        return answer.status_code == HTTPStatus.OK and len(answer.json()["messages"]) == 1

    return works


def redrive(queue: str) -> Callable[[IamHarness], bool]:
    def works(sandbox: IamHarness) -> bool:
        return sandbox.stack.call_api("POST", f"/api/queues/{queue}/redrive", json={"preview": False}).is_success

    return works


PROBES = (
    Probe(
        "a token is checked", asks("GET", "/api/events"), ("secretsmanager:GetSecretValue operator-tokens",), cold=True
    ),
    Probe("a token's use is counted", ask_with_a_limited_token, ("dynamodb:UpdateItem quarantine",)),
    Probe("the list of calls", asks("GET", "/api/events"), ("dynamodb:Query webhook_events/by_day",)),
    Probe("whose calls the list shows", list_persons, ("dynamodb:BatchGetItem webhook_events",)),
    Probe(
        "the list by status", asks("GET", "/api/events?status=unknown"), ("dynamodb:Query webhook_events/by_status",)
    ),
    Probe(
        "one call with all that was done",
        show,
        ("dynamodb:GetItem webhook_events", "dynamodb:Query analyses", "dynamodb:Query crm_dispatches"),
    ),
    Probe("what was said in a long call", read_long_call, ("s3:GetObject payloads/*",)),
    Probe(
        "a search by phone",
        asks("POST", "/api/search", json={"query": "+375291234567"}),
        ("dynamodb:Query webhook_events/by_phone",),
    ),
    Probe(
        "a search by e-mail",
        asks("POST", "/api/search", json={"query": "user@example.com"}),
        ("dynamodb:Query webhook_events/by_email",),
    ),
    Probe(
        "the key of the search",
        asks("POST", "/api/search", json={"query": "+375291234567"}),
        ("secretsmanager:GetSecretValue search-key",),
        cold=True,
    ),
    Probe("a resend", resend, ("dynamodb:UpdateItem webhook_events", "sqs:SendMessage dispatch")),
    Probe("a new analysis", reanalyze, ("sqs:SendMessage analysis",)),
    Probe("an unknown outcome resolved", resolve, ("dynamodb:UpdateItem crm_dispatches",)),
    Probe(
        "a call erased everywhere",
        erase,
        (
            "dynamodb:DeleteItem webhook_events",
            "dynamodb:DeleteItem analyses",
            "s3:ListBucket payloads-000000000000",
            "s3:DeleteObject payloads/*",
            "s3:PutObject erasures/*",
        ),
    ),
    Probe(
        "who is found by an erased call's index", erase_what_leads_to_it, ("dynamodb:BatchWriteItem webhook_events",)
    ),
    Probe(
        "the state of the whole",
        asks("GET", "/api/health"),
        ("dynamodb:GetItem circuits", "dynamodb:GetItem ledgers", "dynamodb:Query webhook_events/pending"),
    ),
    Probe(
        "the list of what was refused, and who released it",
        list_what_was_released,
        ("dynamodb:Query quarantine/by_day", "dynamodb:BatchGetItem quarantine"),
    ),
    Probe(
        "what was refused is discarded",
        discard,
        ("dynamodb:GetItem quarantine", "dynamodb:DeleteItem quarantine", "s3:DeleteObject quarantine/*"),
    ),
    Probe("what was refused is released by intake", release, ("lambda:InvokeFunction function:intake",)),
    Probe(
        "calls are reconciled by hand",
        reconcile,
        ("lambda:InvokeFunction function:reconciliation",),
    ),
    Probe(
        "the depth of the queues",
        asks("GET", "/api/queues"),
        (
            "sqs:GetQueueAttributes analysis",
            "sqs:GetQueueAttributes dispatch",
            "sqs:GetQueueAttributes analysis-dead-letters",
            "sqs:GetQueueAttributes dispatch-dead-letters",
        ),
    ),
    Probe("a look at the analysis's dead letters", preview("analysis"), ("sqs:ReceiveMessage analysis-dead-letters",)),
    Probe("a look at dispatch's dead letters", preview("dispatch"), ("sqs:ReceiveMessage dispatch-dead-letters",)),
    Probe(
        "the analysis's dead letters moved back",
        redrive("analysis"),
        ("sqs:StartMessageMoveTask analysis-dead-letters",),
    ),
    Probe(
        "dispatch's dead letters moved back", redrive("dispatch"), ("sqs:StartMessageMoveTask dispatch-dead-letters",)
    ),
)
