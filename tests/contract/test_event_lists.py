"""The lists tell the truth of every call, although an index is written only where a call comes to rest."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from postcall.aws import clients
from postcall.aws.day_events import events_between
from postcall.aws.event_filters import Filters
from postcall.aws.event_item import pending_key
from postcall.aws.event_lists import READS_A_SEARCH, EventLists
from postcall.aws.event_table import EventTable
from postcall.aws.payloads import Payloads
from postcall.domain.clock import write_time
from postcall.domain.errors import Rejected
from postcall.domain.event import CallEvent
from postcall.domain.name_key import name_keys
from postcall.domain.said import said
from postcall.domain.status import Status
from postcall.domain.zone import bounds
from tests.contract.stored import DOWN, LATER, SAVED, any_attempt, items, order
from tests.support.aws import BUCKET, EVENTS, SEARCH_KEY, LocalAws
from tests.support.builders import CONVERSATION, any_incoming, any_recorded
from tests.support.fakes.clock import START
from tests.support.in_memory_aws import indexes

PARTITIONS = 4
KEPT_DAYS = 90
MANY = [f"conv_{number:03}" for number in range(30)]
TODAY = START.date()
LANDING_OFF = replace(DOWN, detail=said("crm.landing_off"))


def lists(partitions: int = 1, *, ttl_days: int = 1) -> EventLists:
    return EventLists(clients.dynamodb(), EVENTS, ttl_days=ttl_days, day_partitions=partitions)


def listed() -> list[tuple[str, Status]]:
    """The whole list by day, each with its status."""
    page = lists().by_day(now=LATER, limit=10, cursor=None, filters=Filters())
    return [(event.event_id, event.status) for event in page.events]


def at(status: Status) -> list[str]:
    """The ids of the list by a status, however many pages it has."""
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = lists().by_status(status, now=LATER, limit=10, cursor=cursor, filters=Filters())
        found += [event.event_id for event in page.events]
        cursor = page.cursor
        if cursor is None:
            return found


def now(aws: LocalAws) -> CallEvent:
    event = aws.events.get(CONVERSATION)
    assert event is not None
    return event


def claimed(aws: LocalAws) -> CallEvent:
    aws.events.add(any_incoming(), now=START)
    aws.analyses.record(any_recorded())
    assert aws.dispatches.claim(now(aws), any_attempt(), lease_until=LATER)
    return now(aws)


def delivered(aws: LocalAws) -> CallEvent:
    event = claimed(aws)
    assert aws.dispatches.record(event, any_attempt(), SAVED, status=Status.DELIVERED, retry=False, now=LATER)
    return now(aws)


def shares() -> dict[str, dict[str, Any] | None]:
    """What each index holds of the event."""
    item = items(EVENTS)[CONVERSATION]
    found: dict[str, dict[str, Any] | None] = {}
    for name, (partition, sort, projected) in indexes(EVENTS).items():
        whole = partition in item and sort in item
        found[name] = {each: item[each] for each in (partition, sort, *projected) if each in item} if whole else None
    return found


def test_a_claim_costs_no_index_a_write(aws: LocalAws) -> None:
    aws.events.add(any_incoming(), now=START)
    aws.analyses.record(any_recorded(at=LATER))
    before = shares()
    assert aws.dispatches.claim(now(aws), any_attempt(), lease_until=LATER)
    assert shares() == before


def test_an_analysis_is_written_to_the_lists_and_moves_in_no_other_index(aws: LocalAws) -> None:
    aws.events.add(any_incoming(), now=START)
    before = shares()
    aws.analyses.record(any_recorded(at=LATER))
    after = shares()
    assert {name for name in after if after[name] != before[name]} == {"by_day", "by_phone", "by_email"}


def test_what_goes_well_is_never_in_the_index_by_status(aws: LocalAws) -> None:
    aws.events.add(any_incoming(), now=START)
    seen = [shares()["by_status"]]
    aws.analyses.record(any_recorded())
    seen.append(shares()["by_status"])
    aws.dispatches.claim(now(aws), any_attempt(), lease_until=LATER)
    seen.append(shares()["by_status"])
    aws.dispatches.record(now(aws), any_attempt(), SAVED, status=Status.DELIVERED, retry=False, now=LATER)
    assert [*seen, shares()["by_status"]] == [None] * 4


def test_a_call_on_its_way_is_listed_where_it_stands(aws: LocalAws) -> None:
    aws.events.add(any_incoming(), now=START)
    assert (listed(), at(Status.RECEIVED)) == ([(CONVERSATION, Status.RECEIVED)], [CONVERSATION])
    aws.analyses.record(any_recorded())
    assert (listed(), at(Status.ANALYZED)) == ([(CONVERSATION, Status.ANALYZED)], [CONVERSATION])
    aws.dispatches.claim(now(aws), any_attempt(), lease_until=LATER)
    assert (listed(), at(Status.SENDING)) == ([(CONVERSATION, Status.SENDING)], [CONVERSATION])
    assert [at(status) for status in (Status.RECEIVED, Status.ANALYZED, Status.DELIVERED)] == [[]] * 3


@pytest.mark.parametrize("status", [Status.RETRYING, Status.REJECTED, Status.UNKNOWN, Status.PARTIAL])
def test_a_call_at_rest_is_listed_by_its_status_and_leaves_it_when_it_is_sent_again(
    aws: LocalAws, status: Status
) -> None:
    event = claimed(aws)
    aws.dispatches.record(event, any_attempt(), DOWN, status=status, retry=status is Status.RETRYING, now=LATER)
    assert (listed(), at(status)) == ([(CONVERSATION, status)], [CONVERSATION])
    row = lists().by_day(now=LATER, limit=1, cursor=None, filters=Filters()).events[0]
    assert (row.attempts, row.updated_at, row.contact) == (1, LATER, now(aws).contact)
    aws.dispatches.claim(now(aws), any_attempt(2), lease_until=LATER)
    assert (listed(), at(status), at(Status.SENDING)) == ([(CONVERSATION, Status.SENDING)], [], [CONVERSATION])


def test_a_delivered_call_is_listed_so_and_as_being_sent_while_it_is_sent_again(aws: LocalAws) -> None:
    event = delivered(aws)
    assert (listed(), at(Status.DELIVERED)) == ([(CONVERSATION, Status.DELIVERED)], [CONVERSATION])
    assert aws.events.order_resend(event, order(), now=LATER)
    again = any_attempt(2, order_id="o1")
    assert aws.dispatches.claim(now(aws), again, lease_until=LATER)
    assert (listed(), at(Status.DELIVERED)) == ([(CONVERSATION, Status.SENDING)], [])
    assert at(Status.SENDING) == [CONVERSATION]
    aws.dispatches.record(now(aws), again, SAVED, status=Status.DELIVERED, retry=False, now=LATER)
    assert (listed(), at(Status.SENDING)) == ([(CONVERSATION, Status.DELIVERED)], [])


def test_a_list_of_calls_at_rest_is_one_request_with_the_people_in_it(
    aws: LocalAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivered(aws)
    client = clients.dynamodb()
    monkeypatch.setattr(client, "batch_get_item", None)  # whoever asks for more fails
    (row,) = EventLists(client, EVENTS, ttl_days=90).by_day(now=LATER, limit=1, cursor=None, filters=Filters()).events
    assert (row.status, row.contact["full_name"]) == (Status.DELIVERED, "Иван Иванов")


def test_a_list_reads_what_its_rows_show_and_no_more(aws: LocalAws) -> None:
    aws.dispatches.record(claimed(aws), any_attempt(), LANDING_OFF, status=Status.REJECTED, retry=False, now=LATER)
    client = clients.dynamodb()
    pages: list[dict[str, Any]] = []
    client.meta.events.register("after-call.dynamodb.Query", lambda parsed, **_: pages.append(parsed))
    ours = EventLists(client, EVENTS, ttl_days=1)
    rows = [*ours.by_day(now=LATER, limit=1, cursor=None, filters=Filters()).events]
    rows += ours.by_status(Status.REJECTED, now=LATER, limit=1, cursor=None, filters=Filters()).events
    assert [row.status_reason for row in rows] == [said("crm.landing_off")] * 2
    for page in pages:
        (read,) = page["Items"]
        assert not {"name_keys", "day"} & set(read)
        assert read["status_reason"] == {"M": {"code": {"S": "crm.landing_off"}}}  # it has no parameters
    assert "name_keys" in items(EVENTS)[CONVERSATION]


def test_what_nobody_moves_any_more_is_still_found_where_it_stands(aws: LocalAws) -> None:
    aws.events.add(any_incoming(), now=START)
    aws.pending.record_sweep(now(aws), now=LATER, stalled=True)
    assert [event.event_id for event in lists().passing(Status.RECEIVED)] == [CONVERSATION]


@pytest.mark.parametrize(("cause", "found"), [("crm.landing_off", [CONVERSATION]), ("crm.no_answer", [])])
def test_a_list_is_of_a_cause_by_its_code(aws: LocalAws, cause: str, found: list[str]) -> None:
    aws.dispatches.record(claimed(aws), any_attempt(), LANDING_OFF, status=Status.REJECTED, retry=False, now=LATER)
    for ask in (lists().by_day, partial(lists().by_status, Status.REJECTED)):
        page = ask(now=LATER, limit=10, cursor=None, filters=Filters(cause=cause))
        assert [event.event_id for event in page.events] == found


@pytest.mark.parametrize(("topic", "found"), [(None, [CONVERSATION]), ("another", [])])
def test_what_stands_still_is_listed_as_the_filters_say(aws: LocalAws, topic: str | None, found: list[str]) -> None:
    aws.events.add(any_incoming(), now=START)
    aws.pending.record_sweep(now(aws), now=LATER, stalled=True)
    assert [event.event_id for event in lists().stalled(limit=5, filters=Filters(topic=topic))] == found


@pytest.fixture
def many(aws: LocalAws) -> LocalAws:
    """Thirty calls of a day in four partitions, two in each of its milliseconds."""
    table = EventTable(clients.dynamodb(), EVENTS, Payloads(clients.s3, BUCKET), ttl_days=90, day_partitions=PARTITIONS)
    for number, event_id in enumerate(MANY):
        moment = START + timedelta(milliseconds=number // 2)
        table.add(any_incoming(event_id=event_id, conversation_id=event_id), now=moment)
    return aws


@pytest.mark.parametrize("limit", [1, 7, 30])
@pytest.mark.usefixtures("many")
def test_a_day_in_several_partitions_is_one_list_each_call_once_newest_first(limit: int) -> None:
    assert len({item["day"]["S"] for item in items(EVENTS).values() if "day" in item}) == PARTITIONS
    found: list[CallEvent] = []
    cursor: str | None = None
    while True:
        page = lists(PARTITIONS).by_day(now=LATER, limit=limit, cursor=cursor, filters=Filters(since=START))
        assert len(page.events) <= limit
        found += page.events
        cursor = page.cursor
        if cursor is None:
            break
    assert sorted(event.event_id for event in found) == MANY
    times = [event.received_at for event in found]
    assert times == sorted(times, reverse=True)


@pytest.mark.usefixtures("many")
def test_the_numbers_and_the_search_see_every_partition_of_a_day() -> None:
    begin, end = bounds(TODAY, ZoneInfo("UTC"))
    found = events_between(clients.dynamodb(), EVENTS, begin, end, day_partitions=PARTITIONS)
    assert [row.status for row in found.rows] == [Status.RECEIVED] * len(MANY)
    assert found.complete
    begun, _ = lists(PARTITIONS).beginning_with("conv_0", now=LATER, limit=len(MANY))
    assert {event.event_id for event in begun} == set(MANY)


def test_a_name_is_found_days_ago(aws: LocalAws) -> None:
    delivered(aws)
    keys = name_keys("Иван", SEARCH_KEY)
    found, further = lists(ttl_days=9).named(keys, now=LATER + timedelta(days=8), limit=5)
    assert ([event.event_id for event in found], further) == ([CONVERSATION], None)


@pytest.mark.parametrize("partitions", [1, PARTITIONS])
def test_a_search_ends_after_so_many_reads_and_goes_on_from_there(aws: LocalAws, partitions: int) -> None:
    delivered(aws)
    client, asked = clients.dynamodb(), Counter[int]()
    client.meta.events.register("before-call.dynamodb.Query", lambda **_: asked.update([len(looks)]))
    ours = EventLists(client, EVENTS, ttl_days=KEPT_DAYS, day_partitions=partitions)
    looks: list[list[CallEvent]] = []
    cursor: str | None = None
    while not looks or cursor is not None:
        found, cursor = ours.beginning_with(
            CONVERSATION[:6], now=LATER + timedelta(days=READS_A_SEARCH), limit=5, cursor=cursor
        )
        looks.append(found)
    assert len(looks) > 1
    assert set(asked) == set(range(len(looks)))
    assert max(asked.values()) == READS_A_SEARCH
    assert [event.event_id for found in looks for event in found] == [CONVERSATION]


def test_a_search_that_found_enough_looks_no_further(aws: LocalAws) -> None:
    delivered(aws)
    found, further = lists(ttl_days=KEPT_DAYS).beginning_with(CONVERSATION[:6], now=LATER, limit=1)
    assert ([event.event_id for event in found], further) == ([CONVERSATION], None)


@pytest.mark.usefixtures("aws")
def test_a_search_goes_on_from_no_cursor_of_another_list() -> None:
    with pytest.raises(Rejected):
        lists().beginning_with("conv_0", now=LATER, limit=5, cursor="nonsense")


def test_what_waits_is_found_in_every_partition_the_longest_standing_first(many: LocalAws) -> None:
    assert len({pending_key(event_id) for event_id in MANY}) > 1
    found = many.pending.pending_since(LATER, limit=len(MANY))
    since = [items(EVENTS)[event_id]["pending_since"]["S"] for event_id in found]
    assert (sorted(found), since) == (MANY, sorted(since))
    assert many.pending.pending_since(LATER, limit=4) == found[:4]
    assert many.pending.moving(limit=4) == sorted(found, key=lambda each: (since[found.index(each)], each))[:-5:-1]


def test_the_numbers_of_a_day_know_each_status(aws: LocalAws) -> None:
    claimed(aws)
    begin, end = bounds(date.fromisoformat(write_time(START)[:10]), ZoneInfo("UTC"))
    (row,) = events_between(clients.dynamodb(), EVENTS, begin, end).rows
    assert replace(row, agent_id=None, agent_name=None, topic=None).status is Status.SENDING
