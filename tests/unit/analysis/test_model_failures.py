"""What a failure of the model's server means, and how long nobody asks it after one."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import cast

import pytest

from functions.analysis.fallback_analyst import JudgementFailedError, ModelUnavailable
from functions.analysis.model.breaker import OPEN_SECONDS, Breaker
from functions.analysis.model.context_size import CallTooLongError
from functions.analysis.model.failures import ERROR_LIMIT_BYTES, refused, unanswered
from postcall.http.message import Failure, FailureReason, Response


def answer(status: int, code: str | None = None, kind: str | None = None, **headers: str) -> Response:
    """A refusal in OpenAI's form."""
    error = {"message": "secret words of the caller", "code": code, "type": kind}
    return Response(status, {"x-request-id": "req_1", **headers}, json.dumps({"error": error}).encode())


@pytest.mark.parametrize(
    ("response", "misconfigured"),
    [
        (answer(429, "rate_limit_exceeded"), False),
        (answer(429, None, "insufficient_quota"), True),
        (answer(429, "credit_balance_exhausted"), True),
        (answer(500), False),
        (answer(503), False),
        (answer(529), False),
        (answer(408), False),
        (answer(409), False),
        (answer(401), True),
        (answer(403), True),
        (answer(404, "model_not_found"), True),
        (answer(302), True),
    ],
)
def test_what_may_pass_is_told_from_what_a_person_must_settle(response: Response, misconfigured: bool) -> None:  # noqa: FBT001 — a row of the table
    found = refused(response)
    assert isinstance(found, ModelUnavailable)
    assert found.misconfigured is misconfigured
    assert "secret" not in str(found)


@pytest.mark.parametrize(
    ("reason", "misconfigured", "timed_out"),
    [
        (FailureReason.TIMED_OUT, False, True),
        (FailureReason.UNREACHABLE, False, False),
        (FailureReason.UNWRITABLE, True, False),
    ],
)
def test_an_exchange_without_an_answer_is_an_outage_unless_the_key_is_no_key(
    reason: FailureReason, *, misconfigured: bool, timed_out: bool
) -> None:
    found = unanswered(Failure(reason, sent=False, detail="secret"))
    assert (found.misconfigured, found.timed_out) == (misconfigured, timed_out)
    assert "secret" not in str(found)


def test_refusals_and_unusable_requests_end_the_judgement() -> None:
    for response, flag in (
        (answer(400, "content_policy_violation"), "model_refused"),
        (answer(422), "model_request_rejected"),
    ):
        found = refused(response)
        assert isinstance(found, JudgementFailedError)
        assert found.flag == flag
        assert found.details["request_id"] == "req_1"


def test_a_call_that_is_too_long_has_an_error_of_its_own() -> None:
    assert isinstance(refused(answer(400, "context_length_exceeded")), CallTooLongError)


def test_an_error_that_broke_off_is_none_and_one_of_any_size_is_known_by_its_status() -> None:
    assert isinstance(refused(replace(answer(401), whole=False)), ModelUnavailable)
    assert not cast("ModelUnavailable", refused(replace(answer(401), whole=False))).misconfigured
    endless = Response(401, {}, b"x" * (ERROR_LIMIT_BYTES + 1), whole=False)
    assert cast("ModelUnavailable", refused(endless)).misconfigured


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after": "999999"}, 3600.0),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({}, None),
    ],
)
def test_the_servers_own_wait_is_kept_within_reason(headers: dict[str, str], seconds: float | None) -> None:
    found = refused(answer(429, **headers))
    assert isinstance(found, ModelUnavailable)
    assert found.retry_after == seconds


class Seconds:
    """A monotonic clock moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_wrong_key_opens_the_breaker_and_time_closes_it() -> None:
    clock = Seconds()
    breaker = Breaker(clock)
    breaker.check()
    noted = breaker.note(ModelUnavailable("no credit", misconfigured=True))
    assert noted.retry_after == OPEN_SECONDS
    clock.now = 100
    with pytest.raises(ModelUnavailable) as caught:
        breaker.check()
    assert caught.value.misconfigured
    assert caught.value.retry_after == OPEN_SECONDS - 100
    clock.now = OPEN_SECONDS + 1
    breaker.check()


def test_the_breaker_holds_for_as_long_as_the_server_asked() -> None:
    clock = Seconds()
    breaker = Breaker(clock)
    breaker.note(ModelUnavailable("slow down", retry_after=7))
    with pytest.raises(ModelUnavailable):
        breaker.check()
    clock.now = 8
    breaker.check()


def test_an_outage_without_a_wish_does_not_open_the_breaker() -> None:
    breaker = Breaker(Seconds())
    assert breaker.note(ModelUnavailable("500")).retry_after is None
    breaker.check()


def test_the_second_unreadable_reply_in_a_row_is_a_wrong_address() -> None:
    breaker = Breaker(Seconds())
    assert not breaker.note_unreadable().misconfigured
    breaker.close()
    assert not breaker.note_unreadable().misconfigured
    assert breaker.note_unreadable().misconfigured
