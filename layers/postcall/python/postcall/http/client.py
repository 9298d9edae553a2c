"""One HTTP exchange with an outside system, over a connection of its own, within one deadline.

Nothing is followed, remembered or taken from the environment: no redirects, cookies, proxies or netrc. No byte of one
exchange can reach the next, since no connection outlives its exchange. Nothing that a server or a network does raises:
the result says what came back, or how far the exchange came. HTTP itself is h11's.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import certifi
import h11

from postcall.domain.said import said
from postcall.http.address import AddressRefusedError, Resolve, permitted, resolve
from postcall.http.body import unpacked
from postcall.http.message import Failure, FailureReason, Request, Response

HEAD_LIMIT_BYTES = 65_536
INTERIM_LIMIT = 20  # answers of the 1xx kind before the answer itself
_CHUNK = 65_536
# What a TLS server says that wants, or does not take, a certificate from us: it says so before it reads a request.
_ABOUT_OUR_CERTIFICATE = (
    "CERTIFICATE_REQUIRED",
    "BAD_CERTIFICATE",
    "CERTIFICATE_UNKNOWN",
    "UNSUPPORTED_CERTIFICATE",
    "CERTIFICATE_REVOKED",
    "CERTIFICATE_EXPIRED",
    "ALERT_UNKNOWN_CA",
    "ALERT_ACCESS_DENIED",
)


@dataclass
class HttpClient:
    """Makes exchanges. `answer_bytes` bounds an answer's body, packed and unpacked; certificates are always checked."""

    answer_bytes: int
    ca_bundle: Path | None = None
    resolve: Resolve = resolve
    monotonic: Callable[[], float] = time.monotonic

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        """The owner's own authorities, or those of the locked layer."""
        return ssl.create_default_context(cafile=str(self.ca_bundle) if self.ca_bundle else certifi.where())

    def exchange(self, request: Request, *, seconds: float) -> Response | Failure:
        """Send one request, once. `seconds` is the total, from the host's name to the last byte of the answer."""
        deadline = _Deadline(self.monotonic, self.monotonic() + seconds)
        url, protocol = urlsplit(request.url), h11.Connection(h11.CLIENT, HEAD_LIMIT_BYTES)
        try:
            message = _written(request, url, protocol)
        except (h11.LocalProtocolError, UnicodeEncodeError) as error:
            return Failure(FailureReason.UNWRITABLE, sent=False, detail=type(error).__name__)
        try:
            connection = self._connected(url, deadline)
        except (OSError, ValueError) as error:  # the latter for a host that no name can be
            return _unsent(error)
        with closing(connection):
            if deadline.is_over():
                return _unsent(TimeoutError())
            return _conversed(connection, message, _Answer(protocol, self.answer_bytes), deadline)

    def _connected(self, url: SplitResult, deadline: _Deadline) -> socket.socket:
        """A connection to the first of the host's addresses that takes one. Raises `OSError`."""
        host, port = url.hostname or "", url.port or (443 if url.scheme == "https" else 80)
        addresses = permitted(host, self.resolve(host, port, deadline.left()))
        for tried, (family, address, _) in enumerate(addresses, start=1):
            plain = socket.socket(family, socket.SOCK_STREAM)
            try:
                plain.settimeout(deadline.left() / (1 + len(addresses) - tried))
                plain.connect((address, port))
            except OSError:
                plain.close()
                if tried == len(addresses):
                    raise
            else:
                return self._secured(plain, host, deadline) if url.scheme == "https" else plain
        raise AddressRefusedError(said("http.no_address"))

    def _secured(self, plain: socket.socket, host: str, deadline: _Deadline) -> socket.socket:
        with closing(plain):  # which the secured one has taken over, when there is one
            plain.settimeout(deadline.left())
            return self._trust.wrap_socket(plain, server_hostname=host)


@dataclass(frozen=True)
class _Deadline:
    now: Callable[[], float]
    ends: float

    def is_over(self) -> bool:
        return self.now() >= self.ends

    def left(self) -> float:
        """Seconds, more than none.

        Raises:
            TimeoutError: The time is up.
        """
        seconds = self.ends - self.now()
        if seconds <= 0:
            raise TimeoutError
        return seconds


def _written(request: Request, url: SplitResult, protocol: h11.Connection) -> bytes:
    """The request's bytes. Raises `h11.LocalProtocolError` and `UnicodeEncodeError`."""
    own = {
        "Host": url.netloc.rpartition("@")[2],
        "Accept-Encoding": "identity",
        "Connection": "close",
        **({"Content-Length": str(len(request.body))} if request.body or request.method != "GET" else {}),
    }
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    headers = [(name, value) for name, value in request.headers.items() if name.title() not in own]
    head = h11.Request(method=request.method, target=target, headers=[*own.items(), *headers])
    events = (head, h11.Data(data=request.body), h11.EndOfMessage())
    return b"".join(protocol.send(event) or b"" for event in events)


def _conversed(connection: socket.socket, message: bytes, answer: _Answer, deadline: _Deadline) -> Response | Failure:
    try:
        _send(connection, message, deadline)
    except TimeoutError as error:
        return _lost(error)
    except OSError as error:
        # The server may have answered before it had read everything, and closed.
        return _read(connection, answer, deadline, otherwise=error)
    return _read(connection, answer, deadline)


def _send(connection: socket.socket, message: bytes, deadline: _Deadline) -> None:
    rest = memoryview(message)
    while rest:
        connection.settimeout(deadline.left())
        rest = rest[connection.send(rest) :]


def _read(
    connection: socket.socket, answer: _Answer, deadline: _Deadline, otherwise: OSError | None = None
) -> Response | Failure:
    """The answer; `otherwise` is what broke while the request was sent."""
    try:
        while not answer.is_over():
            connection.settimeout(deadline.left())
            answer.take(connection.recv(_CHUNK))
    except (OSError, h11.RemoteProtocolError) as error:
        # A TLS alert that lay there already says more than that the connection was reset.
        cause = error if isinstance(error, ssl.SSLError) else otherwise or error
        return answer.response(whole=False) or _lost(cause, received=answer.received)
    return answer.response(whole=answer.whole) or _lost(otherwise or ConnectionError(), received=answer.received)


@dataclass
class _Answer:
    """An answer as it comes."""

    protocol: h11.Connection
    limit: int
    received: int = 0
    whole: bool = False
    _head: h11.Response | None = None
    _interim: int = 0
    _body: bytearray = field(default_factory=bytearray)

    def take(self, data: bytes) -> None:
        """Bytes as they came; none at all for the connection's end.

        Raises:
            h11.RemoteProtocolError: They are no HTTP.
        """
        self.received += len(data)
        self.protocol.receive_data(data)

    def is_over(self) -> bool:
        """Whether nothing more is wanted.

        Raises:
            h11.RemoteProtocolError: What has come is no HTTP.
        """
        while (event := self.protocol.next_event()) is not h11.NEED_DATA:
            match event:
                case h11.Response():
                    self._head = event
                case h11.Data():
                    self._body += event.data
                    if len(self._body) > self.limit:
                        return True
                case h11.InformationalResponse() if self._interim < INTERIM_LIMIT:
                    self._interim += 1
                case _:
                    self.whole = isinstance(event, h11.EndOfMessage)
                    return True
        return False

    def response(self, *, whole: bool) -> Response | None:
        """What there is of it: None before its head came."""
        if self._head is None:
            return None
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(self._head.headers)}
        packing = headers.get("content-encoding", "")
        body, complete = unpacked(bytes(self._body[: self.limit]), packing, self.limit)
        return Response(self._head.status_code, headers, body, whole=whole and complete)


def _unsent(error: Exception) -> Failure:
    match error:
        case AddressRefusedError():
            reason, detail = FailureReason.ADDRESS_REFUSED, str(error)
        case ssl.SSLCertVerificationError():
            reason, detail = FailureReason.CERTIFICATE_REFUSED, error.verify_message
        case TimeoutError():
            reason, detail = FailureReason.TIMED_OUT, "TimeoutError"
        case ssl.SSLError():
            reason, detail = FailureReason.HANDSHAKE_FAILED, _alert(error)
        case _:
            reason, detail = FailureReason.UNREACHABLE, type(error).__name__
    return Failure(reason, sent=False, detail=detail)


def _lost(error: Exception, *, received: int = 0) -> Failure:
    """What became of a request that had begun to leave."""
    if isinstance(error, TimeoutError):
        return Failure(FailureReason.TIMED_OUT, sent=True, detail="TimeoutError")
    if isinstance(error, ssl.SSLError):
        refused = not received and any(name in (error.reason or "") for name in _ABOUT_OUR_CERTIFICATE)
        reason = FailureReason.HANDSHAKE_FAILED if refused else FailureReason.BROKEN_OFF
        return Failure(reason, sent=not refused, detail=_alert(error))
    if isinstance(error, h11.RemoteProtocolError):
        reason = FailureReason.NOT_HTTP if received else FailureReason.BROKEN_OFF
        return Failure(reason, sent=True, detail=said("http.not_http" if received else "http.no_answer"))
    return Failure(FailureReason.BROKEN_OFF, sent=True, detail=type(error).__name__)


def _alert(error: ssl.SSLError) -> str:
    """The alert's own name, such as `tlsv13 alert certificate required`."""
    return (error.reason or type(error).__name__).replace("_", " ").lower()
