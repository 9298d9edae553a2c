"""The ways to leave the road between a request to the simulated CRM and its answer."""

from tools.simulators.http.messages import Response


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
