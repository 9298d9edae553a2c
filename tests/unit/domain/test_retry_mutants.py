"""The edges of the waits between tries: each of these once caught a mutant that all other tests missed."""

from __future__ import annotations

from postcall.domain.retry import retry_delay


def test_the_shortest_wait_is_a_second() -> None:
    assert retry_delay(1, base=30, cap=3600, retry_after=None, random=lambda: 0.0) == 1
    assert retry_delay(1, base=1.5, cap=3600, retry_after=None, random=lambda: 0.99) == 1
