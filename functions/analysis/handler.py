"""The analysis function: messages of the analysis queue in, those that failed out."""

from __future__ import annotations

import time
from typing import Any

from functions.analysis import wiring
from functions.analysis.telemetry import report_done, report_waiting
from postcall.aws.batch import Record, each_record
from postcall.aws.invocation import bounded, seconds_left
from postcall.aws.observe import flush_metrics
from postcall.aws.time_limit import time_limit
from postcall.domain.errors import Unavailable
from postcall.domain.messages import read_call_received

SECONDS_TO_PUT_ASIDE = 3.0  # what is left of the function's time for a call that would have taken all of it


@bounded
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Analyse each call; a message that cannot be served now comes back alone, after the wait set for it."""

    def analyse(record: Record) -> None:
        message, started = read_call_received(record.body), time.monotonic()
        with time_limit(seconds_left() - SECONDS_TO_PUT_ASIDE):
            analysis = wiring.analyse(message, record, seconds_left=seconds_left)
        if analysis is not None:
            report_done(message.event_id, analysis, duration_ms=round(1000 * (time.monotonic() - started)))

    def on_unavailable(record: Record, error: Unavailable) -> None:
        report_waiting(error, seconds=wiring.postpone_record(record, error))

    try:
        return each_record(event, analyse, on_unavailable=on_unavailable, dead_letter=wiring.dead_letter_record)
    finally:
        flush_metrics()
