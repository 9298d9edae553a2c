"""The command line and the API together: each command against the real handlers."""

from __future__ import annotations

import json

import pytest

from tests.integration.cli.conftest import Desk
from tools.cli.errors import NotFound, Refused
from tools.uat import calls


def brought(desk: Desk, key: str = "b") -> str:
    """A call that went all the way."""
    body = calls.call("test", key)
    context, _, _ = desk.context()
    context.api.analyze(body)
    return str(body["event_id"])


def test_a_call_is_found_shown_and_read(desk: Desk) -> None:
    event_id = brought(desk)
    desk.run("events")
    assert event_id in desk.shown
    desk.run("show", event_id)
    assert "attempt 1: success" in desk.shown
    assert "двухкомнатная" not in desk.shown.split("What was sent")[0].split("Analysis")[0]
    desk.run("--json", "show", event_id, "--transcript")
    assert len(desk.document["call"]["turns"]) == 6


def test_a_person_is_found_by_phone_and_by_email(desk: Desk) -> None:
    event_id = brought(desk)
    for query in ("+375290000000", "uat-postcall@example.com", event_id):
        desk.run("--json", "search", query)
        assert [row["event_id"] for row in desk.document["events"]] == [event_id], query


def test_a_delivered_lead_is_sent_again_by_force_only(desk: Desk) -> None:
    event_id = brought(desk)
    with pytest.raises(Refused, match="arrived in the CRM already"):
        desk.run("resend", event_id)
    assert desk.run("resend", event_id, "--force", "--yes", "--wait") == 0
    assert len(desk.way.crm.leads(event_id)) == 2


def test_an_unknown_outcome_is_seen_resolved_and_sent(desk: Desk) -> None:
    desk.way.crm.fail_next("http_500")
    event_id = brought(desk)
    desk.run("--json", "events", "--attention")
    assert [row["event_id"] for row in desk.document["events"]] == [event_id]
    desk.run("resolve", event_id, "--not-delivered", "--reason", "searched by the event id, not there")
    assert desk.run("resend", event_id, "--wait") == 0
    desk.run("show", event_id)
    assert "the CRM does not have it" in desk.shown
    assert "attempt 2: success" in desk.shown


def test_what_was_given_up_is_previewed(desk: Desk) -> None:
    desk.way.crm.fail_next("http_413")
    event_id = brought(desk)
    assert desk.run("redrive", "dispatch", "--preview") == 0
    assert event_id in desk.shown
    assert "HTTP 413" in desk.shown
    desk.run("--json", "queues")
    assert desk.document["dispatch"]["dead_letters"] == 1


def test_a_person_is_erased_everywhere(desk: Desk) -> None:
    event_id = brought(desk)
    assert desk.run("erase", "--phone", "+375290000000", "--reason", "asked for it", "--yes") == 0
    assert event_id in desk.shown
    with pytest.raises(NotFound, match="erased"):
        desk.run("show", event_id, "--transcript")
    desk.run("show", event_id)
    assert "UAT Postcall" not in desk.shown
    desk.run("search", "+375290000000")
    assert "No such events." in desk.shown


def test_the_days_books(desk: Desk) -> None:
    brought(desk)
    desk.run("--json", "numbers")
    assert desk.document["received"] == desk.document["delivered"] == 1
    desk.run("quarantine")
    assert "empty" in desk.shown
    with pytest.raises(NotFound, match="No ledger"):
        desk.run("ledger")
    assert desk.run("reconcile", "--since", "2h", "--dry-run") in {0, 1}


def test_stored_calls_are_judged_again_without_a_trace(desk: Desk) -> None:
    event_id = brought(desk)
    before = desk.way.ask("GET", f"/api/events/{event_id}")["body"]
    assert desk.run("--json", "replay", "--offline") == 0
    assert [row["changed"] for row in desk.document["calls"]] == [[]]
    assert json.loads(before) == json.loads(desk.way.ask("GET", f"/api/events/{event_id}")["body"])


def test_doctor_looks_at_all_of_it(desk: Desk) -> None:
    brought(desk)
    desk.run("--json", "doctor")
    found = {check["name"]: check["state"] for check in desk.document["checks"]}
    assert {name for name, state in found.items() if state == "wrong"} == set()
    assert (found["circuit"], found["sending"], found["CRM"], found["dispatch queue"]) == ("well",) * 4
    assert found["model"] == "watch", "there is no key for one"
