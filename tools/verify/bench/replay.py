"""AWS's answers kept and given again: measured then is our own work, botocore's included, and not the store's."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast
from unittest import mock

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from moto.core.models import botocore_stubber

from postcall.aws import clients

Key = tuple[str, bytes | str]
_EXPIRING = {"before-send.secrets-manager.GetSecretValue"}  # a kept secret is asked for anew when its time is over


@dataclass
class Replay:
    """Keeps each answer under its request; when it replays, the same requests are answered without the store."""

    is_keeping: bool = False
    is_replaying: bool = False
    kept: defaultdict[Key, list[AWSResponse]] = field(default_factory=lambda: defaultdict(list))
    given: Counter[Key] = field(default_factory=Counter)

    def record(self) -> None:
        """Forget what is kept; from now on the store is asked."""
        self.is_keeping, self.is_replaying = True, False
        botocore_stubber.enabled = False  # botocore asks every hook, whatever the first has answered
        self.kept.clear()

    def replay(self) -> None:
        """From now on what is kept is given again, from the beginning."""
        self.is_keeping, self.is_replaying = False, True
        self.given.clear()

    def watch(self, client: Any) -> Any:  # noqa: ANN401 — any of botocore's clients
        """Stand before a client's sending."""
        client.meta.events.register_first("before-send", self._answer)
        return client

    def _answer(self, request: AWSPreparedRequest, event_name: str, **context: object) -> AWSResponse | None:
        key = (event_name, _bytes(request.body) or request.url)
        if self.is_keeping:
            answer = _store_answers(event_name, request, context)
            self.kept[key].append(_held(answer))
            return answer
        if not self.is_replaying:
            return None
        answers = self.kept[key]
        if not answers and event_name in _EXPIRING:
            answers.append(_held(_store_answers(event_name, request, context)))
        if not answers:
            raise LookupError(f"{event_name} was not asked so when the answers were kept: {request.body!r}")
        number = self.given[key]
        self.given[key] += 1
        return _held(answers[min(number, len(answers) - 1)])


def _store_answers(event_name: str, request: AWSPreparedRequest, context: dict[str, object]) -> AWSResponse:
    botocore_stubber.enabled = True
    try:
        return cast("AWSResponse", botocore_stubber(event_name, request, **context))
    finally:
        botocore_stubber.enabled = False


def _held(answer: AWSResponse) -> AWSResponse:
    """The answer with its bytes in hand: it can be read again."""
    held: Any = AWSResponse(answer.url, answer.status_code, cast("Any", answer.headers), None)
    held._content = answer.content  # noqa: SLF001 — where botocore keeps what it has read
    return cast("AWSResponse", held)


def _bytes(body: object) -> bytes:
    return body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else b""


@contextmanager
def replayed() -> Iterator[Replay]:
    """Every client that the functions make from now on is watched."""
    replay, make, was_enabled = Replay(), clients._client, botocore_stubber.enabled  # noqa: SLF001 — their one place

    def watched(*arguments: Any) -> Any:  # noqa: ANN401 — see above
        return replay.watch(make(*arguments))

    with mock.patch.object(clients, "_client", watched):
        clients.forget()
        try:
            yield replay
        finally:
            botocore_stubber.enabled = was_enabled
    clients.forget()
