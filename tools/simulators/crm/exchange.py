"""One HTTP exchange with the simulated CRM: what came in, what goes out, and the ways to leave the road between."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    """A request as it came off the wire; header names are lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    client_ip: str = "127.0.0.1"
    base_url: str = "http://127.0.0.1"


@dataclass(frozen=True)
class Response:
    """What is written back. `drip_seconds` is the pause before each byte of the body, 0 writes all at once."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    drip_seconds: float = 0.0
    closes: bool = False


class Refused(Exception):
    """The service answers 200 with code −1 and this text; `exception_type` is the short .NET class name or ""."""

    def __init__(self, text: str, exception_type: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.exception_type = exception_type


class Unhandled(Exception):
    """An exception that the service does not catch: the "Request Error" page."""


class BadBody(Exception):
    """A body that the .NET deserializer refuses: the "Request Error" page, status 400 on both platforms."""


class NotDecoded(BadBody):
    """Bytes that the encoder before the deserializer refuses: a 400 without a body."""


class Interrupted(Exception):
    """An injected fault ends the exchange: with another answer, or (None) by closing the connection without one."""

    def __init__(self, answer: Response | None) -> None:
        super().__init__("interrupted by an injected fault")
        self.answer = answer
