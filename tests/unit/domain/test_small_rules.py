"""The small rules that the steps agree on: time, tokens, messages, retries, statuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postcall.domain.clock import read_time, write_time
from postcall.domain.errors import Rejected
from postcall.domain.messages import CallAnalyzed, CallReceived, read_call_analyzed, read_call_received, write_message
from postcall.domain.outcome import ATTEMPT_STATUS, RESTING_STATUS, Outcome
from postcall.domain.retry import retry_delay
from postcall.domain.status import EDGES, Status


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 — bounds are naive
def test_time_is_written_with_milliseconds_and_text_order_is_time_order(moment: datetime) -> None:
    text = write_time(moment)
    assert len(text) == 24
    assert abs(read_time(text) - moment) < timedelta(milliseconds=1)
    assert write_time(moment + timedelta(milliseconds=1)) > text


def test_time_is_written_in_utc() -> None:
    minsk = timezone(timedelta(hours=3))
    assert write_time(datetime(2026, 1, 2, 1, 0, tzinfo=minsk)) == "2026-01-01T22:00:00.000Z"


def test_messages_come_back_as_they_were_written() -> None:
    assert read_call_received(write_message(CallReceived("e"))) == CallReceived("e")
    for message in (CallAnalyzed("e"), CallAnalyzed("e", "o")):
        assert read_call_analyzed(write_message(message)) == message


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", '{"event_id": ""}', '{"event_id": 5}', '{"event_id": "e", "order_id": 5}', "[" * 100_000],
    ids=["empty", "a list", "no id", "an empty id", "a number", "an order that is a number", "too deep"],
)
def test_a_broken_message_is_refused(body: str) -> None:
    with pytest.raises(Rejected):
        read_call_analyzed(body)


@given(st.integers(1, 2_000), st.floats(0, 0.999), st.one_of(st.none(), st.floats(0, 7_200)))
def test_a_retry_waits_within_its_bounds(received: int, random: float, retry_after: float | None) -> None:
    delay = retry_delay(received, base=30, cap=3_600, retry_after=retry_after, random=lambda: random)
    assert max(1, int(retry_after or 0)) <= delay <= 3_600 + (retry_after or 0) + 1
    assert delay <= 43_200


def test_retries_grow_until_the_cap() -> None:
    delays = [retry_delay(n, base=30, cap=3_600, retry_after=None, random=lambda: 0.999) for n in range(1, 12)]
    assert delays[:4] == [29, 59, 119, 239]
    assert max(delays) == 3_596


def test_every_outcome_leads_somewhere_along_the_drawn_edges() -> None:
    assert set(RESTING_STATUS) == set(ATTEMPT_STATUS) == set(Outcome)
    assert set(EDGES) == set(Status)
    sent = {RESTING_STATUS[outcome] for outcome in Outcome} - {Status.DRY_RUN, Status.DISABLED}
    assert sent <= EDGES[Status.SENDING]


def test_the_shortest_wait_is_a_second() -> None:
    assert retry_delay(1, base=30, cap=3600, retry_after=None, random=lambda: 0.0) == 1
    assert retry_delay(1, base=1.5, cap=3600, retry_after=None, random=lambda: 0.99) == 1
