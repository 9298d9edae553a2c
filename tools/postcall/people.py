"""A list of calls for a terminal: whose call it is first, and nothing that does not fit into its width."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from tools.postcall.language import say, sentence_of, word
from tools.postcall.screen import WIDE, indented
from tools.postcall.words import STATUSES, seconds

SYMBOLS = {
    "received": "…",
    "analyzed": "…",
    "sending": "→",
    "retrying": "↻",
    "delivered": "✓",
    "partial": "◐",
    "dry_run": "○",
    "disabled": "○",
    "rejected": "✗",
    "unknown": "?",
    "excluded": "–",
    "stalled": "‖",
}
_STATUS, _TIME, _ID, _TOPIC, _TOOK = 18, 11, 17, 24, 8


class People:
    """Events as lines: symbol and status, the person, a short time, the id cut in the middle, the reason below."""

    def __init__(self, events: Sequence[Mapping[str, Any]]) -> None:
        self._events = events

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        """Each line as wide as the terminal, never wider."""
        for event in self._events:
            yield _line(event, options.max_width)
            reason = " · ".join(filter(None, (sentence_of(event, "status_reason"), *_marks(event))))
            if reason and event["status"] != "delivered":
                yield indented(Text(reason, style="dim"))


def _line(event: Mapping[str, Any], width: int) -> Text:
    style = STATUSES.get(event["status"], "")
    status = f"{SYMBOLS.get(event['status'], ' ')} {word('status.' + event['status'])}"
    wide = [] if width < WIDE else [(_about(event), _TOPIC), (_took(event), _TOOK)]
    event_id = event["event_id"] if width >= WIDE else _cut_in_the_middle(event["event_id"], _ID)
    ids = max(_ID, cell_len(event_id))
    left = width - _STATUS - _TIME - ids - sum(size for _, size in wide) - 3 - len(wide)
    parts = [(status, _STATUS), (person(event), max(8, left)), *wide, (_moment(event["received_at"]), _TIME)]
    line = Text()
    for number, (text, size) in enumerate(parts):
        line.append(in_columns(text, size))
        line.append(" ")
        if number == 0:
            line.stylize(style, 0, len(line))
    line.append(event_id, style="dim")
    line.no_wrap = True
    return line


def person(event: Mapping[str, Any]) -> str:
    """Name and phone, else the e-mail address, of who called."""
    contact = event.get("contact") or {}
    known = [contact.get(name) for name in ("full_name", "phone")] or []
    return " ".join(filter(None, known)) or contact.get("email") or "—"


def in_columns(text: str, size: int) -> str:
    """The text in so many columns, filled up or cut."""
    return set_cell_size(text, size) if cell_len(text) <= size else f"{set_cell_size(text, size - 1)}…"


def _about(event: Mapping[str, Any]) -> str:
    score = event.get("quality_score")
    dots = "" if score is None else "●" * score + "○" * (5 - score) + " "
    return dots + (word(f"topic.{event['topic']}") if event.get("topic") else "")


def _moment(text: str) -> str:
    """`28.11 14:05` by this machine's clock."""
    return f"{datetime.fromisoformat(text).astimezone():%d.%m %H:%M}"


def _took(event: Mapping[str, Any]) -> str:
    if not event.get("delivered_at"):
        return ""
    arrived, delivered = (datetime.fromisoformat(event[name]) for name in ("received_at", "delivered_at"))
    return seconds((delivered - arrived).total_seconds())


def _cut_in_the_middle(text: str, size: int) -> str:
    if len(text) <= size:
        return text
    head = (size - 1) // 2
    return f"{text[:head]}…{text[-(size - 1 - head) :]}"


def _marks(event: Mapping[str, Any]) -> Iterator[str]:
    if event.get("needs_review"):
        yield say("cli.review")
    if event.get("erased_at"):
        yield word("status.erased")
