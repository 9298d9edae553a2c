"""What an operator is shown of many calls: lists, the search, numbers, what needs a person."""

from __future__ import annotations

from tests.integration.operations.harness import OperationsHarness
from tests.support.builders import CONVERSATION


def test_the_numbers_of_the_day_come_from_the_index(harness: OperationsHarness) -> None:
    harness.bring("fine")
    harness.bring("off", fault="landing_off")
    _, found = harness.call_api("GET", "/api/numbers")
    assert (found["received"], found["delivered"], found["needs_person"], found["excluded"]) == (2, 1, 1, 0)
    assert found["median_seconds_to_lead"] >= 0
    assert (found["zone"], found["complete"]) == ("Europe/Minsk", True)
    assert [(each["agent_id"], each["received"]) for each in found["by_agent"]] == [("A1", 2)]
    _, month = harness.call_api("GET", "/api/numbers", query={"days": "31", "zone": "Asia/Tokyo"})
    assert (len(month["by_day"]), month["by_day"][-1]["day"]) == (31, month["day"])
    assert sum(each["received"] for each in month["by_day"]) == month["received"] == 2
    assert harness.call_api("GET", "/api/numbers", query={"day": "2020-01-01"})[1]["received"] == 0


def test_an_event_that_the_sweep_has_given_up_is_named_in_the_state_of_the_whole(harness: OperationsHarness) -> None:
    harness.webhook()
    event = harness.pipeline.aws.events.get(CONVERSATION)
    assert event is not None
    assert harness.pipeline.aws.pending.record_sweep(event, now=event.received_at, stalled=True)
    _, health = harness.call_api("GET", "/api/health")
    assert health["stuck"] == [CONVERSATION]
    assert health["breaker"]["state"] == "closed"


def test_a_list_of_a_cause_names_its_calls_and_no_others(harness: OperationsHarness) -> None:
    for event_id, fault in (("off-1", "landing_off"), ("off-2", "landing_off"), ("bad-1", "http_404")):
        harness.bring(event_id, fault=fault)
    _, found = harness.call_api("GET", "/api/attention")
    for group in found["groups"]:
        query = {"status": group["status"], "cause": group["reason_code"]}
        listed = harness.call_api("GET", "/api/events", query=query)[1]["events"]
        assert [each["event_id"] for each in listed] == group["event_ids"]
    assert sorted(group["count"] for group in found["groups"]) == [1, 2]


def test_a_row_says_whose_call_it_is_and_what_it_is_about_and_is_filtered_and_found_by_it(
    harness: OperationsHarness,
) -> None:
    harness.bring("ivan_7", contacts={"full_name": "Юлия Ковалёва", "phone": "+375291112233"})
    harness.bring("nobody", contacts={})
    rows = {row["event_id"]: row for row in harness.call_api("GET", "/api/events")[1]["events"]}
    assert rows["ivan_7"]["contact"] == {"full_name": "Юлия Ковалёва", "phone": "+375291112233"}
    assert rows["nobody"]["contact"] == {}
    for query in ("Yulia Kovaleva", "ковалева юлия", "291112233", "ivan", "ivan_", "ivan_7"):
        found = harness.call_api("POST", "/api/search", body={"query": query})[1]["events"]
        expected = [] if query == "ivan" else ["ivan_7"]  # letters alone are a name, and no start of an id
        assert [row["event_id"] for row in found] == expected, query
    assert harness.call_api("POST", "/api/search", body={"query": "ivan_7", "cursor": "x"})[0] == 400
    assert harness.call_api("GET", "/api/events", query={"topic": "job"})[1]["events"] == []
    assert harness.call_api("GET", "/api/events", query={"quality": "9"})[0] == 400


def test_what_needs_a_person_is_named_by_cause_and_shrinks_as_it_is_settled(harness: OperationsHarness) -> None:
    harness.bring("unknown", fault="close_before_commit")
    for number in range(2):
        harness.bring(f"refused_{number}", fault="landing_off", contacts={"full_name": "Вера"})
    status, found = harness.call_api("GET", "/api/attention")
    causes = [(group["status"], group["reason_code"], group["count"]) for group in found["groups"]]
    assert (status, causes) == (200, [("unknown", "crm.no_answer", 1), ("rejected", "crm.landing_off", 2)])
    assert (found["waiting"], found["complete"], found["quarantine"]) == (3, True, {})
    assert set(found["groups"][1]["event_ids"]) == {"refused_0", "refused_1"}
    assert {each["event_id"]: each["contact"]["full_name"] for each in found["groups"][1]["people"]} == {
        "refused_0": "Вера",
        "refused_1": "Вера",
    }
    assert harness.call_api("POST", "/api/events/refused_0/close", body={"reason": "No lead wanted."})[0] == 200
    assert harness.call_api("GET", "/api/attention")[1]["waiting"] == 2
