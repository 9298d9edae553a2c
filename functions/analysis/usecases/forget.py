"""A call that is erased while it is analysed: who was taken from its body into the index goes out of it again."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
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


@dataclass
class Recording:
    """Whether an analysis has been recorded."""

    is_done: bool = False


@contextmanager
def forgotten_if_erased(
    event_id: str, payload: bytes, *, events: Events, persons: Persons
) -> Generator[Recording, None, None]:
    """Around the work on a body: if it ends without a record, an erasure may have read the index too early."""
    recording = Recording()
    try:
        yield recording
    except Exception:  # not what ends a worker, or the time that it had: whoever is stopped asks nobody any more
        _forget_if_erased(event_id, payload, events=events, persons=persons)
        raise
    if not recording.is_done:
        _forget_if_erased(event_id, payload, events=events, persons=persons)


def _forget_if_erased(event_id: str, payload: bytes, *, events: Events, persons: Persons) -> None:
    with suppress(Unavailable):  # hashes that lead to an empty event: what has failed before tells more
        found = events.get_with_body(event_id)
        if found is not None and found[0].erased_at is not None:
            persons.remove_of(event_id, [payload])
