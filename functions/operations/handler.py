"""operations' Lambda: the operator API and the console. What answers which path is in `router`."""

from __future__ import annotations

from typing import Any

from functions.operations.router import serve
from postcall.aws.http import Response, handle_request
from postcall.aws.invocation import bounded
from postcall.aws.observe import flush_metrics


@bounded
def handler(event: dict[str, Any], _context: object) -> Response:
    """Serve one HTTP request."""
    try:
        return handle_request(serve, event)
    finally:
        flush_metrics()
