"""`doctor --first-day`: the list of docs/deploy.md's first day, ticked by what the environment itself shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from rich.table import Table
from rich.text import Text

from infra.environments import load
from postcall.domain.json_object import JsonObject
from postcall.domain.said import said
from tools.postcall.checks import Check, State
from tools.postcall.context import Context
from tools.postcall.errors import DONE, NOT_WELL, CliError
from tools.postcall.language import say, tell

VENDOR = "elevenlabs"
OTEL = "post_call_transcription_otel"
CALLS_READ = 100


@dataclass(frozen=True)
class Seen:
    """What the list is ticked by: doctor's findings, the webhook's report, the newest calls, the quarantine.

    `agents`: the ids that the environment's settings name as ours; none where every agent is.
    """

    checks: Sequence[Check]
    webhook: JsonObject
    calls: Sequence[JsonObject]
    quarantine: Mapping[str, int]
    agents: Sequence[str] = ()

    @property
    def webhook_calls(self) -> list[JsonObject]:
        """Those that ElevenLabs itself delivered, with a signature that is ours."""
        return [call for call in self.calls if call["source"] == VENDOR]


@dataclass(frozen=True)
class Item:
    """One line of the list: its step of docs/deploy.md, what it asks for, and what is still to do; `""` when done."""

    step: str
    what: str
    todo: str


def items(seen: Seen) -> Iterator[Item]:
    """The list, in the order of docs/deploy.md."""
    asked = seen.webhook.get("status") == "done"
    yield _checked(seen, "4", "api", "api", "token")
    yield _item("6", "search_key", done=not _open(seen, "search"))
    yield _item("6", "vendor_key", done=asked)
    yield _item(
        "7.1",
        "signed",
        done=bool(seen.webhook_calls) and not _forged(seen),
        todo=said("first_day.todo.forged") if _forged(seen) else "",
    )
    on = asked and not (seen.webhook["missing"] or seen.webhook["disabled"])
    yield _item("7.2", "webhook", done=on, todo=said("check.webhook_todo"))
    retried = asked and not seen.webhook["retries_off"]
    yield _item("7.3", "retries", done=retried, todo=said("check.webhook_once_todo"))
    yield from _agents(seen)
    called = bool(seen.webhook_calls)
    yield _item(
        "7.5",
        "json",
        done=called and not _unreadable(seen),
        todo="" if called or _unreadable(seen) else said("first_day.todo.signed"),
    )
    if len(seen.webhook.get("webhooks") or []) > 1:
        yield _item("7.7", "one_webhook", done=False)
    yield _checked(seen, "8", "model", "model")
    yield _checked(seen, "8", "crm", "crm")
    yield _checked(seen, "8", "reconciliation", "reconciliation", "stalled")
    yield _checked(seen, "8", "quiet", "queue", "quarantine")
    yield _checked(seen, "9", "sending", "sending")
    yield _item("9", "delivered", done=any(call["status"] == "delivered" for call in seen.calls))


def _item(step: str, name: str, *, done: bool, todo: str = "") -> Item:
    return Item(step, said(f"first_day.{name}"), "" if done else todo or said(f"first_day.todo.{name}"))


def _checked(seen: Seen, step: str, name: str, *checks: str) -> Item:
    """A line that doctor's own checks tick: it is done when all of them are well, else the first of them says what."""
    faults = [one for check in checks for one in _open(seen, check)]
    unseen = not any(_is_named(one, check) for one in seen.checks for check in checks)
    todo = faults[0].todo or faults[0].found if faults else said("check.api_todo") if unseen else ""
    return Item(step, said(f"first_day.{name}"), todo)


def _open(seen: Seen, check: str) -> list[Check]:
    return [one for one in seen.checks if _is_named(one, check) and one.state is not State.WELL]


def _is_named(one: Check, check: str) -> bool:
    return getattr(one.name, "code", "") == f"check.name.{check}"


def _forged(seen: Seen) -> int:
    return seen.quarantine.get("signature", 0) + seen.quarantine.get("vendor", 0)


def _unreadable(seen: Seen) -> bool:
    return any(call["type"] == OTEL for call in seen.webhook_calls) or bool(seen.quarantine.get("unknown_type"))


def _agents(seen: Seen) -> Iterator[Item]:
    """A line for each agent that the settings name or that has called: whether its own webhooks come, and as JSON."""
    names = {call["agent_id"]: call.get("agent_name") for call in seen.calls if call.get("agent_id")}
    known = [agent for agent in names if any(call["source"] != "api" for call in _calls_of(seen, agent))]
    for agent in dict.fromkeys([*seen.agents, *sorted(known)]):
        shown = f"{names[agent]} ({agent})" if names.get(agent) else agent
        yield Item("7.4", said("first_day.agent", agent=shown), _agent_todo(_calls_of(seen, agent)))


def _calls_of(seen: Seen, agent: str) -> list[JsonObject]:
    return [call for call in seen.calls if call.get("agent_id") == agent]


def _agent_todo(calls: Sequence[JsonObject]) -> str:
    delivered = [call for call in calls if call["source"] == VENDOR]
    if not delivered:
        found = any(call["source"] == "reconciliation" for call in calls)
        return said("first_day.todo.agent_fetched") if found else said("first_day.todo.agent_unseen")
    return said("first_day.todo.agent_otel") if delivered[0]["type"] == OTEL else ""


def first_day(context: Context, checks: Sequence[Check]) -> int:
    """Show the list with what is done; the exit code is 1 as long as anything is open."""
    listed = list(items(_seen(context, checks)))
    left = sum(bool(item.todo) for item in listed)
    document = [
        {"step": item.step, "what": item.what, "done": not item.todo, **({"todo": item.todo} if item.todo else {})}
        for item in listed
    ]
    end = say("first_day.left", open=left, all=len(listed)) if left else say("first_day.all_done", all=len(listed))
    context.screen.show({"list": document, "checks": [asdict(check) for check in checks]}, _lines(listed), end)
    return NOT_WELL if left else DONE


def _lines(listed: Sequence[Item]) -> Table:
    """A line each, what is still to do below it, whatever the width."""
    made = Table.grid(padding=(0, 1))
    made.add_column(no_wrap=True)
    made.add_column(no_wrap=True, style="dim")
    made.add_column(overflow="fold")
    for item in listed:
        sign = Text("–", style="yellow") if item.todo else Text("\N{CHECK MARK}", style="green")
        made.add_row(sign, item.step, Text(tell(item.what)))
        if item.todo:
            made.add_row("", "", Text(f"→ {tell(item.todo)}", style="yellow"))
    return made


def _seen(context: Context, checks: Sequence[Check]) -> Seen:
    agents = load(context.target.env).reconciliation.elevenlabs_agent_ids
    try:
        health = context.api.health()
        calls = context.api.events(limit=CALLS_READ)["events"]
        quarantine = context.api.attention()["quarantine"]
    except CliError:  # the checks themselves say so
        return Seen(checks, {}, [], {}, agents)
    return Seen(checks, (health.get("webhook") or {}).get("report") or {}, calls, quarantine, agents)
