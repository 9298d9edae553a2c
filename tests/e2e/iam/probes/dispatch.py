"""What dispatch does with a message of its queue."""

from __future__ import annotations

from datetime import UTC, datetime

from postcall.aws.reanalysis import Reanalyses
from postcall.domain.event import ReanalysisOrder
from tests.e2e.iam import seeds
from tests.e2e.iam.permission import NAMES
from tests.e2e.iam.probes.probe import Probe
from tests.e2e.iam.sandbox import IamHarness, new_id, now
from tests.support.builders import any_recorded

CIRCUITS = NAMES.table("circuits")


def lead(sandbox: IamHarness) -> bool:
    event_id = seeds.analyzed(sandbox)
    return sandbox.deliver("dispatch", {"event_id": event_id}).is_done and _status(sandbox, event_id) == "delivered"


def analysed_twice(sandbox: IamHarness) -> bool:
    """Which analysis is the newest is asked where one was ordered."""
    event_id, order_id, at = seeds.analyzed(sandbox), new_id("order"), datetime.now(UTC)
    order = ReanalysisOrder(order_id, requested_by="anna", requested_at=at, reason="the topic is wrong")
    orders = Reanalyses(sandbox.aws.dynamodb(), NAMES.table("webhook_events"))
    assert orders.order(seeds.event_of(sandbox, event_id), order)
    assert sandbox.analyses.record_again(any_recorded(event_id, revision=2, at=at), order_id=order_id)
    return sandbox.deliver("dispatch", {"event_id": event_id}).is_done and _status(sandbox, event_id) == "delivered"


def postponed(sandbox: IamHarness) -> bool:
    """A lead that the CRM cannot take now comes again soon, not after the queue's own time."""
    sandbox.empty()
    sandbox.stack.fault("http_503")
    outcome = sandbox.deliver("dispatch", {"event_id": seeds.analyzed(sandbox)})
    return outcome.error is None and not outcome.is_done and sandbox.is_back("dispatch", within_seconds=4)


def dead_letter(sandbox: IamHarness) -> bool:
    """A message that names no event becomes a dead letter with its reason."""
    sandbox.empty()
    outcome = sandbox.deliver("dispatch", {"event_id": new_id("nobody")})
    return outcome.is_done and sandbox.is_back("dispatch_dead_letters", within_seconds=1)


def doubted(sandbox: IamHarness) -> bool:
    """What may be in the CRM is judged by the terms of its attempts, and becomes a dead letter."""
    return sandbox.deliver("dispatch", {"event_id": seeds.unknown(sandbox)}).is_done


def held_back(sandbox: IamHarness) -> bool:
    """While the circuit is open no lead goes out."""
    _circuit(sandbox, opened_seconds_ago=-60)  # opened in a minute: nobody probes it yet
    try:
        event_id = seeds.analyzed(sandbox)
        sandbox.deliver("dispatch", {"event_id": event_id})
        return _status(sandbox, event_id) == "analyzed"
    finally:
        _circuit(sandbox)


def probed(sandbox: IamHarness) -> bool:
    """After a while one lead tries the CRM, and its success closes the circuit."""
    _circuit(sandbox, opened_seconds_ago=600)
    try:
        event_id = seeds.analyzed(sandbox)
        sandbox.deliver("dispatch", {"event_id": event_id})
        item = sandbox.aws.dynamodb().get_item(TableName=CIRCUITS, Key={"id": {"S": "crm"}})["Item"]
        return _status(sandbox, event_id) == "delivered" and "opened_at" not in item
    finally:
        _circuit(sandbox)


def _circuit(sandbox: IamHarness, *, opened_seconds_ago: int | None = None) -> None:
    """Set the circuit as the breaker would have: open since then, or closed."""
    opened = {} if opened_seconds_ago is None else {"opened_at": {"N": str(now() - opened_seconds_ago)}}
    item = {"id": {"S": "crm"}, "failures": {"N": "0"}, **opened}
    sandbox.aws.dynamodb().put_item(TableName=CIRCUITS, Item=item)


def _status(sandbox: IamHarness, event_id: str) -> str:
    return seeds.event_of(sandbox, event_id).status.value


PROBES = (
    Probe(
        "a lead is claimed, sent and recorded",
        lead,
        (
            "dynamodb:BatchGetItem webhook_events",
            "dynamodb:BatchGetItem analyses",
            "dynamodb:UpdateItem webhook_events",
            "dynamodb:PutItem crm_dispatches",
            "dynamodb:UpdateItem crm_dispatches",
        ),
    ),
    Probe("an attempt's terms are read before a repeat", doubted, ("dynamodb:Query crm_dispatches",)),
    Probe("an open circuit holds leads back", held_back, ("dynamodb:BatchGetItem circuits",)),
    Probe("the newest of several analyses is sent", analysed_twice, ("dynamodb:Query analyses",)),
    Probe(
        "one lead probes the circuit and closes it",
        probed,
        ("dynamodb:UpdateItem circuits",),
    ),
    Probe("what cannot be sent now comes again soon", postponed, ("sqs:ChangeMessageVisibility dispatch",)),
    Probe("what needs a person becomes a dead letter", dead_letter, ("sqs:SendMessage dispatch-dead-letters",)),
)
