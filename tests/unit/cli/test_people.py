"""What fits into a terminal: whose call it is first, one line each, whatever the width; in English or in Russian."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from tests.support.fakes.api_server import ApiServer
from tests.unit.cli.conftest import Terminal, event
from tools.postcall import language
from tools.postcall.__main__ import main
from tools.postcall.people import People

OFF = {
    "status_reason": "The landing is switched off in the CRM.",
    "status_reason_code": "crm.landing_off",
    "status_reason_params": {},
}
LONG = "conv_01jxabcdefghijklmnopqrstuvwx"


def listed(width: int, *events: dict[str, object]) -> list[str]:
    out = io.StringIO()
    Console(file=out, width=width).print(People(list(events)))
    return out.getvalue().splitlines()


@pytest.mark.parametrize("width", [60, 80, 119, 120, 200])
def test_a_call_is_one_line_and_its_reason_another_however_wide_the_terminal(width: int) -> None:
    call = event(LONG, status="rejected", contact={"full_name": "Юлия Ковалёва " * 9, "phone": "+375291112233"}) | OFF
    lines = listed(width, call, event("e2", contact={"phone": "+375291112233"}))
    assert len([line for line in lines if line.startswith(("✗", "✓"))]) == 2
    assert max(cell_len(line) for line in lines) <= width
    assert lines[1].strip().startswith("The landing is switched off in the CRM;")


def test_four_calls_take_at_most_eight_lines_of_80_columns() -> None:
    calls = [event(LONG, status="delivered", contact={"full_name": "Anna", "phone": "+48600100200"})] * 4
    lines = listed(80, *calls)
    assert len(lines) == 4
    assert all("Anna +48600100200" in line and "conv_01j…qrstuvwx" in line for line in lines)


def test_the_same_list_in_russian(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(language.VARIABLE, "ru")
    lines = listed(80, event(LONG, status="rejected") | OFF)
    assert lines[0].startswith("✗ Отклонён")
    assert lines[1].strip().startswith("Лендинг в CRM выключен")


def test_what_needs_a_person_is_shown_by_cause_with_the_advice(api: ApiServer, terminal: Terminal) -> None:
    group = {"status": "rejected", "count": 157, "since": "2026-11-28T11:05:00.000Z", "event_ids": ["a", "b", "c", "d"]}
    group |= {"reason": OFF["status_reason"], "reason_code": "crm.landing_off", "reason_params": {}}
    anna = {"full_name": "Анна", "phone": "+375291112233"}
    group |= {"people": [{"event_id": "a", "contact": anna}, *({"event_id": each, "contact": {}} for each in "bcd")]}
    answer = {"groups": [group], "waiting": 157, "complete": True, "resting": {"dry_run": 3}, "quarantine": {}}
    api.on("GET", "/api/attention", answer)
    assert terminal.run("attention") == 0
    for text in (
        "Rejected: 157",
        "landing is switched off",
        "Ask the CRM's owner",
        "Анна +375291112233             a ",
        "and 154 more",
        "docs/runbooks/leads-rejected.md",
        "Dry run: 3",
    ):
        assert text in terminal.shown


def test_a_cause_without_advice_of_its_own_has_its_status_s(api: ApiServer, terminal: Terminal) -> None:
    group = {"status": "unknown", "count": 1, "since": None, "event_ids": ["a"], "reason": "No answer."}
    group |= {"reason_code": "crm.no_answer", "reason_params": {"why": "closed"}, "people": []}
    answer = {"groups": [group], "waiting": 1, "complete": True, "resting": {}, "quarantine": {}}
    api.on("GET", "/api/attention", answer)
    terminal.run("attention")
    assert "Look in the CRM by UsrEventId" in terminal.shown
    assert "  no answer" not in terminal.shown.splitlines()


def test_tail_shows_what_comes_and_what_changes(api: ApiServer, terminal: Terminal) -> None:
    old, changed = event("old"), event("old", status="rejected", updated_at="2026-11-24T10:05:00.000Z") | OFF
    pages = ([old], [event("new"), changed])
    api.on("GET", "/api/events", *({"events": page, "next_cursor": None} for page in pages))
    assert terminal.run("tail", "--seconds", "3") == 0
    assert "Rejected" in terminal.shown


def test_alone_it_shows_its_help_and_it_knows_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "attention" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out.startswith("postcall 0.")


def test_a_slip_of_the_pen_is_answered_by_what_was_meant(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["evnets"])
    assert "did you mean events?" in capsys.readouterr().err
