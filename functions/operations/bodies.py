"""What operators send: query parameters and JSON bodies, each wrong one answered in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from postcall.aws.http import Request
from postcall.domain.clock import is_of_our_time
from postcall.domain.errors import Rejected
from postcall.domain.json_object import JsonObject, read_object
from postcall.domain.outcome import Resolution
from postcall.domain.said import LANGUAGES, said
from postcall.domain.status import Status
from postcall.domain.zone import operators_zone

OUTCOMES = {"delivered": True, "not_delivered": False}
MAXIMUM_REASON_CHARACTERS = 500
MAXIMUM_QUERY_CHARACTERS = 320  # the longest e-mail address


def query_param(request: Request, name: str, parse: Callable[[str], Any]) -> Any:  # noqa: ANN401 — whatever the parser makes
    """A query parameter, or None when it is missing or empty.

    Raises:
        Rejected: Naming it.
    """
    text = request.query.get(name)
    if text is None or text == "":
        return None
    try:
        return parse(text)
    except ValueError as error:
        raise Rejected(said("request.member", name=name, why=str(error))) from error


def status_word(text: str) -> Status:
    """A status by its word.

    Raises:
        ValueError: It is none.
    """
    try:
        return Status(text)
    except ValueError:
        raise ValueError(said("request.status", known=", ".join(Status))) from None


def day(text: str) -> date:
    """A day such as 2026-11-24.

    Raises:
        ValueError: It is no day, or none of our time.
    """
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise ValueError(said("request.day")) from None
    if not is_of_our_time(found):
        raise ValueError(said("request.day"))
    return found


def moment(text: str) -> datetime:
    """A moment with its offset, or in UTC without one.

    Raises:
        ValueError: It is no ISO 8601 moment, or not of our time.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(said("request.moment")) from None
    if not is_of_our_time(found):
        raise ValueError(said("request.moment"))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def time_zone(text: str) -> ZoneInfo:
    """A time zone by its name, such as Europe/Minsk.

    Raises:
        ValueError: No zone has this name.
    """
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(said("request.zone")) from None


def zone_of(request: Request) -> ZoneInfo:
    """Whose days a request means.

    Raises:
        Rejected: Naming the parameter.
    """
    zone: ZoneInfo = query_param(request, "zone", time_zone) or operators_zone()
    return zone


def language(text: str) -> str:
    """One of the languages in which people are told things.

    Raises:
        ValueError: It is none of them.
    """
    if text not in LANGUAGES:
        raise ValueError(said("request.choice", known=", ".join(LANGUAGES)))
    return text


def read_resolution(body: bytes, *, resolved_by: str) -> Resolution:
    """`{"outcome": "delivered" | "not_delivered", "reason": "…"}`.

    Raises:
        Rejected: The body is no object, or lacks a known outcome or a reason.
    """
    members = read_object(body)
    outcome = members.get("outcome")
    if not isinstance(outcome, str) or outcome not in OUTCOMES:
        raise Rejected(said("request.outcome"))
    reason = read_reason(members, why=said("request.reason.resolution"))
    return Resolution(OUTCOMES[outcome], resolved_by=resolved_by, reason=reason)


def read_reason(members: JsonObject, *, why: str) -> str:
    """`reason`, which stands on the record.

    Raises:
        Rejected: There is none, or it is too long.
    """
    reason = members.get("reason")
    if not isinstance(reason, str) or not reason.strip() or len(reason) > MAXIMUM_REASON_CHARACTERS:
        raise Rejected(said("request.reason", maximum=MAXIMUM_REASON_CHARACTERS, why=why))
    return reason.strip()


def asked_reason(request: Request, *, why: str) -> str:
    """The reason of an act that asks for one: `reason` in the JSON body or the query.

    Empty only with a token that may do without.

    Raises:
        Rejected: There is none, it is too long, or the body is no JSON object.
    """
    members = read_object(request.body or b"{}")
    reason = members.get("reason", request.query.get("reason"))
    if reason is None and request.token is not None and request.token.reason_optional:
        return ""
    return read_reason({"reason": reason}, why=why)


def read_text(members: JsonObject, name: str) -> str:
    """A text that has something in it.

    Raises:
        Rejected: It is missing, empty or too long.
    """
    text = members.get(name)
    if not isinstance(text, str) or not text.strip() or len(text) > MAXIMUM_QUERY_CHARACTERS:
        raise Rejected(said("request.text", name=name, maximum=MAXIMUM_QUERY_CHARACTERS))
    return text.strip()


def read_flag(members: JsonObject, name: str, *, default: bool) -> bool:
    """True or false.

    Raises:
        Rejected: It is another value.
    """
    value = members.get(name, default)
    if not isinstance(value, bool):
        raise Rejected(said("request.flag", name=name))
    return value
