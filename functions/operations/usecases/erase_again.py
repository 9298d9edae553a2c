"""Run the recorded erasures again, as after a restore, which brings back what was erased since the restored moment.

Of a person only what came until their erasure goes: who called again afterwards did so knowing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from functions.operations.usecases.erase import DiscardOf, Eraser, Events, Found, Person, person_of
from functions.operations.usecases.known_event import Conflict
from postcall.domain.erasure_record import EVENT, ErasureRecord
from postcall.domain.said import said


class Parties(Protocol):
    """The index by number and address."""

    def find_keys(self, kind: str, keys: Iterable[str], *, until: datetime | None = None) -> Iterable[Found]:
        """All that keyed hashes lead to, of what came until a moment."""

    def remove(self, items: Iterable[str]) -> None:
        """Take keys out."""


@dataclass
class ErasedAgain:
    """What a run found and erased; `last` is the record that it came to, None when it came to the end."""

    records: int = 0
    erased: list[str] = field(default_factory=list)
    discarded: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    last: str | None = None


def erase_again(
    records: Iterable[ErasureRecord],
    *,
    at_once: int,
    parties: Parties,
    erase_rest: Callable[[str], bool],
    discard: Callable[[str], bool],
) -> ErasedAgain:
    """Go through so many records.

    `erase_rest` erases what is left of an event and tells whether anything was. Then ask again from the same record.

    Raises:
        Unavailable: The record of erasures cannot be read now.
    """
    done = ErasedAgain()
    for record in records:
        if done.records == at_once:
            return done
        if record.kind == EVENT:
            _erase(record.name, done, erase_rest)
        else:
            there = person_of(parties.find_keys(record.kind, [record.name], until=record.erased_at))
            _erase_person(there, done, parties, erase_rest, discard)
        done.records += 1
        done.last = record.key
    done.last = None
    return done


def erase_rest(
    event_id: str,
    *,
    events: Events,
    eraser: Eraser,
    remains: Callable[[str], tuple[str, ...]],
    erase_one: Callable[[str], object],
    discard_of: DiscardOf,
) -> bool:
    """Erase what is left of an event that was erased before, or has come back since; whether anything was.

    Raises:
        Conflict: While it is being sent.
        Unavailable: Something is left.
    """
    event = events.get(event_id)
    if event is not None and event.erasure is None:
        erase_one(event_id)
        return True
    left = remains(event_id)
    if event is None or event.erasure is None:
        if left:
            eraser.clear(event_id)
        return bool(left)
    if "event" in left and not eraser.mark(event, event.erasure):
        raise Conflict(said("event.changed"))
    if left or not event.erasure.complete:
        erase_one(event_id)
        return True
    return bool(discard_of(event))


def _erase_person(
    there: Person,
    done: ErasedAgain,
    parties: Parties,
    erase_rest: Callable[[str], bool],
    discard: Callable[[str], bool],
) -> None:
    for event_id in there.own:
        _erase(event_id, done, erase_rest)
    done.discarded += sum(discard(quarantine_id) for quarantine_id in there.refused)
    gone = [each for each in (*there.own, *there.refused) if each not in done.refused]
    parties.remove(item for each in gone for item in there.items.get(each, []))


def _erase(event_id: str, done: ErasedAgain, erase_rest: Callable[[str], bool]) -> None:
    try:
        if erase_rest(event_id):
            done.erased.append(event_id)
    except Conflict as error:  # it is being sent
        done.refused[event_id] = str(error)
