"""Waiting has an end, and says what it waited for."""

from __future__ import annotations

import pytest

from tools.local.waiting import NotInTimeError, wait_until


def test_it_asks_until_it_is_true() -> None:
    answers = iter([False, False, True])
    wait_until(lambda: next(answers), what="it is true", poll=0)
    assert next(answers, "asked no more") == "asked no more"


def test_in_vain_it_says_what_for_and_what_there_is_instead() -> None:
    with pytest.raises(NotInTimeError, match=r"in vain until the lead is there; there is: nothing\."):
        wait_until(lambda: False, what="the lead is there", seconds=0, poll=0, instead=lambda: "nothing")
    with pytest.raises(TimeoutError):
        wait_until(lambda: False, what="it is there", seconds=0, poll=0, error=TimeoutError)
