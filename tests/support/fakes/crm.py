"""A CRM that answers as told, and remembers every body it got."""

from __future__ import annotations

from collections.abc import Iterable

from postcall.domain.outcome import Outcome, Verdict

DELIVERED = Verdict(Outcome.DELIVERED, "The CRM saved the lead.", http_status=200)


class Crash(BaseException):
    """The worker's process dies here."""


class ScriptedCrm:
    """Answers in the given order, then always `delivered`. A `Crash` kills the worker after the body left."""

    def __init__(self, script: Iterable[Verdict | Crash] = ()) -> None:
        self.bodies: list[str] = []
        self._script = list(script)

    def send(self, payload: str) -> Verdict:
        self.bodies.append(payload)
        answer = self._script.pop(0) if self._script else DELIVERED
        if isinstance(answer, Crash):
            raise answer
        return answer
