"""The circuit breaker around dispatch: while the CRM is plainly down or plainly refusing, nothing is sent to it.

Powertools' breaker keeps its state in a table of its own, so that all workers stop together, and lets one of them probe
from time to time; when a probe succeeds, sending goes on by itself. If its table cannot be read, leads are sent. An
event is not touched while the circuit is open: its message just comes back later.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from aws_lambda_powertools.utilities.circuit_breaker import CircuitBreakerConfig, circuit_breaker
from aws_lambda_powertools.utilities.circuit_breaker.exceptions import CircuitBreakerOpenError
from aws_lambda_powertools.utilities.circuit_breaker.persistence import CircuitBreakerDynamoDBPersistence
from aws_lambda_powertools.utilities.circuit_breaker.states import CircuitState, CircuitTransition

from functions.dispatch.usecase import Dispatched
from postcall.domain.errors import Unavailable
from postcall.domain.messages import CallAnalyzed
from postcall.domain.outcome import Outcome
from postcall.domain.said import said

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

NAME = "crm"
# A failure that says something about the CRM rather than about this lead. `unknown` is among them: a CRM that lets five
# requests in a row end in nothing must not be given the next lead to lose.
_PLAINLY_DOWN = frozenset({Outcome.UNAVAILABLE, Outcome.REJECTED_CONFIGURATION, Outcome.UNKNOWN})
_NOT_ASKED = frozenset({None, Outcome.DRY_RUN, Outcome.DISABLED, Outcome.REJECTED_DATA})


class _Told(Exception):
    """Carries the result past the breaker."""

    def __init__(self, done: Dispatched) -> None:
        super().__init__()
        self.done = done


class _Failed(_Told):
    """Counts against the CRM."""


class _NotAsked(_Told):
    """The CRM was not asked, so it neither failed nor recovered."""


Serve = Callable[[CallAnalyzed], Dispatched]


def guarded(
    serve: Serve,
    *,
    client: DynamoDBClient,
    table: str,
    failures: int,
    recovery_seconds: int,
    notice: Callable[[str], None],
) -> Serve:
    """`serve` behind the breaker: raises `Unavailable` instead of serving while the circuit is open.

    The circuit opens after `failures` in a row and is probed after `recovery_seconds`. `notice` is told the name of the
    metric of each transition.
    """

    @circuit_breaker(
        name=NAME,
        persistence_store=CircuitBreakerDynamoDBPersistence(table, expiry_attr="expires_at", boto3_client=client),
        on_transition=lambda transition: notice(_metric(transition)),
        config=CircuitBreakerConfig(
            failure_threshold=failures,
            recovery_timeout=recovery_seconds,
            success_threshold=1,
            handled_exceptions=(_Failed,),
            local_cache_max_age=max(1, min(5, recovery_seconds)),
        ),
    )
    def judged(message: CallAnalyzed) -> Dispatched:
        done = serve(message)
        outcome = done.verdict.outcome if done.verdict else None
        if outcome in _NOT_ASKED:
            raise _NotAsked(done)
        if outcome in _PLAINLY_DOWN:
            raise _Failed(done)
        return done

    def through(message: CallAnalyzed) -> Dispatched:
        try:
            done: Dispatched = judged(message)
        except _Told as told:
            return told.done
        except CircuitBreakerOpenError as error:
            raise Unavailable(said("crm.circuit_open"), retry_after=recovery_seconds) from error
        return done

    return through


def _metric(transition: CircuitTransition) -> str:
    return {
        CircuitState.OPEN: "CrmBreakerOpened",
        CircuitState.HALF_OPEN: "CrmBreakerProbed",
        CircuitState.CLOSED: "CrmBreakerClosed",
    }[transition.to_state]
