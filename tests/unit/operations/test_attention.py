"""What needs a person is grouped by cause: every event is counted once, and the first to rest says since when."""

from __future__ import annotations

from functions.operations.attention import AT_ONCE, MOST_PEOPLE, PEOPLE, by_cause, first_of_each, shown, stalled
from postcall.aws.waiting_events import WaitingEvent
from postcall.domain.said import said, said_members
from postcall.domain.status import Status

OFF = said("crm.landing_off")


def rows(number: int, reason: str) -> list[WaitingEvent]:
    return [WaitingEvent(f"e{n}", reason, f"2026-11-28T14:{n % 60:02}:00.000Z") for n in range(number)]


def test_a_cause_has_its_true_count_however_many_are_named() -> None:
    (group,) = by_cause(Status.REJECTED, rows(AT_ONCE + 57, OFF))
    assert (group.count, len(group.event_ids), group.since) == (AT_ONCE + 57, AT_ONCE, "2026-11-28T14:00:00.000Z")


def test_sentences_of_one_code_are_one_cause_and_the_most_come_first() -> None:
    empty = [said("dispatch.column_empty", column=column) for column in ("Name", "Phone", "Email")]
    mixed = [*rows(1, "An old sentence."), *rows(2, OFF), *[row for reason in empty for row in rows(1, reason)]]
    found = by_cause(Status.REJECTED, mixed)
    assert [group.count for group in found] == [3, 2, 1]
    assert sum(group.count for group in found) == len(mixed)


def test_a_cause_is_shown_with_the_moment_at_which_the_first_of_it_came_to_rest() -> None:
    newest_first = [WaitingEvent("api/b", OFF, "2026-11-28T15:00:00.000Z"), WaitingEvent("a", OFF, "2026-11-28")]
    (group,) = shown(by_cause(Status.REJECTED, newest_first), {"a": {"phone": "+375291234567"}})
    assert group == {
        "status": "rejected",
        **said_members("reason", OFF),
        "since": "2026-11-28",
        "count": 2,
        "event_ids": ["b", "a"],
        "people": [{"event_id": "b", "contact": {}}, {"event_id": "a", "contact": {"phone": "+375291234567"}}],
    }


def test_what_stands_still_is_a_cause_of_its_own() -> None:
    assert stalled([]) == []
    (group,) = shown(stalled(["a", "api/b"]), {"api/b": {"full_name": "Анна"}})
    assert (group["status"], group["count"], group["event_ids"]) == ("stalled", 2, ["a", "b"])
    assert group["reason_code"] == "status.stalled.about"
    people = [(each["event_id"], each["contact"]) for each in group["people"]]
    assert people == [("a", {}), ("b", {"full_name": "Анна"})]


def test_people_of_all_causes_are_few_enough_for_one_read() -> None:
    causes = by_cause(Status.REJECTED, [row for n in range(40) for row in rows(5, f"Cause {n}.")])
    assert len(causes) == 40
    assert len(first_of_each(causes)) == MOST_PEOPLE
    assert all(len(group["people"]) == PEOPLE for group in shown(causes, {}))
