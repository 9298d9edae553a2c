"""Why a command ends without having done its work, and the exit code that a program reads.

| code | meaning |
|---|---|
| 0 | done |
| 1 | done, and what was found is not well: a fault (`doctor`), a failed scenario (`uat`), a refused lead (`resend`) |
| 2 | wrong arguments or settings; nothing was asked |
| 3 | there is no such event, entry or address |
| 4 | refused: the event's state forbids it, or the request is wrong |
| 5 | not allowed: the token is missing, wrong, or may not do this |
| 6 | not available: the environment does not answer; later can help |
| 130 | interrupted |
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from postcall.domain.said import read_said_members, said

DONE = 0
NOT_WELL = 1
INTERRUPTED = 130


class CliError(Exception):
    """One sentence for a person."""

    exit_code = 1


class WrongUsage(CliError):
    """Arguments or settings are wrong; nothing was asked."""

    exit_code = 2


class NotFound(CliError):
    """There is no such thing."""

    exit_code = 3


class Refused(CliError):
    """The state forbids it, or the request is wrong; `members` is the problem document."""

    exit_code = 4

    def __init__(self, sentence: str, members: dict[str, Any] | None = None) -> None:
        super().__init__(sentence)
        self.members = members or {}


class NotAllowed(CliError):
    """The token is missing, wrong, or may not do this."""

    exit_code = 5


class NotAvailable(CliError):
    """The environment does not answer; later can help."""

    exit_code = 6


def refusal(status: int, problem: dict[str, Any]) -> CliError:
    """The error for an answer of the API, in the API's own words."""
    known = read_said_members({f"detail_{name}": problem.get(name) for name in ("code", "params")} | problem, "detail")
    sentence = known or str(problem.get("message") or said("cli.api_status", status=status))
    match status:
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            return NotAllowed(sentence)
        case HTTPStatus.NOT_FOUND | HTTPStatus.GONE:
            return NotFound(sentence)
        case HTTPStatus.TOO_MANY_REQUESTS:
            return NotAvailable(sentence)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return NotAvailable(said("cli.with_status", sentence=sentence, status=status))
    return Refused(sentence, problem)
