"""`doctor`: looks at everything that a call passes through and says in plain words what is wrong and what to do."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.text import Text

from postcall.domain.said import in_language, said
from tools.postcall.checks import (
    STYLES,
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
from tools.postcall.first_day import first_day
from tools.postcall.language import current
from tools.postcall.model.command import greeting
from tools.postcall.screen import table
from tools.postcall.target import config_file, is_readable_by_others

ANALYSES_READ = 5
PROBE_RUN = "doctor"


def doctor(context: Context, options: Namespace) -> int:
    """Check everything; the exit code is 1 when anything is wrong."""
    checks: list[Check] = []
    with context.screen.progress("Looking") as step:
        for check in examination(context):
            step(description=f"Looking: {check.name}")
            checks.append(check)
    if options.first_day:
        return first_day(context, checks)
    rows = ((check.name, Text(check.state, style=STYLES[check.state]), check.found, check.todo) for check in checks)
    context.screen.show(
        {"checks": [asdict(check) for check in checks]}, table(("what", "state", "found", "what to do"), rows)
    )
    return NOT_WELL if any(check.state is State.WRONG for check in checks) else DONE


def examination(context: Context) -> Iterator[Check]:
    """Every check, in the order of a call's way. Without an API there is nothing more to look at."""
    yield from _this_machine(context)
    try:
        context.api.events(limit=1)
    except NotAllowed as error:
        yield Check(
            "token",
            State.WRONG,
            str(error),
            "Take a token whose hash is in the secret operator-tokens, and wait five minutes after a change of it.",
        )
        return
    except CliError as error:
        yield Check("API", State.WRONG, str(error), "See api_url, the api stack's output ApiUrl, and its alarms.")
        return
    yield Check("API", State.WELL, f"{context.target.api_url} answers, and takes the token")
    yield from _asked("health", lambda: health_checks(context.api.health(), now=datetime.now(UTC)))
    yield from _asked("queues", lambda: _queues(context))
    yield from _asked("people's work", lambda: attention_checks(context.api.attention()))
    yield from _asked("model", lambda: [_model(context)])
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
        yield Check("token file", State.WRONG, f"{path} can be read by others", f"chmod 600 {path}")


def _asked(name: str, check: Callable[[], list[Check]]) -> list[Check]:
    """The checks, or that they could not be made."""
    try:
        return check()
    except NotFound:
        return [Check(name, State.UNSEEN, "this environment's API does not offer it", "Deploy a newer version.")]
    except CliError as error:
        return [Check(name, State.WRONG, str(error), "See the operations function's log and alarms.")]


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
    if not analyses:
        return Check("model", State.UNSEEN, "no call was analysed within a week", "Look again after the next call.")
    offline = [analysis for analysis in analyses if analysis.get("source") != "openai"]
    if not offline:
        return Check("model", State.WELL, f"{analyses[0].get('model')} judged the last {len(analyses)} calls")
    flags = sorted({flag for analysis in offline for flag in analysis.get("flags") or [] if flag.startswith("model")})
    report = f"{len(offline)} of the last {len(analyses)} calls were analysed without a model"
    todo = "Put a key into the secret openai; without one nothing is judged, and leads say so."
    if flags:
        todo = f"The analyses say {', '.join(flags)}: see docs/runbooks/analyses-offline.md."
    return Check("model", State.WATCH, report, todo)


def _model_server(context: Context) -> list[Check]:
    """One small question to the local stack's model: another environment's settings are not in this shell."""
    if context.target.env != "local" or not os.environ.get("OPENAI_API_KEY"):
        found, todo = (in_language(said(code), current()) for code in ("server.unasked", "server.unasked_todo"))
        return [Check("model's server", State.UNSEEN, found, todo)]
    return _asked("model's server", lambda: [replace(one, name=f"model: {one.name}") for one in greeting(context)])


def _crm(dispatch: Dispatch) -> list[Check]:
    """The settings in force and whether the CRM can be reached from our address."""
    try:
        report = dispatch.settings()
        reached = dispatch.probe("reach", PROBE_RUN)
    except (NotAllowed, NotFound, Refused) as error:
        return [
            Check("CRM", State.UNSEEN, str(error), "Give this machine AWS credentials to check it (docs/operating.md).")
        ]
    except CliError as error:
        return [Check("CRM", State.WRONG, str(error), "See the dispatch function's log.")]
    return settings_checks(
        report["settings"], reached, authority_ends=report.get("ca_bundle_expires_at"), now=datetime.now(UTC)
    )
