"""Where bytes lie: compressed in an item up to 64 KB, beyond that in S3 with a pointer.

An event's item is an immutable one beside it, `body/ID` (postcall/aws/event_table.py): every update of an item is
billed on its whole size (docs/architecture.md, "Data"), so no body may ride along.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws.items import Item
from postcall.aws.packing import pack, unpack
from postcall.domain.errors import Unavailable
from postcall.domain.said import said

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

INLINE_LIMIT_BYTES = 65_536


class Payloads:
    """The one place that knows whether a payload is in the item or in the bucket."""

    def __init__(self, client: Callable[[], S3Client], bucket: str, *, folder: str = "payloads") -> None:
        """`folder` keeps kinds of bodies apart: roles and lifetimes differ by it.

        The client is made with the first body that no item holds: few calls have one, and a cold start pays for it.
        """
        self._client = client
        self._bucket = bucket
        self._folder = folder

    def store(self, event_id: str, body: bytes, *, sha256: str) -> Item:
        """Keep the bytes; the result are the members of the event's item that lead back to them."""
        packed = pack(body)
        if len(packed) <= INLINE_LIMIT_BYTES:
            return {"payload": packed}
        return {"payload_key": self._put(event_id, packed, sha256=sha256)}

    @staticmethod
    def needs_an_object(body: bytes) -> bool:
        """Whether no item holds a body."""
        return len(body) > INLINE_LIMIT_BYTES and len(pack(body)) > INLINE_LIMIT_BYTES

    def keep_revision(self, event_id: str, body: bytes, *, sha256: str) -> str:
        """Keep another body of a known event beside the first; returns its key in the bucket."""
        return self._put(event_id, pack(body), sha256=sha256)

    def empty(self, key: str) -> None:
        """Leave nothing of a body in the bucket but its key: who stores bodies need not be able to delete them.

        Raises:
            Unavailable: S3 does not answer now.
        """
        self._write(key, b"")

    def load(self, item: Item) -> bytes:
        """The bytes behind an event's item.

        Raises:
            Unavailable: S3 does not answer now.
        """
        if "payload" in item:
            return unpack(item["payload"])
        if "payload_key" not in item:
            raise Unavailable(said("event.payload_gone"))
        try:
            answer = self._client().get_object(Bucket=self._bucket, Key=item["payload_key"])
            return unpack(answer["Body"].read())
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(said("store.payload_unread")) from error

    def keys_of(self, event_id: str) -> tuple[str, ...]:
        """The keys of all bodies of an event in the bucket, without those that were emptied.

        Raises:
            Unavailable: S3 does not answer now.
        """
        prefix = f"{self._folder}/{quote(event_id, safe='')}/"
        pages = self._client().get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        try:
            return tuple(each["Key"] for page in pages for each in page.get("Contents", []) if each["Size"])
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(said("store.payload_unread")) from error

    def forget(self, item: Item) -> None:
        """Delete what an item points to in the bucket; nothing when its bytes are inside it.

        Raises:
            Unavailable: S3 does not answer now.
        """
        if "payload_key" not in item:
            return
        try:
            self._client().delete_object(Bucket=self._bucket, Key=item["payload_key"])
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(said("store.payload_undeleted")) from error

    @staticmethod
    def of_event(item: Item) -> Item:
        """What in an event's own item leads to its bytes; nothing when they lie in the item beside it."""
        return {"payload_key": item["payload_key"]} if "payload_key" in item else {}

    @staticmethod
    def of_revision(revision: Item) -> Item:
        """What leads to a revision's bytes; nothing for the one that lies beside the event."""
        return {"payload_key": revision["key"]} if "key" in revision else {}

    def _put(self, event_id: str, packed: bytes, *, sha256: str) -> str:
        key = f"{self._folder}/{quote(event_id, safe='')}/{sha256}.zlib"
        self._write(key, packed)
        return key

    def _write(self, key: str, packed: bytes) -> None:
        try:
            self._client().put_object(Bucket=self._bucket, Key=key, Body=packed, ContentType="application/zlib")
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(said("store.payload_unstored")) from error
