"""Restores the check of a partial batch response: one that Lambda cannot read fails the whole batch.

ministack takes any response for a success, which would lose the messages.
"""
# ruff: noqa: SLF001 — the gaps are closed from outside, in ministack's private functions

from __future__ import annotations

import contextvars
from typing import Any

from ministack.services import lambda_svc

from tools.local.emulator.batch_response import is_readable

_message_ids: contextvars.ContextVar[frozenset[str] | None] = contextvars.ContextVar("message_ids", default=None)


def install() -> None:
    """Check the answer of each function that reports partial batch failures."""
    run_batch, execute = lambda_svc._run_sqs_batch, lambda_svc._execute_function

    def run_checked_batch(mapping: dict[str, Any], function: Any, event: dict[str, Any], *rest: Any) -> None:  # noqa: ANN401
        reports = "ReportBatchItemFailures" in mapping.get("FunctionResponseTypes", [])
        token = _message_ids.set(frozenset(record["messageId"] for record in event["Records"]) if reports else None)
        try:
            run_batch(mapping, function, event, *rest)
        finally:
            _message_ids.reset(token)

    def execute_checked(function: Any, event: Any) -> dict[str, Any]:  # noqa: ANN401 — any JSON
        result: dict[str, Any] = execute(function, event)
        ids = _message_ids.get()
        if ids is None or result.get("error") or is_readable(result.get("body"), ids):
            return result
        message = "The function's partial batch response is malformed: the whole batch has failed."
        return {
            "error": True,
            "body": {"errorType": "MalformedBatchResponse", "errorMessage": message},
            "log": result.get("log", ""),
        }

    lambda_svc._run_sqs_batch = run_checked_batch
    lambda_svc._execute_function = execute_checked
