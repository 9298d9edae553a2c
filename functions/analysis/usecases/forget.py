"""A call that is erased while it is analysed: who was taken from its body into the index goes out of it again."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Protocol

from postcall.domain.errors import Unavailable
from postcall.domain.event import Body, CallEvent


class Events(Protocol):
    """What is asked of `webhook_events`."""

    def get_with_body(self, event_id: str) -> tuple[CallEvent, Body] | None:
        """The event, and what gives the bytes it came with; or None."""


class Persons(Protocol):
    """The index of whose numbers and addresses an event holds."""

    def remove_of(self, id_: str, bodies: Iterable[bytes]) -> None:
        """Take out everybody in bodies."""


def forget_if_erased(event_id: str, payload: bytes, *, events: Events, persons: Persons) -> None:
    """For an analysis that is not recorded: the erasure may have read the index before all of them were in it."""
    with suppress(Unavailable):  # hashes that lead to an empty event: what has failed before tells more
        found = events.get_with_body(event_id)
        if found is not None and found[0].erased_at is not None:
            persons.remove_of(event_id, [payload])
