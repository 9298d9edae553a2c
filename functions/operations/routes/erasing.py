"""Erase one call, or every call of one person."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from functions.operations import wiring
from functions.operations.bodies import read_flag, read_reason, read_text
from functions.operations.routes.refusal import refused
from functions.operations.telemetry import report
from functions.operations.usecases.erase import ErasedPerson, Person, erase, erase_all, person_of
from functions.operations.usecases.erase_again import erase_again, erase_rest
from functions.operations.usecases.search import require_contact
from postcall.aws.erasure_register import read_record
from postcall.aws.http import Request, Response, json_response
from postcall.domain.clock import SystemClock
from postcall.domain.contact_key import address_of, digits_of
from postcall.domain.errors import Rejected
from postcall.domain.event import CallEvent
from postcall.domain.event_id import public_id
from postcall.domain.json_object import read_object
from postcall.domain.parties import Party, parties_in, spellings
from postcall.domain.said import said, said_members

EVENTS_AT_ONCE = 25  # about ten calls to AWS each: within the function's time
NOT_SEARCHED = ("backups", "others", "spoken", "beyond")
WHY = said("request.reason.erasure")


def event(request: Request, who: str, event_id: str) -> Response:
    """One event, everywhere."""
    reason = read_reason(read_object(request.body), why=WHY)
    with refused(event_id):
        kinds = _erase(who, reason)(event_id)
    report("erased", by=who, event_id=event_id)
    return json_response(HTTPStatus.OK, {"event_id": event_id, "erased": list(kinds), "erased_by": who})


def person(request: Request, who: str) -> Response:
    """What there is of the person with this phone or e-mail: first shown, then erased; the value is nowhere kept.

    Raises:
        Rejected: The body names not just one of phone and e-mail, or lacks a reason, or that one holds the value.
    """
    members = read_object(request.body)
    given = [name for name in ("phone", "email") if name in members]
    if len(given) != 1:
        raise Rejected(said("request.one_contact"))
    party = _party(read_text(members, given[0]))
    preview, mentioned_too = (read_flag(members, name, default=False) for name in ("preview", "mentioned"))
    reason = "" if preview else read_reason(members, why=WHY)
    _require_nameless(reason, party)
    unread = wiring.unread_calls(party)
    there = person_of([*wiring.parties().find(party), *unread.found])
    shown = partial(_shown, there=there, all_read=unread.all_read, who=who)
    if preview:
        return json_response(
            HTTPStatus.OK, shown(ErasedPerson(), mentioned=there.mentioned, waiting=len(there.refused))
        )
    wiring.erasures().add(party.kind, wiring.parties().keys_of(party), now=SystemClock().now())
    wanted = [*there.own, *(there.mentioned if mentioned_too else ())]
    done = erase_all(wanted, at_once=EVENTS_AT_ONCE, erase_one=_erase(who, reason))
    for event_id in done.erased:
        report("erased", by=who, event_id=event_id)
    discarded = there.refused[:EVENTS_AT_ONCE]
    for quarantine_id in discarded:
        wiring.quarantine().discard(quarantine_id)
    gone = [*wanted[:EVENTS_AT_ONCE], *discarded]
    wiring.parties().remove(item for each in gone if each not in done.refused for item in there.items.get(each, []))
    done.more = done.more or len(there.refused) > len(discarded)
    left, waiting = () if mentioned_too else there.mentioned, len(there.refused) - len(discarded)
    return json_response(HTTPStatus.OK, shown(done, mentioned=left, waiting=waiting))


def again(request: Request, who: str) -> Response:
    """Go through the record of erasures, some at a time: what a restore has brought back is erased again."""
    members = read_object(request.body)
    reason, after = read_reason(members, why=WHY), members.get("after") or ""
    if after:
        read_record(str(after))
    done = erase_again(
        wiring.erasures().records(after=str(after)),
        at_once=EVENTS_AT_ONCE,
        parties=wiring.parties(),
        erase_rest=_erase_rest(who, reason),
        discard=lambda quarantine_id: wiring.quarantine().discard(quarantine_id),
    )
    for event_id in done.erased:
        report("erased", by=who, event_id=event_id)
    return json_response(
        HTTPStatus.OK,
        {
            "records": done.records,
            "erased": [public_id(event_id) for event_id in done.erased],
            "discarded": done.discarded,
            "refused": _refused(done.refused),
            "next_cursor": done.last,
            "erased_by": who,
        },
    )


def _erase_rest(who: str, reason: str) -> Callable[[str], bool]:
    return partial(
        erase_rest,
        events=wiring.events(),
        eraser=wiring.eraser(),
        remains=wiring.erasure_check().remains,
        erase_one=_erase(who, reason),
        discard_of=_discard_of,
    )


def _require_nameless(reason: str, party: Party) -> None:
    """The record of an erasure outlives it: what it erases must not stand in its reason."""
    if {each.value for each in parties_in(reason)} & {party.value, *spellings(party.value)}:
        raise Rejected(said("erase.reason_names"))


def _party(contact: str) -> Party:
    require_contact(contact)
    address = address_of(contact)
    return Party("phone", digits_of(contact) or "") if address is None else Party("email", address)


def _shown(
    done: ErasedPerson, *, there: Person, mentioned: tuple[str, ...], waiting: int, all_read: bool, who: str
) -> dict[str, Any]:
    """`complete` is said when nothing is left where we looked; what was not looked at stands beside it."""
    left = bool(done.more or done.refused or mentioned or waiting or set(there.own) - set(done.erased))
    places = NOT_SEARCHED if all_read else (*NOT_SEARCHED, "unread")
    return {
        "erased": [public_id(event_id) for event_id in done.erased],
        "refused": _refused(done.refused),
        "more": done.more,
        "erased_by": who,
        "own": [public_id(event_id) for event_id in there.own],
        "mentioned": [public_id(event_id) for event_id in mentioned],
        "quarantined": waiting,
        "complete": all_read and not left,
        "not_searched": [said(f"erase.not_searched.{place}") for place in places],
    }


def _refused(refused: dict[str, str]) -> list[dict[str, Any]]:
    return [{"event_id": public_id(each), **said_members("reason", why)} for each, why in refused.items()]


def _erase(who: str, reason: str) -> Callable[[str], tuple[str, ...]]:
    return partial(
        erase,
        reason=reason,
        erased_by=who,
        events=wiring.events(),
        eraser=wiring.eraser(),
        parties=wiring.parties(),
        register=wiring.erasures(),
        discard_of=_discard_of,
        clock=SystemClock(),
    )


def _discard_of(event: CallEvent) -> int:
    """Delete the refused webhooks of the event's conversation; how many there were."""
    if event.conversation_id is None or not wiring.contact_key():
        return 0
    found = wiring.parties().find(Party("conversation", event.conversation_id))
    discarded = sum(wiring.quarantine().discard(each.id) for each in found)
    wiring.parties().remove(each.item for each in found if each.item is not None)
    return discarded
