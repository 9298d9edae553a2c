"""A terminal of 80 columns: no line of any help or output is longer, in either language; a wide one gets more."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from rich.cells import cell_len

from tests.support.fakes.api_server import ApiServer, Reply
from tests.unit.cli.conftest import Terminal, attempt, detail, english_sentences, event
from tests.unit.cli.test_books import LEDGER, TURNS
from tests.unit.cli.test_doctor import ANSWERED, SENDING, health
from tests.unit.cli.test_restore import EVENTS, MOMENT, NOW, FakeTables
from tests.unit.cli.test_restore import event as row
from tools.postcall import language
from tools.postcall.arguments import parser
from tools.postcall.dispatch_commands import Dispatch
from tools.postcall.restore.command import Erasures
from tools.postcall.restore.command import run as restore
from tools.simulators.model import ModelStub

COLUMNS = 80
WIDTHS = (60, COLUMNS, 120, 200)
ID = "conv_" + "0123456789" * 6
NAME = "Константинопольский-Преображенский Всеволод " * 3
WIDE_NAME = "山田太郎" * 12  # each sign takes two columns
REASON = {
    "status_reason": "The landing is switched off in the CRM.",
    "status_reason_code": "crm.landing_off",
    "status_reason_params": {},
}
SAID = {"reason": REASON["status_reason"], "reason_code": "crm.landing_off", "reason_params": {}}
CONTACT = {"full_name": NAME, "phone": "+375291112233", "email": "v" * 60 + "@example.com"}
OWN_WORDS = "Перезвонил, договорились о встрече; " * 5
DEPTHS = {
    name: {"waiting": 1, "in_flight": 0, "dead_letters": dead} for name, dead in (("analysis", 0), ("dispatch", 2))
}
LETTER = {
    "event_id": ID,
    "status": "rejected",
    "cause": "crm.landing_unknown",
    "since": "2026-11-24T10:00:00.000Z",
    **SAID,
}
ENTRY = {
    "quarantine_id": "q" * 40,
    "received_at": "2026-11-24T10:00:00.000Z",
    "kind": "vendor",
    "bytes": 70_000,
    "reason": "Nothing at all.",
    "reason_code": "crm.landing_off",
    "reason_params": {},
}
RELEASED = {"released_at": "2026-11-24T11:00:00.000Z", "released_by": NAME, "event_id": ID}
PERSON = {
    "own": [ID, "conv_2"],
    "mentioned": [ID],
    "quarantined": 3,
    "not_searched": [],
    "erased": [ID],
    "refused": [{"event_id": ID, **SAID}],
}
NUMBERS = {
    "day": "2026-11-24",
    "zone": "Europe/Minsk",
    "complete": False,
    "received": 10_340,
    "median_seconds_to_lead": 200.0,
    "by_hour": [{"hour": hour, "received": 1_000 * hour} for hour in range(24)],
    "by_status": {"delivered": 10_000, "rejected": 340},
}
ORDERED = {"event_id": ID, "status": "queued", "order_id": "o1", "forced": False, "requested_by": "anna"}
REVISION = {
    "sha256": "a" * 64,
    "is_used": True,
    "received_at": "2026-11-24T10:00:00.000Z",
    "source": "elevenlabs",
    "phones": ["+375291112233"] * 4,
    "emails": [CONTACT["email"]],
}


@pytest.fixture
def full(api: ApiServer, monkeypatch: pytest.MonkeyPatch) -> ApiServer:
    """An environment in which everything is long."""
    monkeypatch.setattr(Dispatch, "settings", lambda _: {"settings": SENDING, "field_map": []})
    monkeypatch.setattr(Dispatch, "probe", lambda *_: ANSWERED | {"http_status": 404})
    fill(api)
    return api


def fill(api: ApiServer) -> None:
    """The answers, from the first again: `tail` sees the second page as news."""
    calls = [
        event(ID, status="rejected", contact=CONTACT, agent_name=NAME, topic="apartment_purchase", quality_score=4)
        | REASON,
        event("e2", contact={"full_name": WIDE_NAME}),
    ]
    wordy = attempt(2, status="error", outcome="rejected_data", detail=REASON["status_reason"], answer="x" * 900)
    wordy |= {"detail_code": "crm.landing_off", "detail_params": {}, "requested_by": "anna@" + "example." * 9}
    wordy |= {"resolution": {"delivered": False, "resolved_by": NAME, "reason": OWN_WORDS}}
    order = {"requested_at": "2026-11-24T11:00:00.000Z", "requested_by": NAME, "forced": True, "is_open": True}
    one = detail(
        event=calls[0] | {"duplicate_count": 2, "resend_order": order, "possible": ["resend", "resolve", "close"]},
        dispatches=[attempt(detail_code="crm.saved"), wordy],
    )
    group = {"status": "rejected", "count": 157, "since": "2026-11-24T11:05:00.000Z", "event_ids": [ID] * 4, **SAID}
    group["people"] = [{"event_id": ID, "contact": CONTACT}, {"event_id": "e2", "contact": {"full_name": WIDE_NAME}}]
    attention = {
        "groups": [group, group | {"status": "unknown"}],
        "waiting": 314,
        "complete": False,
        "resting": {"dry_run": 3, "disabled": 2},
        "quarantine": {"vendor": 2, "unknown_type": 1},
    }
    page = {"events": calls, "next_cursor": "c" * 120}
    api.on("GET", "/api/events", page, {"events": [event("e3", contact=CONTACT), *calls], "next_cursor": None})
    api.on("POST", "/api/search", page | {"next_cursor": None})
    api.on("GET", "/api/stalled", {"events": [ID]})
    for event_id in (ID, "e2", "e3"):
        api.on("GET", f"/api/events/{event_id}", one)
        api.on("GET", f"/api/events/{event_id}/call", TURNS)
    api.on("GET", f"/api/events/{ID}/revisions", {"revisions": [REVISION]})
    api.on("POST", f"/api/events/{ID}/resend-crm", Reply(202, ORDERED))
    api.on("POST", f"/api/events/{ID}/resolve", {"event_id": ID, "status": "rejected", "resolved_by": NAME})
    api.on("GET", "/api/attention", attention)
    api.on("GET", "/api/health", health(stuck=[ID], search=False, breaker={"state": "open"}))
    api.on("GET", "/api/queues", DEPTHS)
    api.on("POST", "/api/queues/dispatch/redrive", {"messages": [LETTER, LETTER | {"event_id": "conv_2"}]})
    api.on("GET", "/api/quarantine", {"entries": [ENTRY, ENTRY | RELEASED], "next_cursor": None})
    why = {"excluded": {"not a lead": 1}, "waiting": {"its webhook": 2}}
    codes = {"not a lead": {"code": "place.not_a_lead"}, "its webhook": {"code": "place.webhook"}}
    ids = {"missing": [ID], "waiting: its webhook": [ID]}
    api.on("GET", "/api/ledger/2026-11-23", LEDGER | why | {"codes": codes, "ids": ids})
    api.on("GET", "/api/numbers", NUMBERS)
    found = {"status": "done", "since": "2026-11-23T00:00:00Z", "dry_run": True, "listed": 5, "missed": 1}
    api.on("POST", "/api/reconcile", found | {"ids": {"missed": [ID], "taken_in": []}, "webhook": {}})
    api.on("POST", "/api/erase-person", PERSON)
    api.on(
        "POST", "/api/erasures/again", {"records": 2, "erased": [ID], "discarded": 1, "refused": [], "next_cursor": ""}
    )


def _restore(terminal: Terminal) -> None:
    tables = FakeTables({}, {EVENTS: [row("lost", "analyzed"), row("erased")]})
    erasures = Erasures(lambda: frozenset({"erased"}), tables.erase_again)
    options = parser().parse_args(["restore", "--to", MOMENT, "--preview"])
    with terminal.context() as context:
        restore(context, options, tables, erasures, now=NOW)


def _model(terminal: Terminal) -> None:
    with ModelStub("schema_ignored") as stub:
        terminal.run("model", "check", "--base-url", stub.base_url)


def _command(*arguments: str) -> Callable[[Terminal], None]:
    def run(terminal: Terminal) -> None:
        terminal.run(*arguments)

    return run


OUTPUTS: dict[str, Callable[[Terminal], None]] = {
    "model check": _model,
    "restore": _restore,
    **{
        " ".join(arguments)[:40]: _command(*arguments)
        for arguments in (
            ("events",),
            ("search", "Ivan"),
            ("show", ID, "--transcript", "--attempts"),
            ("attention",),
            ("tail", "--seconds", "3"),
            ("doctor",),
            ("doctor", "--first-day"),
            ("ledger", "2026-11-23"),
            ("numbers",),
            ("reconcile", "--dry-run"),
            ("queues",),
            ("redrive", "dispatch", "--preview"),
            ("quarantine",),
            ("erase", "--phone", "+375291112233", "--preview"),
            ("erase", "--phone", "+375291112233", "--yes", "--reason", "asked"),
            ("erasures", "--again", "--reason", "restored"),
            ("revisions", ID),
            ("resend", ID),
            ("resolve", ID, "--not-delivered", "--reason", "looked"),
            ("replay", "--offline", ID),
        )
    },
}


@pytest.mark.parametrize("lang", ["ru", "en"])
@pytest.mark.parametrize("name", OUTPUTS)
def test_no_line_of_an_output_is_longer_than_the_terminal_and_it_has_one_language(
    full: ApiServer, terminal: Terminal, monkeypatch: pytest.MonkeyPatch, name: str, lang: str
) -> None:
    monkeypatch.setenv(language.VARIABLE, lang)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-invented")
    for terminal.width in WIDTHS:
        fill(full)
        OUTPUTS[name](terminal)
        assert terminal.shown.strip()
        assert [line for line in terminal.shown.splitlines() if cell_len(line) > terminal.width] == []
        if lang == "ru":
            assert english_sentences(terminal.shown) == []


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("name", ["redrive dispatch --preview", "doctor", "attention"])
def test_what_is_copied_from_the_screen_is_broken_nowhere(terminal: Terminal, name: str) -> None:
    """A cause for `--cause`, the path of a runbook, a command: each whole on one line of 80 columns."""
    terminal.width = COLUMNS
    OUTPUTS[name](terminal)
    whole = {
        "redrive dispatch --preview": "crm.landing_unknown",
        "doctor": "docs/runbooks/dispatch-dead-letters.md",
        "attention": ID,
    }
    assert any(whole[name] in line for line in terminal.shown.splitlines())


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize(("name", "more"), [("events", ID), ("events", "●●●●○"), ("doctor", "state")])
def test_a_wide_terminal_gets_more(terminal: Terminal, name: str, more: str) -> None:
    seen = {}
    for terminal.width in (COLUMNS, 160):
        OUTPUTS[name](terminal)
        seen[terminal.width] = more in terminal.shown
    assert seen == {COLUMNS: False, 160: True}


def test_a_token_and_its_row_stay_on_one_line_each(terminal: Terminal) -> None:
    terminal.width = COLUMNS
    terminal.run("token", "new", "--name", "anna", "--may", "look,act")
    token, row = terminal.shown.splitlines()
    assert (token.split()[0], row.split()[0]) == ("token", "row")


def test_what_a_terminal_is_told_of_a_file_fits(api: ApiServer, terminal: Terminal, tmp_path: Any) -> None:
    terminal.width = COLUMNS
    api.on("GET", "/api/export", {"rows": []})
    terminal.run("export", str(tmp_path / f"{'calls' * 20}.csv"))
    assert [line for line in terminal.shown.splitlines() if cell_len(line) > COLUMNS] == []


def parsers(made: argparse.ArgumentParser, name: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """A command and those below it."""
    yield name, made
    for action in made._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below, each in action.choices.items():
                yield from parsers(each, f"{name} {below}")


@pytest.mark.parametrize("name", [name for name, _ in parsers(parser())])
def test_no_line_of_a_help_is_longer_than_the_terminal(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(COLUMNS))
    text = dict(parsers(parser()))[name].format_help()
    assert [line for line in text.splitlines() if cell_len(line) > COLUMNS] == []
