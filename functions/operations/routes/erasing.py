"""Erase one call, or every call of one person."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http import HTTPStatus

from functions.operations import wiring
from functions.operations.bodies import read_reason, read_text
from functions.operations.routes.refusal import refused
from functions.operations.usecases.discard import discard_of
from functions.operations.usecases.erase import erase, erase_all
from functions.operations.usecases.search import of_person, require_contact
from postcall.aws.http import Request, Response, json_response
from postcall.aws.observe import count, logger
from postcall.domain.clock import SystemClock
from postcall.domain.errors import Rejected
from postcall.domain.event_id import public_id
from postcall.domain.json_object import read_object
from postcall.domain.said import said, said_members

EVENTS_AT_ONCE = 25  # about ten calls to AWS each: within the function's time
WHY = said("request.reason.erasure")


def event(request: Request, who: str, event_id: str) -> Response:
    """One event, everywhere."""
    reason = read_reason(read_object(request.body), why=WHY)
    with refused(event_id):
        kinds = _erase(who, reason)(event_id)
    _tell(event_id, who)
    return json_response(HTTPStatus.OK, {"event_id": event_id, "erased": list(kinds), "erased_by": who})


def person(request: Request, who: str) -> Response:
    """All events of the person with this phone or e-mail; the value itself is neither logged nor stored."""
    members = read_object(request.body)
    given = [name for name in ("phone", "email") if name in members]
    if len(given) != 1:
        raise Rejected(said("request.one_contact"))
    contact = read_text(members, given[0])
    require_contact(contact)
    reason = read_reason(members, why=WHY)
    found = of_person(contact, contacts=wiring.contacts(), key=wiring.contact_key, limit=EVENTS_AT_ONCE + 1)
    done = erase_all(found, at_once=EVENTS_AT_ONCE, erase_one=_erase(who, reason))
    for event_id in done.erased:
        _tell(event_id, who)
    refusals = [{"event_id": public_id(each), **said_members("reason", why)} for each, why in done.refused.items()]
    erased = [public_id(event_id) for event_id in done.erased]
    return json_response(HTTPStatus.OK, {"erased": erased, "refused": refusals, "more": done.more, "erased_by": who})


def _erase(who: str, reason: str) -> Callable[[str], tuple[str, ...]]:
    clock = SystemClock()
    aside = partial(discard_of, entries=wiring.quarantine_list(), bodies=wiring.quarantine(), clock=clock)
    return partial(
        erase,
        reason=reason,
        erased_by=who,
        events=wiring.events(),
        eraser=wiring.eraser(),
        discard_of=aside,
        clock=clock,
    )


def _tell(event_id: str, who: str) -> None:
    count("EventsErased")
    logger().info("operations.erased", extra={"event_id": event_id, "erased_by": who})
