"""`events`, `search`, `show`: what an operator gets to see of a call."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator

import pytest

from tests.support.fakes.api_server import ApiServer
from tests.unit.cli.conftest import Terminal, attempt, detail, event


@pytest.fixture
def in_minsk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This machine's clock shows Minsk's time."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Europe/Minsk")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("in_minsk")
def test_a_list_shows_local_times_and_the_time_to_the_lead(api: ApiServer, terminal: Terminal) -> None:
    api.on("GET", "/api/events", {"events": [event()], "next_cursor": None})
    assert terminal.run("events") == 0
    assert "conv_1" in terminal.shown
    assert "24.11 13:00" in terminal.shown
    assert "4.2 s" in terminal.shown


def test_the_filters_go_to_the_api(api: ApiServer, terminal: Terminal) -> None:
    api.on("GET", "/api/events", {"events": [], "next_cursor": None})
    terminal.run("events", "--status", "unknown", "--day", "2026-11-24", "--agent", "agent_1", "--limit", "7")
    assert api.asked[0].query == {"status": "unknown", "day": "2026-11-24", "agent_id": "agent_1", "limit": "7"}
    assert "No such events." in terminal.shown


def test_all_reads_every_page(api: ApiServer, terminal: Terminal) -> None:
    api.on(
        "GET",
        "/api/events",
        {"events": [event("a"), event("b")], "next_cursor": "next"},
        {"events": [event("c")], "next_cursor": None},
    )
    terminal.run("--json", "events", "--all")
    assert [row["event_id"] for row in terminal.document["events"]] == ["a", "b", "c"]
    assert [asked.query.get("cursor") for asked in api.asked] == [None, "next"]


def test_attention_asks_for_each_status_that_waits_for_a_person(api: ApiServer, terminal: Terminal) -> None:
    api.on("GET", "/api/events", {"events": [event(status="unknown")], "next_cursor": None})
    terminal.run("events", "--attention")
    assert [asked.query.get("status", "stalled") for asked in api.asked] == [
        "stalled",
        "unknown",
        "rejected",
        "partial",
    ]


def test_a_page_says_how_to_go_on(api: ApiServer, terminal: Terminal) -> None:
    api.on("GET", "/api/events", {"events": [event()], "next_cursor": "further"})
    terminal.run("events")
    assert "--cursor further" in terminal.report


def test_show_tells_the_call_in_the_order_of_time(api: ApiServer, terminal: Terminal) -> None:
    resolved = attempt(2, resolution={"delivered": True, "resolved_by": "anna", "reason": "seen"}, forced=True)
    api.on("GET", "/api/events/conv_1", detail(dispatches=[attempt(), resolved]))
    terminal.run("show", "conv_1")
    order = ["received from: ElevenLabs", "analysed by gpt-6-luna", "attempt 1: Success", "attempt 2: Success, forced"]
    places = [terminal.shown.index(text) for text in order]
    assert places == sorted(places)
    assert "resolved by anna: the CRM has it" in terminal.shown
    assert "Покупка квартиры (apartment_purchase)" in terminal.shown
    assert "0.00042 USD" in terminal.shown
    assert "UsrEventId" in terminal.shown


def test_what_stands_still_is_not_said_to_move_and_what_helps_is_named(api: ApiServer, terminal: Terminal) -> None:
    api.on(
        "GET", "/api/events/conv_1", {"event": event(status="retrying", stalled=True, possible=["continue", "close"])}
    )
    terminal.run("show", "conv_1")
    assert "does not move" in terminal.shown
    assert "by itself" not in terminal.shown
    assert "continue, close" in terminal.shown


def test_the_transcript_is_asked_for_only_when_wanted(api: ApiServer, terminal: Terminal) -> None:
    api.on("GET", "/api/events/conv_1", detail())
    api.on(
        "GET",
        "/api/events/conv_1/call",
        {"turns": [{"n": 0, "speaker": "user", "text": "[bold]Хочу квартиру[/]", "at_seconds": 65}], "vendor": {}},
    )
    terminal.run("show", "conv_1")
    assert api.calls() == [("GET", "/api/events/conv_1")]
    terminal.run("show", "conv_1", "--transcript")
    assert "1:05" in terminal.shown
    assert "[bold]Хочу квартиру[/]" in terminal.shown, "what a caller says is text, never markup"


def test_an_id_with_reserved_characters_stays_one_part_of_the_path(api: ApiServer, terminal: Terminal) -> None:
    api.on("GET", "/api/events/a%2Fb%3Ac", detail())
    assert terminal.run("show", "a/b:c") == 0


def test_a_search_goes_on_to_the_oldest_call(api: ApiServer, terminal: Terminal) -> None:
    pages = {"events": [event()], "next_cursor": "further"}, {"events": [event("older_1")], "next_cursor": None}
    api.on("POST", "/api/search", *pages)
    terminal.run("search", "Иван")
    assert [asked.body for asked in api.asked] == [{"query": "Иван"}, {"query": "Иван", "cursor": "further"}]
    assert "older_1" in terminal.shown


def test_a_phone_may_be_kept_out_of_the_command_line(
    api: ApiServer, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.on("POST", "/api/search", {"events": [event()]})
    monkeypatch.setattr("sys.stdin", io.StringIO("+375291234567\n"))
    terminal.run("search", "-")
    assert api.asked[0].body == {"query": "+375291234567"}
    assert api.asked[0].query == {}
