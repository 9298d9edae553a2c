"""What operations says of what people did: one log line an action, and a count where one is read."""

from __future__ import annotations

from postcall.aws.observe import count, logger
from postcall.domain.masking import masked

METRICS = {
    "resend": "EventsResent",
    "reanalyze": "AnalysesOrdered",
    "resolved": "OutcomesResolved",
    "continued": "EventsContinued",
    "closed": "EventsClosed",
    "erased": "EventsErased",
    "released": "QuarantineReleased",
    "redrive": "RedrivesStarted",
}


def report(action: str, *, by: str, reason: str = "", **log_fields: object) -> None:
    """An action that was done, `by` whom. A number or an address that slipped into the reason stays out of the log."""
    if action in METRICS:
        count(METRICS[action])
    why = {"reason": masked(reason)} if reason else {}
    logger().info(f"operations.{action}", extra={**log_fields, "requested_by": by, **why})
