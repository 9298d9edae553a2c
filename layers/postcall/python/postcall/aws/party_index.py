"""By whose number or address an event or a refused webhook can be found: an item a party, in the indexes by contact.

The items lie in `webhook_events` under keys of their own (`key/ROLE/HASH/ID`), so that `by_phone` and `by_email` lead
to them as to the events' own contacts. They hold a keyed hash and an id, nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws.batch_write import delete_many, put_many
from postcall.domain.clock import write_time
from postcall.domain.contact_key import keyed
from postcall.domain.errors import Unavailable
from postcall.domain.event_id import KEY_NAMESPACE
from postcall.domain.parties import Party, Role, conversations_of, parties_of, spellings
from postcall.domain.said import said

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


_INDEXED = {"phone": "phone_key", "email": "email_key", "conversation": "phone_key"}  # which index leads to it


MOST_OF = {False: 200, True: 20}  # of an event, of a refused webhook: anybody may send one of these


@dataclass(frozen=True)
class Found:
    """An event, or for `Role.REFUSED` a refused webhook, by its id; `item` is the index's own key, if it has one."""

    id: str
    role: Role
    item: str | None = None


class PartyIndex:
    """Written where a body is first read, looked up when a person is erased. `key` gives the hashes' key, or none."""

    def __init__(self, client: DynamoDBClient, table: str, *, key: Callable[[], bytes], ttl_days: int) -> None:
        self._client = client
        self._table = table
        self._key = key
        self._ttl = timedelta(days=ttl_days)

    def add(self, id_: str, body: bytes, *, now: datetime, role: Role | None = None) -> None:
        """Index everybody in a body, under one role if it is given: in one request, for as many as anybody has.

        Nobody calls with hundreds of numbers: of a body made to cost us, the first are indexed. Who fails may have
        indexed some of them; may be repeated.

        Raises:
            Unavailable: DynamoDB does not answer now.
        """
        expires = int((now + self._ttl).timestamp())
        found = islice(self._items(id_, _roles(body, role)), MOST_OF[role is Role.REFUSED])
        rows = {
            item: {"event_id": item, name: key, "received_at": write_time(now), "expires_at": expires}
            for item, name, key in found
        }
        put_many(self._client, self._table, list(rows.values()), what="store.contacts_unwritten")

    def items_of(self, id_: str, bodies: Iterable[bytes]) -> tuple[str, ...]:
        """The index's keys that bodies lead to, as `add` writes them."""
        most = MOST_OF[False]
        return tuple({item for body in bodies for item, _, _ in islice(self._items(id_, parties_of(body)), most)})

    def remove_of(self, id_: str, bodies: Iterable[bytes]) -> None:
        """Take out everybody in bodies.

        Raises:
            Unavailable: DynamoDB does not answer now.
        """
        self.remove(self.items_of(id_, bodies))

    def find(self, party: Party) -> list[Found]:
        """All that there is of a party, however its number was written, each once.

        Raises:
            Unavailable: DynamoDB does not answer now.
        """
        return self.find_keys(party.kind, self.keys_of(party))

    def keys_of(self, party: Party) -> tuple[str, ...]:
        """The keyed hashes under which a party is found.

        Raises:
            Unavailable: There is no key.
        """
        secret = self._key()
        if not secret:
            raise Unavailable(said("search.off"))
        values = sorted(spellings(party.value)) if party.kind == "phone" else [party.value]
        return tuple(keyed(party.kind, value, secret) for value in values)

    def find_keys(self, kind: str, keys: Iterable[str], *, until: datetime | None = None) -> list[Found]:
        """All that keyed hashes lead to, each once, and only what came until a moment.

        Raises:
            Unavailable: DynamoDB does not answer now.
        """
        return _once(each for key in keys for each in self._ids(_INDEXED[kind], key, until))

    def remove(self, items: Iterable[str]) -> None:
        """Take keys out of the index.

        Raises:
            Unavailable: DynamoDB does not answer now.
        """
        keys = [{"event_id": item} for item in dict.fromkeys(items)]
        delete_many(self._client, self._table, keys, what="store.contacts_unwritten")

    def _items(self, id_: str, parties: Mapping[Party, Role]) -> Iterator[tuple[str, str, str]]:
        secret = self._key()
        for party, role in parties.items() if secret else ():
            name, key = _INDEXED[party.kind], keyed(party.kind, party.value, secret)
            yield f"{KEY_NAMESPACE}{role}/{key[:24]}/{id_}", name, key

    def _ids(self, name: str, key: str, until: datetime | None) -> Iterator[Found]:
        """Every page: a person may have called any number of times."""
        latest = write_time(until) if until else "9"
        try:
            pages = self._client.get_paginator("query").paginate(
                TableName=self._table,
                IndexName=f"by_{name.removesuffix('_key')}",
                KeyConditionExpression="#key = :key AND received_at <= :latest",
                ExpressionAttributeNames={"#key": name},
                ExpressionAttributeValues={":key": {"S": key}, ":latest": {"S": latest}},
                ScanIndexForward=False,
            )
            for page in pages:
                yield from (read_found(item["event_id"]["S"]) for item in page["Items"])
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(said("store.contacts_unread")) from error


def read_found(key: str) -> Found:
    """What an entry of the indexes by contact leads to: an event's own contact, or an item of ours."""
    if not key.startswith(KEY_NAMESPACE):
        return Found(key, Role.OWN)
    _, role, _, id_ = key.split("/", 3)
    return Found(id_, Role(role), key)


def _roles(body: bytes, role: Role | None) -> Mapping[Party, Role]:
    """The parties of a body; of a refused one also the conversations it names, all under that role."""
    parties = parties_of(body)
    return parties if role is None else dict.fromkeys((*conversations_of(body), *parties), role)


def _once(found: Iterable[Found]) -> list[Found]:
    return list(dict.fromkeys(found))
