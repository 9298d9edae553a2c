"""A batch of queue messages, each on its own: one that fails goes back alone, and says when it wants to come again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from postcall.domain.errors import Unavailable


def each_record(
    event: dict[str, Any],
    handle: Callable[[SQSRecord], None],
    *,
    later: Callable[[SQSRecord, Unavailable], None],
) -> dict[str, Any]:
    """Handle each record; the answer names those that failed, so that only they come back.

    A record that raises `Unavailable` is first handed to `later`, which sets its visibility. Any other exception is a
    bug or a broken message: it comes back after the queue's own visibility time and ends in the dead letters.
    """

    def handle_one(record: SQSRecord) -> None:
        try:
            handle(record)
        except Unavailable as error:
            later(record, error)
            raise

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    answer: Any = process_partial_response(event=event, record_handler=handle_one, processor=processor)
    return dict(answer)
