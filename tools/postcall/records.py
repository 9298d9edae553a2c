"""The environment's own books: `numbers`, `quarantine`, `ledger`, `reconcile`."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from postcall.domain.said import read_said, said
from tools.postcall.context import Context
from tools.postcall.errors import DONE, NOT_WELL
from tools.postcall.language import label, say, sentence_of, tell, word
from tools.postcall.screen import bars, facts, indented, table
from tools.postcall.words import day, format_time, plain, seconds, size

FIGURES = ("received", "delivered", "waiting", "needs_person", "not_sent", "excluded")


def numbers(context: Context, options: Namespace) -> int:
    """The figures of a day."""
    found = context.api.numbers(options.day)
    shown: list[RenderableType] = [
        facts(
            (
                ("day", _day_of(found)),
                *((name.replace("_", " "), plain(found.get(name))) for name in FIGURES),
                ("median time to lead", seconds(found.get("median_seconds_to_lead"))),
            )
        )
    ]
    statuses = [(status, count) for status, count in found["by_status"].items() if count]
    if statuses:
        shown.append(
            bars(
                "By status",
                ((word(f"status.{name}"), count) for name, count in sorted(statuses, key=lambda pair: -pair[1])),
            )
        )
        hours = ((f"{row['hour']:02d}:00", row["received"]) for row in found["by_hour"])
        shown.append(bars("Received by hour", hours))
    context.screen.show(found, *shown)
    if found.get("complete") is False:
        context.screen.warn(said("cli.more_counted"))
    return DONE


def quarantine(context: Context, options: Namespace) -> int:
    """Webhooks that came signed but unreadable, or could not be taken in."""
    if options.action == "list":
        entries = list(context.api.quarantine())
        listed = [line for entry in entries for line in _entry(entry)] or [said("cli.quarantine_empty")]
        context.screen.show({"entries": entries}, *listed)
        return DONE
    if options.action == "drop":
        question = said("cli.drop", id=options.quarantine_id)
        if not context.screen.confirm(question, yes=options.yes):
            return DONE
        done = context.api.drop(options.quarantine_id, reason=options.reason)
    else:
        done = context.api.release(options.quarantine_id)
    context.screen.show(done, facts((name, plain(value)) for name, value in done.items()))
    return DONE


def _entry(entry: Mapping[str, Any]) -> Iterator[RenderableType]:
    """An entry's id and what it is; below why it was quarantined, and the call it became once it was released."""
    when, kind = format_time(entry.get("received_at")), word(f"quarantined.{entry.get('kind')}")
    parts = (kind, when, size(entry.get("bytes")))
    head = Text.assemble((entry["quarantine_id"], "bold"), "  ", " · ".join(filter(None, parts)))
    yield head
    yield indented(Text(sentence_of(entry, "reason") or "–", style="dim"))
    if entry.get("released_at") is not None:
        who, moment = plain(entry.get("released_by")), format_time(entry["released_at"])
        call = plain(entry.get("event_id"))
        yield indented(Text(say("cli.released", who=who, when=moment, event_id=call), style="green", overflow="fold"))


def ledger(context: Context, options: Namespace) -> int:
    """A day as both sides have it: the conversations that ElevenLabs lists, and where each stands with us."""
    chosen = options.day or _yesterday()
    found = context.api.make_ledger(chosen) if options.anew else context.api.ledger(chosen)
    reasons = (("excluded", found["excluded"]), ("waiting", found["waiting"]))
    context.screen.show(
        found,
        facts(
            (
                ("day", _day_of(found)),
                ("made", format_time(found["made_at"])),
                ("conversations", plain(found["conversations"])),
                ("delivered", plain(found["delivered"])),
                *(
                    (f"{label(name)}: {_why(found, reason)}", plain(count))
                    for name, counts in reasons
                    for reason, count in counts.items()
                ),
                ("missing with us", plain(found["missing"])),
                ("not listed there", plain(found["unlisted"])),
                ("adds up", plain(found["adds_up"])),
            )
        ),
        *_ids(found),
    )
    return DONE if found["adds_up"] else NOT_WELL


def reconcile(context: Context, options: Namespace) -> int:
    """Compare with ElevenLabs now."""
    with context.screen.progress(said("cli.comparing")):
        found = context.api.reconcile(since=options.since, dry_run=options.dry_run, reason=options.reason)
    pairs = ((name.replace("_", " "), plain(value)) for name, value in found.items() if name not in _SHOWN_APART)
    context.screen.show(found, facts(pairs), *_ids(found))
    if options.dry_run and found.get("missed"):
        context.screen.note(said("cli.dry_reconcile"))
    return DONE if found.get("status") == "done" else NOT_WELL


_SHOWN_APART = frozenset({"ids", "webhook"})


def _ids(found: Mapping[str, Any]) -> list[RenderableType]:
    """The ids behind the numbers, by what they are: `missed`, or `waiting: its webhook` of a ledger."""
    return [
        table((f"{_kind(found, kind)}: {len(ids)}",), ((each,) for each in ids))
        for kind, ids in (found.get("ids") or {}).items()
        if ids
    ]


def _kind(found: Mapping[str, Any], kind: str) -> str:
    place, _, reason = kind.partition(": ")
    return ": ".join(filter(None, (label(place.replace("_", " ")), _why(found, reason))))


def _why(found: Mapping[str, Any], reason: str) -> str:
    """A reason of the ledger in the chosen language: the books hold its English words and, beside them, its code."""
    return tell(read_said((found.get("codes") or {}).get(reason) or reason))


def _day_of(found: Mapping[str, Any]) -> str:
    """`2026-11-24 (Europe/Minsk)`."""
    return f"{found['day']} ({found['zone']})"


def _yesterday() -> str:
    """The last day that a ledger is made of by itself."""
    return day("yesterday")
