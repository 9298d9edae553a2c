"""A person's calls that no analysis has read yet: it makes the index by contact, so each of these is looked into."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from postcall.domain.errors import Unavailable
from postcall.domain.event import CallEvent
from postcall.domain.parties import Party, Role, parties_of, spellings

READ_AT_ONCE = 300  # some milliseconds each: within the function's time


@dataclass(frozen=True)
class UnreadCall:
    """A call in which the person was found; no key of an index leads to it."""

    id: str
    role: Role
    item: str | None = None


@dataclass
class UnreadCalls:
    """What was found. `all_read` is False where there are more than could be looked into now."""

    found: list[UnreadCall] = field(default_factory=list)
    all_read: bool = True


def unread_calls_of(
    party: Party, *, waiting: Iterable[CallEvent], payload: Callable[[str], bytes], at_once: int = READ_AT_ONCE
) -> UnreadCalls:
    """Look into the calls that wait for their analysis, at most so many.

    Raises:
        Unavailable: They cannot be listed; later can help.
    """
    wanted = {Party(party.kind, each) for each in (spellings(party.value) if party.kind == "phone" else {party.value})}
    calls = UnreadCalls()
    for number, event in enumerate(event for event in waiting if event.erased_at is None):
        if number == at_once:
            calls.all_read = False
            break
        try:
            there = parties_of(payload(event.event_id))
        except Unavailable:  # one body that is not to be had must not keep everybody else from being erased
            calls.all_read = False
            continue
        roles = {role for each, role in there.items() if each in wanted}
        if roles:
            calls.found.append(UnreadCall(event.event_id, Role.OWN if Role.OWN in roles else Role.MENTIONED))
    return calls
