"""What `doctor` concludes from what it was told: pure functions from an answer to findings with a remedy each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

STALE = timedelta(hours=1)
CERTIFICATE_DAYS = 30  # so long before its end a certificate is worth a word
_WRONG_ADDRESS = (401, 403, 404)


class State(StrEnum):
    """How a thing is."""

    WELL = "well"
    WATCH = "watch"  # nothing is lost; a person should know
    WRONG = "wrong"
    UNSEEN = "not seen"


STYLES = {State.WELL: "green", State.WATCH: "yellow", State.WRONG: "bold red", State.UNSEEN: "dim"}


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
        found = f"{depth['waiting']} waiting, {depth['in_flight']} in work, {depth['dead_letters']} given up"
        found += f" ({ages[name]})" if ages.get(name) else ""
        if depth["dead_letters"]:
            todo = f"postcall redrive {name} --preview, then docs/runbooks/{name}-dead-letters.md"
            checks.append(Check(f"{name} queue", State.WRONG, found, todo))
        else:
            checks.append(Check(f"{name} queue", State.WELL, found))
    return checks


AGES = (("of the last hour", timedelta(hours=1)), ("of the last day", timedelta(days=1)), ("older", timedelta.max))


def ages_of(messages: Sequence[Mapping[str, Any]], now: datetime) -> str:
    """How old dead letters are: `1 of the last hour, 2 older, the oldest since 2026-11-24 09:00 UTC`."""
    moments = sorted(datetime.fromisoformat(each["since"]) for each in messages if each.get("since"))
    if not moments:
        return ""
    counts = Counter(next(name for name, most in AGES if now - moment <= most) for moment in moments)
    parts = [f"{counts[name]} {name}" for name, _ in AGES if counts[name]]
    return f"{', '.join(parts)}, the oldest since {moments[0]:%Y-%m-%d %H:%M} UTC"


_TODO_BY_STATUS = {
    "unknown": "Look in the CRM, then postcall resolve (docs/runbooks/outcomes-unknown.md).",
    "rejected": "postcall show tells why; docs/runbooks/leads-rejected.md.",
    "stalled": "postcall continue, or postcall close (docs/runbooks/events-stalled.md).",
    "partial": "postcall show tells which value is missing; docs/runbooks/leads-partial.md.",
}


def attention_checks(found: Mapping[str, Any]) -> list[Check]:
    """What waits for a person, with true counts; what a setting holds back; refused webhooks."""
    counts = Counter[str]()
    for group in found["groups"]:
        counts[group["status"]] += group["count"]
    checks = [
        Check(
            f"{status} leads",
            State.WRONG if status in {"unknown", "stalled"} else State.WATCH,
            f"{count} event(s) wait for a person",
            _TODO_BY_STATUS[status],
        )
        for status, count in counts.items()
    ] or [Check("people's work", State.WELL, "no event waits for a person")]
    return [
        *checks,
        *_final_status(found["resting"]),
        _quarantine(found["quarantine"]),
        _signatures(found["quarantine"]),
    ]


def _final_status(resting: Mapping[str, int]) -> list[Check]:
    todo = "postcall resend --unsent sends them all once the setting is mended."
    return [
        Check(f"{status} events", State.WATCH, f"{count} were not sent", todo)
        for status, count in resting.items()
        if count
    ]


def _quarantine(kinds: Mapping[str, int]) -> Check:
    total = sum(kinds.values())
    if not total:
        return Check("quarantine", State.WELL, "no refused webhook waits")
    details = ", ".join(f"{kind}: {count}" for kind, count in sorted(kinds.items()))
    todo = "postcall quarantine, then docs/runbooks/quarantine-entries.md"
    return Check("quarantine", State.WATCH, f"{total} refused webhook(s) wait ({details})", todo)


def _signatures(kinds: Mapping[str, int]) -> Check:
    forged = kinds.get("vendor", 0) + kinds.get("signature", 0)
    if not forged:
        return Check("webhook secret", State.WELL, "no webhook with a wrong signature waits")
    todo = "Compare the secret at ElevenLabs with elevenlabs-webhook (docs/runbooks/signature-rejected.md)."
    return Check("webhook secret", State.WRONG, f"{forged} webhook(s) were refused for their signature", todo)


def settings_checks(
    settings: Mapping[str, Any], reached: Mapping[str, Any], *, authority_ends: str | None, now: datetime
) -> list[Check]:
    """The CRM's settings in force, what it answered to a request that saves nothing, and its own authority's end."""
    expiry = [] if authority_ends is None else [_authority(datetime.fromisoformat(authority_ends), now)]
    return [_sending(settings), _reach(settings, reached), *expiry]


def _authority(ends: datetime, now: datetime) -> Check:
    days = (ends - now).days
    state = State.WRONG if ends <= now else State.WATCH if days < CERTIFICATE_DAYS else State.WELL
    todo = (
        ""
        if state is State.WELL
        else "Get the CRM's new CA certificate from its owner: docs/runbooks/crm-unavailable.md."
    )
    return Check("CRM's CA", state, f"CRM_CA_BUNDLE ends on {ends:%Y-%m-%d}, in {days} days", todo)


def _sending(settings: Mapping[str, Any]) -> Check:
    if not settings["EXTERNAL_CRM_ENABLED"]:
        return Check("sending", State.WATCH, "switched off: no lead is sent", "Set EXTERNAL_CRM_ENABLED=true.")
    if settings["EXTERNAL_CRM_DRY_RUN"]:
        return Check(
            "sending", State.WATCH, "dry run: payloads are recorded, no lead is sent", "Set EXTERNAL_CRM_DRY_RUN=false."
        )
    details = f"leads go out as {settings['CRM_WIRE_FORMAT']}, repeats: {settings['CRM_DEDUPLICATION']}"
    return Check("sending", State.WELL, details)


def _reach(settings: Mapping[str, Any], reached: Mapping[str, Any]) -> Check:
    status, url = reached.get("http_status"), settings["CRM_SERVICE_URL"]
    match reached["happened"]:
        case "answered" if status in _WRONG_ADDRESS:
            todo = "See CRM_SERVICE_URL (with or without /0/) and the CRM's access list for our static IP."
            return Check("CRM", State.WRONG, f"HTTP {status} from {url}", todo)
        case "answered" if isinstance(status, int) and 300 <= status < 400:  # noqa: PLR2004 — redirects
            return Check("CRM", State.WRONG, f"HTTP {status}: it sends us elsewhere", "See CRM_SERVICE_URL.")
        case "answered":
            return Check("CRM", State.WELL, f"reached from our address in {reached.get('duration_ms')} ms")
        case "address_refused":
            return Check("CRM", State.WRONG, f"not a public address: {reached.get('error')}", "See CRM_SERVICE_URL.")
        case "certificate_refused":
            todo = "Get the CRM's CA certificate from its owner and set CRM_CA_BUNDLE."
            return Check("CRM", State.WRONG, f"its certificate is not trusted: {reached.get('error')}", todo)
    todo = "Ask the CRM's owner whether it is up and our static IP is allowed; leads wait in the queue meanwhile."
    return Check("CRM", State.WRONG, f"not reached ({reached.get('error')})", todo)


def health_checks(health: Mapping[str, Any], *, now: datetime) -> list[Check]:
    """What the environment tells about itself: the circuit to the CRM, stuck events, the webhook, reconciliation."""
    return [
        _circuit(health["breaker"]),
        _stalled(health["stuck"]),
        _webhook(health["webhook"]),
        _reconciled(health["reconciliation"], now),
        *([] if health["search"] else [_SEARCH_IS_OFF]),
    ]


_SEARCH_IS_OFF = Check(
    "search", State.WATCH, "by phone and e-mail it is off", "Put a random text into the secret search-key."
)


def _circuit(breaker: Mapping[str, Any]) -> Check:
    match breaker["state"]:
        case "closed":
            return Check("circuit", State.WELL, "closed: no lead is held back")
        case "open":
            todo = "See docs/runbooks/crm-breaker-open.md."
            return Check("circuit", State.WRONG, "open: the CRM failed in a row, sending pauses", todo)
    return Check("circuit", State.WATCH, "half open: the CRM is being tried")


def _stalled(stalled: Sequence[str]) -> Check:
    if not stalled:
        return Check("stuck events", State.WELL, "none")
    found = f"{len(stalled)} event(s) do not move any more, the longest {stalled[0]}"
    return Check("stuck events", State.WRONG, found, "postcall show tells where; docs/runbooks/events-stalled.md.")


def _webhook(details: Mapping[str, Any] | None) -> Check:
    report = (details or {}).get("report") or {}
    if not report:
        todo = "Put a key into the secret elevenlabs-api: only with it ElevenLabs tells."
        return Check("webhook", State.UNSEEN, "ElevenLabs was not asked yet", todo)
    if report.get("status") != "done":
        return Check("webhook", State.WATCH, str(report.get("reason")), "Give the key the right to read webhooks.")
    if report["missing"] or report["disabled"]:
        found = "ElevenLabs has none that leads to us" if report["missing"] else "ElevenLabs has switched it off"
        todo = "Set it up or switch it on in ElevenLabs (docs/runbooks/webhook-blocked.md), then postcall reconcile."
        return Check("webhook", State.WRONG, found, todo)
    if report["failing"]:
        todo = "postcall quarantine, and docs/runbooks/signature-rejected.md."
        return Check("webhook", State.WRONG, "deliveries have failed within the hour", todo)
    if report["retries_off"]:
        return Check(
            "webhook", State.WATCH, "it is not tried again after a failure", "Switch retries on in ElevenLabs."
        )
    return Check("webhook", State.WELL, "on, tried again after a failure")


def _reconciled(details: Mapping[str, Any] | None, now: datetime) -> Check:
    if not details:
        todo = "Put a key into the secret elevenlabs-api: without it calls that never came cannot be found."
        return Check("reconciliation", State.WATCH, "has not run", todo)
    age = now - datetime.fromisoformat(details["made_at"])
    found = f"last {age.total_seconds() / 60:.0f} minutes ago"
    if age > STALE:
        return Check("reconciliation", State.WRONG, found, "See docs/runbooks/reconciliation-silent.md.")
    report = details["report"]
    if report.get("status") != "done":
        return Check("reconciliation", State.WATCH, f"{found}: {report.get('reason')}", "It tries again by itself.")
    return Check("reconciliation", State.WELL, f"{found}, {report.get('taken_in', 0)} call(s) taken in")
