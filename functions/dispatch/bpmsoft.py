"""BPMsoft over HTTP: one request, once, within a total deadline, and what became of it."""

from __future__ import annotations

import asyncio
import email.utils
import logging
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any

import httpx

from functions.dispatch.classify import Exchange, Happened, Terms, classify
from postcall.domain.outcome import Verdict

ANSWER_LIMIT_BYTES = 65_536  # no answer of this service is longer; a login page may be
# Short, so that a connection which the CRM closed while the function was frozen is not used again.
KEEP_ALIVE_SECONDS = 10.0
logging.getLogger("httpx").setLevel(logging.WARNING)  # dispatch writes one line an attempt, without the address
_UNDER_WAY = ("send_request_headers.started", "send_request_body.started")


@dataclass(frozen=True)
class Endpoint:
    """Where the CRM is and how it knows us: by `Origin` and `Referer`, from our static IP. `timeout` is in seconds."""

    url: str
    origin: str
    referer: str
    timeout: float
    ca_bundle: Path | None = None


class BpmsoftCrm:
    """Sends leads. Connections last for a burst; no redirects, no cookies, no proxies; certificates always checked."""

    def __init__(self, endpoint: Endpoint, terms: Terms) -> None:
        self._endpoint = endpoint
        self._terms = terms
        # One event loop for the process: it gives a total deadline, and the client's connections live on it.
        self._runner = asyncio.Runner()
        self._client = httpx.AsyncClient(
            verify=_trust(endpoint.ca_bundle),
            trust_env=False,
            follow_redirects=False,
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
            timeout=httpx.Timeout(endpoint.timeout),
            limits=httpx.Limits(max_connections=2, keepalive_expiry=KEEP_ALIVE_SECONDS),
            headers={
                "Content-Type": "application/json; charset=utf-8",
                "Accept": "application/json",
                "Accept-Encoding": "identity",  # a packed answer could unpack to any size
                "Origin": endpoint.origin,
                "Referer": endpoint.referer,
                "User-Agent": "postcall",
            },
        )

    def send(self, payload: str) -> Verdict:
        """Send one body. Never raises for anything the network or the CRM does: that is what the verdict is for."""
        return classify(self._runner.run(self._exchange(payload.encode())), self._terms)

    def close(self) -> None:
        """Close the connections."""
        self._runner.run(self._client.aclose())
        self._runner.close()

    async def _exchange(self, body: bytes) -> Exchange:
        progress = _Progress()
        begun = time.monotonic()
        try:
            async with asyncio.timeout(self._endpoint.timeout):
                request = self._client.build_request(
                    "POST",
                    self._endpoint.url,
                    content=body,
                    extensions={"trace": progress.note},
                )
                response = await self._client.send(request, stream=True)
                try:
                    text = await _read(response)
                finally:
                    await response.aclose()
        except (httpx.HTTPError, TimeoutError, ssl.SSLError, OSError) as error:
            return _failed(error, sent=progress.under_way, duration_ms=_since(begun))
        return Exchange(
            Happened.ANSWERED,
            status=response.status_code,
            text=text,
            retry_after=retry_after(response.headers.get("retry-after"), now=time.time()),
            duration_ms=_since(begun),
        )


class _Progress:
    """Whether the request has begun to leave; before that a failure certainly created nothing."""

    def __init__(self) -> None:
        self.under_way = False

    async def note(self, event: str, _info: dict[str, Any]) -> None:
        self.under_way = self.under_way or event.endswith(_UNDER_WAY)


def _trust(ca_bundle: Path | None) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(ca_bundle)) if ca_bundle else httpx.create_ssl_context()


async def _read(response: httpx.Response) -> str:
    """The answer's text, as much of it as anybody needs."""
    parts: list[bytes] = []
    size = 0
    async for part in response.aiter_raw():
        parts.append(part)
        size += len(part)
        if size >= ANSWER_LIMIT_BYTES:
            break
    return b"".join(parts)[:ANSWER_LIMIT_BYTES].decode("utf-8", "replace")


def _failed(error: Exception, *, sent: bool, duration_ms: int) -> Exchange:
    name = type(error).__name__
    if sent:
        return Exchange(Happened.MAYBE_SENT, error=name, duration_ms=duration_ms)
    refused = _cause(error, ssl.SSLCertVerificationError)
    if isinstance(refused, ssl.SSLCertVerificationError):
        return Exchange(Happened.CERTIFICATE_REFUSED, error=refused.verify_message, duration_ms=duration_ms)
    return Exchange(Happened.NOT_SENT, error=name, duration_ms=duration_ms)


def _cause(error: BaseException | None, kind: type[BaseException]) -> BaseException | None:
    while error is not None and not isinstance(error, kind):
        error = error.__cause__ or error.__context__
    return error


def retry_after(header: str | None, *, now: float, longest: float = 3_600.0) -> float | None:
    """The wait in seconds that a `Retry-After` header asks for (seconds or an HTTP date), at most an hour."""
    if not header:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), longest)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    return min(max(0.0, moment.timestamp() - now), longest)


def _since(begun: float, clock: Callable[[], float] = time.monotonic) -> int:
    return round((clock() - begun) * 1000)
