"""Webhooks that were refused and quarantined: the list, their release into intake, their removal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from functions.operations import wiring
from functions.operations.bodies import asked_reason, query_param
from functions.operations.routes.events import DEFAULT_PAGE, MAXIMUM_PAGE
from functions.operations.telemetry import report
from postcall.aws.http import HttpError, Request, Response, json_response
from postcall.domain.clock import write_time
from postcall.domain.quarantine import Quarantined
from postcall.domain.said import read_said_members, said, said_members
from postcall.settings import parse_int

LONGEST_CALL = timedelta(days=1)  # from a call's beginning, by which it is listed, to its webhook's last try
UNKNOWN = said("quarantine.missing")
REFUSALS = {"refused": HTTPStatus.CONFLICT, "already_released": HTTPStatus.CONFLICT, "not_found": HTTPStatus.NOT_FOUND}
SENTENCES = {"already_released": said("quarantine.released"), "not_found": UNKNOWN}


def listed(request: Request, _who: str) -> Response:
    """Entries, newest first; their bodies are not shown, since nobody knows whose they are."""
    limit = query_param(request, "limit", parse_int(1, MAXIMUM_PAGE)) or DEFAULT_PAGE
    page = wiring.quarantine_list().page(now=datetime.now(UTC), limit=limit, cursor=request.query.get("cursor") or None)
    return json_response(
        HTTPStatus.OK, {"entries": [_shown(entry) for entry in page.entries], "next_cursor": page.cursor}
    )


def release(_request: Request, who: str, quarantine_id: str) -> Response:
    """Let intake judge it again by today's secrets, and take it in.

    Raises:
        HttpError: 404 for an unknown entry, 409 where intake refuses it again.
    """
    done = wiring.intake()({"command": "release", "quarantine_id": quarantine_id, "released_by": who})
    status = str(done.get("status"))
    if status in REFUSALS:
        sentence = read_said_members(done, "reason") or SENTENCES[status]
        members = {"event_id": done["event_id"]} if done.get("event_id") else {}
        if status == "refused":
            sentence, members = _fetched_instead(quarantine_id, sentence, members)
        raise HttpError(REFUSALS[status], sentence, quarantine_id=quarantine_id, **members)
    report("released", by=who, quarantine_id=quarantine_id)
    return json_response(
        HTTPStatus.OK,
        {"quarantine_id": quarantine_id, "status": status, "event_id": done.get("event_id"), "released_by": who},
    )


def _fetched_instead(quarantine_id: str, reason: str, members: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """What else there is to do: ElevenLabs keeps its calls, and reconciliation fetches what never came."""
    entry = wiring.quarantine().get(quarantine_id)
    if entry is None:
        return reason, members
    since = write_time(entry.received_at - LONGEST_CALL)
    return said("quarantine.fetch_instead", reason=reason, since=since), members | {"reconcile_since": since}


def discard(request: Request, who: str, quarantine_id: str) -> Response:
    """Delete an entry with its bytes; it may have been a call, so a reason is asked for.

    Raises:
        HttpError: 404 for an unknown entry.
    """
    reason = asked_reason(request, why=said("request.reason.discard"))
    if not wiring.quarantine().discard(quarantine_id):
        raise HttpError(HTTPStatus.NOT_FOUND, UNKNOWN, quarantine_id=quarantine_id)
    report("discarded", by=who, reason=reason, quarantine_id=quarantine_id)
    return json_response(HTTPStatus.OK, {"quarantine_id": quarantine_id, "status": "discarded", "discarded_by": who})


def _shown(entry: Quarantined) -> dict[str, Any]:
    return {
        "quarantine_id": entry.quarantine_id,
        "kind": entry.kind.value,
        **said_members("reason", entry.reason),
        "received_at": write_time(entry.received_at),
        "bytes": entry.bytes,
        "released_at": None if entry.released_at is None else write_time(entry.released_at),
        "released_by": entry.released_by,
        "event_id": entry.event_id,
    }
