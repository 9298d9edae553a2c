"""What a failed request to the model means: wait, wait for a person, show less, or do without.

The table of docs/analysis.md, "When the model fails", read from an error's class names and its members: this module
needs no `openai`, and a new subclass falls to its parent's row.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

from functions.analysis.fallback_analyst import JudgementFailedError, ModelUnavailable
from functions.analysis.model.context_size import CallTooLongError, too_long
from postcall.domain.said import said
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
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,59}")  # a number is no code: the SDK makes 400 the text '400'
_LONGEST_WAIT_SECONDS = 3600.0
_PAYMENT_REQUIRED = 402
_NEEDS_A_PERSON = frozenset({401, _PAYMENT_REQUIRED, 403, 404, 405})
_PASSES = frozenset({408, 409, 425, 429})


class UnreadableReplyError(Exception):
    """HTTP 200 with something that is no answer of this API: a proxy, a captive portal, a wrong address."""


class RequestRejectedError(Exception):
    """HTTP 400 without a reason that is known: the settings' trouble, or this one call's (see `Breaker.rejected`)."""

    def __init__(self, message: str, *, word: str, request_id: str | None) -> None:
        super().__init__(message)
        self.word = word
        self.request_id = request_id


def meaning(error: BaseException) -> Exception:
    """The error to raise instead: one of this module's and `patience`'s."""
    names = {cls.__name__ for cls in type(error).__mro__}
    if "APIResponseValidationError" in names:
        return UnreadableReplyError()
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return _by_status(error, status)
    timed_out = isinstance(error, TimeoutError) or "APITimeoutError" in names
    if timed_out or "APIConnectionError" in names:
        return ModelUnavailable(said("model.no_answer"), timed_out=timed_out)
    if isinstance(error, UnicodeEncodeError):
        return ModelUnavailable(said("model.key_characters"), misconfigured=True)
    if isinstance(error, ValueError | AttributeError | TypeError | LookupError | RecursionError | MemoryError):
        return UnreadableReplyError()
    return ModelUnavailable(said("model.client", error=type(error).__name__), misconfigured=True)


def _by_status(error: BaseException, status: int) -> Exception:
    codes = {str(value) for value in (getattr(error, "code", None), getattr(error, "type", None)) if value}
    word = _word(error)
    message = said("model.answered_with", status=status, word=word) if word else said("model.answered", status=status)
    if codes & OUT_OF_CREDIT or status == _PAYMENT_REQUIRED:
        return ModelUnavailable(message, misconfigured=True, out_of_credit=True)
    overflow = too_long(status, codes, getattr(error, "body", None))
    if overflow is not None:
        return overflow
    if codes & REFUSED:
        return JudgementFailedError("model_refused", reason=word, request_id=_request_id(error))
    is_wrong = status in _NEEDS_A_PERSON or status < 400  # noqa: PLR2004 — HTTP statuses; a redirect is never followed
    if is_wrong or status in _PASSES or status >= 500:  # noqa: PLR2004
        return ModelUnavailable(message, misconfigured=is_wrong, retry_after=None if is_wrong else retry_after(error))
    if status == 400:  # noqa: PLR2004
        return RequestRejectedError(message, word=word, request_id=_request_id(error))
    return JudgementFailedError("model_request_rejected", status=status, request_id=_request_id(error))


def retry_after(error: BaseException) -> float | None:
    """The seconds the server asks us to wait, at most an hour; OpenAI's own header in milliseconds goes before."""
    headers: Any = getattr(getattr(error, "response", None), "headers", {})
    finer = headers.get("retry-after-ms") or ""
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]+)?", finer):
        return min(float(finer) / 1000, _LONGEST_WAIT_SECONDS)
    return header_wait(headers.get("retry-after"), now=time.time(), longest=_LONGEST_WAIT_SECONDS)


def _word(error: BaseException) -> str:
    """The server's own code, or else its type, if it is one plain word; never its message: it may quote the request."""
    body = getattr(error, "body", None)
    names = [getattr(error, "code", None), getattr(error, "type", None)]
    if isinstance(body, Mapping):
        names += [body.get("code"), body.get("type")]
    return next((word for word in names if isinstance(word, str) and _CODE.fullmatch(word)), "")


def _request_id(error: BaseException) -> str | None:
    found = getattr(error, "request_id", None)
    return found if isinstance(found, str) else None


__all__ = ["CallTooLongError", "RequestRejectedError", "UnreadableReplyError", "meaning", "retry_after"]
