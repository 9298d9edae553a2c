"""The record of erasures: an empty object each in the payload bucket, whose name says what was erased and when.

It lies in the bucket because a table that is restored takes back what was erased of it, and would take back the record
as well. It holds ids and keyed hashes, and is kept as long as a call is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote

from botocore.exceptions import BotoCoreError, ClientError

from postcall.domain.clock import read_time
from postcall.domain.erasure_record import FOLDER, ErasureRecord
from postcall.domain.errors import Rejected, Unavailable
from postcall.domain.said import said

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


class ErasureRegister:
    """Written by operations with each erasure, read after a restore and every night."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def add(self, kind: str, names: Iterable[str], *, now: datetime) -> None:
        """Note what is erased. May be repeated.

        Raises:
            Unavailable: S3 does not answer now.
        """
        try:
            for name in names:
                self._client.put_object(Bucket=self._bucket, Key=ErasureRecord(kind, name, now).key, Body=b"")
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(said("store.erasure_unnoted")) from error

    def records(self, *, after: str = "") -> Iterator[ErasureRecord]:
        """Every record whose key comes after the given one, by kind and name.

        Raises:
            Unavailable: S3 does not answer now.
        """
        try:
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=f"{FOLDER}/", StartAfter=after
            )
            for page in pages:
                yield from (read_record(each["Key"]) for each in page.get("Contents", []))
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(said("store.erasures_unread")) from error


def read_record(key: str) -> ErasureRecord:
    """A record from its object's name.

    Raises:
        Rejected: For what is none.
    """
    try:
        _, kind, name, moment = key.split("/")
        return ErasureRecord(kind, unquote(name), read_time(moment))
    except ValueError as error:
        raise Rejected(said("erase.cursor")) from error
