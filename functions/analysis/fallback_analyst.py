"""How long a lead waits for the model: up to a configured age; then it goes out without a judgement, marked as such.

Age and receive count are looked at before the model is asked, and the question may take no longer than the lead may
still wait: so neither a server that hangs nor a process that is killed while asking can hold a lead.
"""

from __future__ import annotations

import math
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path

from functions.analysis.offline_analyst import OfflineAnalyst
from functions.analysis.preprocessing import PreparedCall, prepare
from functions.analysis.question import Asking, in_turn
from postcall.domain.analysis import Analysis, Usage
from postcall.domain.call import Call
from postcall.domain.clock import Clock
from postcall.domain.errors import Unavailable
from postcall.domain.retry import retry_delay

SECONDS_A_NEIGHBOUR = 0.1  # what a call takes beside its question: its reading, its record, the next queue
SHARE_BEHIND = 0.02  # of the wait: kept for the calls that fall due in the same moment and come one after another
LEAST_SECONDS = 1.0  # with less left a question is not worth asking


class ModelUnavailable(Unavailable):
    """The model cannot judge now. `latest` is the wait in seconds after which the lead goes out without it.

    `misconfigured` tells what a person must settle (a wrong key, an unknown model, with `out_of_credit` a spent budget)
    from a bad hour; `timed_out`, that asking holds up whoever waits behind.
    """

    def __init__(
        self,
        reason: str,
        *,
        retry_after: float | None = None,
        misconfigured: bool = False,
        out_of_credit: bool = False,
        timed_out: bool = False,
        latest: float | None = None,
    ) -> None:
        super().__init__(reason, retry_after=retry_after)
        self.misconfigured = misconfigured
        self.out_of_credit = out_of_credit
        self.timed_out = timed_out
        self.latest = latest

    @property
    def flag(self) -> str:
        """What a lead that goes out without the model is marked with."""
        if self.misconfigured:
            return "model_out_of_credit" if self.out_of_credit else "model_misconfigured"
        return "model_unavailable"

    def with_wait(self, *, retry_after: float | None, latest: float | None = None) -> ModelUnavailable:
        """The same trouble with another wait."""
        return ModelUnavailable(
            str(self),
            retry_after=retry_after,
            misconfigured=self.misconfigured,
            out_of_credit=self.out_of_credit,
            timed_out=self.timed_out,
            latest=latest,
        )


class JudgementFailedError(Exception):
    """The model answered and the answer is of no use (refused, cut off, invalid): asking again cannot help.

    `flag` names why; `usage` is what it cost, `details` (a request id, a code) go on the record.
    """

    def __init__(self, flag: str, *, usage: Usage = Usage(), **details: object) -> None:
        super().__init__(flag)
        self.flag = flag
        self.usage = usage
        self.details = {name: value for name, value in details.items() if value is not None}


Judge = Callable[[PreparedCall, float], Asking[Analysis]]  # the call, and the seconds it may take at most

_REASONS = {
    "model_refused": "модель отказалась отвечать",
    "model_answer_cut_off": "ответ модели оборвался",
    "model_answer_invalid": "ответ модели непригоден",
    "model_request_rejected": "сервер модели не принял запрос",
    "judgement_crashed": "ответ модели не удалось обработать",
}
_UNAVAILABLE = "модель недоступна"


def _no_trouble() -> None:
    """Nothing is known against the model."""


@dataclass(frozen=True)
class FallbackAnalyst:
    """Asks the model while the call is young enough to wait, and the rules after that.

    `deadline_seconds` is the longest that a question takes, `neighbours` how many calls of the batch may have to be
    finished first when it is over, `receives` and `most_receives` the message's count and the count from which the
    model is no longer asked. `trouble` says what is known against the model before it is asked.
    """

    judge: Judge
    offline: OfflineAnalyst
    clock: Clock
    max_wait_seconds: float
    deadline_seconds: float = math.inf
    neighbours: int = 0
    receives: int = 1
    most_receives: float = math.inf
    trouble: Callable[[], ModelUnavailable | None] = _no_trouble

    def analyse(self, call: Call, *, received_at: datetime) -> Analysis:
        """The judgement, each question asked where it stands.

        Raises:
            ModelUnavailable: While waiting can help.
        """
        return in_turn(self.asking(call, received_at=received_at))

    def asking(self, call: Call, *, received_at: datetime) -> Asking[Analysis]:
        """The judgement, and the questions on the way to it.

        Raises:
            ModelUnavailable: While waiting can help.
        """
        prepared = prepare(call, self.offline.regions)
        if prepared.heuristics.nobody_spoke and not prepared.has_orders:
            return self.offline.silence(prepared)
        left = self._left(received_at)
        if left < LEAST_SECONDS or self.receives >= self.most_receives:
            return self._without_model(prepared, self.trouble())
        try:
            return (yield from self.judge(prepared, left))
        except ModelUnavailable as error:
            latest = self._left(received_at) - self._reserve(error)
            if latest >= LEAST_SECONDS:
                raise error.with_wait(retry_after=error.retry_after, latest=latest) from error
            return self._without_model(prepared, error)
        except JudgementFailedError as error:
            return self._failed(prepared, error)
        except Exception as error:  # noqa: BLE001 — the last net: whatever a server answers, the lead goes out
            return self._failed(prepared, crashed(error))

    def _failed(self, prepared: PreparedCall, error: JudgementFailedError) -> Analysis:
        return failed(self.offline.analysis_of(prepared, because=_REASONS[error.flag]), error)

    def _left(self, received_at: datetime) -> float:
        kept = max(SECONDS_A_NEIGHBOUR * self.neighbours, SHARE_BEHIND * self.max_wait_seconds)
        return self.max_wait_seconds - kept - (self.clock.now() - received_at).total_seconds()

    def _reserve(self, error: ModelUnavailable) -> float:
        """While questions time out, every worker may be busy with one when a lead is due: it comes earlier."""
        return min(self.deadline_seconds, self.max_wait_seconds / 2) if error.timed_out else 0.0

    def _without_model(self, prepared: PreparedCall, error: ModelUnavailable | None) -> Analysis:
        flag = "model_unavailable" if error is None else error.flag
        return self.offline.analysis_of(prepared, because=_UNAVAILABLE).flagged(flag)


def failed(analysis: Analysis, error: JudgementFailedError) -> Analysis:
    """The offline analysis with what the failed judgement cost and why it failed."""
    details = analysis.details | ({"model_failure": error.details} if error.details else {})
    return replace(analysis, usage=error.usage, details=details).flagged(error.flag)


def crashed(error: Exception) -> JudgementFailedError:
    """What the record and the log tell of a bug of ours: never the error's text, which may quote the call."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    where = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
    return JudgementFailedError("judgement_crashed", error=type(error).__name__, where=where)


def wait_seconds(received: int, error: Unavailable, *, base: float, cap: float, random: Callable[[], float]) -> int:
    """How long the queue hides the message: the usual back-off, but never past the moment the lead must go out."""
    seconds = retry_delay(received, base=base, cap=cap, retry_after=error.retry_after, random=random)
    latest = error.latest if isinstance(error, ModelUnavailable) else None
    return seconds if latest is None else max(1, min(seconds, math.floor(latest)))


@cache
def most_receives(*, base: float, cap: float, max_wait_seconds: float) -> int:
    """The receive from which on the model is not asked: the first that usually comes later than a lead may wait.

    A message that comes so often and so early was dropped by processes that died: it must not reach the dead letters.
    """
    receives, mean = 1, 0.0
    while mean <= max_wait_seconds:
        mean += min(cap, base * 2 ** min(receives - 1, 32)) / 2
        receives += 1
    return receives
