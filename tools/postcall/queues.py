"""The queues: how deep they are, and giving dead letters another chance."""

from __future__ import annotations

from argparse import Namespace
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from postcall.domain.said import said
from tools.postcall.context import Context
from tools.postcall.errors import DONE, NOT_WELL
from tools.postcall.language import say, sentence_of, word
from tools.postcall.screen import indented, table
from tools.postcall.words import format_time, plain

GRACE_SECONDS = 60.0  # without any movement
POLL_SECONDS = 1.0
COUNTS = ("waiting", "in_flight", "dead_letters")


def queues(context: Context, _options: Namespace) -> int:
    """How many messages wait, are in work, are dead letters."""
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
        context.screen.show({"before": before, "after": before}, said("cli.no_dead_letters", queue=options.queue))
        return DONE
    if options.cause is not None:
        return _redrive_cause(context, options)
    if not context.screen.confirm(said("cli.move_back", count=dead_letters, queue=options.queue), yes=options.yes):
        return DONE
    ordered = context.api.redrive(options.queue, preview=False, reason=options.reason)
    after = _watched(context, options.queue, dead_letters)
    context.screen.show(
        {"before": before, "after": after, **ordered},
        depths(before, title="Before"),
        depths(after, title="After"),
    )
    context.screen.note(said("cli.come_back"))
    return DONE if after[options.queue]["dead_letters"] < dead_letters else NOT_WELL


def _redrive_cause(context: Context, options: Namespace) -> int:
    question = said("cli.move_cause", cause=options.cause, queue=options.queue)
    if not context.screen.confirm(question, yes=options.yes):
        return DONE
    done = context.api.redrive(options.queue, preview=False, reason=options.reason, cause=options.cause)
    context.screen.show(done, said("cli.moved", moved=done["moved"], before=done["depth_before"], queue=options.queue))
    return DONE if done["moved"] else NOT_WELL


def depths(found: dict[str, Any], *, title: str | None = None) -> RenderableType:
    """The queues as a table."""
    rows = ((name, *(str(found[name].get(count, "–")) for count in COUNTS)) for name in sorted(found))
    return table(("queue", "waiting", "in work", "dead letters"), rows, title=title)


def _watched(context: Context, queue: str, dead_letters: int) -> dict[str, Any]:
    """The depths once all have left, or nothing moves any more."""
    least, moved_at = dead_letters, context.monotonic()
    with context.screen.progress(said("cli.moving", queue=queue), total=dead_letters) as step:
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
    """Each cause with how many it holds, its name as `--cause` takes it, and the calls below."""
    messages = found.get("messages") or []
    if not messages:
        return [said("cli.no_dead_letters", queue=queue)]
    shown: list[RenderableType] = []
    for cause, members in sorted(_by_cause(messages).items(), key=lambda pair: -len(pair[1])):
        shown.append(Text(say("cli.by_cause", cause=cause or "–", count=len(members)), style="bold", overflow="fold"))
        reasons = dict.fromkeys(filter(None, (sentence_of(each, "reason") for each in members)))
        shown += [indented(Text(reason, style="dim")) for reason in reasons]
        shown += [indented(_stands(each)) for each in members]
    if len(messages) < dead_letters:
        shown.append(said("cli.shown_of", shown=len(messages), all=dead_letters))
    return shown


def _by_cause(messages: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for each in messages:
        found[str(each.get("cause") or "")].append(each)
    return found


def _stands(message: Mapping[str, Any]) -> Text:
    """`conv_1  Rejected`, and since when it lies there."""
    status = message.get("status")
    parts = (plain(message["event_id"]), word(f"status.{status}") if status else "–", format_time(message.get("since")))
    return Text("  ".join(filter(None, parts)), overflow="fold")
