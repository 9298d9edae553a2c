"""A terminal of 80 columns: no line of any command's help is longer, nor one of what the lists and books show."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import pytest
from rich.cells import cell_len

from tests.support.fakes.api_server import ApiServer
from tests.unit.cli.conftest import Terminal, detail, event
from tests.unit.cli.test_books import LEDGER
from tools.postcall.arguments import parser

COLUMNS = 80
LONG = {"agent_name": "Константинопольский-Преображенский " * 3, "event_id": "conv_" + "0123456789" * 6}
DEPTH = {"waiting": 1, "in_flight": 0, "dead_letters": 2}


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


@pytest.mark.parametrize("arguments", ["events", "search Ivan", "show conv_1", "ledger 2026-11-23", "queues"])
def test_no_line_of_what_is_shown_is_longer(api: ApiServer, arguments: str) -> None:
    api.on("GET", "/api/events", {"events": [event(**LONG)], "next_cursor": None})
    api.on("POST", "/api/search", {"events": [event(**LONG)], "next_cursor": None})
    api.on("GET", "/api/events/conv_1", detail())
    api.on("GET", "/api/ledger/2026-11-23", LEDGER | {"ids": {"missing": [LONG["event_id"]]}})
    api.on("GET", "/api/queues", {"analysis": DEPTH, "dispatch": DEPTH})
    terminal = Terminal(api, width=COLUMNS)
    terminal.run(*arguments.split())
    assert terminal.shown
    assert [line for line in terminal.shown.splitlines() if cell_len(line) > COLUMNS] == []
