"""What a failed request to the model means: wait, wait for a person, show less, or do without.

The table of docs/analysis.md, "When the model fails", read from an error's class names and its members: this module
needs no `openai`, and a new subclass falls to its parent's row.
"""

from __future__ import annotations

import re
from typing import Any

from functions.analysis.patience import JudgementFailedError, ModelUnavailable
from postcall.domain.said import said

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
TOO_LONG = frozenset({"context_length_exceeded", "string_above_max_length"})
REFUSED = frozenset({"content_policy_violation", "content_filter", "invalid_prompt"})
_CODE = re.compile(r"[a-z0-9_]{3,60}")
_LONGEST_WAIT_SECONDS = 3600.0
_NEEDS_A_PERSON = frozenset({400, 401, 402, 403, 404, 405})
_PASSES = frozenset({408, 409, 425, 429})


class CallTooLongError(Exception):
    """The call does not fit into the model's window."""


class UnreadableReplyError(Exception):
    """HTTP 200 with something that is no answer of this API: a proxy, a captive portal, a wrong address."""


def meaning(error: BaseException) -> Exception:
    """The error to raise instead: one of this module's and `patience`'s."""
    names = {cls.__name__ for cls in type(error).__mro__}
    if "APIResponseValidationError" in names:
        return UnreadableReplyError()
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return _by_status(error, status)
    if isinstance(error, TimeoutError) or "APIConnectionError" in names:
        return ModelUnavailable(said("model.no_answer"))
    if isinstance(error, UnicodeEncodeError):
        return ModelUnavailable(said("model.key_characters"), misconfigured=True)
    if isinstance(error, ValueError | AttributeError | TypeError | KeyError):
        return UnreadableReplyError()
    return ModelUnavailable(said("model.client", error=type(error).__name__), misconfigured=True)


def _by_status(error: BaseException, status: int) -> Exception:
    codes = {str(value) for value in (getattr(error, "code", None), getattr(error, "type", None)) if value}
    word = _word(error)
    told = said("model.answered_with", status=status, word=word) if word else said("model.answered", status=status)
    if codes & OUT_OF_CREDIT:
        return ModelUnavailable(told, misconfigured=True)
    if status == 400 and codes & TOO_LONG:  # noqa: PLR2004 — HTTP statuses
        return CallTooLongError()
    if codes & REFUSED:
        return JudgementFailedError("model_refused", reason=_word(error), request_id=_request_id(error))
    if status in _PASSES or status >= 500:  # noqa: PLR2004
        return ModelUnavailable(told, retry_after=retry_after(error))
    if status in _NEEDS_A_PERSON or status < 400:  # noqa: PLR2004 — a redirect, which is never followed
        return ModelUnavailable(told, misconfigured=True)
    return JudgementFailedError("model_request_rejected", status=status, request_id=_request_id(error))


def retry_after(error: BaseException) -> float | None:
    """The seconds the server asks us to wait, at most an hour."""
    headers: Any = getattr(getattr(error, "response", None), "headers", {})
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) * unit
        except ValueError:  # absent, or a date
            continue
        if 0 <= seconds < float("inf"):
            return min(seconds, _LONGEST_WAIT_SECONDS)
    return None


def _word(error: BaseException) -> str:
    """The server's own code, if it is one word of plain letters; never its message, which may quote the request."""
    code = getattr(error, "code", None)
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""


def _request_id(error: BaseException) -> str | None:
    found = getattr(error, "request_id", None)
    return found if isinstance(found, str) else None
