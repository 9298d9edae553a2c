"""Find calls by what a person has in hand: an event's id or its start, a phone number, an e-mail address, a name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol

from postcall.domain.contact_key import address_of, email_key, numbers_meant, phone_key
from postcall.domain.errors import Rejected, Unavailable
from postcall.domain.event import CallEvent
from postcall.domain.name_key import name_keys, name_words
from postcall.domain.said import said

FOUND_AT_MOST = 25
_ID_START = re.compile(r"(?=.*[\d_])[!-~]{4,}")  # a name has neither digit nor line, and an id no space
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


Found = tuple[list[CallEvent], str | None]  # newest first, and the cursor to look further back with


class Lists(Protocol):
    """The lists of events."""

    def named(self, name_keys: list[str], *, now: datetime, limit: int, cursor: str | None) -> Found:
        """The newest events of whoever has all these words in the name."""

    def beginning_with(self, event_id: str, *, now: datetime, limit: int, cursor: str | None) -> Found:
        """The newest events whose id begins so."""


def search(
    query: str,
    *,
    events: Events,
    contacts: Contacts,
    lists: Lists,
    key: Callable[[], bytes],
    now: datetime,
    limit: int = FOUND_AT_MOST,
    cursor: str | None = None,
) -> Found:
    """The calls that the words mean, newest first: by id, by phone or e-mail, by the start of an id or by name.

    Of the last two a part of the calls is looked through; the cursor leads further back, and is None at the end.

    Raises:
        Rejected: For a cursor of another list.
        Unavailable: The search by contact and name is off.
    """
    if cursor is None:
        exact = events.find(query)
        if exact is not None:
            return [exact], None
        ids = of_person(query, contacts=contacts, key=key, limit=limit)
        if ids:
            found = [event for event in map(events.get, ids) if event is not None]
            return sorted(found, key=lambda event: event.received_at, reverse=True), None
        if _is_contact_alone(query):
            return [], None
    if _ID_START.fullmatch(query):
        return lists.beginning_with(query, now=now, limit=limit, cursor=cursor)
    if name_words(query):
        return lists.named(name_keys(query, _required(key)), now=now, limit=limit, cursor=cursor)
    return [], None


def of_person(phone_or_email: str, *, contacts: Contacts, key: Callable[[], bytes], limit: int) -> list[str]:
    """The ids of a person's events; none for words that are neither a phone number nor an e-mail address."""
    address, numbers = address_of(phone_or_email), numbers_meant(phone_or_email)
    if address is None and not numbers:
        return []
    secret = _required(key)
    found = [] if address is None else contacts.by_email(email_key(address, secret), limit=limit)
    for number in numbers:
        found += contacts.by_phone(phone_key(number, secret), limit=limit)
    return _once(found)[:limit]


def require_contact(phone_or_email: str) -> None:
    """Take only words by which somebody can be found.

    Raises:
        Rejected: They are neither a phone number nor an e-mail address.
    """
    if address_of(phone_or_email) is None and not numbers_meant(phone_or_email):
        raise Rejected(said("search.neither"))


def _is_contact_alone(query: str) -> bool:
    """An e-mail address, or a number with its `+`: neither an id begins so nor is a name written so."""
    return address_of(query) is not None or (query.startswith("+") and bool(numbers_meant(query)))


def _required(key: Callable[[], bytes]) -> bytes:
    secret = key()
    if not secret:
        raise Unavailable(SEARCH_IS_OFF)
    return secret


def _once(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(ids))
