"""A known call that came with another content: whose it is can be seen, and the analysis can be made from it."""

from __future__ import annotations

from typing import Any

from tests.contract.stored import items
from tests.integration.operations.harness import OperationsHarness
from tests.support.aws import EVENTS
from tests.support.builders import CONVERSATION, any_webhook, encoded

FIRST, SECOND = "+375291112233", "+375294445566"
REASON = {"reason": "Their second message is the right one."}


def call(number: str) -> bytes:
    line = {"phone_call": {"direction": "inbound", "external_number": number}}
    return encoded(any_webhook(metadata=line))


def revised(harness: OperationsHarness) -> list[dict[str, Any]]:
    """A call that came twice with different numbers, analysed and sent."""
    harness.webhook(call(FIRST))
    harness.pipeline.analyse()
    harness.pipeline.dispatch()
    harness.webhook(call(SECOND))
    harness.webhook(call(SECOND))
    return revisions(harness)


def revisions(harness: OperationsHarness) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = harness.call_api("GET", f"/api/events/{CONVERSATION}/revisions")[1]["revisions"]
    return found


def use(harness: OperationsHarness, sha256: str) -> int:
    return harness.call_api("POST", f"/api/events/{CONVERSATION}/use-revision", body={"sha256": sha256, **REASON})[0]


def test_each_content_is_shown_once_with_whose_it_is(harness: OperationsHarness) -> None:
    found = revised(harness)
    assert [(each["phones"], each["is_used"]) for each in found] == [([FIRST], True), ([SECOND], False)]
    assert {each["source"] for each in found} == {"elevenlabs"}


def test_the_other_content_is_analysed_and_the_first_can_be_taken_again(harness: OperationsHarness) -> None:
    first, second = revised(harness)
    assert use(harness, second["sha256"]) == 202
    harness.pipeline.analyse()
    assert harness.event(CONVERSATION)["contact"]["phone"] == SECOND
    assert [(each["phones"], each["is_used"]) for each in revisions(harness)] == [([SECOND], True), ([FIRST], False)]
    assert harness.call_api("GET", f"/api/events/{CONVERSATION}")[1]["analysis"]["requested_by"] == "anna"
    assert use(harness, first["sha256"]) == 202
    harness.pipeline.analyse()
    assert harness.event(CONVERSATION)["contact"]["phone"] == FIRST
    assert len(harness.pipeline.crm.leads()) == 1


def test_what_is_no_content_of_the_call_is_refused(harness: OperationsHarness) -> None:
    revised(harness)
    assert use(harness, "0" * 64) == 404


def test_the_content_in_use_is_analysed_again_as_by_who_repeats_an_order_that_was_cut_off(
    harness: OperationsHarness,
) -> None:
    first, second = revised(harness)
    assert use(harness, second["sha256"]) == 202
    assert use(harness, second["sha256"]) == 409  # its analysis is under way
    harness.pipeline.analyse()
    assert use(harness, second["sha256"]) == 202
    harness.pipeline.analyse()
    assert [(each["sha256"], each["is_used"]) for each in revisions(harness)] == [
        (second["sha256"], True),
        (first["sha256"], False),
    ]


def test_while_another_analysis_is_ordered_the_content_stays(harness: OperationsHarness) -> None:
    first, second = revised(harness)
    assert harness.call_api("POST", f"/api/events/{CONVERSATION}/reanalyze", body=REASON)[0] == 202
    assert use(harness, second["sha256"]) == 409
    assert [each["is_used"] for each in revisions(harness)] == [True, False]
    assert revisions(harness)[0]["sha256"] == first["sha256"]


def test_contents_that_change_places_are_each_kept_once_and_all_erased(harness: OperationsHarness) -> None:
    first, second = revised(harness)
    for sha256 in (second["sha256"], first["sha256"], second["sha256"]):
        assert use(harness, sha256) == 202
        harness.pipeline.analyse()
        found = revisions(harness)
        assert {each["sha256"] for each in found} == {first["sha256"], second["sha256"]}
        assert (found[0]["sha256"], found[0]["is_used"]) == (sha256, True)
    row = items(EVENTS)[CONVERSATION]
    assert "payload" not in str(row["revisions"]) + str(row.get("payload", ""))  # the first lies beside, once
    harness.call_api("POST", f"/api/events/{CONVERSATION}/erase", body=REASON)
    assert [name for name in items(EVENTS) if name != CONVERSATION] == []


def test_an_erasure_takes_what_was_exchanged_as_well(harness: OperationsHarness) -> None:
    _, second = revised(harness)
    use(harness, second["sha256"])
    harness.call_api("POST", f"/api/events/{CONVERSATION}/erase", body=REASON)
    assert revisions(harness) == []
    found = harness.call_api("POST", "/api/erase-person", body={"phone": FIRST, "preview": True})[1]
    assert (found["own"], found["complete"]) == ([], True)
