"""Erase what is known of a call, so that it cannot be sent any more and a repeated webhook brings nothing back.

The mark on the event comes first: from then on nothing of it moves, and nothing is added to it. What follows may be
repeated until it is complete: whoever its bodies name is taken out of the index before the bodies go.
A person is found by every number and address that we have received of a call, whatever its lead says (postcall/domain/
parties.py): their own calls go; calls in which they were only mentioned are somebody else's, and go when it is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from functions.operations.possible import is_being_sent
from functions.operations.usecases.known_event import Conflict, UnknownEvent
from postcall.domain.clock import Clock
from postcall.domain.event import CallEvent, Erasure
from postcall.domain.parties import Role
from postcall.domain.said import said


class Events(Protocol):
    """What an erasure asks of `webhook_events`."""

    def get(self, event_id: str) -> CallEvent | None:
        """The event as it stands now, or None."""

    def bodies_of(self, event_id: str) -> tuple[bytes, ...]:
        """All that is there of what it came with, also while it is being erased."""


class Eraser(Protocol):
    """The stores."""

    def mark(self, event: CallEvent, erasure: Erasure) -> bool:
        """Empty the event's item and take it off the way; False when it has moved."""

    def clear(self, event_id: str) -> tuple[str, ...]:
        """Delete everything beside the item; the kinds of what was there."""

    def finish(self, event_id: str, kinds: tuple[str, ...]) -> None:
        """Note that nothing is left."""


class Parties(Protocol):
    """The index by number and address."""

    def items_of(self, id_: str, bodies: Iterable[bytes]) -> tuple[str, ...]:
        """The index's keys that bodies lead to."""

    def remove(self, items: Iterable[str]) -> None:
        """Take keys out."""


class Register(Protocol):
    """The record of erasures, which outlives a restore of the tables."""

    def add(self, kind: str, names: Iterable[str], *, now: datetime) -> None:
        """Note what is erased."""


class Found(Protocol):
    """An event or a refused webhook of a person."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def role(self) -> Role:
        """How the person stands to it."""

    @property
    def item(self) -> str | None:
        """The index's own key."""


DiscardOf = Callable[[CallEvent], int]


@dataclass(frozen=True)
class Person:
    """What there is of a person, by role, each once: what is their own is not counted as mentioning them."""

    own: tuple[str, ...]
    mentioned: tuple[str, ...]
    refused: tuple[str, ...]
    items: dict[str, list[str]] = field(default_factory=dict)  # the index's keys, by what they lead to


@dataclass
class ErasedPerson:
    """What became of a person's events. `more` tells that there are others: ask again."""

    erased: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    more: bool = False


def person_of(found: Iterable[Found]) -> Person:
    """What was found of a person, sorted by their role in it."""
    by_role: dict[Role, list[str]] = {role: [] for role in Role}
    items: dict[str, list[str]] = {}
    for each in found:
        by_role[each.role].append(each.id)
        if each.item is not None:
            items.setdefault(each.id, []).append(each.item)
    own = tuple(dict.fromkeys(by_role[Role.OWN]))
    mentioned = tuple(each for each in dict.fromkeys(by_role[Role.MENTIONED]) if each not in set(own))
    return Person(own, mentioned, tuple(dict.fromkeys(by_role[Role.REFUSED])), items)


def erase(
    event_id: str,
    *,
    reason: str,
    erased_by: str,
    events: Events,
    eraser: Eraser,
    parties: Parties,
    register: Register,
    discard_of: DiscardOf,
    clock: Clock,
) -> tuple[str, ...]:
    """Erase one event everywhere; the kinds of data that were erased. Asking again is harmless.

    `discard_of` deletes what lies in the quarantine of the event's conversation. Then ask again.

    Raises:
        UnknownEvent: Nobody has stored an event with this id.
        Conflict: While it is being sent, or its worker has stopped meanwhile.
        Unavailable: Something is left.
    """
    event = events.get(event_id)
    if event is None:
        raise UnknownEvent(said("event.missing"))
    erasure = event.erasure or _marked(event, reason, erased_by, eraser, clock)
    register.add("event", [event_id], now=clock.now())
    quarantined = ("quarantine",) if discard_of(event) else ()
    parties.remove(parties.items_of(event_id, events.bodies_of(event_id)))
    kinds = tuple(dict.fromkeys((*erasure.kinds, *eraser.clear(event_id), *quarantined)))
    eraser.finish(event_id, kinds)
    return kinds


def erase_all(event_ids: list[str], *, at_once: int, erase_one: Callable[[str], object]) -> ErasedPerson:
    """Erase a person's events, at most so many at once; one that is being sent is named and left for later."""
    done = ErasedPerson(more=len(event_ids) > at_once)
    for event_id in event_ids[:at_once]:
        try:
            erase_one(event_id)
        except Conflict as error:
            done.refused[event_id] = str(error)
        except UnknownEvent:  # its time was over: only the index still knew it
            continue
        else:
            done.erased.append(event_id)
    return done


def _marked(event: CallEvent, reason: str, erased_by: str, eraser: Eraser, clock: Clock) -> Erasure:
    being_sent = is_being_sent(event, clock.now())
    if being_sent is not None:
        raise Conflict(being_sent.reason, refusal=being_sent)
    kinds = ["payload"]
    if event.contact:
        kinds.append("contact")
    if event.contact.get("phone") or event.contact.get("email"):
        kinds.append("search_keys")
    erasure = Erasure(erased_by, clock.now(), reason, event.status.value, tuple(kinds))
    if not eraser.mark(event, erasure):
        raise Conflict(said("event.changed"))
    return erasure
