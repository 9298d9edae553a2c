"""Acting on a call: `resend`, `resolve`, `reanalyze`, `continue`, `withdraw`, `close`, `erase`."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from rich.console import RenderableType

from postcall.domain.said import said
from tools.postcall.context import Context
from tools.postcall.errors import DONE, NOT_WELL, CliError, WrongUsage
from tools.postcall.events import asked_for
from tools.postcall.language import label, say, sentence_of
from tools.postcall.screen import facts, table
from tools.postcall.words import NEVER_SENT, ON_THE_WAY, plain, status_sentence, status_word

POLL_SECONDS = 1.0
REACHED = frozenset({"delivered", "dry_run", "disabled"})


def resend(context: Context, options: Namespace) -> int:
    """Order one more attempt for each event, and with --wait see what became of it.

    Raises:
        WrongUsage: Neither ids nor --unsent is given, or both, or --unsent with --force.
    """
    if bool(options.event_ids) == options.unsent or (options.unsent and options.force):
        raise WrongUsage(said("cli.resend_what"))
    if options.unsent:
        options.event_ids = _unsent(context)
        question = said("cli.resend_unsent", count=len(options.event_ids))
        if not options.event_ids:
            context.screen.show({"results": []}, said("cli.none_unsent"))
            return DONE
        if not context.screen.confirm(question, yes=options.yes):
            return DONE
    if options.force:
        question = said("cli.resend_force", count=len(options.event_ids))
        if not context.screen.confirm(question, yes=options.yes):
            return DONE
    results, code = [], DONE
    with context.screen.progress(said("cli.ordering"), total=len(options.event_ids)) as step:
        for event_id in options.event_ids:
            result, one = _resent(context, event_id, options)
            results.append(result)
            code = max(code, one)
            step()
    shown = results[0] if len(results) == 1 else {"results": results}
    rows = ((result["event_id"], status_word(result["status"]), result.get("report", "")) for result in results)
    context.screen.show(shown, table(("event", "status", ""), rows))
    return code


def _unsent(context: Context) -> list[str]:
    """What rests because a setting said that nothing be sent."""
    return [event["event_id"] for status in NEVER_SENT for event in context.api.all_events(status=status)]


def _resent(context: Context, event_id: str, options: Namespace) -> tuple[dict[str, Any], int]:
    try:
        ordered = context.api.resend(event_id, force=options.force, reason=options.reason)
    except CliError as error:
        if len(options.event_ids) == 1:
            raise
        return {"event_id": event_id, "status": "refused", "report": str(error)}, error.exit_code
    if ordered.get("warning"):
        context.screen.warn(ordered["warning"])
    if not options.wait:
        return ordered | {"report": said("cli.ordered", who=ordered.get("requested_by"))}, DONE
    event = wait_for_rest(context, event_id, seconds=options.wait_seconds)
    report = sentence_of(event, "status_reason") or status_sentence(event["status"])
    code = DONE if event["status"] in REACHED else NOT_WELL
    return ordered | {"status": event["status"], "report": report}, code


def wait_for_rest(context: Context, event_id: str, *, seconds: float) -> dict[str, Any]:
    """The event once it rests and no order is open, or as it is when the time is over."""
    deadline = context.monotonic() + seconds
    while True:
        event: dict[str, Any] = context.api.event(event_id)["event"]
        order = event.get("resend_order") or {}
        if event["status"] not in ON_THE_WAY and not order.get("is_open"):
            return event
        if context.monotonic() > deadline:
            return event
        context.sleep(POLL_SECONDS)


def resolve(context: Context, options: Namespace) -> int:
    """Say what a look into the CRM has shown."""
    done = context.api.resolve(options.event_id, outcome=options.outcome, reason=options.reason)
    context.screen.show(
        done, facts((("event", done["event_id"]), ("status", status_word(done["status"])), ("by", done["resolved_by"])))
    )
    if options.outcome == "not_delivered":
        context.screen.note(said("cli.may_send", event_id=options.event_id))
    return DONE


def reanalyze(context: Context, options: Namespace) -> int:
    """Order a new revision of the analysis; nothing is sent to the CRM by it."""
    done = context.api.reanalyze(options.event_id, reason=options.reason)
    context.screen.show(done, facts((name, plain(value)) for name, value in done.items()))
    return DONE


def continue_(context: Context, options: Namespace) -> int:
    """Bring on what stands still."""
    done = context.api.continue_step(options.event_id)
    context.screen.show(done, facts((name, plain(value)) for name, value in done.items()))
    return DONE


def withdraw(context: Context, options: Namespace) -> int:
    """Take an open resend order back."""
    done = context.api.withdraw(options.event_id)
    context.screen.show(
        done, facts((("event", done["event_id"]), ("stays", status_word(done["status"])), ("by", done["withdrawn_by"])))
    )
    return DONE


def close(context: Context, options: Namespace) -> int:
    """Close a call that shall have no lead."""
    if not context.screen.confirm(said("cli.close", event_id=options.event_id), yes=options.yes):
        return DONE
    done = context.api.close(options.event_id, reason=options.reason)
    context.screen.show(done, facts((name, plain(value)) for name, value in done.items()))
    return DONE


def erase(context: Context, options: Namespace) -> int:
    """Erase one event, or all events of a person, everywhere we keep them. The CRM's lead stays the CRM's.

    Raises:
        WrongUsage: Not exactly one of an id, a phone and an e-mail is given.
    """
    person = {"phone": options.phone, "email": options.email}
    given = {name: value for name, value in person.items() if value is not None}
    if (options.event_id is not None) + len(given) != 1:
        raise WrongUsage(said("cli.erase_what"))
    given = {
        name: asked_for(say("cli.erase_ask", name=name)) if value == "-" else value for name, value in given.items()
    }
    if given and (options.preview or not options.yes):
        found = context.api.preview_person(**given)
        context.screen.show(found, *_roles(found)) if options.preview else context.screen.note("\n".join(_roles(found)))
        if options.preview:
            return DONE
    if options.reason is None:
        raise WrongUsage(said("cli.erase_reason"))
    question = (
        said("cli.erase_event", event_id=options.event_id)
        if options.event_id
        else said("cli.erase_person", name=next(iter(given)))
    )
    if not context.screen.confirm(question, yes=options.yes):
        return DONE
    if options.event_id:
        done: dict[str, Any] = context.api.erase(options.event_id, reason=options.reason)
        context.screen.show(done, facts((name, plain(value)) for name, value in done.items()))
        return DONE
    done = _erased_person(context, options, given)
    erased, refused = done["erased"], done["refused"]
    shown: list[RenderableType] = []
    if erased:
        shown.append(table((f"{label('erased')}: {len(erased)}",), ((each,) for each in erased)))
    if refused:
        shown.append(
            table(("not erased", "because"), ((each["event_id"], sentence_of(each, "reason")) for each in refused))
        )
    left = [line for line in _roles(done) if done.get("complete") is False]
    context.screen.show(done, *(shown or [said("cli.nothing_kept")]), *left)
    return NOT_WELL if refused else DONE


def _roles(found: dict[str, Any]) -> list[str]:
    """What there is of a person, and what was not looked at."""
    return [
        say("cli.own", ids=", ".join(found.get("own", [])) or label("none")),
        say("cli.mentioned", ids=", ".join(found.get("mentioned", [])) or label("none")),
        say("cli.refused_webhooks", count=found.get("quarantined", 0)),
        *(say("cli.not_searched", what=each) for each in found.get("not_searched", [])),
    ]


def _erased_person(context: Context, options: Namespace, person: dict[str, str]) -> dict[str, Any]:
    """Ask until nothing more is there: the API erases some at a time."""
    erased: list[str] = []
    with context.screen.progress(said("cli.erasing")) as step:
        while True:
            done = context.api.erase_person(reason=options.reason, mentioned=options.mentioned, **person)
            erased += done["erased"]
            step(description=say("cli.erasing_count", count=len(erased)))
            if not done.get("more") or not done["erased"]:
                return dict(done) | {"erased": erased, "refused": done.get("refused") or []}
