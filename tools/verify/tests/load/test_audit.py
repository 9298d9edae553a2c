"""The auditor of the load run can fail: it names what is lost and what is doubled, given an invented CRM."""

from __future__ import annotations

import pytest

from postcall.domain.status import Status
from tools.verify.load.audit import Findings, Lead, Stored, audited

SENT = ("conv_a", "conv_b", "conv_c")


def stored(**statuses: str) -> dict[str, Stored]:
    return {name: Stored(name, status) for name, status in statuses.items()}


def lead(event_id: str, lead_id: str = "") -> Lead:
    return Lead(lead_id or f"lead of {event_id}", event_id, created_at=0.0)


ALL_DELIVERED = stored(conv_a="delivered", conv_b="delivered", conv_c="delivered")


def test_a_lead_for_each_call_is_clean() -> None:
    found = audited(SENT, SENT, [lead(name) for name in SENT], ALL_DELIVERED)
    assert found == Findings()
    assert found.clean


def test_a_call_without_a_lead_that_our_record_calls_delivered_is_lost() -> None:
    found = audited(SENT, SENT, [lead("conv_a"), lead("conv_c")], ALL_DELIVERED)
    assert found == Findings(lost=("conv_b",))


def test_an_acknowledged_call_that_is_stored_nowhere_is_lost() -> None:
    found = audited(SENT, SENT, [lead("conv_a"), lead("conv_b")], stored(conv_a="delivered", conv_b="delivered"))
    assert found == Findings(lost=("conv_c",))


def test_two_leads_of_one_call_are_doubled() -> None:
    leads = [lead(name) for name in SENT] + [lead("conv_c", "its second lead")]
    found = audited(SENT, SENT, leads, ALL_DELIVERED)
    assert found == Findings(doubled={"conv_c": 2})


@pytest.mark.parametrize("status", ["received", "analyzed", "sending", "retrying", "unknown", "rejected", "partial"])
def test_a_call_in_a_named_state_waits_and_is_not_lost(status: str) -> None:
    events = ALL_DELIVERED | stored(conv_a=status)
    found = audited(SENT, SENT, [lead("conv_b"), lead("conv_c")], events)
    assert found == Findings(waiting={"conv_a": status})
    assert not found.clean


def test_an_excluded_call_without_a_lead_is_lost_because_every_call_sent_is_a_lead() -> None:
    found = audited(SENT, SENT, [lead("conv_b"), lead("conv_c")], ALL_DELIVERED | stored(conv_a=Status.EXCLUDED))
    assert found == Findings(lost=("conv_a",))


def test_a_call_that_was_never_acknowledged_is_told_apart_from_a_lost_one() -> None:
    found = audited(SENT, {"conv_a", "conv_b"}, [lead("conv_a"), lead("conv_b")], ALL_DELIVERED | stored(conv_c="gone"))
    assert found == Findings(never_acknowledged=("conv_c",))


def test_a_lead_of_a_call_that_nobody_sent_is_a_stranger() -> None:
    found = audited(SENT, SENT, [*map(lead, SENT), lead("conv_x")], ALL_DELIVERED)
    assert found == Findings(strangers=("conv_x",))


def test_a_lead_that_our_record_does_not_know_of_disagrees() -> None:
    found = audited(SENT, SENT, list(map(lead, SENT)), ALL_DELIVERED | stored(conv_b="retrying"))
    assert found == Findings(disagreeing={"conv_b": "retrying"})


def test_the_ids_to_look_at_are_named_once_each() -> None:
    leads = [lead("conv_b"), lead("conv_b", "again")]
    found = audited(SENT, SENT, leads, stored(conv_a="delivered", conv_b="retrying", conv_c="analyzed"))
    assert found.named == ["conv_a", "conv_c", "conv_b"]
