"""BPMsoft over HTTP: one request, once, within a total deadline, and what became of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from functions.dispatch.classify import Exchange, Terms, TransportResult, classify
from postcall.domain.outcome import Verdict
from postcall.http.body import text_of
from postcall.http.client import HttpClient
from postcall.http.message import Failure, FailureReason, Request, Response
from postcall.http.retry_after import retry_after

ANSWER_LIMIT_BYTES = 65_536  # no answer of this service is longer; a login page may be


@dataclass(frozen=True)
class Endpoint:
    """Where the CRM is and how it knows us: by `Origin` and `Referer`, from our static IP. `timeout` is in seconds."""

    url: str
    origin: str
    referer: str
    timeout: float
    ca_bundle: Path | None = None


@dataclass(frozen=True)
class BpmsoftCrm:
    """Sends leads, each over a connection of its own."""

    endpoint: Endpoint
    terms: Terms

    def send(self, payload: str) -> Verdict:
        """Send one body. Never raises for anything the network or the CRM does: that is what the verdict is for."""
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Accept": "application/json",
            "Origin": self.endpoint.origin,
            "Referer": self.endpoint.referer,
        }
        return classify(exchange(self.endpoint, "POST", headers, payload.encode("utf-8", "replace")), self.terms)


def exchange(endpoint: Endpoint, method: str, headers: Mapping[str, str], body: bytes) -> Exchange:
    """One exchange with the CRM, whatever is asked. Never raises for what the network or the CRM does."""
    begun = time.monotonic()
    request = Request(method, endpoint.url, {"User-Agent": "postcall", **headers}, body)
    found = _client(endpoint.ca_bundle).exchange(request, seconds=endpoint.timeout)
    duration_ms = _since(begun)
    if isinstance(found, Failure):
        return Exchange(_HAPPENED.get(found.reason, _by_progress(found)), error=found.detail, duration_ms=duration_ms)
    return _answered(found, duration_ms)


@cache
def _client(ca_bundle: Path | None) -> HttpClient:
    return HttpClient(ANSWER_LIMIT_BYTES, ca_bundle)


_HAPPENED = {
    FailureReason.CERTIFICATE_REFUSED: TransportResult.CERTIFICATE_REFUSED,
    FailureReason.ADDRESS_REFUSED: TransportResult.ADDRESS_REFUSED,
}


def _by_progress(failure: Failure) -> TransportResult:
    return TransportResult.MAYBE_SENT if failure.sent else TransportResult.NOT_SENT


def _answered(response: Response, duration_ms: int) -> Exchange:
    return Exchange(
        TransportResult.ANSWERED,
        status=response.status,
        text=text_of(response.body, response.headers.get("content-type", "")),
        whole=response.whole,
        retry_after=retry_after(response.headers.get("retry-after"), now=time.time()),
        duration_ms=duration_ms,
    )


def _since(begun: float, clock: Callable[[], float] = time.monotonic) -> int:
    return round((clock() - begun) * 1000)
