"""The circuit breaker around dispatch: while the CRM is plainly down or plainly refusing, nothing is sent to it.

All workers count in one place, so that a lead an hour opens it as well as a hundred a minute. Once it has been open for
a while one lead tries the CRM; a success closes the circuit. If its table cannot be read, leads are sent. An event is
not touched while the circuit is open: its message just comes back later.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from functions.dispatch.usecases.dispatch import Crm, Dispatched
from postcall.domain.circuit import Circuit
from postcall.domain.clock import Clock
from postcall.domain.errors import Unavailable
from postcall.domain.messages import CallAnalyzed
from postcall.domain.outcome import Outcome, Verdict
from postcall.domain.said import said

# What says something about the CRM rather than about this lead. `unknown` is among them: a CRM that lets five requests
# in a row end in nothing must not be given the next lead to lose.
PLAINLY_DOWN = frozenset({Outcome.UNAVAILABLE, Outcome.REJECTED_CONFIGURATION, Outcome.UNKNOWN})
# Neither a failure of the CRM nor a sign of its recovery.
SAYS_NOTHING = frozenset({None, Outcome.REJECTED_DATA})

Serve = Callable[[CallAnalyzed], Dispatched]
Guarded = Callable[[CallAnalyzed, Circuit | None], Dispatched]


class Circuits(Protocol):
    """The state that all workers share. Every method raises `Unavailable`."""

    def count_failure(self, *, now: datetime) -> Circuit:
        """One failure more; how it stands then."""

    def open(self, token: str, *, now: datetime) -> bool:
        """Open it, or keep it open after this worker's probe."""

    def take_probe(self, token: str, *, opened_at: float, now: datetime, until: datetime) -> bool:
        """Be the one that tries the CRM."""

    def give_back(self, token: str) -> None:
        """Let the next worker try."""

    def close(self, token: str) -> bool:
        """Count anew, and close it after this worker's probe."""


@dataclass
class _Turn:
    """One message's turn: what the circuit was, whether it tries the CRM for all, and what the CRM made of it."""

    token: str
    found: Circuit
    probes: bool = False
    outcome: Outcome | None = None


class Breaker:
    """Holds messages back, and hears what the CRM answers. A worker serves one message at a time."""

    def __init__(
        self,
        circuits: Circuits,
        *,
        failures: int,
        recovery: timedelta,
        lease: timedelta,
        clock: Clock,
        notice: Callable[[str], None],
    ) -> None:
        """It opens after `failures` in a row and is probed after `recovery`; a probe that dies is over after `lease`.

        `notice` is told the name of the metric of each transition.
        """
        self._circuits = circuits
        self._failures = failures
        self._recovery = recovery
        self._lease = lease
        self._clock = clock
        self._notice = notice
        self._turn = _Turn("", Circuit())

    def guard(self, serve: Serve) -> Guarded:
        """`serve` behind the breaker: raises `Unavailable` instead of serving while the circuit is open.

        The circuit is given as it was read beside the message's event; None where it could not be.
        """

        def guarded(message: CallAnalyzed, found: Circuit | None) -> Dispatched:
            self._turn = turn = self._admit(found)
            try:
                return serve(message)
            finally:
                self._close_turn(turn)

        return guarded

    def listen(self, crm: Crm) -> Crm:
        """The same CRM, whose verdicts the breaker hears."""
        return _Heard(crm, self)

    def hear(self, verdict: Verdict) -> Verdict:
        """What a probe that is refused for everybody's sake means for its own lead: it waits, as all others do."""
        self._turn.outcome = verdict.outcome
        if self._turn.probes and verdict.outcome is Outcome.REJECTED_CONFIGURATION:
            return replace(
                verdict, outcome=Outcome.UNAVAILABLE, detail=said("crm.probe_refused", detail=verdict.detail)
            )
        return verdict

    def _admit(self, found: Circuit | None) -> _Turn:
        """Raises `Unavailable` while the circuit is open for this message."""
        token, now = str(uuid.uuid4()), self._clock.now()
        if found is None:
            self._notice("CrmBreakerUnreadable")
            return _Turn(token, Circuit())
        left = 0.0 if found.opened_at is None else self._seconds_left(found.opened_at, now)
        try:
            probes = found.opened_at is not None and left <= 0 and self._take_probe(token, found.opened_at, now)
        except Unavailable:
            self._notice("CrmBreakerUnreadable")
            return _Turn(token, Circuit())
        if found.opened_at is not None and not probes:
            raise Unavailable(said("crm.circuit_open"), retry_after=max(1.0, left))
        if probes:
            self._notice("CrmBreakerProbed")
        return _Turn(token, found, probes=probes)

    def _seconds_left(self, opened_at: float, now: datetime) -> float:
        return opened_at + self._recovery.total_seconds() - now.timestamp()

    def _take_probe(self, token: str, opened_at: float, now: datetime) -> bool:
        return self._circuits.take_probe(token, opened_at=opened_at, now=now, until=now + self._lease)

    def _close_turn(self, turn: _Turn) -> None:
        try:
            self._judge(turn)
        except Unavailable:
            self._notice("CrmBreakerUnreadable")

    def _judge(self, turn: _Turn) -> None:
        if turn.outcome in SAYS_NOTHING:
            if turn.probes:
                self._circuits.give_back(turn.token)
        elif turn.outcome in PLAINLY_DOWN:
            now = self._clock.now()
            failures = self._circuits.count_failure(now=now).failures
            if (turn.probes or failures >= self._failures) and self._circuits.open(turn.token, now=now):
                self._notice("CrmBreakerOpened")
        elif (turn.probes or turn.found.failures) and self._circuits.close(turn.token) and turn.probes:
            self._notice("CrmBreakerClosed")


@dataclass(frozen=True)
class _Heard:
    crm: Crm
    breaker: Breaker

    def send(self, payload: str) -> Verdict:
        """Send, and let the breaker hear what came of it."""
        return self.breaker.hear(self.crm.send(payload))
