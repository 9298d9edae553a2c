"""Who looks into the CRM, since its answers never name a lead: a person, nobody, or the simulator's own window."""

from __future__ import annotations

import json
import re
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from postcall.domain.said import said
from tools.postcall.errors import NotAvailable
from tools.postcall.language import say
from tools.postcall.screen import Screen
from tools.postcall.uat.result import Seen
from tools.postcall.uat.wording import is_blank

SECONDS_FOR_A_LATE_LEAD = 5.0
SECTION = "«Лиды»"  # as the CRM calls it


class CrmInspector(Protocol):
    """Somebody who may have looked."""

    def look(self, event_id: str, *, lead_id: str | None = None, columns: Sequence[str] = ()) -> Seen:
        """How many leads of this event there are, and which of these columns are empty on the card."""


class Skipped:
    """`--yes`: the answers of the CRM stand alone."""

    def look(self, event_id: str, *, lead_id: str | None = None, columns: Sequence[str] = ()) -> Seen:
        """Nothing was seen."""
        del event_id, lead_id, columns
        return Seen()


class Interactive:
    """Whoever sits at the terminal and has the CRM open beside it."""

    def __init__(self, screen: Screen, ask: Callable[[str], str] | None = None) -> None:
        self._screen = screen
        self._ask = ask or self._from_terminal

    def look(self, event_id: str, *, lead_id: str | None = None, columns: Sequence[str] = ()) -> Seen:
        """Ask for the number of leads, and for the empty columns when there is one to look at."""
        del lead_id
        self._screen.err.print(f"\n{say('cli.look_crm', section=SECTION, event_id=event_id)}", markup=False)
        count = self._number(say("cli.look_count"))
        if not count or not columns:
            return Seen(count, by="" if count is None else "оператор")
        return Seen(count, self._columns(columns), by="оператор")

    def _number(self, question: str) -> int | None:
        while True:
            text = self._ask(question).strip()
            if not text:
                return None
            if text.isascii() and text.isdigit():
                return int(text)

    def _columns(self, columns: Sequence[str]) -> tuple[str, ...] | None:
        """The empty ones, or None when nobody looked."""
        known = {column.lower(): column for column in columns}
        while True:
            text = self._ask(say("cli.look_empty", columns=", ".join(columns))).strip()
            if not text:
                return None
            named = [] if text == "-" else [word.lower() for word in re.split(r"[,\s]+", text) if word]
            if all(name in known for name in named):
                return tuple(known[name] for name in named)

    def _from_terminal(self, question: str) -> str:
        self._screen.err.print(question, markup=False, end="")
        line = sys.stdin.readline()
        return line or "\n"


class Simulated:
    """The local CRM simulator's admin API."""

    def __init__(self, admin_url: str) -> None:
        self._admin_url = admin_url
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def look(self, event_id: str, *, lead_id: str | None = None, columns: Sequence[str] = ()) -> Seen:
        """The leads that name the event, waiting a little for one that is made in the background."""
        deadline = time.monotonic() + SECONDS_FOR_A_LATE_LEAD
        while True:
            busy = self._busy()  # before the look: a lead that is made in between is seen by the look
            found = [lead for lead in self._leads() if _is_of(lead, event_id, lead_id)]
            if found or not busy or time.monotonic() > deadline:
                break
            time.sleep(0.1)
        lost = {name for lead in found for name in (*lead["dropped"], *lead["not_set"], *_blank(lead))}
        empty = tuple(column for column in columns if column in lost) if found and columns else None
        return Seen(len(found), empty, by="имитатор CRM")

    def _leads(self) -> list[dict[str, Any]]:
        return list(self._get("/api/leads"))

    def _busy(self) -> bool:
        return bool(self._get("/healthz")["pending_tasks"])

    def _get(self, path: str) -> Any:  # noqa: ANN401 — any JSON
        try:
            with self._opener.open(f"{self._admin_url}{path}", timeout=10) as answer:
                return json.loads(answer.read())
        except OSError as error:
            raise NotAvailable(said("cli.simulator_silent", address=self._admin_url, error=error)) from error


def _blank(lead: dict[str, Any]) -> list[str]:
    return [name for name, value in lead["fields"].items() if is_blank(value)]


def _is_of(lead: dict[str, Any], event_id: str, lead_id: str | None) -> bool:
    """As a person would find it: by the event's id in any column (a word of its own), or by the lead's own id."""
    if lead_id is not None and lead["id"] == lead_id:
        return True
    whole = re.compile(rf"(?<![\w-]){re.escape(event_id)}(?![\w-])")
    return any(whole.search(str(value)) for value in lead["fields"].values())
