"""The `Retry-After` header: a number, a date, or anything else."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from postcall.http.retry_after import LONGEST_WAIT_SECONDS, retry_after

NOW = 1_792_567_680.0  # Wed, 21 Oct 2026 07:28:00 GMT


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("120", 120.0),
        (" 5 ", 5.0),
        ("99999", 3600.0),
        ("-5", None),
        ("soon", None),
        ("Wed, 21 Oct 2026 07:28:30 GMT", 30.0),
        ("Wed, 21 Oct 2026 07:28:30 -0000", 30.0),
        ("Wed, 21 Oct 2026 07:27:00 GMT", 0.0),
    ],
)
def test_a_wait_is_a_number_or_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, now=NOW) == seconds


@given(st.text() | st.from_regex(r"\d{1,2} [A-Z][a-z]{2} \d{1,30} \d{1,3}:\d{1,3} [+-]\d{1,30}"))
@example("1 Jan 2026 00:00:00 +" + "9" * 40)
@example("Mon, 01 Jan 0001 00:00:00 +2359")
@example("1 Jan " + "9" * 30 + " 00:00")
def test_whatever_the_server_writes_the_wait_stays_within_bounds(header: str) -> None:
    seconds = retry_after(header, now=NOW)
    assert seconds is None or 0 <= seconds <= LONGEST_WAIT_SECONDS
