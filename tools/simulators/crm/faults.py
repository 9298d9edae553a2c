"""Faults to order: for the next requests through the admin API, or for one request by a marker in one of its values.

A marker is `[[fault:NAME]]` or `[[fault:NAME:NUMBER]]`, where the number is seconds (for a delay) or `Retry-After`;
`[[fault-once:NAME]]` works only the first time that very marker and body is seen.
"""

import hashlib
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from tools.simulators.crm import answers
from tools.simulators.crm.exchange import Interrupted, Refused
from tools.simulators.http.faults import FaultQueue, UnknownFault
from tools.simulators.http.messages import Response

_MARKER = re.compile(r"\[\[fault(-once)?:([a-z0-9_]+)(?::([0-9.]+))?\]\]")


@dataclass(frozen=True)
class Fault:
    """One kind of fault. `saved`: is the lead there afterwards; `number`: its default seconds or Retry-After."""

    name: str
    stage: str
    saved: str
    statement: str
    number: float = 0.0


_TABLE = (
    Fault("http_401", "arrival", "no", "401 of a server that asks for a login"),
    Fault("http_403", "arrival", "no", "403 page of a web application firewall"),
    Fault("http_404", "arrival", "no", "404 of IIS"),
    Fault("http_408", "arrival", "no", "408 of a proxy"),
    Fault("http_413", "arrival", "no", "413 page of a proxy that takes less than the CRM"),
    Fault("http_429", "arrival", "no", "429 with Retry-After", 1),
    Fault("http_500", "arrival", "no", "500 with ASP.NET's yellow page"),
    Fault("http_502", "arrival", "no", "502 of a proxy that did not reach the CRM"),
    Fault("http_503", "arrival", "no", "503 with Retry-After", 1),
    Fault("redirect_to_login", "arrival", "no", "302 to the login page"),
    Fault("login_page", "arrival", "no", "200 with the HTML of the login page"),
    Fault("empty_result", "arrival", "no", "200 with an empty result"),
    Fault("preprocess_error", "rule", "no", "−1, a pre-handler has thrown"),
    Fault("landing_off", "rule", "no", "−1, the landing was switched off in the middle of the run"),
    Fault(
        "delay_before_commit",
        "before_commit",
        "yes",
        "a pause before the lead is saved; saving goes on when the client leaves",
        1,
    ),
    Fault("close_before_commit", "before_commit", "no", "the connection is closed, nothing is saved"),
    Fault("deadlock_before_commit", "before_commit", "no", "−1 with the text of a deadlock"),
    Fault("delay_after_commit", "after_commit", "yes", "a pause between saving and answering", 1),
    Fault("close_after_commit", "after_commit", "yes", "the connection is closed without an answer"),
    Fault("http_500_after_commit", "after_commit", "yes", "500 with the yellow page although the lead is there"),
    Fault("http_502_after_commit", "after_commit", "yes", "502 although the lead is there"),
    Fault("http_504_after_commit", "after_commit", "yes", "504 although the lead is there"),
    Fault("deadlock_after_commit", "after_commit", "yes", "−1 with the text of a deadlock although the lead is there"),
    Fault("post_handler_error", "after_commit", "yes", "−1, a post-handler has thrown"),
    Fault("not_json", "answer", "yes", "200 with a body that is not JSON"),
    Fault("missing_result", "answer", "yes", "200 with JSON that has no result member"),
    Fault("null_result", "answer", "yes", "200 with a null result, as of a method that returns nothing"),
    Fault("unreadable_result", "answer", "yes", "200 with an inner string cut in the middle"),
    Fault("unknown_code", "answer", "yes", "200 with result code 7"),
    Fault("slow_drip", "answer", "yes", "the answer's body, one byte at a time", 0.05),
    Fault(
        "worker_crash", "worker", "no", "0 at once, and the lead never comes (asynchronous path and the letter's body)"
    ),
)
FAULTS = {fault.name: fault for fault in _TABLE}


def fault(name: str, number: float | None = None) -> Fault:
    """A fault by its name, with a number of one's own.

    Raises:
        UnknownFault: There is none of this name.
    """
    if name not in FAULTS:
        raise UnknownFault(f"there is no fault {name!r}; there are {', '.join(FAULTS)}")
    return FAULTS[name] if number is None else replace(FAULTS[name], number=number)


class Ordered:
    """The faults of the requests to come: those that wait, and those that a body's own markers name."""

    def __init__(self) -> None:
        self._queue: FaultQueue[Fault] = FaultQueue()
        self._lock = threading.Lock()
        self._seen: set[str] = set()

    def add(self, ordered: Fault, count: int) -> None:
        self._queue.add(ordered, count)

    def clear(self) -> None:
        self._queue.clear()
        with self._lock:
            self._seen.clear()

    def waiting(self) -> list[dict[str, str | float | int]]:
        return [{"fault": item.name, "count": count, "number": item.number} for item, count in self._queue.waiting()]

    def take(self, body: str) -> dict[str, Fault]:
        """The faults of this request: one that waits, and those its markers name. An unknown marker is left alone."""
        with self._lock:
            taken = self._marked(body)
        if (first := self._queue.take()) is not None:
            taken.append(first)
        return {item.name: item for item in taken}

    def _marked(self, body: str) -> list[Fault]:
        found = []
        for once, name, number in _MARKER.findall(body):
            seen = hashlib.sha256(f"{name} {body}".encode()).hexdigest()
            if name in FAULTS and not (once and seen in self._seen):
                found.append(fault(name, float(number) if number else None))
            if once:
                self._seen.add(seen)
        return found


class Injected:
    """The faults of one request, asked at each stage of its way."""

    def __init__(self, taken: dict[str, Fault], pause: Callable[[float], object], culture: str) -> None:
        self._taken = taken
        self._pause = pause
        self._culture = culture

    @property
    def names(self) -> list[str]:
        return list(self._taken)

    def has(self, name: str) -> bool:
        return name in self._taken

    def split(self, *names: str) -> tuple["Injected", "Injected"]:
        """The named faults, and the others."""
        named = {name: item for name, item in self._taken.items() if name in names}
        others = {name: item for name, item in self._taken.items() if name not in names}
        return Injected(named, self._pause, self._culture), Injected(others, self._pause, self._culture)

    def on_arrival(self) -> None:
        """Raises Interrupted with the answer of a fault that stands before the CRM.

        Raises:
            Interrupted: An injected fault ends the exchange: with another answer, or (None) by closing the
                connection without one.
        """
        for name, item in self._taken.items():
            if item.stage == "arrival":
                raise Interrupted(_arrival_answer(name, item.number))

    def before_commit(self) -> None:
        """Raises Interrupted or Refused, or takes its time; nothing is saved yet.

        Raises:
            Interrupted: An injected fault ends the exchange: with another answer, or (None) by closing the
                connection without one.
            Refused: The CRM refuses what it was sent.
        """
        if self.has("delay_before_commit"):
            self._pause(self._taken["delay_before_commit"].number)
        if self.has("close_before_commit"):
            raise Interrupted(None)
        if self.has("deadlock_before_commit"):
            raise Refused(answers.text("deadlock", self._culture), "SqlException")

    def after_commit(self) -> None:
        """The same, with the lead saved.

        Raises:
            Interrupted: An injected fault ends the exchange: with another answer, or (None) by closing the
                connection without one.
            Refused: The CRM refuses what it was sent.
        """
        if self.has("delay_after_commit"):
            self._pause(self._taken["delay_after_commit"].number)
        if self.has("close_after_commit"):
            raise Interrupted(None)
        for name, status in _GATEWAY.items():
            if self.has(name):
                raise Interrupted(_gateway(status))
        if self.has("deadlock_after_commit"):
            raise Refused(answers.text("deadlock", self._culture), "SqlException")
        if self.has("post_handler_error"):
            raise Refused(answers.text("postprocess", self._culture), "NullReferenceException")

    def shaped(self, answer: Response) -> Response:
        """The answer as the faults of the last stage let it out."""
        if self.has("not_json"):
            answer = replace(answer, body=b"OK")
        if self.has("missing_result"):
            answer = replace(answer, body=b'{"SaveWebFormLeadDataResult":""}')
        if self.has("null_result"):
            answer = answers.result(None)
        if self.has("unreadable_result"):
            answer = answers.result('{resultMessage:"Данные усп')
        if self.has("unknown_code"):
            answer = answers.result(answers.inner(7, "Данные приняты"))
        if self.has("slow_drip"):
            answer = replace(answer, drip_seconds=self._taken["slow_drip"].number)
        return answer


_GATEWAY = {"http_500_after_commit": 500, "http_502_after_commit": 502, "http_504_after_commit": 504}
_GATEWAY_TITLES = {502: "502 Bad Gateway", 504: "504 Gateway Time-out"}


def _gateway(status: int) -> Response:
    return (
        answers.page(status, _GATEWAY_TITLES[status], "nginx") if status in _GATEWAY_TITLES else answers.server_error()
    )


_PAGES = {
    "http_401": ("Unauthorized", "Access is denied."),
    "http_403": ("Request blocked", "Blocked by the web application firewall. Incident 17-4711."),
    "http_404": ("Not Found", "The resource cannot be found."),
    "http_408": ("Request Timeout", "The request took too long."),
    "http_413": ("Request Entity Too Large", "The maximum message size has been exceeded."),
    "http_429": ("Too Many Requests", "Too many requests."),
    "http_503": ("Service Unavailable", "The service is unavailable."),
}


def _arrival_answer(name: str, number: float) -> Response:
    made: dict[str, Callable[[], Response]] = {
        "redirect_to_login": answers.redirect_to_login,
        "login_page": answers.login_page,
        "empty_result": lambda: answers.result(""),
        "http_500": answers.server_error,
        "http_502": lambda: _gateway(502),
    }
    if name in made:
        return made[name]()
    title, sentence = _PAGES[name]
    headers = (("Retry-After", f"{number:g}"),) if name in {"http_429", "http_503"} else ()
    return answers.page(int(name.removeprefix("http_")), title, sentence, *headers)
