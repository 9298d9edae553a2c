"""`numbers`, `ledger`, `reconcile`, `replay`: the environment's books, and judging stored calls again."""

from __future__ import annotations

from typing import Any

from tests.support.fakes.api_server import ApiServer
from tests.unit.cli.conftest import Terminal, detail, event
from tools.postcall.replay import stored_call

LEDGER: dict[str, Any] = {
    "day": "2026-11-23",
    "zone": "Europe/Minsk",
    "made_at": "2026-11-24T00:30:00.000Z",
    "conversations": 12,
    "delivered": 10,
    "excluded": {"voicemail": 1},
    "waiting": {},
    "missing": 1,
    "unlisted": 0,
    "adds_up": False,
    "ids": {"missing": ["conv_9"]},
}


def test_numbers_show_figures_and_only_statuses_that_occur(api: ApiServer, terminal: Terminal) -> None:
    found = {
        "day": "2026-11-24",
        "zone": "Europe/Minsk",
        "complete": True,
        "received": 3,
        "delivered": 2,
        "waiting": 0,
        "needs_person": 1,
        "not_sent": 0,
        "excluded": 0,
        "median_seconds_to_lead": 4.2,
        "by_hour": [{"hour": hour, "received": 3 * (hour == 10)} for hour in range(24)],
        "by_status": {"delivered": 2, "rejected": 1, "unknown": 0},
    }
    api.on("GET", "/api/numbers", found)
    assert terminal.run("numbers", "--day", "2026-11-24") == 0
    assert "4.2 s" in terminal.shown
    assert "10:00" in terminal.shown
    assert "unknown" not in terminal.shown


def test_a_ledger_that_does_not_add_up_names_the_calls_and_is_not_well(api: ApiServer, terminal: Terminal) -> None:
    api.on("GET", "/api/ledger/2026-11-23", LEDGER)
    assert terminal.run("ledger", "2026-11-23") == 1
    assert "conv_9" in terminal.shown
    assert "excluded: voicemail" in terminal.shown


def test_reconciling_tells_what_was_missed(api: ApiServer, terminal: Terminal) -> None:
    found = {
        "status": "done",
        "since": "2026-11-23T00:00:00Z",
        "dry_run": True,
        "listed": 5,
        "missed": 1,
        "taken_in": 0,
    }
    api.on("POST", "/api/reconcile", found | {"ids": {"missed": ["conv_9"], "taken_in": []}, "webhook": {}})
    assert terminal.run("reconcile", "--since", "2026-11-23T00:00:00+00:00", "--dry-run") == 0
    assert api.asked[0].body == {"since": "2026-11-23T00:00:00Z", "dry_run": True}
    assert "conv_9" in terminal.shown
    assert "Nothing was taken in" in terminal.report


def test_reconciling_without_a_key_is_not_well(api: ApiServer, terminal: Terminal) -> None:
    api.on("POST", "/api/reconcile", {"status": "off", "reason": "There is no key for ElevenLabs' API."})
    assert terminal.run("reconcile") == 1
    assert "There is no key" in terminal.shown


TURNS = {
    "turns": [
        {"n": 0, "speaker": "agent", "text": "Чем могу помочь?", "at_seconds": 0},
        {"n": 1, "speaker": "user", "text": "Хочу купить квартиру.", "at_seconds": 3},
    ],
    "vendor": {},
}


def test_a_stored_call_is_judged_again_and_nothing_is_ordered(api: ApiServer, terminal: Terminal) -> None:
    api.on("GET", "/api/events", {"events": [event()], "next_cursor": None})
    api.on("GET", "/api/events/conv_1", detail())
    api.on("GET", "/api/events/conv_1/call", TURNS)
    assert terminal.run("--json", "replay", "--offline", "--limit", "1") == 0
    (judged,) = terminal.document["calls"]
    assert judged["then"]["quality_score"] == 4
    assert judged["now"]["quality_score"] is None, "the rules alone judge nothing"
    assert "quality_score" in judged["changed"]
    assert {method for method, _ in api.calls()} == {"GET"}


def test_a_call_without_an_analysis_is_left_out(api: ApiServer, terminal: Terminal) -> None:
    api.on("GET", "/api/events/conv_1", detail(analysis=None))
    terminal.run("--json", "replay", "--offline", "conv_1")
    assert terminal.document["skipped"] == ["conv_1"]


def test_the_stored_call_is_read_as_it_was_spoken() -> None:
    call = stored_call(event(), TURNS)
    assert [turn.text for turn in call.caller_turns] == ["Хочу купить квартиру."]
    assert call.conversation_id == "conv_1"
