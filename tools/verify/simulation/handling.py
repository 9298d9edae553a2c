"""What dispatch's handler counts of a result, and the alarm that rings for it."""

from __future__ import annotations

from functions.dispatch.usecases.dispatch import Dispatched
from postcall.domain.outcome import Outcome, Verdict

WORTH_AN_ALARM = {
    Outcome.PARTIAL: "leads-partial",
    Outcome.REJECTED_CONTRACT: "leads-rejected",
    Outcome.REJECTED_CONFIGURATION: "leads-rejected",
    Outcome.REJECTED_DATA: "leads-rejected",
    Outcome.UNKNOWN: "outcomes-unknown",
}


def alarm_of(done: Dispatched) -> str | None:
    """The alarm's word, or None when there is nothing to wake anybody for."""
    return None if done.verdict is None else _of_verdict(done.verdict)


def _of_verdict(verdict: Verdict) -> str | None:
    alarm = WORTH_AN_ALARM.get(verdict.outcome)
    return alarm  # noqa: RET504 — a planted bug stands here
