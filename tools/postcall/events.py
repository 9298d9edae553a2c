"""Looking for calls: `events`, `search`, `show`."""

from __future__ import annotations

import getpass
import sys
from argparse import Namespace
from collections.abc import Sequence
from itertools import chain, islice
from typing import Any

from rich.console import RenderableType

from postcall.domain.said import said
from tools.postcall.context import Context
from tools.postcall.errors import DONE, WrongUsage
from tools.postcall.language import say
from tools.postcall.people import People
from tools.postcall.timeline import rendered
from tools.postcall.words import NEEDS_ATTENTION


def events(context: Context, options: Namespace) -> int:
    """List calls, newest first."""
    filters: dict[str, Any] = {"day": options.day, "agent_id": options.agent}
    statuses = NEEDS_ATTENTION if options.attention else (options.status,)
    if options.all or options.attention:
        with context.screen.progress(said("cli.reading")) as step:
            found = []
            stalled = context.api.stalled() if options.attention else []
            for event in chain(stalled, *(context.api.all_events(status=status, **filters) for status in statuses)):
                found.append(event)
                step(description=say("cli.reading_count", count=len(found)))
        listed, cursor = list(islice(found, None if options.all else options.limit)), None
    else:
        page = context.api.events(status=options.status, limit=options.limit, cursor=options.cursor, **filters)
        listed, cursor = page["events"], page.get("next_cursor")
    context.screen.show({"events": listed, "next_cursor": cursor}, listing(listed))
    if cursor:
        context.screen.note(said("cli.more", cursor=cursor))
    return DONE


def search(context: Context, options: Namespace) -> int:
    """Find a person's calls, or one by its id."""
    query = options.query if options.query != "-" else asked_for(say("cli.ask_query"))
    found = context.api.search(query)
    context.screen.show(found, listing(found["events"]))
    return DONE


def show(context: Context, options: Namespace) -> int:
    """Everything about one call."""
    detail = context.api.event(options.event_id)
    if options.transcript:
        detail["call"] = context.api.call(options.event_id)
    context.screen.show(detail, *rendered(detail, every_attempt=options.attempts))
    return DONE


def listing(found: Sequence[dict[str, Any]]) -> RenderableType:
    """Events as lines that fit the terminal."""
    if not found:
        return said("cli.no_events")
    return People(found)


def asked_for(question: str) -> str:
    """A text that must stay out of the shell's history: typed unseen, or the first line of a pipe.

    Raises:
        WrongUsage: Nothing was typed.
    """
    text = getpass.getpass(question) if sys.stdin.isatty() else sys.stdin.readline()
    if not text.strip():
        raise WrongUsage(said("cli.nothing_given"))
    return text.strip()
