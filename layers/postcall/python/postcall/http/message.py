"""What goes to an outside system, what comes back, and how far an exchange came that brought nothing back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True)
class Request:
    """One request, complete. `Host`, `Content-Length`, `Accept-Encoding` and `Connection` are the client's own."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Response:
    """An answer, unpacked. Header names are in small letters. `whole`: the body neither broke off nor was too long."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool = True


class FailureReason(StrEnum):
    """Why there is no answer."""

    UNWRITABLE = "unwritable"  # the request holds what HTTP cannot carry
    UNREACHABLE = "unreachable"  # no name, no connection
    ADDRESS_REFUSED = "address_refused"  # the name leads into a private network
    CERTIFICATE_REFUSED = "certificate_refused"  # the server's certificate is not trusted
    HANDSHAKE_FAILED = "handshake_failed"  # TLS was not agreed on; also: the server wants a certificate from us
    TIMED_OUT = "timed_out"
    BROKEN_OFF = "broken_off"  # the connection ended before an answer
    NOT_HTTP = "not_http"  # bytes came that are no HTTP answer


@dataclass(frozen=True)
class Failure:
    """No answer came. `sent` is False only where the server certainly acted on nothing; `detail` names what broke."""

    reason: FailureReason
    sent: bool
    detail: str
