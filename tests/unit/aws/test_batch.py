"""A batch of queue messages: who fails goes back alone."""

from __future__ import annotations

from typing import Any

import pytest

from postcall.aws.batch import POISONED_AFTER, Record, each_record
from postcall.domain.errors import Rejected, StoreRefused, Unavailable


def batch(*bodies: str) -> dict[str, Any]:
    """Messages named by their bodies, as an event source mapping hands them on."""
    return {
        "Records": [
            {
                "messageId": body,
                "receiptHandle": f"r-{body}",
                "body": body,
                "attributes": {"ApproximateReceiveCount": "3"},
            }
            for body in bodies
        ]
    }


def failed(answer: dict[str, Any]) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def nothing(record: Record, reason: str) -> None:
    pytest.fail(f"{record.body} is no dead letter: {reason}")


def never(record: Record, error: Unavailable) -> None:
    pytest.fail(f"{record.body} does not wait: {error}")


def test_a_batch_that_is_served_has_no_failures() -> None:
    served: list[Record] = []
    assert failed(each_record(batch("a", "b"), served.append, on_unavailable=never, dead_letter=nothing)) == []
    assert [(record.message_id, record.receipt_handle, record.receives) for record in served] == [
        ("a", "r-a", 3),
        ("b", "r-b", 3),
    ]


def test_one_that_cannot_be_served_now_is_told_its_wait_and_goes_back_alone() -> None:
    waits: list[tuple[str, str]] = []

    def serve(record: Record) -> None:
        if record.body == "b":
            raise Unavailable("Not now.")

    answer = each_record(
        batch("a", "b", "c"),
        serve,
        dead_letter=nothing,
        on_unavailable=lambda record, error: waits.append((record.body, str(error))),
    )
    assert (failed(answer), waits) == (["b"], [("b", "Not now.")])


def test_a_bug_sends_back_its_own_message_only_and_its_text_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    def serve(record: Record) -> None:
        if record.body == "a":
            raise KeyError("what a caller said")

    assert failed(each_record(batch("a", "b"), serve, on_unavailable=never, dead_letter=nothing)) == ["a"]
    assert "what a caller said" not in capsys.readouterr().out


def test_a_message_too_deep_to_read_sends_no_neighbour_back() -> None:
    deep = "[" * 100_000
    served: list[str] = []

    def serve(record: Record) -> None:
        if record.body == deep:
            raise ValueError
        served.append(record.body)

    assert failed(each_record(batch("a", deep, "b"), serve, on_unavailable=never, dead_letter=nothing)) == [deep]
    assert served == ["a", "b"]


def test_a_wait_that_cannot_be_set_sends_the_message_back_all_the_same() -> None:
    def serve(_record: Record) -> None:
        raise Unavailable("Not now.")

    def on_unavailable(_record: Record, _error: Unavailable) -> None:
        raise ConnectionError

    assert failed(each_record(batch("a"), serve, on_unavailable=on_unavailable, dead_letter=nothing)) == ["a"]


def test_a_queue_that_refuses_the_wait_is_no_bug(capsys: pytest.CaptureFixture[str]) -> None:
    def serve(_record: Record) -> None:
        raise Unavailable("Not now.")

    def on_unavailable(_record: Record, _error: Unavailable) -> None:
        raise Unavailable("The queue does not change the message's wait.")

    assert failed(each_record(batch("a"), serve, on_unavailable=on_unavailable, dead_letter=nothing)) == ["a"]
    assert "batch.failed" not in capsys.readouterr().out


def test_what_cannot_be_served_ever_is_a_dead_letter_at_once_with_its_reason() -> None:
    letters: list[tuple[str, str]] = []

    def serve(record: Record) -> None:
        if record.body == "b":
            raise StoreRefused("It is too large.")

    def keep(record: Record, reason: str) -> None:
        letters.append((record.body, reason))

    assert failed(each_record(batch("a", "b"), serve, on_unavailable=never, dead_letter=keep)) == []
    assert letters == [("b", "It is too large.")]


@pytest.mark.parametrize(("receives", "ends"), [(POISONED_AFTER - 1, False), (POISONED_AFTER, True)])
def test_a_message_that_fails_again_and_again_holds_no_worker(receives: int, *, ends: bool) -> None:
    letters: list[str] = []
    messages = batch("a")
    messages["Records"][0]["attributes"]["ApproximateReceiveCount"] = str(receives)

    def serve(_record: Record) -> None:
        raise KeyError("what a caller said")

    def keep(_record: Record, reason: str) -> None:
        letters.append(reason)

    assert failed(each_record(messages, serve, on_unavailable=never, dead_letter=keep)) == ([] if ends else ["a"])
    assert [("KeyError" in letter, "caller" in letter) for letter in letters] == [(True, False)] * ends


def test_a_dead_letter_that_is_not_taken_leaves_the_message_to_its_queue() -> None:
    def refuse(_record: Record, _reason: str) -> None:
        raise Unavailable("The dead letters do not take messages.")

    def serve(_record: Record) -> None:
        raise Rejected("It names no event.")

    messages = batch("a")
    messages["Records"][0]["attributes"]["ApproximateReceiveCount"] = "9"
    assert failed(each_record(messages, serve, on_unavailable=never, dead_letter=refuse)) == ["a"]
