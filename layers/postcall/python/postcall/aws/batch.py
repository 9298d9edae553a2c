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
from postcall.domain.errors import Unavailable


@dataclass(frozen=True)
class Record:
    """A message as an event source mapping hands it on; `receives` counts this time too."""

    message_id: str
    receipt_handle: str
    body: str
    receives: int


def each_record(
    event: dict[str, Any],
    handle: Callable[[Record], None],
    *,
    later: Callable[[Record, Unavailable], None],
) -> dict[str, Any]:
    """Handle each record; the answer names those that failed, so that only they come back.

    A record that raises `Unavailable` is first handed to `later`, which sets its visibility. Any other exception is a
    bug or a broken message: it is logged, comes back after the queue's visibility time and ends in the dead letters.
    """
    records = [_record(raw) for raw in event["Records"]]
    failed = [record.message_id for record in records if not _is_done(record, handle, later)]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _record(raw: dict[str, Any]) -> Record:
    receives = int(raw["attributes"]["ApproximateReceiveCount"])
    return Record(raw["messageId"], raw["receiptHandle"], raw["body"], receives)


def _is_done(record: Record, handle: Callable[[Record], None], later: Callable[[Record, Unavailable], None]) -> bool:
    logger().append_keys(event_id=_event_id(record))  # on every line about this record, whoever writes it
    try:
        try:
            handle(record)
        except Unavailable as error:
            _put_off(record, error, later)
            return False
    except Exception as error:  # noqa: BLE001 — one record's bug must not send its neighbours back
        _report(record, error)
        return False
    return True


def _put_off(record: Record, error: Unavailable, later: Callable[[Record, Unavailable], None]) -> None:
    """Where its wait cannot be set, the message comes back after the queue's own."""
    try:
        later(record, error)
    except Unavailable as refused:
        logger().warning("batch.not_put_off", extra={"message_id": record.message_id, "reason": str(refused)})


def _event_id(record: Record) -> str | None:
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
