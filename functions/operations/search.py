"""Find calls by what a person has in hand: an event's id, a phone number, an e-mail address."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from postcall.domain.contact_key import address_of, email_key, numbers_meant, phone_key
from postcall.domain.errors import Rejected, Unavailable
from postcall.domain.event import CallEvent
from postcall.domain.said import said

FOUND_AT_MOST = 25
SEARCH_IS_OFF = said("search.off")


class Events(Protocol):
    """What search asks of `webhook_events`."""

    def find(self, given: str) -> CallEvent | None:
        """The event that a person means, or None."""

    def get(self, event_id: str) -> CallEvent | None:
        """The event as it stands now, or None."""


class Contacts(Protocol):
    """The indexes by contact."""

    def by_phone(self, key: str, *, limit: int) -> list[str]:
        """Event ids, newest first."""

    def by_email(self, key: str, *, limit: int) -> list[str]:
        """Event ids, newest first."""


def search(
    query: str, *, events: Events, contacts: Contacts, key: Callable[[], bytes], limit: int = FOUND_AT_MOST
) -> list[CallEvent]:
    """The calls that the words mean, newest first. Raises `Unavailable` when the search by contact is off."""
    exact = events.find(query)
    ids = [] if exact is not None else of_person(query, contacts=contacts, key=key, limit=limit)
    found = [exact] if exact is not None else [events.get(event_id) for event_id in ids]
    return sorted((event for event in found if event is not None), key=lambda event: event.received_at, reverse=True)


def of_person(phone_or_email: str, *, contacts: Contacts, key: Callable[[], bytes], limit: int) -> list[str]:
    """The ids of a person's events; none for words that are neither a phone number nor an e-mail address."""
    address, numbers = address_of(phone_or_email), numbers_meant(phone_or_email)
    if address is None and not numbers:
        return []
    secret = key()
    if not secret:
        raise Unavailable(SEARCH_IS_OFF)
    found = [] if address is None else contacts.by_email(email_key(address, secret), limit=limit)
    for number in numbers:
        found += contacts.by_phone(phone_key(number, secret), limit=limit)
    return _once(found)[:limit]


def require_contact(phone_or_email: str) -> None:
    """Raises `Rejected` for words by which nobody can be found."""
    if address_of(phone_or_email) is None and not numbers_meant(phone_or_email):
        raise Rejected(said("search.neither"))


def _once(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(ids))
