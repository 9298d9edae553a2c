"""The body of `POST /api/events/{event_id}/resolve`: `{"outcome": "delivered" | "not_delivered", "reason": "…"}`."""

from __future__ import annotations

import json

from postcall.domain.errors import Rejected
from postcall.domain.outcome import Resolution

OUTCOMES = {"delivered": True, "not_delivered": False}
MAXIMUM_REASON_CHARACTERS = 500


def read_resolution(body: bytes, *, resolved_by: str) -> Resolution:
    """Read and check the body. Raises `Rejected` with one sentence."""
    try:
        members = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Rejected("The body is not valid JSON.") from error
    if not isinstance(members, dict):
        raise Rejected("The body must be a JSON object.")
    outcome, reason = members.get("outcome"), members.get("reason")
    if not isinstance(outcome, str) or outcome not in OUTCOMES:
        raise Rejected("outcome must be delivered or not_delivered.")
    if not isinstance(reason, str) or not reason.strip() or len(reason) > MAXIMUM_REASON_CHARACTERS:
        raise Rejected(
            f"reason must be a text of 1 to {MAXIMUM_REASON_CHARACTERS} characters: what you saw, and where."
        )
    return Resolution(OUTCOMES[outcome], resolved_by=resolved_by, reason=reason.strip())
