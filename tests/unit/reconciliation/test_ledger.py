"""The ledger of a day: each conversation has one place, the numbers add up, or the ids say why they do not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.reconciliation.usecases import Conversation, Progress, make_ledger
from postcall.domain.errors import Unavailable
from postcall.domain.ledger import IDS_KEPT, Ledger, read_ledger, write_ledger
from postcall.domain.status import Status
from tests.support.builders import any_event
from tests.support.fakes.clock import HandClock
from tests.support.fakes.conversations import MemoryConversations
from tests.support.fakes.states import MemoryStates
from tests.support.fakes.store import MemoryStore

DAY = date(2026, 10, 25)
MINSK = ZoneInfo("Europe/Minsk")
NOON = datetime(2026, 10, 25, 12, tzinfo=UTC)
THE_NEXT_MORNING = datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


class LedgerHarness:
    """The use case with its needs, on the morning after."""

    def __init__(self) -> None:
        self.elevenlabs, self.store, self.clock = MemoryConversations(), MemoryStore(), HandClock(THE_NEXT_MORNING)

    def call(self, conversation_id: str, status: Status | None = None, **members: Any) -> None:
        """A call of the day, known to us at a status, or unknown."""
        self.elevenlabs.add(conversation_id, ended=timedelta(), at=NOON)
        if status is not None:
            self.know(conversation_id, status, **members)

    def know(self, event_id: str, status: Status, **members: Any) -> None:
        self.store.events[event_id] = any_event(event_id, status, received_at=NOON, **members)

    def conversations_between(self, begin: datetime, end: datetime) -> Iterable[str]:
        return [event_id for event_id, event in self.store.events.items() if begin <= event.received_at < end]

    def ledger(self, day: date = DAY, zone: ZoneInfo = MINSK) -> Ledger:
        return make_ledger(
            day,
            zone=zone,
            conversations=self.elevenlabs,
            states=MemoryStates(self.store),
            received=self,
            grace_period=timedelta(minutes=10),
            clock=self.clock,
        )


@pytest.fixture
def books() -> LedgerHarness:
    return LedgerHarness()


def test_a_day_on_which_every_lead_arrived_adds_up(books: LedgerHarness) -> None:
    for number in range(5):
        books.call(f"c{number}", Status.DELIVERED, delivered_at=NOON)
    ledger = books.ledger()
    assert (ledger.conversations, ledger.delivered, ledger.differences) == (5, 5, 0)
    assert ledger.ids == {}


def test_a_ledger_names_the_zone_whose_day_it_is(books: LedgerHarness) -> None:
    ledger = books.ledger(zone=ZoneInfo("Europe/Warsaw"))
    assert (ledger.day, ledger.zone) == (DAY, "Europe/Warsaw")


@pytest.mark.parametrize(
    ("status", "place", "reason"),
    [
        (Status.RECEIVED, "waiting", "analysis"),
        (Status.ANALYZED, "waiting", "the CRM"),
        (Status.SENDING, "waiting", "the CRM"),
        (Status.RETRYING, "waiting", "the CRM"),
        (Status.REJECTED, "waiting", "a person: rejected by the CRM"),
        (Status.UNKNOWN, "waiting", "a person: outcome unknown"),
        (Status.DRY_RUN, "excluded", "dry run: nothing is sent"),
        (Status.DISABLED, "excluded", "sending is switched off"),
        (Status.EXCLUDED, "excluded", "not a lead"),
    ],
)
def test_every_status_has_its_place(books: LedgerHarness, status: Status, place: str, reason: str) -> None:
    books.call("c1", status)
    ledger = books.ledger()
    assert getattr(ledger, place) == {reason: 1}
    assert ledger.ids == {f"{place}: {reason}": ("c1",)}
    assert ledger.differences == 0


@pytest.mark.parametrize("status", Status)
def test_no_status_is_without_a_place(books: LedgerHarness, status: Status) -> None:
    books.call("c1", status)
    assert books.ledger().accounted == 1


@pytest.mark.parametrize("status", [Status.PARTIAL, Status.SENDING, Status.REJECTED])
def test_a_lead_that_arrived_once_stays_delivered_whatever_a_resend_does(books: LedgerHarness, status: Status) -> None:
    books.call("c1", status, delivered_at=NOON)
    assert books.ledger().delivered == 1


def test_an_excluded_call_says_why(books: LedgerHarness) -> None:
    books.call("c1")
    books.know("c1:call_initiation_failure", Status.EXCLUDED, status_reason="The call was not set up (busy).")
    assert books.ledger().excluded == {"The call was not set up (busy).": 1}


def test_a_stuck_call_waits_for_a_person(books: LedgerHarness) -> None:
    books.call("c1", Status.RECEIVED)
    books.store.stalled.add("c1")
    assert books.ledger().waiting == {"a person: stalled": 1}


def test_a_finished_call_that_we_do_not_know_is_missing_and_named(books: LedgerHarness) -> None:
    books.call("c1", Status.DELIVERED)
    books.call("c2")
    ledger = books.ledger()
    assert (ledger.missing, ledger.differences, ledger.ids) == (1, 1, {"missing": ("c2",)})


@pytest.mark.parametrize(
    ("progress", "reason"),
    [(Progress.UNDER_WAY, "the end of the call"), (Progress.PROCESSING, "ElevenLabs' own analysis")],
)
def test_an_unfinished_call_is_waited_for(books: LedgerHarness, progress: Progress, reason: str) -> None:
    books.elevenlabs.add("c1", ended=timedelta(), at=NOON, progress=progress)
    assert books.ledger().waiting == {reason: 1}


def test_a_call_that_has_just_ended_waits_for_its_webhook(books: LedgerHarness) -> None:
    books.elevenlabs.add("c1", ended=timedelta(minutes=-3), at=THE_NEXT_MORNING)
    assert books.ledger(date(2026, 10, 26)).waiting == {"its webhook": 1}


def test_a_call_belongs_to_the_day_it_began_on(books: LedgerHarness) -> None:
    midnight = datetime(2026, 10, 26, tzinfo=MINSK)
    books.elevenlabs.add("over_midnight", ended=timedelta(minutes=2), at=midnight)
    books.elevenlabs.add("of_the_next_day", ended=timedelta(minutes=5), at=midnight)
    assert books.ledger(DAY).ids == {"missing": ("over_midnight",)}
    assert books.ledger(date(2026, 10, 26)).ids == {"missing": ("of_the_next_day",)}


def test_a_call_that_we_have_and_elevenlabs_does_not_list_is_named(books: LedgerHarness) -> None:
    books.call("c1", Status.DELIVERED)
    books.know("deleted_there", Status.DELIVERED, event_timestamp=int(NOON.timestamp()))
    ledger = books.ledger()
    assert (ledger.conversations, ledger.unlisted, ledger.differences) == (1, 1, 1)
    assert ledger.ids == {"unlisted": ("deleted_there",)}


def test_a_call_of_another_day_that_came_late_is_no_stranger(books: LedgerHarness) -> None:
    books.know("late", Status.DELIVERED, event_timestamp=int((NOON - timedelta(days=5)).timestamp()))
    books.elevenlabs.add("of_the_evening_before", ended=timedelta(minutes=3), at=datetime(2026, 10, 25, tzinfo=MINSK))
    after_midnight = int(datetime(2026, 10, 25, 0, 3, tzinfo=MINSK).timestamp())
    books.know("of_the_evening_before", Status.DELIVERED, event_timestamp=after_midnight)
    assert books.ledger().differences == 0


def test_a_call_that_lasted_a_whole_day_is_no_stranger(books: LedgerHarness) -> None:
    begin, end = (datetime(2026, 10, day, 0, 3, tzinfo=MINSK) for day in (24, 25))
    books.elevenlabs.all.append(Conversation("of_a_day", Progress.FINISHED, begin, end, "agent_invented"))
    books.know("of_a_day", Status.DELIVERED, event_timestamp=int(end.timestamp()))
    assert books.ledger().differences == 0


def test_half_a_list_makes_no_ledger(books: LedgerHarness) -> None:
    for number in range(4):
        books.call(f"c{number}", Status.DELIVERED)
    books.elevenlabs.away_after_pages = 1
    with pytest.raises(Unavailable):
        books.ledger()


@given(st.lists(st.sampled_from([None, *Status]), max_size=30))
def test_whatever_the_day_held_its_numbers_add_up(statuses: list[Status | None]) -> None:
    books = LedgerHarness()
    for number, status in enumerate(statuses):
        books.call(f"c{number}", status)
    ledger = books.ledger()
    assert ledger.conversations == len(statuses) == ledger.accounted
    assert ledger.differences == statuses.count(None)


def test_a_ledger_comes_back_as_it_was_written(books: LedgerHarness) -> None:
    books.call("c1", Status.DELIVERED)
    books.call("c2", Status.EXCLUDED)
    books.call("c3")
    ledger = books.ledger()
    assert read_ledger(write_ledger(ledger)) == ledger
    assert write_ledger(ledger)["adds_up"] is False


def test_of_many_ids_some_are_kept_and_all_are_counted(books: LedgerHarness) -> None:
    for number in range(IDS_KEPT + 50):
        books.call(f"c{number}")
    written = write_ledger(books.ledger())
    assert written["missing"] == IDS_KEPT + 50
    assert len(written["ids"]["missing"]) == IDS_KEPT


MIDNIGHT = int(datetime(DAY.year, DAY.month, DAY.day, tzinfo=MINSK).timestamp())


@pytest.mark.parametrize(
    ("ended", "unlisted"), [(MIDNIGHT - 1, 0), (MIDNIGHT, 1), (MIDNIGHT + 86_399, 1), (MIDNIGHT + 86_400, 0)]
)
def test_a_day_has_its_first_second_and_not_the_next_days(ended: int, unlisted: int) -> None:
    books = LedgerHarness()
    books.know("stranger", Status.DELIVERED, event_timestamp=ended)
    assert books.ledger().unlisted == unlisted


def test_what_waits_is_counted_under_one_reason_whatever_its_own_says() -> None:
    books = LedgerHarness()
    books.call("c1", Status.UNKNOWN, status_reason="A worker stopped between sending and recording.")
    assert books.ledger().waiting == {"a person: outcome unknown": 1}
