"""reconciliation's Lambda: a command from a schedule, from operations, or given by hand."""

from __future__ import annotations

from typing import Any

from functions.reconciliation.commands import serve_command
from postcall.aws.invocation import bounded
from postcall.aws.observe import flush_metrics

WITHOUT_A_CLOCK_SECONDS = 60.0


@bounded
def handler(event: dict[str, Any] | None, context: Any) -> dict[str, Any]:  # noqa: ANN401 — Lambda's own class
    """Do as ordered."""

    def seconds_left() -> float:
        return WITHOUT_A_CLOCK_SECONDS if context is None else context.get_remaining_time_in_millis() / 1000

    try:
        return serve_command(event or {}, seconds_left)  # by hand there may be no payload at all
    finally:
        flush_metrics()
