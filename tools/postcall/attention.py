"""`attention` and `tail`: what needs a person, by cause; and what comes, as it comes."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from postcall.domain.said import said, words
from tools.postcall.context import Context
from tools.postcall.errors import DONE
from tools.postcall.language import say, sentence_of, word
from tools.postcall.people import SYMBOLS, People, in_columns, person
from tools.postcall.screen import indented
from tools.postcall.words import STATUSES, format_time

POLL_SECONDS = 3.0
NAMED = 3
PERSON = 30  # columns, so that an id stays whole beside it


def attention(context: Context, _options: Namespace) -> int:
    """Every cause with its true count, what to do, and the first people."""
    found = context.api.attention()
    lines = [line for group in found["groups"] for line in _group(group)]
    for name, count in (found["resting"] | found["quarantine"]).items():
        if count:
            group = "status" if name in found["resting"] else "quarantined"
            lines.append(Text(f"{word(f'{group}.{name}')}: {count}", style="dim"))
    context.screen.show(found, *(lines or [Text(say("cli.nobody_waits"))]))
    if not found["complete"]:
        context.screen.note(said("cli.at_least"))
    return DONE


def _group(group: dict[str, Any]) -> list[RenderableType]:
    status, cause = group["status"], sentence_of(group, "reason")
    head = Text(f"{SYMBOLS.get(status, ' ')} {word(f'status.{status}')}: {group['count']}", style=_style(status))
    since = f" ({format_time(group['since'])})" if group["since"] else ""
    lines: list[RenderableType] = [head, indented(Text(f"{cause}{since}"))]
    advice = next((text for code in (group.get("reason_code"), status) if (text := _advice(code))), "")
    if advice:
        lines.append(indented(Text(advice, style="dim")))
    if f"check.todo.{status}" in words():
        lines.append(indented(Text(f"→ {say(f'check.todo.{status}')}", style="dim")))
    return [*lines, *(indented(line) for line in _people(group))]


def _people(group: dict[str, Any]) -> list[Text]:
    """The first of them, a person a line with the id beside, and how many more there are."""
    named = group["people"][:NAMED]
    lines = [
        Text(f"{in_columns(person(each), PERSON)} {each['event_id']}", style="dim", overflow="fold") for each in named
    ]
    more = group["count"] - len(named)
    return [*lines, Text(say("cli.and_more", count=more), style="dim")] if more > 0 else lines


def _advice(code: str | None) -> str:
    return say(f"advice.{code}") if f"advice.{code}" in words() else ""


def _style(status: str) -> str:
    return STATUSES.get(status, "bold red")


def tail(context: Context, options: Namespace) -> int:
    """Show events as they come or change, the newest below, until Ctrl-C or for so many seconds."""
    filters = {"status": options.status, "agent_id": options.agent, "limit": 100}
    known = {event["event_id"]: event["updated_at"] for event in context.api.events(**filters)["events"]}
    until = context.monotonic() + options.seconds if options.seconds else None
    while until is None or context.monotonic() < until:
        context.sleep(POLL_SECONDS)
        page = context.api.events(**filters)["events"]
        news = [event for event in page if known.get(event["event_id"]) != event["updated_at"]]
        known |= {event["event_id"]: event["updated_at"] for event in news}
        for event in reversed(news):
            context.screen.show(event, People([event]))
    return DONE
