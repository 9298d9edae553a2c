"""The analysis function: messages of the analysis queue in, those that failed out.

The calls of a batch wait for the model side by side; all other work is done call after call.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from functions.analysis import wiring
from functions.analysis.question import Asking
from functions.analysis.side_by_side import Exchanges, side_by_side
from functions.analysis.telemetry import report_done, report_waiting
from postcall.aws.batch import Record, failures, is_served, records_of
from postcall.aws.invocation import bounded, seconds_left
from postcall.aws.observe import flush_metrics
from postcall.aws.time_limit import processor_limit, time_limit
from postcall.domain.errors import Unavailable
from postcall.domain.messages import read_call_received
from postcall.domain.said import said

SECONDS_TO_PUT_ASIDE = 3.0  # what is left of the function's time for a call that would have taken all of it
MOST_PROCESSOR_SECONDS = 5.0  # the largest call takes a tenth of it; a call without an end must leave others their time


@bounded
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Analyse each call; a message that cannot be served now comes back alone, after the wait set for it."""
    records = records_of(event)
    wiring.come_back_if_killed(records)

    def analyse(record: Record) -> Asking[None]:
        message, started = read_call_received(record.body), time.monotonic()
        analysis = yield from wiring.analyse(message, record, neighbours=len(records) - 1, seconds_left=seconds_left)
        if analysis is not None:
            report_done(message.event_id, analysis, duration_ms=round(1000 * (time.monotonic() - started)))

    def on_unavailable(record: Record, error: Unavailable) -> None:
        report_waiting(error, seconds=wiring.postpone_record(record, error))

    def attempt(record: Record, work: Callable[[], None]) -> bool:
        def within_its_time(_record: Record) -> None:
            with own_time():
                work()

        return is_served(record, within_its_time, on_unavailable, wiring.dead_letter_record)

    try:
        return failures(side_by_side(records, analyse, attempt=attempt, exchanges=Exchanges()))
    finally:
        flush_metrics()


@contextmanager
def own_time() -> Iterator[None]:
    """What one call may take of the thread that all of a batch share.

    Raises:
        Unavailable: Others have taken it.
        TookTooLong: The call takes more.
    """
    left = seconds_left() - SECONDS_TO_PUT_ASIDE
    if left <= 0:
        raise Unavailable(said("store.no_time"))
    with time_limit(left), processor_limit(MOST_PROCESSOR_SECONDS):
        yield
