"""The `Retry-After` header: whatever a server writes there, a wait within bounds or none."""

from __future__ import annotations

import email.utils
from datetime import UTC

LONGEST_WAIT_SECONDS = 3_600.0


def retry_after(header: str | None, *, now: float, longest: float = LONGEST_WAIT_SECONDS) -> float | None:
    """The wait that the header asks for (seconds or an HTTP date), at most `longest` seconds. `now` in Unix seconds."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), longest)
    try:
        moment = email.utils.parsedate_to_datetime(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return min(max(0.0, moment.timestamp() - now), longest)
    except (ValueError, TypeError, IndexError, OverflowError):  # a date that no calendar, or no clock, has
        return None
