"""HTTP as API Gateway hands it to a Lambda: requests in, JSON answers out, errors in one place.

An HTTP API hands on payload 2.0, a REST API payload 1.0; which of them stands before us is a setting of the deployment.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from postcall.domain.access import Token
from postcall.domain.errors import PostcallError, Rejected, StoreRefused, Unavailable
from postcall.domain.said import Said, said, write_said

Response = dict[str, Any]
# What an API answers is data: no browser may guess its kind, show it in a frame or run anything of it.
SAFE = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000",
}


class HttpError(PostcallError):
    """A request that is refused: the status, one clear sentence, and members that help a program."""

    def __init__(self, status: HTTPStatus, detail: str, **members: Any) -> None:  # noqa: ANN401 — any JSON value
        super().__init__(detail)
        self.status = status
        self.members = members


@dataclass(frozen=True)
class Request:
    """A request. Header names are lower-case; `body` are the bytes exactly as the sender wrote them.

    `source_ip` is who is connected to the API, as the API saw it. `token` is whose request it
    is, once that is known (postcall/aws/access.py).
    """

    method: str
    path: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    source_ip: str = ""
    token: Token | None = None


def read_request(event: dict[str, Any]) -> Request:
    """A request from the Lambda event.

    Raises:
        HttpError: Status 400 for a body that is not the base64 it says it is.
    """
    method, path = _what_is_asked(event)
    text = event.get("body") or ""
    if event.get("isBase64Encoded"):
        try:
            body = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as error:
            raise HttpError(HTTPStatus.BAD_REQUEST, said("request.not_base64")) from error
    else:
        body = text.encode("utf-8", "surrogatepass")
    return Request(
        method=method,
        path=path,
        body=body,
        headers={name.lower(): value for name, value in _joined(event, "headers", "multiValueHeaders").items()},
        query=_joined(event, "queryStringParameters", "multiValueQueryStringParameters"),
        source_ip=_source_ip(event["requestContext"]),
    )


def _what_is_asked(event: dict[str, Any]) -> tuple[str, str]:
    """Method and path, the stage's name not among it."""
    http = event["requestContext"].get("http")
    if http is None:  # payload 1.0
        return event["httpMethod"], event["path"]
    return http["method"], event.get("rawPath", http.get("path", ""))


def _source_ip(context: dict[str, Any]) -> str:
    return str((context.get("http") or context.get("identity") or {}).get("sourceIp") or "")


def _joined(event: dict[str, Any], once: str, repeated: str) -> dict[str, str]:
    """Names and values; payload 2.0 joins a repeated name's values by commas, payload 1.0 leaves that to us."""
    if repeated in event:
        return {name: ",".join(values) for name, values in (event[repeated] or {}).items()}
    return dict(event.get(once) or {})


def json_response(status: HTTPStatus, members: dict[str, Any]) -> Response:
    """A JSON answer."""
    return _answer(status, members, "application/json; charset=utf-8")


def problem(status: HTTPStatus, detail: str, **members: Any) -> Response:  # noqa: ANN401 — any JSON value
    """An error as problem details (RFC 9457)."""
    coded = write_said(detail) if isinstance(detail, Said) else {}  # `code` and `params`: in any language
    body = {"type": "about:blank", "title": status.phrase, "status": int(status), "detail": detail, **coded, **members}
    return _answer(status, body, "application/problem+json; charset=utf-8")


def handle_request(serve: Callable[[Request], Response], event: dict[str, Any]) -> Response:
    """Serve a request and turn the errors raised on purpose into their answers.

    Anything else rises: a bug becomes a failed invocation, API Gateway's 500, and an alarm.
    """
    try:
        return serve(read_request(event))
    except (HttpError, Rejected, Unavailable) as error:
        members = error.members if isinstance(error, HttpError) else {}
        result = problem(status_of(error), str(error), **members)
        if isinstance(error, Unavailable):
            result["headers"]["retry-after"] = str(int(error.retry_after or 5))
        return result


def status_of(error: PostcallError) -> HTTPStatus:
    """The status by which an error that was raised on purpose is answered."""
    if isinstance(error, HttpError):
        return error.status
    if isinstance(error, StoreRefused):  # no fault of whoever asked
        return HTTPStatus.INTERNAL_SERVER_ERROR
    return HTTPStatus.BAD_REQUEST if isinstance(error, Rejected) else HTTPStatus.SERVICE_UNAVAILABLE


def require_size(request: Request, *, limit: int) -> None:
    """Take only a body within the limit, in bytes.

    Raises:
        HttpError: 413 for a larger one.
    """
    if len(request.body) > limit:
        raise HttpError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            said("request.too_large", bytes=len(request.body), limit=limit),
        )


def _answer(status: HTTPStatus, members: dict[str, Any], content_type: str) -> Response:
    headers = {"content-type": content_type, "cache-control": "no-store"} | SAFE
    if status is HTTPStatus.UNAUTHORIZED:
        headers["www-authenticate"] = "Bearer"
    return {
        "statusCode": int(status),
        "headers": headers,
        "body": json.dumps(members, ensure_ascii=False).encode("utf-8", "replace").decode(),
    }
