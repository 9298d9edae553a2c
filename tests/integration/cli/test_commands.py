"""The command line and the API together: each command against the real handlers."""

from __future__ import annotations

import json

import pytest

from tests.integration.cli.conftest import CommandHarness
from tools.postcall.errors import NotFound, Refused
from tools.postcall.uat import calls


def brought(harness: CommandHarness, key: str = "b") -> str:
    """A call that went all the way."""
    body = calls.call("test", key)
    context, _, _ = harness.context()
    context.api.analyze(body)
    return str(body["event_id"])


def test_a_call_is_found_shown_and_read(harness: CommandHarness) -> None:
    event_id = brought(harness)
    harness.run("events")
    assert event_id in harness.shown
    harness.run("show", event_id)
    assert "attempt 1: Success" in harness.shown
    assert "двухкомнатная" not in harness.shown.split("What was sent")[0].split("Analysis")[0]
    harness.run("--json", "show", event_id, "--transcript")
    assert len(harness.document["call"]["turns"]) == 6


def test_a_person_is_found_by_phone_and_by_email(harness: CommandHarness) -> None:
    event_id = brought(harness)
    for query in ("+375290000000", "uat-postcall@example.com", event_id):
        harness.run("--json", "search", query)
        assert [row["event_id"] for row in harness.document["events"]] == [event_id], query


def test_a_delivered_lead_is_sent_again_by_force_only(harness: CommandHarness) -> None:
    event_id = brought(harness)
    with pytest.raises(Refused, match="arrived in the CRM already"):
        harness.run("resend", event_id)
    assert harness.run("resend", event_id, "--force", "--yes", "--wait") == 0
    assert len(harness.pipeline.crm.leads(event_id)) == 2


def test_an_unknown_outcome_is_seen_resolved_and_sent(harness: CommandHarness) -> None:
    harness.pipeline.crm.fail_next("http_500")
    event_id = brought(harness)
    harness.run("--json", "events", "--attention")
    assert [row["event_id"] for row in harness.document["events"]] == [event_id]
    harness.run("resolve", event_id, "--not-delivered", "--reason", "searched by the event id, not there")
    assert harness.run("resend", event_id, "--wait") == 0
    harness.run("show", event_id)
    assert "the CRM does not have it" in harness.shown
    assert "attempt 2: Success" in harness.shown


def test_what_was_given_up_is_previewed(harness: CommandHarness) -> None:
    harness.pipeline.crm.fail_next("http_413")
    event_id = brought(harness)
    assert harness.run("redrive", "dispatch", "--preview") == 0
    assert event_id in harness.shown
    assert "HTTP 413" in harness.shown
    harness.run("--json", "queues")
    assert harness.document["dispatch"]["dead_letters"] == 1


def test_a_person_is_erased_everywhere(harness: CommandHarness) -> None:
    event_id = brought(harness)
    assert harness.run("erase", "--phone", "+375290000000", "--reason", "asked for it", "--yes") == 0
    assert event_id in harness.shown
    with pytest.raises(NotFound, match="erased"):
        harness.run("show", event_id, "--transcript")
    harness.run("show", event_id)
    assert "UAT Postcall" not in harness.shown
    harness.run("search", "+375290000000")
    assert "No such events." in harness.shown


def test_the_days_books(harness: CommandHarness) -> None:
    brought(harness)
    harness.run("--json", "numbers")
    assert harness.document["received"] == harness.document["delivered"] == 1
    harness.run("quarantine")
    assert "empty" in harness.shown
    with pytest.raises(NotFound, match="No ledger"):
        harness.run("ledger")
    assert harness.run("reconcile", "--since", "2h", "--dry-run") in {0, 1}


def test_stored_calls_are_judged_again_without_a_trace(harness: CommandHarness) -> None:
    event_id = brought(harness)
    before = harness.pipeline.call_api("GET", f"/api/events/{event_id}")["body"]
    assert harness.run("--json", "replay", "--offline") == 0
    assert [row["changed"] for row in harness.document["calls"]] == [[]]
    assert json.loads(before) == json.loads(harness.pipeline.call_api("GET", f"/api/events/{event_id}")["body"])


def test_doctor_looks_at_all_of_it(harness: CommandHarness) -> None:
    brought(harness)
    harness.run("--json", "doctor")
    found = {check["name"]: check["state"] for check in harness.document["checks"]}
    assert {name for name, state in found.items() if state == "wrong"} == set()
    assert (found["circuit"], found["sending"], found["CRM"], found["dispatch queue"]) == ("well",) * 4
    assert found["model"] == "watch", "there is no key for one"
