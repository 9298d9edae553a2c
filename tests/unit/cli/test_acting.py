"""`resend`, `resolve`, `erase`, `redrive`, `quarantine`: what an operator orders, and what is asked before."""

from __future__ import annotations

import pytest

from tests.support.fakes.api_server import ApiServer, Reply
from tests.unit.cli.conftest import Terminal, event
from tools.postcall.errors import NotAvailable, NotFound, Refused, WrongUsage

ORDERED = {"event_id": "conv_1", "status": "queued", "order_id": "o1", "forced": False, "requested_by": "anna"}


def depths(dead_letters: int) -> dict[str, dict[str, int]]:
    return {
        "analysis": {"waiting": 0, "in_flight": 0, "dead_letters": 0},
        "dispatch": {"waiting": 0, "in_flight": 0, "dead_letters": dead_letters},
    }


def test_a_resend_is_ordered_without_force(api: ApiServer, terminal: Terminal) -> None:
    api.on("POST", "/api/events/conv_1/resend-crm", Reply(202, ORDERED))
    assert terminal.run("resend", "conv_1") == 0
    assert api.asked[0].query == {}
    assert "ordered by anna" in terminal.shown


def test_force_without_anybody_to_confirm_sends_nothing(api: ApiServer, terminal: Terminal) -> None:
    with pytest.raises(WrongUsage, match="give --yes"):
        terminal.run("resend", "conv_1", "--force")
    assert api.asked == []


def test_a_forced_resend_passes_the_apis_warning_on(api: ApiServer, terminal: Terminal) -> None:
    api.on("POST", "/api/events/conv_1/resend-crm", Reply(202, ORDERED | {"warning": "There may be two afterwards."}))
    assert terminal.run("resend", "conv_1", "--force", "--yes") == 0
    assert api.asked[0].query == {"force": "true"}
    assert "There may be two afterwards." in terminal.report


def test_a_refused_resend_is_told_in_the_apis_words(api: ApiServer, terminal: Terminal) -> None:
    api.on("POST", "/api/events/conv_1/resend-crm", Reply(409, {"detail": "The lead is being sent right now."}))
    with pytest.raises(Refused, match="being sent right now"):
        terminal.run("resend", "conv_1")


def test_with_wait_the_end_is_told_and_a_refusal_by_the_crm_is_not_well(api: ApiServer, terminal: Terminal) -> None:
    open_order = {"is_open": True, "requested_by": "anna"}
    api.on("POST", "/api/events/conv_1/resend-crm", Reply(202, ORDERED))
    api.on(
        "GET",
        "/api/events/conv_1",
        {"event": event(status="rejected", resend_order=open_order)},
        {"event": event(status="sending")},
        {"event": event(status="rejected", status_reason="HTTP 413")},
    )
    assert terminal.run("resend", "conv_1", "--wait") == 1
    assert "HTTP 413" in terminal.shown


def test_several_are_ordered_and_the_worst_decides_the_exit_code(api: ApiServer, terminal: Terminal) -> None:
    api.on("POST", "/api/events/a/resend-crm", Reply(202, ORDERED | {"event_id": "a"}))
    api.on("POST", "/api/events/b/resend-crm", Reply(409, {"detail": "It has arrived."}))
    assert terminal.run("--json", "resend", "a", "b") == 4
    assert [result["status"] for result in terminal.document["results"]] == ["queued", "refused"]


def test_an_unknown_outcome_is_resolved_with_a_reason(api: ApiServer, terminal: Terminal) -> None:
    api.on("POST", "/api/events/conv_1/resolve", {"event_id": "conv_1", "status": "rejected", "resolved_by": "anna"})
    terminal.run("resolve", "conv_1", "--not-delivered", "--reason", "searched, not there")
    assert api.asked[0].body == {"outcome": "not_delivered", "reason": "searched, not there"}
    assert "postcall resend conv_1" in terminal.report


def test_a_reanalysis_is_ordered_with_a_reason(api: ApiServer, terminal: Terminal) -> None:
    api.on("POST", "/api/events/conv_1/reanalyze", Reply(202, {"event_id": "conv_1", "status": "queued"}))
    terminal.run("reanalyze", "conv_1", "--reason", "new prompt")
    assert api.asked[0].body == {"reason": "new prompt"}


def test_an_event_is_erased_only_when_confirmed(api: ApiServer, terminal: Terminal) -> None:
    api.on("POST", "/api/events/conv_1/erase", {"event_id": "conv_1", "erased": ["payload"], "erased_by": "anna"})
    with pytest.raises(WrongUsage):
        terminal.run("erase", "conv_1", "--reason", "asked for")
    assert api.asked == []
    assert terminal.run("erase", "conv_1", "--reason", "asked for", "--yes") == 0
    assert "payload" in terminal.shown


def test_a_person_is_erased_until_nothing_more_is_there(api: ApiServer, terminal: Terminal) -> None:
    refused = [{"event_id": "c", "reason": "It is being sent."}]
    api.on(
        "POST",
        "/api/erase-person",
        {"erased": ["a", "b"], "refused": [], "more": True, "erased_by": "anna"},
        {"erased": ["d"], "refused": refused, "more": False, "erased_by": "anna"},
    )
    assert terminal.run("--json", "erase", "--email", "a@example.com", "--reason", "asked for", "--yes") == 1
    assert terminal.document["erased"] == ["a", "b", "d"]
    assert terminal.document["refused"] == refused
    assert api.asked[0].body == {"email": "a@example.com", "reason": "asked for"}


@pytest.mark.parametrize("given", [(), ("conv_1", "--phone", "1"), ("--phone", "1", "--email", "a@example.com")])
def test_erase_wants_exactly_one_thing(terminal: Terminal, given: tuple[str, ...]) -> None:
    with pytest.raises(WrongUsage, match="either an event's id, --phone or --email"):
        terminal.run("erase", *given, "--reason", "asked for", "--yes")


def test_the_recorded_erasures_are_run_again_to_their_end(api: ApiServer, terminal: Terminal) -> None:
    refused = [{"event_id": "c", "reason": "It is being sent."}]
    api.on(
        "POST",
        "/api/erasures/again",
        {"records": 25, "erased": ["a"], "discarded": 1, "refused": [], "next_cursor": "erasures/event/a/t"},
        {"records": 3, "erased": [], "discarded": 0, "refused": refused, "next_cursor": None},
    )
    assert terminal.run("--json", "erasures", "--again", "--reason", "restored") == 1
    assert terminal.document == {"records": 28, "erased": ["a"], "discarded": 1, "refused": refused}
    assert [asked.body for asked in api.asked] == [
        {"reason": "restored", "after": ""},
        {"reason": "restored", "after": "erasures/event/a/t"},
    ]


def test_a_preview_moves_nothing(api: ApiServer, terminal: Terminal) -> None:
    api.on("GET", "/api/queues", depths(2))
    messages = [{"event_id": "conv_1", "reason": "HTTP 413", "status": "rejected"}]
    api.on("POST", "/api/queues/dispatch/redrive", {"depth_before": 2, "messages": messages, "task": None})
    assert terminal.run("redrive", "dispatch", "--preview") == 0
    assert api.asked[-1].body == {"preview": True}
    assert "HTTP 413" in terminal.shown
    assert "1 of 2 are shown." in terminal.shown


def test_a_redrive_of_one_cause_says_how_many_went_back(api: ApiServer, terminal: Terminal) -> None:
    api.on("GET", "/api/queues", depths(3))
    api.on("POST", "/api/queues/dispatch/redrive", Reply(202, {"depth_before": 3, "messages": [], "moved": 2}))
    assert terminal.run("redrive", "dispatch", "--cause", "crm.landing_off", "--reason", "it is on", "--yes") == 0
    assert api.asked[-1].body == {"preview": False, "cause": "crm.landing_off", "reason": "it is on"}
    assert "2 of 3 went back" in terminal.shown


def test_a_redrive_shows_the_depth_before_and_after(api: ApiServer, terminal: Terminal) -> None:
    api.on("GET", "/api/queues", depths(3), depths(3), depths(1), depths(0))
    api.on("POST", "/api/queues/dispatch/redrive", Reply(202, {"depth_before": 3, "messages": [], "task": "t"}))
    assert terminal.run("--json", "redrive", "dispatch", "--yes") == 0
    assert terminal.document["before"]["dispatch"]["dead_letters"] == 3
    assert terminal.document["after"]["dispatch"]["dead_letters"] == 0


def test_a_redrive_that_does_not_move_ends_and_says_so(api: ApiServer, terminal: Terminal) -> None:
    api.on("GET", "/api/queues", depths(3))
    api.on("POST", "/api/queues/dispatch/redrive", Reply(202, {"depth_before": 3, "messages": [], "task": "t"}))
    assert terminal.run("redrive", "dispatch", "--yes") == 1


def test_nothing_is_ordered_where_nothing_was_given_up(api: ApiServer, terminal: Terminal) -> None:
    api.on("GET", "/api/queues", depths(0))
    assert terminal.run("redrive", "dispatch") == 0
    assert api.calls() == [("GET", "/api/queues")]


def test_the_quarantine_is_listed_released_and_dropped(api: ApiServer, terminal: Terminal) -> None:
    entry = {"quarantine_id": "q1", "kind": "signature", "reason": "The signature is wrong.", "bytes": 2048}
    entry |= {"received_at": "2026-11-24T10:00:00.000Z", "released_at": None, "event_id": None}
    released = entry | {"quarantine_id": "q2", "released_at": "2026-11-24T11:07:00.000Z", "released_by": "anna"}
    entries = [entry, released | {"event_id": "conv_1"}]
    api.on("GET", "/api/quarantine", {"entries": entries, "next_cursor": None})
    api.on("POST", "/api/quarantine/q1/release", {"quarantine_id": "q1", "status": "received", "event_id": "conv_1"})
    api.on("DELETE", "/api/quarantine/q1", {"quarantine_id": "q1", "status": "discarded"})
    terminal.run("quarantine")
    assert "2.0 KiB" in terminal.shown
    assert terminal.shown.count("by anna") == terminal.shown.count("conv_1") == 1
    terminal.run("quarantine", "release", "q1")
    assert "received" in terminal.shown
    terminal.run("quarantine", "drop", "q1", "--yes")
    assert api.asked[-1].method == "DELETE"


def test_what_the_environment_does_not_offer_yet_is_not_there(terminal: Terminal) -> None:
    with pytest.raises(NotFound, match="nothing at this path"):
        terminal.run("numbers")


def test_an_answer_of_another_version_is_one_sentence(api: ApiServer, terminal: Terminal) -> None:
    api.on("GET", "/api/queues", {"dispatch": {}})
    with pytest.raises(NotAvailable, match="has no dead_letters"):
        terminal.run("redrive", "dispatch", "--yes")


def test_what_stands_still_is_brought_on_taken_back_or_closed(api: ApiServer, terminal: Terminal) -> None:
    api.on("POST", "/api/events/conv_1/continue", {"event_id": "conv_1", "status": "queued", "requested_by": "anna"})
    api.on("POST", "/api/events/conv_1/withdraw", {"event_id": "conv_1", "status": "rejected", "withdrawn_by": "anna"})
    api.on("POST", "/api/events/conv_1/close", {"event_id": "conv_1", "status": "excluded", "closed_by": "anna"})
    assert terminal.run("continue", "conv_1") == 0
    assert terminal.run("withdraw", "conv_1") == 0
    assert terminal.run("close", "conv_1", "--reason", "a test call", "--yes") == 0
    assert api.asked[-1].body == {"reason": "a test call"}


def test_what_was_never_sent_is_sent_by_one_command(api: ApiServer, terminal: Terminal) -> None:
    api.on("GET", "/api/events", {"events": [event(status="dry_run")], "next_cursor": None})
    api.on("POST", "/api/events/conv_1/resend-crm", Reply(202, ORDERED))
    assert terminal.run("resend", "--unsent", "--yes") == 0
    asked = [each.query["status"] for each in api.asked if each.method == "GET"]
    assert asked == ["disabled", "dry_run"]
    assert [each.path for each in api.asked if each.method == "POST"] == ["/api/events/conv_1/resend-crm"] * 2
    for arguments in (("resend",), ("resend", "conv_1", "--unsent"), ("resend", "--unsent", "--force", "--yes")):
        with pytest.raises(WrongUsage):
            terminal.run(*arguments)


def test_a_ledger_is_made_anew(api: ApiServer, terminal: Terminal) -> None:
    ledger = {"day": "2026-11-24", "zone": "Europe/Minsk", "made_at": "2026-11-25T10:00:00.000Z"}
    numbers = {"conversations": 1, "delivered": 1, "excluded": {}, "waiting": {}, "missing": 0, "unlisted": 0}
    found = ledger | numbers | {"adds_up": True, "ids": {}}
    api.on("POST", "/api/ledger/2026-11-24", found)
    assert terminal.run("ledger", "2026-11-24", "--anew") == 0


def test_a_content_is_used_by_the_beginning_of_its_name(api: ApiServer, terminal: Terminal) -> None:
    one = {"received_at": "2026-11-24T10:00:00.000Z", "bytes": 9, "source": "elevenlabs", "emails": []}
    found = [
        {"sha256": "ab" * 32, "is_used": True, "phones": ["+375291112233"], **one},
        {"sha256": "cd" * 32, "is_used": False, "phones": ["+375294445566"], **one},
    ]
    api.on("GET", "/api/events/conv_1/revisions", {"event_id": "conv_1", "revisions": found})
    api.on("POST", "/api/events/conv_1/use-revision", Reply(202, ORDERED))
    assert terminal.run("revisions", "conv_1") == 0
    assert "+375294445566" in terminal.shown
    with pytest.raises(WrongUsage, match="reason"):
        terminal.run("revisions", "conv_1", "--use", "cdcd")
    with pytest.raises(WrongUsage, match="0 contents"):
        terminal.run("revisions", "conv_1", "--use", "ee", "--reason", "corrected")
    assert terminal.run("revisions", "conv_1", "--use", "cdcd", "--reason", "corrected") == 0
    assert api.asked[-1].body == {"sha256": "cd" * 32, "reason": "corrected"}
