"""The queues: how deep they are, and giving dead letters another chance."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from rich.console import RenderableType

from tools.postcall.context import Context
from tools.postcall.errors import DONE, NOT_WELL
from tools.postcall.language import sentence_of
from tools.postcall.screen import table
from tools.postcall.words import plain

GRACE_SECONDS = 60.0  # without any movement
POLL_SECONDS = 1.0
COUNTS = ("waiting", "in_flight", "dead_letters")


def queues(context: Context, _options: Namespace) -> int:
    """How many messages wait, are in work, were given up."""
    found = context.api.queues()
    context.screen.show(found, depths(found))
    return DONE


def redrive(context: Context, options: Namespace) -> int:
    """Move the dead letters back into their queue; each step looks at the event's status first, so it is safe."""
    before = context.api.queues()
    dead_letters = int(before[options.queue]["dead_letters"])
    if options.preview:
        found = context.api.redrive(options.queue, preview=True)
        context.screen.show(found, *_preview(options.queue, found, dead_letters))
        return DONE
    if not dead_letters:
        context.screen.show({"before": before, "after": before}, f"The {options.queue} step has no dead letters.")
        return DONE
    if options.cause is not None:
        return _redrive_cause(context, options)
    if not context.screen.confirm(f"Move {dead_letters} dead letter(s) back to {options.queue}?", yes=options.yes):
        return DONE
    ordered = context.api.redrive(options.queue, preview=False, reason=options.reason)
    after = _watched(context, options.queue, dead_letters)
    context.screen.show(
        {"before": before, "after": after, **ordered},
        depths(before, title="Before"),
        depths(after, title="After"),
    )
    context.screen.note("Those that fail again come back after the queue's retries: postcall events --attention")
    return DONE if after[options.queue]["dead_letters"] < dead_letters else NOT_WELL


def _redrive_cause(context: Context, options: Namespace) -> int:
    question = f"Move the dead letters of the cause {options.cause} back to {options.queue}?"
    if not context.screen.confirm(question, yes=options.yes):
        return DONE
    done = context.api.redrive(options.queue, preview=False, reason=options.reason, cause=options.cause)
    context.screen.show(done, f"{done['moved']} of {done['depth_before']} went back to {options.queue}.")
    return DONE if done["moved"] else NOT_WELL


def depths(found: dict[str, Any], *, title: str | None = None) -> RenderableType:
    """The queues as a table."""
    rows = ((name, *(str(found[name].get(count, "–")) for count in COUNTS)) for name in sorted(found))
    return table(("queue", "waiting", "in work", "given up"), rows, title=title)


def _watched(context: Context, queue: str, dead_letters: int) -> dict[str, Any]:
    """The depths once all have left, or nothing moves any more."""
    least, moved_at = dead_letters, context.monotonic()
    with context.screen.progress(f"Moving back to {queue}", total=dead_letters) as step:
        while True:
            found = context.api.queues()
            left = int(found[queue]["dead_letters"])
            step(completed=max(0, dead_letters - left))
            if left < least:
                least, moved_at = left, context.monotonic()
            if not left or context.monotonic() - moved_at > GRACE_SECONDS:
                return found
            context.sleep(POLL_SECONDS)


def _preview(queue: str, found: dict[str, Any], dead_letters: int) -> list[RenderableType]:
    messages = found.get("messages") or []
    if not messages:
        return [f"The {queue} step has no dead letters to show."]
    rows = (
        (plain(each["event_id"]), plain(each.get("status")), each.get("cause", ""), sentence_of(each, "reason"))
        for each in messages
    )
    shown: list[RenderableType] = [table(("event", "stands at", "cause", "given up because"), rows)]
    if len(messages) < dead_letters:
        shown.append(f"{len(messages)} of {dead_letters} are shown.")
    return shown
