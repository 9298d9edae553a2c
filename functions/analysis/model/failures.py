"""What a failed request to the model means: wait, wait for a person, show less, or do without.

The table of docs/analysis.md, "When the model fails", read from the answer's status and the members of its body.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from functions.analysis.fallback_analyst import JudgementFailedError, ModelUnavailable
from functions.analysis.model.context_size import too_long
from postcall.domain.said import said
from postcall.http.body import read_json, text_of
from postcall.http.message import Failure, FailureReason, Response
from postcall.http.retry_after import retry_after as header_wait

OUT_OF_CREDIT = frozenset(
    {
        "insufficient_quota",
        "credit_balance_exhausted",
        "organization_spend_limit_exceeded",
        "project_spend_limit_exceeded",
        "organization_usage_limit_exceeded",
        "billing_hard_limit_reached",
        "billing_not_active",
    },
)
REFUSED = frozenset({"content_policy_violation", "content_filter", "invalid_prompt"})
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,59}")  # a number is no code
_LONGEST_WAIT_SECONDS = 3600.0
ERROR_LIMIT_BYTES = 256 * 1024  # all of it is read for a word; some servers quote what they were sent
_NEEDS_A_PERSON = frozenset({401, 402, 403, 404, 405})
_PASSES = frozenset({408, 409, 425, 429})


class UnreadableReplyError(Exception):
    """HTTP 200 with something that is no answer of this API: a proxy, a captive portal, a wrong address."""


class RequestRejectedError(Exception):
    """HTTP 400 without a reason that is known: the settings' trouble, or this one call's (see `Breaker.rejected`)."""

    def __init__(self, message: str, *, word: str, request_id: str | None) -> None:
        super().__init__(message)
        self.word = word
        self.request_id = request_id


def unanswered(failure: Failure | None = None) -> ModelUnavailable:
    """The error for a request without an answer, or with half of one."""
    reason = None if failure is None else failure.reason
    if reason is FailureReason.UNWRITABLE:  # of all that is sent, only the key is written by hand
        return ModelUnavailable(said("model.key_characters"), misconfigured=True)
    return ModelUnavailable(said("model.no_answer"), timed_out=reason is FailureReason.TIMED_OUT)


def refused(response: Response) -> Exception:
    """The error for an answer whose status is no success: one of this module's and `fallback_analyst`'s."""
    if len(response.body) > ERROR_LIMIT_BYTES:
        return _by_status(response, stated=None)
    return _by_status(response, stated=stated_by(response)) if response.whole else unanswered()


def _by_status(response: Response, *, stated: Any) -> Exception:  # noqa: ANN401 — any JSON
    status = response.status
    codes, word = {str(name) for name in _names(stated) if name}, _word(stated)
    message = said("model.answered_with", status=status, word=word) if word else said("model.answered", status=status)
    if codes & OUT_OF_CREDIT or status == HTTPStatus.PAYMENT_REQUIRED:
        return ModelUnavailable(message, misconfigured=True, out_of_credit=True)
    overflow = too_long(status, codes, stated)
    if overflow is not None:
        return overflow
    request_id = response.headers.get("x-request-id")
    if codes & REFUSED:
        return JudgementFailedError("model_refused", reason=word, request_id=request_id)
    is_wrong = status in _NEEDS_A_PERSON or status < HTTPStatus.BAD_REQUEST  # a redirect is never followed
    if is_wrong or status in _PASSES or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        wait = None if is_wrong else retry_after(response.headers)
        return ModelUnavailable(message, misconfigured=is_wrong, retry_after=wait)
    if status == HTTPStatus.BAD_REQUEST:
        return RequestRejectedError(message, word=word, request_id=request_id)
    return JudgementFailedError("model_request_rejected", status=status, request_id=request_id)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds the server asks us to wait, at most an hour; OpenAI's own header in milliseconds goes before."""
    finer = headers.get("retry-after-ms") or ""
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]+)?", finer):
        return min(float(finer) / 1000, _LONGEST_WAIT_SECONDS)
    return header_wait(headers.get("retry-after"), now=time.time(), longest=_LONGEST_WAIT_SECONDS)


def stated_by(response: Response) -> Any:  # noqa: ANN401 — any JSON
    """What the body says of the error: its member `error`, or all of it; a text that is no JSON as it is."""
    text = text_of(response.body, response.headers.get("content-type", "")).strip()
    try:
        body = read_json(text)
    except ValueError:
        return text
    return body.get("error", body) if isinstance(body, Mapping) else body


def _names(stated: Any) -> list[Any]:  # noqa: ANN401 — any JSON
    return [stated.get("code"), stated.get("type")] if isinstance(stated, Mapping) else []


def _word(stated: Any) -> str:  # noqa: ANN401 — any JSON
    """The server's own code, or else its type, if it is one plain word; never its message: it may quote the request."""
    return next((name for name in _names(stated) if isinstance(name, str) and _CODE.fullmatch(name)), "")
