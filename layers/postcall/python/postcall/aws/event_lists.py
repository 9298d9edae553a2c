"""Lists of events, newest first, from the indexes: by status, or by day. Never a scan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws.batch_read import read_many
from postcall.aws.cursor import NOT_OURS, Key, cursor_day, read_cursor, read_cursors, write_cursor, write_cursors
from postcall.aws.event_filters import DELIVERED, Filters
from postcall.aws.event_item import LISTED, day_keys, is_passing, read_event
from postcall.aws.items import Item, from_item, to_attribute
from postcall.aws.pending_index import PendingIndex
from postcall.domain.clock import write_time
from postcall.domain.errors import Rejected, Unavailable
from postcall.domain.event import CallEvent
from postcall.domain.event_id import api_event_id
from postcall.domain.said import said
from postcall.domain.status import PASSING, Status

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

DAYS_A_REQUEST = 40  # empty days cost a query each; beyond this many the page ends and its cursor goes on
READ_TO_FILTER = 500  # no index is by agent, topic, quality or cause: a page reads so many, and its cursor goes on
READS_A_SEARCH = 50  # a day each, or of one that has more a megabyte (1 500 events): its cursor goes on from there
MOST_PASSING = 2_000  # under way at once, newest first: a list by such a status shows no more
_PARTITIONS = {"by_status": "listed_as", "by_day": "day"}
# What a row shows: not what is only searched, nor the day, which is asked for.
_SHOWN = ("event_id", "received_at", *(name for name in LISTED if name != "name_keys"))


Looked = tuple[list[CallEvent], str | None]  # what was found, newest first, and from where to look further back


@dataclass(frozen=True)
class Page:
    """Some events, newest first; `cursor` leads to the next page and is None on the last."""

    events: tuple[CallEvent, ...]
    cursor: str | None


class EventLists:
    """What the list of calls and the search are read from.

    An index tells where a call rests, or that it is delivered. What is on its way is read from its own item.
    """

    def __init__(self, client: DynamoDBClient, table: str, *, ttl_days: int, day_partitions: int = 1) -> None:
        self._client = client
        self._table = table
        self._ttl_days = ttl_days
        self._day_partitions = day_partitions

    def by_status(self, status: Status, *, now: datetime, limit: int, cursor: str | None, filters: Filters) -> Page:
        """The events that stand at one status.

        Raises:
            Rejected: For a cursor of another list.
            Unavailable: DynamoDB does not answer now.
        """
        if status is Status.DELIVERED:
            return self.by_day(now=now, limit=limit, cursor=cursor, filters=replace(filters, delivered=True))
        start = read_cursor(cursor, partition="listed_as", entry="event_id")
        if start is not None and (len(start) == 1 or start["listed_as"]["S"] != status.value):
            raise Rejected(NOT_OURS)
        if status in PASSING:
            return self._passing(status, filters, limit=limit, start=start)
        items, last = self._page("by_status", status.value, filters, limit=limit, start=start)
        return Page(tuple(map(read_event, items)), None if last is None else write_cursor(last))

    def by_day(self, *, now: datetime, limit: int, cursor: str | None, filters: Filters) -> Page:
        """Events of every status, back to the oldest that can still be there. Raises as `by_status`."""
        starts = read_cursors(cursor, partition="day", entry="event_id")
        newest = min(now, filters.until - timedelta(microseconds=1)).astimezone(UTC).date()
        oldest = max(now - timedelta(days=self._ttl_days + 1), filters.since).astimezone(UTC).date()
        day = newest if starts is None else self._day_of(starts)
        found: list[Item] = []
        for _ in range(DAYS_A_REQUEST):
            if day < oldest:
                return Page(self._events(found), None)
            items, starts = self._of_day(day, filters, limit=limit - len(found), starts=starts)
            found += items
            if starts:
                return Page(self._events(found), write_cursors(starts))
            starts = None
            day -= timedelta(days=1)
            if len(found) >= limit:
                break
        return Page(self._events(found), write_cursors(self._begin(day)) if day >= oldest else None)

    def _begin(self, day: date) -> list[Key]:
        return [{"day": {"S": key}} for key in day_keys(day, self._day_partitions)]

    def _day_of(self, starts: list[Key]) -> date:
        days = {cursor_day(start) for start in starts}
        if len(days) > 1 or len(starts) > self._day_partitions:
            raise Rejected(NOT_OURS)
        return days.pop()

    def passing(self, status: Status, *, most: int | None = None) -> Iterator[CallEvent]:
        """The events that are at a status of the way, whatever lists say of them; unordered.

        Raises:
            Unavailable: DynamoDB does not answer now.
        """
        ids = PendingIndex(self._client, self._table).moving(limit=most)
        found = (read_event(item) for item in read_many(self._client, self._table, ids, attributes=None, newest=True))
        return (event for event in found if event.status is status)

    def stalled(self, *, limit: int, filters: Filters) -> list[CallEvent]:
        """What the sweep has abandoned to a person, the longest standing first.

        Raises:
            Unavailable: DynamoDB does not answer now.
        """
        ids = PendingIndex(self._client, self._table).abandoned(limit=limit)
        found = {item["event_id"]: item for item in read_many(self._client, self._table, ids, attributes=None)}
        events = (read_event(found[event_id]) for event_id in ids if event_id in found)
        return [event for event in events if filters.hold_for(event)]

    def named(self, name_keys: list[str], *, now: datetime, limit: int, cursor: str | None = None) -> Looked:
        """The newest events whose name holds every one of these words' keys.

        Raises:
            Rejected: For a cursor of another list.
            Unavailable: DynamoDB does not answer now.
        """
        condition = " AND ".join(f"contains(name_keys, :name{n})" for n in range(len(name_keys)))
        values = {f":name{n}": key for n, key in enumerate(name_keys)}
        return self._look(condition, values, now=now, limit=limit, cursor=cursor)

    def beginning_with(self, event_id: str, *, now: datetime, limit: int, cursor: str | None = None) -> Looked:
        """The newest events whose id begins so. Raises as `named`."""
        heads = {":head": event_id, ":own": api_event_id(event_id)}
        condition = " OR ".join(f"begins_with(event_id, {head})" for head in heads)
        return self._look(condition, heads, now=now, limit=limit, cursor=cursor)

    def _look(self, condition: str, values: Item, *, now: datetime, limit: int, cursor: str | None) -> Looked:
        """The events that meet a condition, newest first, day by day: an empty day is one of the reads, too."""
        starts = read_cursors(cursor, partition="day", entry="event_id")
        day = now.astimezone(UTC).date() if starts is None else self._day_of(starts)
        oldest = (now - timedelta(days=self._ttl_days + 1)).astimezone(UTC).date()
        ahead = starts or self._begin(day)
        found: list[Item] = []
        for _ in range(READS_A_SEARCH):
            start = ahead.pop(0)
            begin = {"ExclusiveStartKey": start} if len(start) > 1 else {}
            items, last = self._query(
                "by_day", start["day"]["S"], Filters(), values, FilterExpression=condition, **begin
            )
            found += items
            if last is not None:
                ahead.insert(0, last)
            if not ahead:
                if len(found) >= limit or day <= oldest:
                    break
                day -= timedelta(days=1)
                ahead = self._begin(day)
        goes_on = ahead and len(found) < limit
        return list(self._events(_newest(found)[:limit])), write_cursors(ahead) if goes_on else None

    def _passing(self, status: Status, filters: Filters, *, limit: int, start: Key | None) -> Page:
        """A page of what is on its way. It is read anew for each: nobody stands there long."""
        there = [event for event in self.passing(status, most=MOST_PASSING) if filters.hold_for(event)]
        if start is not None:
            last = (start["received_at"]["S"], start["event_id"]["S"])
            there = [event for event in there if _place(event) < last]
        shown = sorted(there, key=_place, reverse=True)[:limit]
        if len(shown) == len(there):
            return Page(tuple(shown), None)
        received_at, event_id = _place(shown[-1])
        key = {"listed_as": status.value, "received_at": received_at, "event_id": event_id}
        return Page(tuple(shown), write_cursor({name: {"S": text} for name, text in key.items()}))

    def _of_day(
        self, day: date, filters: Filters, *, limit: int, starts: list[Key] | None
    ) -> tuple[list[Item], list[Key]]:
        """At most so many of a day's items, from all its partitions, and where those go on that are not at an end."""
        pages: list[tuple[Key, list[Item], Key | None]] = []
        for start in starts or self._begin(day):
            begin = start if len(start) > 1 else None
            pages.append((start, *self._page("by_day", start["day"]["S"], filters, limit=limit, start=begin)))
        read_to = max((last["received_at"]["S"] for *_, last in pages if last is not None), default="")
        found = [item for _, items, _ in pages for item in items if item["received_at"] >= read_to]
        shown = _newest(found)[:limit]
        ids = {item["event_id"] for item in shown}
        rest: list[Key] = []
        for start, items, last in pages:
            taken = [item for item in items if item["event_id"] in ids]
            if len(taken) < len(items):
                rest.append(_key_of(taken[-1], "day") if taken else start)
            elif last is not None:
                rest.append(last)
        return shown, rest

    def _page(
        self, index: str, value: str, filters: Filters, *, limit: int, start: Key | None
    ) -> tuple[list[Item], Key | None]:
        """At most so many items of a partition, and where the next page begins."""
        condition, values = filters.expression()
        only_delivered = condition == DELIVERED  # as most are
        arguments: dict[str, Any] = {"Limit": READ_TO_FILTER if condition and not only_delivered else limit}
        if condition:
            arguments["FilterExpression"] = condition
        if start is not None:
            arguments["ExclusiveStartKey"] = start
        items, last = self._query(index, value, filters, values, **arguments)
        if len(items) > limit:
            items = items[:limit]
            last = _key_of(items[-1], _PARTITIONS[index])
        return items, last

    def _query(
        self,
        index: str,
        value: str,
        filters: Filters,
        values: Item,
        **arguments: Any,  # noqa: ANN401 — the client's own
    ) -> tuple[list[Item], Key | None]:
        """The items, as much of them as a row shows, and where they go on."""
        key = _PARTITIONS[index]
        until = filters.until - timedelta(milliseconds=1)  # the times' own grain: `BETWEEN` holds both ends
        between = {":value": value, ":since": write_time(filters.since), ":until": write_time(until)}
        try:
            answer = self._client.query(
                TableName=self._table,
                IndexName=index,
                KeyConditionExpression=f"#{key} = :value AND received_at BETWEEN :since AND :until",
                ProjectionExpression=", ".join(f"#{name}" for name in _SHOWN),
                ExpressionAttributeNames={f"#{name}": name for name in (*_SHOWN, key)},
                ExpressionAttributeValues={name: to_attribute(each) for name, each in (values | between).items()},
                ScanIndexForward=False,
                **arguments,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ValidationException" and "ExclusiveStartKey" in arguments:
                raise Rejected(NOT_OURS) from error
            raise Unavailable(said("store.list_unread")) from error
        except BotoCoreError as error:
            raise Unavailable(said("store.list_unread")) from error
        return [from_item(item) | {key: value} for item in answer["Items"]], answer.get("LastEvaluatedKey")

    def _events(self, items: list[Item]) -> tuple[CallEvent, ...]:
        """In the items' order; what is on its way is read from its own item, and left out where that is gone."""
        passing = [item["event_id"] for item in items if is_passing(item)]
        whole = {
            item["event_id"]: item
            for item in read_many(self._client, self._table, passing, attributes=None, newest=True)
        }
        known = (whole.get(item["event_id"]) if is_passing(item) else item for item in items)
        return tuple(read_event(item) for item in known if item is not None)


def _newest(items: list[Item]) -> list[Item]:
    return sorted(items, key=lambda item: str(item["received_at"]), reverse=True)


def _place(event: CallEvent) -> tuple[str, str]:
    return write_time(event.received_at), event.event_id


def _key_of(item: Item, partition: str) -> Key:
    return {name: to_attribute(item[name]) for name in ("event_id", partition, "received_at")}
