"""A batch of queue messages, each on its own: one that fails goes back alone, and says when it wants to come again.

Powertools' batch processor does the same and brings the data classes of forty event sources into every cold start.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from postcall.aws.observe import count, logger
from postcall.domain.errors import PostcallError, Rejected, Unavailable
from postcall.domain.said import said

POISONED_AFTER = 5  # receives: of a bug that is mended meanwhile the redrive makes good


@dataclass(frozen=True)
class Record:
    """A message as an event source mapping hands it on; `receives` counts this time too."""

    message_id: str
    receipt_handle: str
    body: str
    receives: int


OnUnavailable = Callable[[Record, Unavailable], None]
DeadLetter = Callable[[Record, str], None]  # with the reason


def each_record(
    event: dict[str, Any],
    handle: Callable[[Record], None],
    *,
    on_unavailable: OnUnavailable,
    dead_letter: DeadLetter,
) -> dict[str, Any]:
    """Handle each record; the answer names those that failed, so that only they come back.

    A record that raises `Unavailable` is first handed to `on_unavailable`, which sets its visibility; one that raises
    `Rejected` to `dead_letter` at once, with the reason. Any other exception is a bug: it is logged, comes back after
    the queue's visibility time, and ends among the dead letters as well when it has failed so often that it only holds
    a worker.
    """
    records = records_of(event)
    return failures([record for record in records if not is_served(record, handle, on_unavailable, dead_letter)])


def records_of(event: dict[str, Any]) -> list[Record]:
    """The messages of an invocation."""
    return [
        Record(raw["messageId"], raw["receiptHandle"], raw["body"], int(raw["attributes"]["ApproximateReceiveCount"]))
        for raw in event["Records"]
    ]


def failures(records: list[Record]) -> dict[str, Any]:
    """What a function answers of a batch: those that are to come back."""
    return {"batchItemFailures": [{"itemIdentifier": record.message_id} for record in records]}


def is_served(
    record: Record, handle: Callable[[Record], None], on_unavailable: OnUnavailable, dead_letter: DeadLetter
) -> bool:
    """Handle one record as `each_record` does; False when it is to come back."""
    logger().append_keys(event_id=event_id_of(record))  # on every line about this record, whoever writes it
    try:
        try:
            handle(record)
        except Unavailable as error:
            _schedule_retry(record, error, on_unavailable)
            return False
        except Rejected as error:
            dead_letter(record, str(error))
    except Exception as error:  # noqa: BLE001 — one record's bug must not send its neighbours back
        _report(record, error)
        return is_poisoned(record.receives) and _is_dead_lettered(record, error, dead_letter)
    return True


def is_poisoned(receives: int) -> bool:
    """Whether a message that fails once more would only hold a worker that others need."""
    return receives >= POISONED_AFTER


def _is_dead_lettered(record: Record, error: Exception, dead_letter: DeadLetter) -> bool:
    """Make a dead letter of what no worker can serve; False when that cannot be done now."""
    try:
        dead_letter(record, said("message.bug", error=type(error).__name__))
    except PostcallError as refused:
        logger().warning("batch.not_dead_lettered", extra={"message_id": record.message_id, "reason": str(refused)})
        return False
    return True


def _schedule_retry(record: Record, error: Unavailable, on_unavailable: OnUnavailable) -> None:
    """Where its wait cannot be set, the message comes back after the queue's own."""
    try:
        on_unavailable(record, error)
    except Unavailable as refused:
        logger().warning("batch.retry_not_scheduled", extra={"message_id": record.message_id, "reason": str(refused)})


def event_id_of(record: Record) -> str | None:
    """The event that a message is about, if it names one."""
    try:
        event_id = json.loads(record.body)["event_id"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return event_id if isinstance(event_id, str) else None


def _report(record: Record, error: Exception) -> None:
    """Nobody else hears of it. The error's text is left out: it may quote what a caller said."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-5:]]
    logger().error(
        "batch.failed", extra={"message_id": record.message_id, "error": type(error).__name__, "where": where}
    )
    count("RecordsFailed")
