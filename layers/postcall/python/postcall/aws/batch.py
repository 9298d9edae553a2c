"""A batch of queue messages, each on its own: one that fails goes back alone, and says when it wants to come again."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from postcall.aws.observe import count, logger
from postcall.domain.errors import Unavailable


def each_record(
    event: dict[str, Any],
    handle: Callable[[SQSRecord], None],
    *,
    later: Callable[[SQSRecord, Unavailable], None],
) -> dict[str, Any]:
    """Handle each record; the answer names those that failed, so that only they come back.

    A record that raises `Unavailable` is first handed to `later`, which sets its visibility. Any other exception is a
    bug or a broken message: it is logged, comes back after the queue's visibility time and ends in the dead letters.
    """

    def handle_one(record: SQSRecord) -> None:
        logger().append_keys(event_id=_event_id(record))  # on every line about this record, whoever writes it
        try:
            handle(record)
        except Unavailable as error:
            later(record, error)
            raise
        except Exception as error:
            _report(record, error)
            raise

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    answer: Any = process_partial_response(event=event, record_handler=handle_one, processor=processor)
    return dict(answer)


def _event_id(record: SQSRecord) -> str | None:
    try:
        event_id = json.loads(record.body)["event_id"]
    except (ValueError, KeyError, TypeError):
        return None
    return event_id if isinstance(event_id, str) else None


def _report(record: SQSRecord, error: Exception) -> None:
    """The batch processor swallows exceptions. The error's text is left out: it may quote what a caller said."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-5:]]
    logger().error(
        "batch.failed", extra={"message_id": record.message_id, "error": type(error).__name__, "where": where}
    )
    count("RecordsFailed")
