"""The command line against a table of answers: what a person or a program gets to see, and what the API was asked."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from rich.console import Console

from tests.support.fakes.api_server import ApiServer, api_server
from tools.postcall.arguments import command, parser
from tools.postcall.context import Context
from tools.postcall.screen import Screen
from tools.postcall.target import Target


@dataclass
class Terminal:
    """Runs commands; `shown` is standard output, `told` standard error, `slept` how long it waited in all."""

    api: ApiServer
    shown: str = ""
    report: str = ""
    slept: float = 0.0
    width: int = 160

    def run(self, *arguments: str) -> int:
        """One command; raises what it raises."""
        options = parser().parse_args(arguments)
        with self.context(as_json=getattr(options, "json", False)) as context:
            return command(options)(context, options)

    @contextmanager
    def context(self, *, as_json: bool = False) -> Iterator[Context]:
        """What a command works with; what it shows is kept afterwards."""
        out, err = io.StringIO(), io.StringIO()
        screen = Screen(
            as_json=as_json, out=Console(file=out, width=self.width), err=Console(file=err, width=self.width)
        )
        target = Target("uat", self.api.url, "a-token")
        try:
            yield Context(target, screen, sleep=self._sleep, monotonic=lambda: self.slept)
        finally:
            self.shown, self.report = out.getvalue(), err.getvalue()

    @property
    def document(self) -> Any:
        """The JSON that a program gets."""
        return json.loads(self.shown)

    def _sleep(self, seconds: float) -> None:
        self.slept += seconds


@pytest.fixture
def api() -> Iterator[ApiServer]:
    with api_server() as server:
        yield server


@pytest.fixture
def terminal(api: ApiServer) -> Terminal:
    return Terminal(api)


def event(event_id: str = "conv_1", status: str = "delivered", **members: Any) -> dict[str, Any]:
    """A row of the list, or the event of a detail."""
    return {
        "event_id": event_id,
        "source": "elevenlabs",
        "type": "post_call_transcription",
        "status": status,
        "status_reason": None,
        "agent_id": "agent_1",
        "agent_name": "Анна",
        "conversation_id": event_id,
        "received_at": "2026-11-24T10:00:00.000Z",
        "updated_at": "2026-11-24T10:00:09.000Z",
        "attempts": 1,
        "revision_count": 0,
        "needs_review": False,
        "delivered_at": "2026-11-24T10:00:04.200Z" if status == "delivered" else None,
        "erased_at": None,
        "resend_order": None,
    } | members


def attempt(number: int = 1, **members: Any) -> dict[str, Any]:
    """An attempt of a detail."""
    return {
        "attempt": number,
        "status": "success",
        "outcome": "delivered",
        "detail": "The CRM saved the lead.",
        "http_status": 200,
        "answer": '{"SaveWebFormObjectDataResult":"{resultCode:0}"}',
        "payload": {"landingId": "x", "fields": [{"name": "UsrEventId", "value": "conv_1"}], "contactFields": []},
        "warnings": [],
        "resolution": None,
        "forced": False,
        "requested_by": None,
        "started_at": "2026-11-24T10:00:04.000Z",
        "finished_at": "2026-11-24T10:00:04.200Z",
        "duration_ms": 200,
    } | members


def detail(status: str = "delivered", **members: Any) -> dict[str, Any]:
    """Everything about one event."""
    analysis = {
        "revision": 1,
        "recorded_at": "2026-11-24T10:00:02.000Z",
        "source": "openai",
        "model": "gpt-6-luna",
        "topic": "apartment_purchase",
        "intent": "buy",
        "lead_status": "qualified",
        "quality_score": 4,
        "summary": "Ищет квартиру.",
        "details": {"labels": {"topic": "Покупка квартиры"}},
        "usage": {"cost_usd": 0.00042},
    }
    return {
        "event": event(status=status),
        "analysis": analysis,
        "earlier_analyses": [],
        "dispatches": [attempt()],
    } | members


_COMMANDS = re.compile(r"postcall [a-z -]+|make [a-z]+|[a-z_]+ = [a-z]+")
# Two English words in a row, of letters alone: no option, path, id, setting or unit is taken for a sentence.
_ENGLISH = re.compile(r"(?<![\w./=-])[A-Za-z][a-z']+ [a-z']{2,}(?![\w./=-])")


def english_sentences(shown: str) -> list[str]:
    """What in a Russian output reads as English; a command to type or a setting is none."""
    return _ENGLISH.findall(_COMMANDS.sub("", shown))
