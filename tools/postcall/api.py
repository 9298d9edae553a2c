"""The operator API over HTTP: one method an endpoint, JSON in and out, errors as `CliError`.

Reading is tried again when the environment asks for it (429, 503, a lost connection); an order never is.
"""

from __future__ import annotations

import http.client
import json
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from functools import cache
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from postcall.domain.said import said
from postcall.http.retry_after import retry_after
from postcall.settings import LOOPBACK_HOSTS
from tools.postcall.errors import CliError, NotAvailable, refusal
from tools.postcall.target import Target

_Found = TypeVar("_Found")
SECONDS = 35.0  # API Gateway gives up after 30
TRIES = 3
LONGEST_WAIT = 10.0
LARGEST_PAGE = 100
_COME_BACK_LATER = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}


class ApiObject(dict[str, Any]):
    """A JSON object of the API. A member that is not there says so in a sentence: the API may be of another version."""

    def __missing__(self, name: str) -> Any:  # noqa: ANN401 — any JSON
        raise NotAvailable(said("cli.other_version", name=name))


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The token must not travel to another address."""

    def redirect_request(self, *_: Any) -> None:  # noqa: ANN401 — urllib's own signature
        return None


@cache
def _trust() -> ssl.SSLContext:
    """The system's authorities: they are read once, which takes longer than most requests."""
    return ssl.create_default_context()


class Api:
    """One environment's API. Raises `CliError` for everything that is no success."""

    def __init__(self, target: Target, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._target = target
        self._sleep = sleep
        on_loopback = (urlsplit(target.api_url).hostname or "") in LOOPBACK_HOSTS
        proxies = [urllib.request.ProxyHandler({})] if on_loopback else []
        trusting = urllib.request.HTTPSHandler(context=_trust())
        self._opener = urllib.request.build_opener(_NoRedirects(), trusting, *proxies)

    def events(self, **filters: Any) -> ApiObject:  # noqa: ANN401 — query values
        """One page: `{"events": […], "next_cursor": …}`. Filters: status, day, agent_id, limit, cursor."""
        return self.get("/api/events", **filters)

    def all_events(self, **filters: Any) -> Iterator[ApiObject]:  # noqa: ANN401 — query values
        """Every event of a list, page by page."""
        return self._pages("/api/events", "events", **filters)

    def event(self, event_id: str) -> ApiObject:
        """One event with its analyses and attempts."""
        return self.get(f"/api/events/{_part(event_id)}")

    def attention(self) -> ApiObject:
        """What needs a person, by cause."""
        return self.get("/api/attention")

    def export(self, **query: Any) -> tuple[bytes, bool]:  # noqa: ANN401 — query values
        """A list as a file, and whether it holds only the newest rows."""
        return self._read(
            "GET",
            "/api/export",
            None,
            query,
            read=lambda answer: (answer.read(), answer.headers.get("x-truncated") == "true"),
        )

    def call(self, event_id: str) -> ApiObject:
        """Who said what."""
        return self.get(f"/api/events/{_part(event_id)}/call")

    def search(self, query: str) -> ApiObject:
        """Events by id, phone, e-mail or name, which travel in the body and never in an address; back to the oldest."""
        found = self.post("/api/search", {"query": query})
        while cursor := found.get("next_cursor"):
            older = self.post("/api/search", {"query": query, "cursor": cursor})
            found |= {"events": found["events"] + older["events"], "next_cursor": older.get("next_cursor")}
        return found

    def resend(self, event_id: str, *, force: bool, reason: str | None = None) -> ApiObject:
        """Order one more attempt; by force, with a reason."""
        query = {"force": "true"} if force else {}
        return self.post(f"/api/events/{_part(event_id)}/resend-crm", _given(reason), **query)

    def resolve(self, event_id: str, *, outcome: str, reason: str) -> ApiObject:
        """Settle an unknown outcome."""
        return self.post(f"/api/events/{_part(event_id)}/resolve", {"outcome": outcome, "reason": reason})

    def reanalyze(self, event_id: str, *, reason: str) -> ApiObject:
        """Order a new revision of the analysis."""
        return self.post(f"/api/events/{_part(event_id)}/reanalyze", {"reason": reason})

    def revisions(self, event_id: str) -> ApiObject:
        """The contents that came under one id."""
        return self.get(f"/api/events/{_part(event_id)}/revisions")

    def use_revision(self, event_id: str, *, sha256: str, reason: str) -> ApiObject:
        """Let another content be the call's."""
        return self.post(f"/api/events/{_part(event_id)}/use-revision", {"sha256": sha256, "reason": reason})

    def continue_step(self, event_id: str) -> ApiObject:
        """Bring on what stands still."""
        return self.post(f"/api/events/{_part(event_id)}/continue", None)

    def withdraw(self, event_id: str) -> ApiObject:
        """Take an open resend order back."""
        return self.post(f"/api/events/{_part(event_id)}/withdraw", None)

    def close(self, event_id: str, *, reason: str) -> ApiObject:
        """Close a call without a lead."""
        return self.post(f"/api/events/{_part(event_id)}/close", {"reason": reason})

    def stalled(self) -> list[ApiObject]:
        """What the sweep has abandoned."""
        return list(self.get("/api/events", stalled="true", limit=LARGEST_PAGE)["events"])

    def erase(self, event_id: str, *, reason: str) -> ApiObject:
        """Erase one event everywhere we keep it."""
        return self.post(f"/api/events/{_part(event_id)}/erase", {"reason": reason})

    def erase_person(self, *, reason: str, mentioned: bool = False, **person: str) -> ApiObject:
        """Erase every event of a person, by `phone` or `email`; those that only mention them when it is asked."""
        return self.post(
            "/api/erase-person", {**person, **({"mentioned": True} if mentioned else {}), "reason": reason}
        )

    def preview_person(self, **person: str) -> ApiObject:
        """What there is of a person."""
        return self.post("/api/erase-person", {**person, "preview": True})

    def erase_again(self, *, reason: str, after: str = "") -> ApiObject:
        """Some of the recorded erasures once more; `next_cursor` goes on."""
        return self.post("/api/erasures/again", {"reason": reason, "after": after})

    def queues(self) -> ApiObject:
        """How many messages wait, are in work, are dead letters."""
        return self.get("/api/queues")

    def redrive(self, queue: str, *, preview: bool, reason: str | None = None, cause: str | None = None) -> ApiObject:
        """Move a queue's dead letters back (those of one cause, if it is named), or only look at them."""
        only = {} if cause is None else {"cause": cause}
        return self.post(f"/api/queues/{queue}/redrive", {"preview": preview} | only | (_given(reason) or {}))

    def numbers(self, day: str | None) -> ApiObject:
        """The figures of a UTC day."""
        return self.get("/api/numbers", day=day)

    def quarantine(self) -> Iterator[ApiObject]:
        """Every entry of the quarantine."""
        return self._pages("/api/quarantine", "entries")

    def release(self, quarantine_id: str) -> ApiObject:
        """Take an entry in after all."""
        return self.post(f"/api/quarantine/{_part(quarantine_id)}/release", None)

    def drop(self, quarantine_id: str, *, reason: str | None = None) -> ApiObject:
        """Throw an entry away."""
        return self._ask("DELETE", f"/api/quarantine/{_part(quarantine_id)}", _given(reason), {})

    def ledger(self, day: str) -> ApiObject:
        """A day's stored comparison with ElevenLabs."""
        return self.get(f"/api/ledger/{_part(day)}")

    def make_ledger(self, day: str) -> ApiObject:
        """The same, compared anew."""
        return self.post(f"/api/ledger/{_part(day)}", None)

    def reconcile(self, *, since: str, dry_run: bool, reason: str | None = None) -> ApiObject:
        """Compare with ElevenLabs now and take in what is missing."""
        return self.post("/api/reconcile", {"since": since, "dry_run": dry_run} | (_given(reason) or {}))

    def health(self) -> ApiObject:
        """How the environment itself is."""
        return self.get("/api/health")

    def analyze(self, call: dict[str, Any]) -> ApiObject:
        """Bring a call of one's own."""
        return self.post("/api/analyze", call)

    def get(self, path: str, **query: Any) -> ApiObject:  # noqa: ANN401 — query values
        """A read, which is tried again where that can help.

        Raises:
            CliError: The environment refuses, or does not answer the last try either.
        """
        for attempt in range(1, TRIES):
            try:
                return self._ask("GET", path, None, query)
            except _Busy as busy:
                self._sleep(min(busy.seconds or attempt, LONGEST_WAIT))
        return self._ask("GET", path, None, query)

    def post(self, path: str, body: dict[str, Any] | None, **query: Any) -> ApiObject:  # noqa: ANN401 — query values
        """An order: asked once."""
        return self._ask("POST", path, body, query)

    def _pages(self, path: str, member: str, **filters: Any) -> Iterator[ApiObject]:  # noqa: ANN401 — query values
        cursor: str | None = None
        while True:
            page = self.get(path, **{"limit": LARGEST_PAGE} | filters | {"cursor": cursor})
            yield from page[member]
            cursor = page.get("next_cursor")
            if not cursor:
                return

    def _ask(self, method: str, path: str, body: dict[str, Any] | None, query: dict[str, Any]) -> ApiObject:
        return self._read(method, path, body, query, read=lambda answer: _members(answer.read()))

    def _read(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None,
        query: dict[str, Any],
        *,
        read: Callable[[http.client.HTTPResponse], _Found],
    ) -> _Found:
        given = {name: value for name, value in query.items() if value is not None}
        url = f"{self._target.api_url}{path}" + (f"?{urlencode(given)}" if given else "")
        headers = {"Authorization": f"Bearer {self._target.token}", "Accept": "application/json"}
        data = None
        if method != "GET" and body is not None:
            data, headers["Content-Type"] = json.dumps(body, ensure_ascii=False).encode(), "application/json"
        request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310 — http_url has checked it
        try:
            with self._opener.open(request, timeout=SECONDS) as answer:
                return read(answer)
        except urllib.error.HTTPError as error:
            with error:
                raise _error(error, _members(error.read())) from error
        except (OSError, http.client.HTTPException) as error:  # URLError and TimeoutError among them
            reason = getattr(error, "reason", None) or error
            raise _Busy(said("cli.silent", address=self._target.api_url, reason=reason)) from error


class _Busy(NotAvailable):
    """Asking again can help, after so many seconds if the environment said so."""

    def __init__(self, sentence: str, seconds: float | None = None) -> None:
        super().__init__(sentence)
        self.seconds = seconds


def _error(error: urllib.error.HTTPError, problem: ApiObject) -> CliError:
    found = refusal(error.code, problem)
    if error.code not in _COME_BACK_LATER:
        return found
    return _Busy(str(found), retry_after(error.headers.get("retry-after"), now=time.time(), longest=LONGEST_WAIT))


def _members(body: bytes) -> ApiObject:
    """The answer's JSON object; a body that is none (a proxy's page) becomes an empty one."""
    try:
        members = json.loads(body, object_hook=ApiObject)
    except ValueError:
        return ApiObject()
    return members if isinstance(members, ApiObject) else ApiObject()


def _given(reason: str | None) -> ApiObject | None:
    """A body that gives the reason; none without one."""
    return None if reason is None else ApiObject(reason=reason)


def _part(text: str) -> str:
    return quote(text, safe="")
