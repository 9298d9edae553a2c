"""`doctor`: looks at everything that a call passes through and says in plain words what is wrong and what to do."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from postcall.domain.said import said
from tools.postcall.checks import (
    Check,
    State,
    ages_of,
    attention_checks,
    health_checks,
    queue_checks,
    settings_checks,
)
from tools.postcall.context import Context
from tools.postcall.dispatch_commands import Dispatch
from tools.postcall.errors import DONE, NOT_WELL, CliError, NotAllowed, NotFound, Refused
from tools.postcall.findings import Findings
from tools.postcall.first_day import first_day
from tools.postcall.language import say
from tools.postcall.model.command import greeting
from tools.postcall.target import config_file, is_readable_by_others

ANALYSES_READ = 5
PROBE_RUN = "doctor"


def doctor(context: Context, options: Namespace) -> int:
    """Check everything; the exit code is 1 when anything is wrong."""
    checks: list[Check] = []
    with context.screen.progress(say("check.begin")) as step:
        for check in examination(context):
            step(description=say("check.looking", name=check.name))
            checks.append(check)
    if options.first_day:
        return first_day(context, checks)
    context.screen.show({"checks": [asdict(check) for check in checks]}, Findings(checks))
    return NOT_WELL if any(check.state is State.WRONG for check in checks) else DONE


def examination(context: Context) -> Iterator[Check]:
    """Every check, in the order of a call's way. Without an API there is nothing more to look at."""
    yield from _this_machine(context)
    try:
        context.api.events(limit=1)
    except NotAllowed as error:
        yield Check(said("check.name.token"), State.WRONG, str(error), said("check.token_todo"))
        return
    except CliError as error:
        yield Check(said("check.name.api"), State.WRONG, str(error), said("check.api_todo"))
        return
    yield Check(said("check.name.api"), State.WELL, said("check.api", url=context.target.api_url))
    yield from _asked(said("check.name.health"), lambda: health_checks(context.api.health(), now=datetime.now(UTC)))
    yield from _asked(said("check.name.queues"), lambda: _queues(context))
    yield from _asked(said("check.name.people"), lambda: attention_checks(context.api.attention()))
    yield from _asked(said("check.name.model"), lambda: [_model(context)])
    yield from _model_server(context)
    yield from _crm(context.dispatch)


def _queues(context: Context) -> list[Check]:
    """Depths, and how old the dead letters are where the token may look at them."""
    queues, now = context.api.queues(), datetime.now(UTC)
    ages: dict[str, str] = {}
    for name in [name for name, depth in queues.items() if depth["dead_letters"]]:
        with suppress(NotAllowed, NotFound):
            ages[name] = ages_of(context.api.redrive(name, preview=True)["messages"], now)
    return queue_checks(queues, ages)


def _this_machine(context: Context) -> Iterator[Check]:
    env = context.target.env
    path = config_file(env, os.environ)
    if env != "local" and path.exists() and is_readable_by_others(path):
        found = said("check.file_open", path=path)
        yield Check(said("check.name.token_file"), State.WRONG, found, f"chmod 600 {path}")


def _asked(name: str, check: Callable[[], list[Check]]) -> list[Check]:
    """The checks, or that they could not be made."""
    try:
        return check()
    except NotFound:
        return [Check(name, State.UNSEEN, said("check.unoffered"), said("check.unoffered_todo"))]
    except CliError as error:
        return [Check(name, State.WRONG, str(error), said("check.function_todo"))]


def _model(context: Context) -> Check:
    """What the last analyses say about the model: the only witness that is not asked for money."""
    since = (datetime.now(UTC) - timedelta(days=7)).strftime("%Y-%m-%d")
    listed = [event for event in context.api.events(limit=25)["events"] if event["received_at"] >= since]
    analyses: list[dict[str, Any]] = []
    for event in listed:
        analysis = context.api.event(event["event_id"]).get("analysis")
        if analysis:
            analyses.append(analysis)
        if len(analyses) == ANALYSES_READ:
            break
    name = said("check.name.model")
    if not analyses:
        return Check(name, State.UNSEEN, said("check.unjudged"), said("check.unjudged_todo"))
    offline = [analysis for analysis in analyses if analysis.get("source") != "openai"]
    if not offline:
        return Check(name, State.WELL, said("check.judged", model=analyses[0].get("model"), count=len(analyses)))
    flags = sorted({flag for analysis in offline for flag in analysis.get("flags") or [] if flag.startswith("model")})
    found = said("check.offline", count=len(offline), all=len(analyses))
    todo = said("check.flags_todo", flags=", ".join(flags)) if flags else said("check.offline_todo")
    return Check(name, State.WATCH, found, todo)


def _model_server(context: Context) -> list[Check]:
    """One small question to the local stack's model: another environment's settings are not in this shell."""
    name = said("check.name.model_server")
    if context.target.env != "local" or not os.environ.get("OPENAI_API_KEY"):
        return [Check(name, State.UNSEEN, said("server.unasked"), said("server.unasked_todo"))]
    return _asked(
        name, lambda: [replace(one, name=said("check.name.model_part", name=one.name)) for one in greeting(context)]
    )


def _crm(dispatch: Dispatch) -> list[Check]:
    """The settings in force and whether the CRM can be reached from our address."""
    try:
        report = dispatch.settings()
        reached = dispatch.probe("reach", PROBE_RUN)
    except (NotAllowed, NotFound, Refused) as error:
        return [Check(said("check.name.crm"), State.UNSEEN, str(error), said("check.crm_unasked_todo"))]
    except CliError as error:
        return [Check(said("check.name.crm"), State.WRONG, str(error), said("check.dispatch_todo"))]
    return settings_checks(
        report["settings"], reached, authority_ends=report.get("ca_bundle_expires_at"), now=datetime.now(UTC)
    )
