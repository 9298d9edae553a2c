"""Restores what an HTTP API says when its function fails: 500 and AWS's sentence, nothing of the function's.

ministack answers 502 with the function's error text.
"""

from __future__ import annotations

import json
from typing import Any

from ministack.services import lambda_svc


def install() -> None:
    """Answer as API Gateway does."""
    convert = lambda_svc.lambda_execute_result_to_api_proxy_response

    def as_gateway(result: dict[str, Any]) -> tuple[dict[str, Any] | None, str | None]:
        if result.get("throttle"):
            return message(503, "Service Unavailable"), None
        if result.get("error"):
            return message(500, "Internal Server Error"), None
        answer: tuple[dict[str, Any] | None, str | None] = convert(result)
        return answer

    lambda_svc.lambda_execute_result_to_api_proxy_response = as_gateway


def message(status: int, text: str) -> dict[str, Any]:
    """API Gateway's own answer, in the shape of a function's."""
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps({"message": text}, separators=(",", ":")),
    }
