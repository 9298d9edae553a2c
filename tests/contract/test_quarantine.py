"""One contract for the quarantine: the in-memory fake and the DynamoDB adapter answer the same to the same calls."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from postcall.aws import clients
from postcall.aws.quarantine import QuarantineTable
from postcall.aws.quarantine_list import QuarantineList
from postcall.domain.errors import Rejected, Unavailable
from postcall.domain.quarantine import Kind, Limits, Quarantined, quarantined
from tests.support.aws import BUCKET, QUARANTINE, LocalAws, local_aws
from tests.support.fakes.clock import START
from tests.support.fakes.quarantine import MemoryQuarantine

LIMITS = Limits(entries_per_minute=3, entries_per_day=5, bytes_per_day=1_000, largest_body=1_000)
NOISE = random.Random(4).randbytes(200_000)  # noqa: S311 — noise does not compress, so it goes to the bucket


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalAws]:
    with local_aws(monkeypatch) as ready:
        yield ready


@pytest.fixture(params=["memory", "dynamodb"])
def quarantine(request: pytest.FixtureRequest) -> Any:
    return MemoryQuarantine() if request.param == "memory" else request.getfixturevalue("aws").quarantine


def entry_of(body: bytes, *, minutes: float = 0, signature: str | None = "t=1,v0=0") -> Quarantined:
    return quarantined(Kind.SIGNATURE, "Why.", body, signature=signature, now=START + timedelta(minutes=minutes))


def admitted(quarantine: Any, times: int, *, minutes: float = 0, size: int = 1, kind: Kind = Kind.TIME) -> list[bool]:
    now = START + timedelta(minutes=minutes)
    return [quarantine.admit(kind, size, limits=LIMITS, now=now) for _ in range(times)]


def test_an_entry_comes_back_as_it_was_put(quarantine: Any) -> None:
    entry = entry_of(b"a body")
    assert quarantine.keep(entry, b"a body")
    assert quarantine.get(entry.quarantine_id) == entry
    assert quarantine.body(entry.quarantine_id) == b"a body"
    assert quarantine.get("nobody") is None


def test_an_entry_without_a_signature_and_a_large_one_come_back_too(quarantine: Any) -> None:
    entry = entry_of(NOISE, signature=None)
    quarantine.keep(entry, NOISE)
    assert quarantine.get(entry.quarantine_id) == entry
    assert quarantine.body(entry.quarantine_id) == NOISE


def test_the_same_entry_is_kept_once(quarantine: Any) -> None:
    assert quarantine.keep(entry_of(b"a body"), b"a body")
    assert not quarantine.keep(entry_of(b"a body", minutes=3), b"a body")
    assert quarantine.get(entry_of(b"a body").quarantine_id).received_at == START


def test_a_minute_holds_so_many_and_the_next_holds_as_many_again(quarantine: Any) -> None:
    assert admitted(quarantine, 5) == [True, True, True, False, False]
    assert admitted(quarantine, 1, minutes=1) == [True]


def test_a_day_holds_so_many_and_the_next_holds_as_many_again(quarantine: Any) -> None:
    admitted(quarantine, 3)
    assert admitted(quarantine, 3, minutes=1) == [True, True, False]
    assert admitted(quarantine, 1, minutes=2) == [False]
    assert admitted(quarantine, 1, minutes=24 * 60) == [True]


def test_a_day_holds_so_many_bytes(quarantine: Any) -> None:
    assert admitted(quarantine, 1, size=900) == [True]
    assert admitted(quarantine, 1, size=101) == [False]
    assert admitted(quarantine, 1, size=100) == [True]


def test_what_is_used_up_is_seen_without_a_write(aws: LocalAws) -> None:
    admitted(aws.quarantine, 3)
    written: list[str] = []
    clients.dynamodb().meta.events.register(
        "before-call.dynamodb.UpdateItem", lambda model, **_: written.append(model.name)
    )
    assert admitted(aws.quarantine, 5) == [False] * 5
    assert admitted(aws.quarantine, 1, size=1_001, minutes=1) == [False]
    assert not written
    assert admitted(aws.quarantine, 1, minutes=1) == [True]
    assert written


def test_one_more_is_one_write_and_who_comes_second_in_a_moment_writes_once_in_vain(aws: LocalAws) -> None:
    written: list[str] = []
    events = clients.dynamodb().meta.events
    events.register("before-call.dynamodb.UpdateItem", lambda model, **_: written.append(model.name))
    for minutes in (0, 1):
        admitted(aws.quarantine, 1, minutes=minutes)
    assert len(written) == 2

    def another_is_quicker(**_: Any) -> None:
        events.unregister("before-call.dynamodb.UpdateItem", another_is_quicker)
        admitted(aws.quarantine, LIMITS.entries_per_minute - 1, minutes=2)

    events.register_first("before-call.dynamodb.UpdateItem", another_is_quicker)
    assert admitted(aws.quarantine, 2, minutes=2) == [True, False]
    assert len(written) == 2 + LIMITS.entries_per_minute + 1


def test_each_kind_is_counted_by_itself(quarantine: Any) -> None:
    admitted(quarantine, 4, kind=Kind.TIME)
    assert admitted(quarantine, 1, kind=Kind.CONTENT) == [True]


@pytest.mark.parametrize("body", [b"a body", NOISE], ids=["small", "large"])
def test_a_released_entry_tells_what_it_became_and_keeps_no_bytes(quarantine: Any, body: bytes) -> None:
    entry = entry_of(body)
    quarantine.keep(entry, body)
    quarantine.release(entry, event_id="conv_1", by="anna", now=START)
    released = quarantine.get(entry.quarantine_id)
    assert (released.released_at, released.released_by, released.event_id) == (START, "anna", "conv_1")
    with pytest.raises(Unavailable):
        quarantine.body(entry.quarantine_id)


@pytest.mark.parametrize("body", [b"a body", NOISE], ids=["small", "large"])
def test_a_discarded_entry_is_gone(quarantine: Any, body: bytes) -> None:
    entry = entry_of(body)
    quarantine.keep(entry, body)
    assert quarantine.discard(entry.quarantine_id)
    assert quarantine.get(entry.quarantine_id) is None
    assert not quarantine.discard(entry.quarantine_id)


def test_large_bodies_lie_in_their_own_folder_and_go_with_their_entry(aws: LocalAws) -> None:
    entry = entry_of(NOISE)
    aws.quarantine.keep(entry, NOISE)
    (stored,) = clients.s3().list_objects_v2(Bucket=BUCKET)["Contents"]
    assert stored["Key"].startswith("quarantine/")
    aws.quarantine.discard(entry.quarantine_id)
    assert "Contents" not in clients.s3().list_objects_v2(Bucket=BUCKET)


def test_entries_are_forgotten_after_their_days(aws: LocalAws) -> None:
    entry = entry_of(b"a body")
    aws.quarantine.keep(entry, b"a body")
    item = clients.dynamodb().get_item(TableName=QUARANTINE, Key={"quarantine_id": {"S": entry.quarantine_id}})["Item"]
    assert int(item["expires_at"]["N"]) == int((START + timedelta(days=14)).timestamp())


def test_a_counter_is_no_entry(aws: LocalAws) -> None:
    admitted(aws.quarantine, 1)
    assert aws.quarantine.get("counter:time:2026-10-26") is None
    assert listed(limit=10) == [[]]


def test_the_list_goes_from_the_newest_to_the_oldest_over_days_and_pages(aws: LocalAws) -> None:
    for number in range(7):
        entry = entry_of(b"body %d" % number, minutes=-600 * number)
        aws.quarantine.keep(entry, b"body %d" % number)
    pages = listed(limit=3)
    assert [entry.received_at for page in pages for entry in page] == [
        START - timedelta(minutes=600 * number) for number in range(7)
    ]
    assert all(len(page) <= 3 for page in pages)


def test_the_list_says_who_released_an_entry_and_nobody_of_one_that_waits(aws: LocalAws) -> None:
    entries = [entry_of(b"body %d" % number, minutes=-number) for number in range(3)]
    for number, entry in enumerate(entries):
        aws.quarantine.keep(entry, b"body %d" % number)
    aws.quarantine.release(entries[1], event_id="conv_1", by="anna", now=START)
    aws.quarantine.release(entries[2], event_id=None, by=None, now=START)
    (page,) = listed(limit=10)
    assert [(entry.released_by, entry.event_id) for entry in page] == [(None, None), ("anna", "conv_1"), (None, None)]


def listed(*, limit: int) -> list[list[Quarantined]]:
    """All pages of the table in moto."""
    entries = QuarantineList(clients.dynamodb(), QUARANTINE, ttl_days=14)
    pages, cursor = [], None
    while True:
        page = entries.page(now=START, limit=limit, cursor=cursor)
        pages.append(list(page.entries))
        cursor = page.cursor
        if cursor is None:
            return pages


@pytest.mark.parametrize("cursor", ["", "x", "e30", "bnVsbA", "eyJkYXkiOnsiUyI6IngifX0", "eyJkYXkiOiAxfQ"])
@pytest.mark.usefixtures("aws")
def test_a_cursor_of_another_list_is_refused(cursor: str) -> None:
    with pytest.raises(Rejected, match="none of this list"):
        QuarantineList(clients.dynamodb(), QUARANTINE, ttl_days=14).page(now=START, limit=3, cursor=cursor)


def test_a_table_that_is_not_there_is_unavailable(aws: LocalAws) -> None:
    missing = QuarantineTable(clients.dynamodb(), "missing", aws.quarantine._payloads, ttl_days=14)
    for ask in (
        lambda: missing.get("x"),
        lambda: missing.keep(entry_of(b"x"), b"x"),
        lambda: missing.admit(Kind.TIME, 1, limits=LIMITS, now=START),
        lambda: QuarantineList(clients.dynamodb(), "missing", ttl_days=1).page(now=START, limit=1, cursor=None),
    ):
        with pytest.raises(Unavailable):
            ask()
