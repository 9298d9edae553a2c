"""How long a lead waits for the model: up to a configured age; then it goes out without a judgement, marked as such."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from functions.analysis.offline_analyst import OfflineAnalyst
from functions.analysis.reading import Reading, read
from postcall.domain.analysis import Analysis, Usage
from postcall.domain.call import Call
from postcall.domain.clock import Clock
from postcall.domain.errors import Unavailable
from postcall.domain.retry import retry_delay


class ModelUnavailable(Unavailable):
    """The model cannot judge now. `latest` is the wait in seconds after which the lead goes out without it.

    `misconfigured` tells a wrong key, a spent budget or an unknown model, which a person must settle, from a bad hour.
    """

    def __init__(
        self,
        reason: str,
        *,
        retry_after: float | None = None,
        misconfigured: bool = False,
        latest: float | None = None,
    ) -> None:
        super().__init__(reason, retry_after=retry_after)
        self.misconfigured = misconfigured
        self.latest = latest


class JudgementFailedError(Exception):
    """The model answered and the answer is of no use (refused, cut off, invalid): asking again cannot help.

    `flag` names why; `usage` is what it cost, `details` (a request id, a code) go on the record.
    """

    def __init__(self, flag: str, *, usage: Usage = Usage(), **details: object) -> None:
        super().__init__(flag)
        self.flag = flag
        self.usage = usage
        self.details = {name: value for name, value in details.items() if value is not None}


Judge = Callable[[Reading], Analysis]

_REASONS = {
    "model_refused": "модель отказалась отвечать",
    "model_answer_cut_off": "ответ модели оборвался",
    "model_answer_invalid": "ответ модели непригоден",
    "model_request_rejected": "сервер модели не принял запрос",
}


@dataclass(frozen=True)
class PatientAnalyst:
    """Asks the model while the call is young enough to wait, and the rules after that."""

    judge: Judge
    offline: OfflineAnalyst
    clock: Clock
    max_wait_seconds: float

    def analyse(self, call: Call, *, received_at: datetime) -> Analysis:
        """The judgement. Raises `ModelUnavailable` while waiting can help."""
        reading = read(call, self.offline.regions)
        try:
            return self.judge(reading)
        except ModelUnavailable as error:
            left = self.max_wait_seconds - (self.clock.now() - received_at).total_seconds()
            if left > 0:
                raise ModelUnavailable(
                    str(error),
                    retry_after=error.retry_after,
                    misconfigured=error.misconfigured,
                    latest=left,
                ) from error
            flag = "model_misconfigured" if error.misconfigured else "model_unavailable"
            return self.offline.analysis_of(reading, because="модель недоступна").flagged(flag)
        except JudgementFailedError as error:
            return failed(self.offline.analysis_of(reading, because=_REASONS[error.flag]), error)


def failed(analysis: Analysis, error: JudgementFailedError) -> Analysis:
    """The offline analysis with what the failed judgement cost and why it failed."""
    details = analysis.details | ({"model_failure": error.details} if error.details else {})
    return replace(analysis, usage=error.usage, details=details).flagged(error.flag)


def wait_seconds(received: int, error: Unavailable, *, base: float, cap: float, random: Callable[[], float]) -> int:
    """How long the queue hides the message: the usual back-off, but never past the moment the lead must go out."""
    seconds = retry_delay(received, base=base, cap=cap, retry_after=error.retry_after, random=random)
    latest = error.latest if isinstance(error, ModelUnavailable) else None
    return seconds if latest is None else max(1, min(seconds, math.ceil(latest)))
