"""Faults of the API, one request each, in the order they were asked for."""

from __future__ import annotations

from dataclasses import dataclass

from tools.simulators.http.faults import FaultQueue, UnknownFault
from tools.simulators.http.messages import Response

KNOWN = {
    "http_429": "too many requests; the number is Retry-After in seconds",
    "http_500": "an internal error",
    "http_503": "away",
    "http_401": "the key is refused",
    "not_json": "a page of HTML with status 200",
    "drip": "the answer comes byte by byte; the number is the pause in seconds",
    "cut": "the connection is closed without an answer",
    "endless_cursor": "the list says that it goes on, and its cursor leads nowhere",
}


@dataclass(frozen=True)
class Fault:
    """One fault; `number` is its seconds, if it has any."""

    name: str
    number: float | None = None

    def spoil(self, answer: Response) -> Response | None:
        """What is answered instead; None closes the connection."""
        if self.name == "cut":
            return None
        if self.name == "drip":
            return Response(answer.status, answer.body, answer.headers, drip_seconds=self.number or 0.01)
        if self.name == "not_json":
            return Response(200, b"<html>maintenance</html>", (("Content-Type", "text/html"),))
        if self.name == "endless_cursor":
            return Response(
                200, b'{"conversations": [], "has_more": true, "next_cursor": "bm93aGVyZQ=="}', answer.headers
            )
        status = int(self.name.removeprefix("http_"))
        headers = answer.headers
        if self.name == "http_429" and self.number is not None:
            headers = (*headers, ("Retry-After", f"{self.number:g}"))
        return Response(status, b'{"detail": {"status": "simulated"}}', headers)


class Faults(FaultQueue[Fault]):
    """Those that wait for their request."""

    def order(self, name: str, count: int = 1, number: float | None = None) -> None:
        """Let the next `count` requests meet a fault.

        Raises:
            UnknownFault: There is no such fault; the sentence names those that there are.
        """
        if name not in KNOWN:
            raise UnknownFault(f"there is no fault '{name}': choose one of {', '.join(KNOWN)}")
        self.add(Fault(name, number), count)

    def names(self) -> list[str]:
        """The faults still to come."""
        return [fault.name for fault, count in self.waiting() for _ in range(count)]
