"""What scenarios work with: the API, somebody who looks into the CRM, a clock; and how a call is followed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from postcall.domain.json_object import JsonObject
from tools.postcall.context import Context
from tools.postcall.errors import CliError
from tools.postcall.timeline import sent_columns
from tools.postcall.uat.crm_inspector import CrmInspector
from tools.postcall.uat.result import RULES_ALONE, Exchange, Heard
from tools.postcall.uat.wording import is_blank, outcome_words
from tools.postcall.words import ON_THE_WAY

LONGEST_SECONDS = 300.0
QUIET_SECONDS = 3.0  # within which a lead that should not be sent again would be
POLL_SECONDS = 0.5
MOVING = ON_THE_WAY - {"retrying"}
SHOWN = 4_000


class Stalled(CliError):
    """A call does not come to its end: nothing further can be tested."""

    def __init__(self, event_id: str, status: str, seconds: float) -> None:
        super().__init__(f"звонок {event_id} за {seconds:.0f} с не дошёл до конца, его статус {status}")


@dataclass(frozen=True)
class Bench:
    """One run's tools. `tell` says on the terminal what is going on."""

    context: Context
    inspector: CrmInspector
    run: str
    tell: Callable[[str], None] = lambda _text: None

    def rests(self, event_id: str, *, attempts: int = 0) -> JsonObject:
        """The event's whole record once it rests with at least so many attempts; waiting for the CRM is a rest, too.

        Raises:
            Stalled: The time is over.
        """
        deadline = self.context.monotonic() + LONGEST_SECONDS
        while True:
            detail = self.context.api.event(event_id)
            order = detail["event"].get("resend_order") or {}
            at_rest = detail["event"]["status"] not in MOVING and not order.get("is_open")
            if at_rest and len(detail["dispatches"]) >= attempts:
                return detail
            if self.context.monotonic() > deadline:
                raise Stalled(event_id, str(detail["event"]["status"]), LONGEST_SECONDS)
            self.context.sleep(POLL_SECONDS)

    def stays_quiet(self, event_id: str, *, attempts: int) -> JsonObject:
        """The event's record after a while in which nothing should happen."""
        deadline = self.context.monotonic() + QUIET_SECONDS
        while True:
            detail = self.context.api.event(event_id)
            if len(detail["dispatches"]) > attempts or self.context.monotonic() > deadline:
                return detail
            self.context.sleep(POLL_SECONDS)


def last_attempt(detail: JsonObject) -> JsonObject:
    """The newest attempt; empty when there is none."""
    attempts = detail.get("dispatches") or []
    return dict(attempts[-1]) if attempts else {}


def heard(attempt: JsonObject) -> Heard:
    """What the CRM answered to an attempt."""
    return Heard(
        outcome=attempt.get("outcome"),
        http_status=attempt.get("http_status"),
        detail=str(attempt.get("detail") or ""),
        answer=str(attempt.get("answer") or "")[:SHOWN],
        duration_ms=attempt.get("duration_ms"),
    )


def asked(title: str, request: str, body: Any, answer: Any) -> Exchange:  # noqa: ANN401 — any JSON
    """A request of ours to the API, as the report prints it."""
    sent = f"{request}\n\n{pretty(body)}" if body is not None else request
    return Exchange(title, sent, pretty(answer))


def attempted(title: str, attempt: JsonObject, *, url: str) -> Exchange:
    """An attempt of the environment's at the CRM, as the report prints it."""
    status = attempt.get("http_status")
    received = f"HTTP {status}\n{attempt.get('answer') or ''}" if status else str(attempt.get("answer") or "")
    facts = f"Записано: статус {attempt.get('status')}, исход {attempt.get('outcome')}"
    time = attempt.get("duration_ms")
    facts += f", {time} мс" if time is not None and status else ""
    sentence = "\n".join(
        part for part in (received.strip(), f"{facts} ({outcome_words(attempt.get('outcome'))})") if part
    )
    return Exchange(title, f"POST {url}\n\n{pretty(attempt.get('payload'))}", sentence)


def filled_columns(attempt: JsonObject) -> list[str]:
    """The columns that were sent with a value."""
    return [name for name, value in sent_columns(attempt.get("payload")) if not is_blank(value) and name != "Id"]


def unfilled_columns(attempt: JsonObject) -> tuple[str, ...]:
    """The columns that were sent without one."""
    return tuple(name for name, value in sent_columns(attempt.get("payload")) if is_blank(value))


def analyst(detail: JsonObject) -> str:
    """Who judged the call: a model's name, or the rules alone; empty when nobody has."""
    analysis = detail.get("analysis") or {}
    if not analysis:
        return ""
    return str(analysis.get("model") or "") if analysis.get("source") == "openai" else RULES_ALONE


def pretty(value: Any) -> str:  # noqa: ANN401 — any JSON
    """JSON as people read it: an object of plain values that stands in a list has one line."""
    return _lines(value, "")[:SHOWN]


def _lines(value: Any, indent: str) -> str:  # noqa: ANN401 — any JSON
    deeper = f"{indent}  "
    if isinstance(value, list) and value:
        rows = (json.dumps(each, ensure_ascii=False) if _is_flat(each) else _lines(each, deeper) for each in value)
        return "[\n" + ",\n".join(f"{deeper}{row}" for row in rows) + f"\n{indent}]"
    if isinstance(value, dict) and value:
        members = (f"{json.dumps(name, ensure_ascii=False)}: {_lines(each, deeper)}" for name, each in value.items())
        return "{\n" + ",\n".join(f"{deeper}{member}" for member in members) + f"\n{indent}}}"
    return json.dumps(value, ensure_ascii=False)


def _is_flat(value: Any) -> bool:  # noqa: ANN401 — any JSON
    members = value.values() if isinstance(value, dict) else [value]
    return not any(isinstance(member, dict | list) for member in members)
