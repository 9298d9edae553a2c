"""reconciliation's commands, given by its schedules, by operations, or by hand.

`{"command": "sweep"}`; `{"command": "erasures"}`;
`{"command": "reconcile", "since": "…", "dry_run": false, "seconds": 20}`;
`{"command": "ledger", "day": "2026-01-31"}`, without a day yesterday and the day before;
`{"command": "fetch", "conversation_id": "…"}` gives one conversation as its webhook, in `packed`. The result's
`status` is `done`, `partial` (it did not get to the end, and says why), `off` (there is no API key), `gone` (there is
no such conversation, or it is not over), `unavailable`, or `refused`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, TypeGuard

from functions.reconciliation import telemetry as report
from functions.reconciliation import wiring
from functions.reconciliation.elevenlabs_api import FINISHED
from functions.reconciliation.intake_commands import packed
from functions.reconciliation.settings import parse_datetime
from functions.reconciliation.usecases import make_ledger, reconcile
from functions.reconciliation.usecases.conversation import Envelope
from functions.reconciliation.webhook_health import webhook_health
from postcall.aws.ledger_table import LAST_ERASURE_CHECK
from postcall.domain.clock import SystemClock
from postcall.domain.errors import PostcallError, Rejected, Unavailable
from postcall.domain.ledger import write_ledger
from postcall.domain.said import said, said_members
from postcall.domain.zone import operators_zone

NO_KEY = said("elevenlabs.no_key")
BY_HAND_SECONDS = 20.0  # who waits for the answer through the API has half a minute
SPARE_SECONDS = 10.0  # to write down what was found
Result = dict[str, Any]
SecondsLeft = Callable[[], float]


def serve_command(command: dict[str, Any], seconds_left: SecondsLeft) -> Result:
    """Do as ordered. Raises only what is a bug, or `Unavailable` for our own stores."""
    name = str(command.get("command", "sweep"))
    if name == "sweep":
        return report.swept(wiring.swept())
    if name == "erasures":
        return _erasures(seconds_left)
    serve = {"reconcile": _reconcile, "ledger": _ledgers, "fetch": _fetch}.get(name)
    if serve is None:
        return {"status": "refused", "reason": said("webhook.no_command")}
    try:
        key = wiring.api_key()
        return serve(command, key, seconds_left) if key else _off(name)
    except ValueError as error:
        return {"status": "refused", **said_members("reason", str(error))}


def _erasures(seconds_left: SecondsLeft) -> Result:
    result = report.erasures_checked(wiring.checked_erasures(lambda: seconds_left() > SPARE_SECONDS))
    wiring.ledgers().put_report(LAST_ERASURE_CHECK, result, now=SystemClock().now())
    return result


def _reconcile(command: dict[str, Any], key: str, seconds_left: SecondsLeft) -> Result:
    now = SystemClock().now()
    since = _since(command, now)
    api = wiring.elevenlabs(key, seconds=_seconds(command, seconds_left))
    try:
        done = reconcile(
            since=since,
            dry_run=command.get("dry_run") is True,
            conversations=api,
            known=wiring.states(),
            intake=wiring.intake(),
            grace_period=wiring.grace_period(),
            clock=SystemClock(),
        )
    except Rejected as error:
        result = report.failed("reconcile", error)
    else:
        result = report.reconciled(done) | {"webhook": _health(api, now)}
    wiring.ledgers().put_report(report.LAST_RECONCILIATION, result, now=now)
    return result


def _fetch(command: dict[str, Any], key: str, seconds_left: SecondsLeft) -> Result:
    """One conversation, for a step that holds less of it than ElevenLabs does. Nothing is stored."""
    api = wiring.elevenlabs(key, seconds=_seconds(command, seconds_left))
    try:
        envelope = api.envelope(str(command.get("conversation_id", "")))
    except (Rejected, Unavailable) as error:
        return report.failed("fetch", error)
    return {"status": "done", "packed": packed(envelope)} if _is_whole(envelope) else {"status": "gone"}


def _is_whole(envelope: Envelope | None) -> TypeGuard[Envelope]:
    """Whether it is a conversation with what was said in it, and its end."""
    data = {} if envelope is None else envelope["data"]
    return data.get("status") in FINISHED and bool(data.get("transcript"))


def _off(name: str) -> Result:
    """There is no key: said in the result, in the log, and where an operator looks."""
    result = report.off(name, NO_KEY)
    if name == "reconcile":
        wiring.ledgers().put_report(report.LAST_RECONCILIATION, result, now=SystemClock().now())
    return result


def _health(api: Any, now: datetime) -> Result:  # noqa: ANN401 — the API's client
    """The webhooks' own health, which is worth knowing, and yet no reason to lose what was found."""
    try:
        health = webhook_health(api.webhooks(), url=wiring.load_settings().elevenlabs_webhook_url, now=now)
    except PostcallError as error:
        result: Result = report.health_unknown(error)
    else:
        result = report.health(health)
    wiring.ledgers().put_report(report.LAST_WEBHOOK_HEALTH, result, now=now)
    return result


def _ledgers(command: dict[str, Any], key: str, seconds_left: SecondsLeft) -> Result:
    days = _days(command)
    made: list[Result] = []
    api = wiring.elevenlabs(key, seconds=_seconds(command, seconds_left))
    for day in days:
        try:
            ledger = make_ledger(
                day,
                zone=operators_zone(),
                conversations=api,
                states=wiring.states(),
                received=wiring.received(),
                grace_period=wiring.grace_period(),
                clock=SystemClock(),
            )
        except (Rejected, Unavailable) as error:
            return report.failed("ledger", error) | {"ledgers": made}
        wiring.ledgers().put(ledger)
        report.accounted(ledger)
        made.append(write_ledger(ledger))
    return {"status": "done", "ledgers": made}


def _since(command: dict[str, Any], now: datetime) -> datetime:
    """From when on. Raises `ValueError` for a time whose events are forgotten: their calls would be taken in twice."""
    settings = wiring.load_settings()
    if command.get("since") is None:
        return max(now - timedelta(hours=settings.reconciliation_lookback_hours), _oldest(now))
    since = parse_datetime(str(command["since"]))
    if since < _oldest(now):
        raise ValueError(said("elevenlabs.since_old", days=settings.event_ttl_days))
    if since > now:
        raise ValueError(said("elevenlabs.since_future"))
    return since


def _days(command: dict[str, Any]) -> list[date]:
    """Which days of the operator's zone. Raises `ValueError`."""
    now, zone = SystemClock().now(), operators_zone()
    today = now.astimezone(zone).date()
    if command.get("day") is None:
        return [today - timedelta(days=back) for back in (1, 2)]
    try:
        day = date.fromisoformat(str(command["day"]))
    except ValueError:
        raise ValueError(said("elevenlabs.day")) from None
    if not _oldest(now).astimezone(zone).date() < day <= today:
        raise ValueError(said("elevenlabs.day_range", days=_ttl()))
    return [day]


def _oldest(now: datetime) -> datetime:
    return now - timedelta(days=_ttl()) + timedelta(hours=1)


def _ttl() -> int:
    return wiring.load_settings().event_ttl_days


def _seconds(command: dict[str, Any], seconds_left: SecondsLeft) -> float:
    """How long ElevenLabs may keep us busy."""
    asked = command.get("seconds")
    wanted = float(asked) if isinstance(asked, int | float) and asked > 0 else BY_HAND_SECONDS
    return max(1.0, min(wanted, seconds_left() - SPARE_SECONDS))
