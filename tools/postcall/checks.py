"""What `doctor` concludes from what it was told: pure functions from an answer to findings with a remedy each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import reduce
from types import MappingProxyType
from typing import Any

from postcall.domain.said import read_said_members, said, words

STALE = timedelta(hours=1)
CERTIFICATE_DAYS = 30  # so long before its end a certificate is worth a word
_WRONG_ADDRESS = (401, 403, 404)


class State(StrEnum):
    """How a thing is."""

    WELL = "well"
    WATCH = "watch"  # nothing is lost; a person should know
    WRONG = "wrong"
    UNSEEN = "not seen"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; `todo` is empty when there is nothing to do."""

    name: str
    state: State
    found: str
    todo: str = ""


def queue_checks(queues: Mapping[str, Any], ages: Mapping[str, str] = MappingProxyType({})) -> list[Check]:
    """Dead letters are work for a person; a long queue is worth a look. `ages` says of a queue's how old they are."""
    checks = []
    for name, depth in sorted(queues.items()):
        found = said("check.depth", **{count: depth[count] for count in ("waiting", "in_flight", "dead_letters")})
        found = said("check.depth_aged", depth=found, ages=ages[name]) if ages.get(name) else found
        label = said("check.name.queue", name=name)
        if depth["dead_letters"]:
            checks.append(Check(label, State.WRONG, found, said("check.dead_letters_todo", name=name)))
        else:
            checks.append(Check(label, State.WELL, found))
    return checks


AGES = (("hour", timedelta(hours=1)), ("day", timedelta(days=1)), ("older", timedelta.max))


def ages_of(messages: Sequence[Mapping[str, Any]], now: datetime) -> str:
    """How old dead letters are: `1 of the last hour, 2 older, the oldest since 2026-11-24 09:00 UTC`."""
    moments = sorted(datetime.fromisoformat(each["since"]) for each in messages if each.get("since"))
    if not moments:
        return ""
    counts = Counter(next(name for name, most in AGES if now - moment <= most) for moment in moments)
    parts = [said(f"check.ages.{name}", count=counts[name]) for name, _ in AGES if counts[name]]
    return _listed([*parts, said("check.ages.oldest", since=f"{moments[0]:%Y-%m-%d %H:%M}")])


def _listed(parts: Sequence[str]) -> str:
    """Texts with a comma between them, each still in every language."""
    return reduce(lambda first, second: said("check.and", first=first, second=second), parts)


def attention_checks(found: Mapping[str, Any]) -> list[Check]:
    """What waits for a person, with true counts; what a setting holds back; refused webhooks."""
    counts = Counter[str]()
    for group in found["groups"]:
        counts[group["status"]] += group["count"]
    checks = [
        Check(
            said(f"check.leads.{status}"),
            State.WRONG if status in {"unknown", "stalled"} else State.WATCH,
            said("check.wait", count=count),
            said(f"check.todo.{status}"),
        )
        for status, count in counts.items()
    ] or [Check(said("check.name.people"), State.WELL, said("check.nobody"))]
    return [
        *checks,
        *_final_status(found["resting"]),
        _quarantine(found["quarantine"]),
        _signatures(found["quarantine"]),
    ]


def _final_status(resting: Mapping[str, int]) -> list[Check]:
    return [
        Check(
            said(f"check.resting.{status}"),
            State.WATCH,
            said("check.unsent", count=count),
            said("check.unsent_todo"),
        )
        for status, count in resting.items()
        if count
    ]


def _quarantine(kinds: Mapping[str, int]) -> Check:
    name, total = said("check.name.quarantine"), sum(kinds.values())
    if not total:
        return Check(name, State.WELL, said("check.quarantine_empty"))
    listed = _listed([said("check.kind", kind=_kind(kind), count=count) for kind, count in sorted(kinds.items())])
    found = said("check.quarantined", total=total, kinds=listed)
    return Check(name, State.WATCH, found, said("check.quarantine_todo"))


def _kind(kind: str) -> str:
    code = f"quarantined.{kind}"
    return said(code) if code in words() else kind


def _signatures(kinds: Mapping[str, int]) -> Check:
    name, forged = said("check.name.secret"), kinds.get("vendor", 0) + kinds.get("signature", 0)
    if not forged:
        return Check(name, State.WELL, said("check.signatures"))
    return Check(name, State.WRONG, said("check.forged", count=forged), said("check.forged_todo"))


def settings_checks(
    settings: Mapping[str, Any], reached: Mapping[str, Any], *, authority_ends: str | None, now: datetime
) -> list[Check]:
    """The CRM's settings in force, what it answered to a request that saves nothing, and its own authority's end."""
    expiry = [] if authority_ends is None else [_authority(datetime.fromisoformat(authority_ends), now)]
    return [_sending(settings), _reach(settings, reached), *expiry]


def _authority(ends: datetime, now: datetime) -> Check:
    days = (ends - now).days
    state = State.WRONG if ends <= now else State.WATCH if days < CERTIFICATE_DAYS else State.WELL
    todo = "" if state is State.WELL else said("check.authority_todo")
    return Check(said("check.name.authority"), state, said("check.authority", day=f"{ends:%Y-%m-%d}", days=days), todo)


def _sending(settings: Mapping[str, Any]) -> Check:
    name = said("check.name.sending")
    if not settings["EXTERNAL_CRM_ENABLED"]:
        return Check(name, State.WATCH, said("check.switched_off"), said("check.switched_off_todo"))
    if settings["EXTERNAL_CRM_DRY_RUN"]:
        return Check(name, State.WATCH, said("check.dry_run"), said("check.dry_run_todo"))
    found = said("check.sends", format=settings["CRM_WIRE_FORMAT"], repeats=settings["CRM_DEDUPLICATION"])
    return Check(name, State.WELL, found)


def _reach(settings: Mapping[str, Any], reached: Mapping[str, Any]) -> Check:
    name, status, error = said("check.name.crm"), reached.get("http_status"), reached.get("error")
    match reached["transport"]:
        case "answered" if status in _WRONG_ADDRESS:
            found = said("check.crm_refuses", status=status, url=settings["CRM_SERVICE_URL"])
            return Check(name, State.WRONG, found, said("check.crm_refuses_todo"))
        case "answered" if isinstance(status, int) and 300 <= status < 400:  # noqa: PLR2004 — redirects
            found = said("check.crm_elsewhere", status=status)
            return Check(name, State.WRONG, found, said("check.crm_address_todo"))
        case "answered":
            return Check(name, State.WELL, said("check.crm_reached", duration=reached.get("duration_ms")))
        case "address_refused":
            found = said("check.crm_private", error=error)
            return Check(name, State.WRONG, found, said("check.crm_address_todo"))
        case "certificate_refused":
            found = said("check.crm_certificate", error=error)
            return Check(name, State.WRONG, found, said("check.crm_certificate_todo"))
    return Check(name, State.WRONG, said("check.crm_away", error=error), said("check.crm_away_todo"))


def health_checks(health: Mapping[str, Any], *, now: datetime) -> list[Check]:
    """What the environment tells about itself: the circuit to the CRM, stalled events, the webhook, reconciliation."""
    return [
        _circuit(health["breaker"]),
        _stalled(health["stuck"]),
        _webhook(health["webhook"]),
        _reconciled(health["reconciliation"], now),
        *([] if health["search"] else [_search_is_off()]),
    ]


def _search_is_off() -> Check:
    return Check(said("check.name.search"), State.WATCH, said("check.search_off"), said("check.search_todo"))


def _circuit(breaker: Mapping[str, Any]) -> Check:
    name = said("check.name.circuit")
    match breaker["state"]:
        case "closed":
            return Check(name, State.WELL, said("check.circuit_closed"))
        case "open":
            return Check(name, State.WRONG, said("check.circuit_open"), said("check.circuit_open_todo"))
    return Check(name, State.WATCH, said("check.circuit_half"))


def _stalled(stalled: Sequence[str]) -> Check:
    name = said("check.name.stalled")
    if not stalled:
        return Check(name, State.WELL, said("check.none"))
    found = said("check.stalled", count=len(stalled), event_id=stalled[0])
    return Check(name, State.WRONG, found, said("check.stalled_todo"))


def _webhook(details: Mapping[str, Any] | None) -> Check:
    name, report = said("check.name.webhook"), (details or {}).get("report") or {}
    if not report:
        return Check(name, State.UNSEEN, said("check.webhook_unasked"), said("check.webhook_unasked_todo"))
    if report.get("status") != "done":
        reason = read_said_members(dict(report), "reason") or ""
        return Check(name, State.WATCH, reason, said("check.webhook_right_todo"))
    if report["missing"] or report["disabled"]:
        found = said("check.webhook_missing") if report["missing"] else said("check.webhook_off")
        return Check(name, State.WRONG, found, said("check.webhook_todo"))
    if report["failing"]:
        return Check(name, State.WRONG, said("check.webhook_failing"), said("check.webhook_failing_todo"))
    if report["retries_off"]:
        return Check(name, State.WATCH, said("check.webhook_once"), said("check.webhook_once_todo"))
    return Check(name, State.WELL, said("check.webhook_well"))


def _reconciled(details: Mapping[str, Any] | None, now: datetime) -> Check:
    name = said("check.name.reconciliation")
    if not details:
        return Check(name, State.WATCH, said("check.never_run"), said("check.never_run_todo"))
    age, report = now - datetime.fromisoformat(details["made_at"]), details["report"]
    found = said("check.minutes_ago", minutes=f"{age.total_seconds() / 60:.0f}")
    if age > STALE:
        return Check(name, State.WRONG, found, said("check.silent_todo"))
    if report.get("status") != "done":
        reason = read_said_members(dict(report), "reason") or ""
        why = said("check.because", found=found, reason=reason)
        return Check(name, State.WATCH, why, said("check.by_itself_todo"))
    return Check(name, State.WELL, said("check.reconciled", found=found, count=report.get("taken_in", 0)))
