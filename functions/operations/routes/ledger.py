"""Is every call accounted for: the ledger of a day, and the search for calls that ElevenLabs never delivered."""

from __future__ import annotations

from datetime import UTC, date, datetime
from http import HTTPStatus

from functions.operations import wiring
from functions.operations.bodies import asked_reason, read_flag
from functions.operations.bodies import day as read_day
from functions.operations.telemetry import report
from postcall.aws.http import HttpError, Request, Response, json_response
from postcall.domain.clock import is_of_our_time, write_time
from postcall.domain.errors import Rejected
from postcall.domain.json_object import read_object
from postcall.domain.ledger import Ledger, write_ledger
from postcall.domain.said import read_said_members, said


def show(_request: Request, _who: str, day: str) -> Response:
    """A day's ledger as it was made last.

    Raises:
        Rejected: The day is none.
        HttpError: 404 where no ledger of the day was made.
    """
    try:
        wanted = read_day(day)
    except ValueError as error:
        raise Rejected(said("request.member", name="day", why=str(error))) from error
    return json_response(HTTPStatus.OK, write_ledger(kept_ledger(wanted)))


def kept_ledger(day: date) -> Ledger:
    """A day's ledger as it was made last.

    Raises:
        HttpError: 404 where no ledger of the day was made.
    """
    ledger = wiring.ledgers().get(day)
    if ledger is None:
        raise HttpError(HTTPStatus.NOT_FOUND, said("ledger.missing"), day=day.isoformat())
    return ledger


def make(_request: Request, who: str, day: str) -> Response:
    """A day's ledger made anew, as after a reconciliation that has fetched calls of it.

    Raises:
        Rejected: The day is none.
        HttpError: 409 where reconciliation could not make it.
    """
    try:
        wanted = read_day(day)
    except ValueError as error:
        raise Rejected(said("request.member", name="day", why=str(error))) from error
    result = wiring.reconciliation()({"command": "ledger", "day": wanted.isoformat()})
    made = result.get("ledgers") or []
    if result.get("status") != "done" or not made:
        raise HttpError(HTTPStatus.CONFLICT, read_said_members(result, "reason") or said("ledger.refused"), day=day)
    report("ledger", by=who, day=day)
    return json_response(HTTPStatus.OK, made[0])


def reconcile(request: Request, who: str) -> Response:
    """Ask ElevenLabs for the conversations since a moment, and take in those that we lack.

    Raises:
        HttpError: 409 where reconciliation refuses the command.
    """
    members = read_object(request.body)
    since, dry_run = _moment(members.get("since")), read_flag(members, "dry_run", default=True)
    reason = "" if dry_run else asked_reason(request, why=said("request.reason.reconcile"))
    result = wiring.reconciliation()({"command": "reconcile", "since": write_time(since), "dry_run": dry_run})
    if result.get("status") == "refused":
        raise HttpError(HTTPStatus.CONFLICT, read_said_members(result, "reason") or said("ledger.refused"))
    report("reconcile", by=who, reason=reason, since=write_time(since), dry_run=dry_run)
    return json_response(HTTPStatus.OK, result)


def _moment(text: object) -> datetime:
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        moment = None
    if moment is None or not is_of_our_time(moment):
        raise Rejected(said("request.since"))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
