"""What routes share: a use case's refusal as an answer, the id by which an event was asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from functions.operations.usecases import Conflict, UnknownEvent
from postcall.aws.http import HttpError, Response


@contextmanager
def refused(event_id: str | None = None) -> Iterator[None]:
    """Let what the use case refuses become an answer.

    Raises:
        HttpError: 404 for an unknown event, 409 for a state that forbids it.
    """
    members: dict[str, Any] = {} if event_id is None else {"event_id": event_id}
    try:
        yield
    except UnknownEvent as error:
        raise HttpError(HTTPStatus.NOT_FOUND, str(error), **members) from error
    except Conflict as error:
        raise HttpError(HTTPStatus.CONFLICT, str(error), **members, **_offers(error)) from error


def _offers(error: Conflict) -> dict[str, Any]:
    """What a program may act on: the commands that are possible instead."""
    return {} if error.refusal is None else {"offers": list(error.refusal.offers)}


def as_asked(serve: Callable[[], Response], *, key: str, given: str) -> Response:
    """The answer, which calls the event as whoever asked did, and not by the key it is stored under."""
    if key == given:
        return serve()
    try:
        response = serve()
    except HttpError as error:
        if error.members.get("event_id") == key:
            error.members["event_id"] = given
        raise
    members = json.loads(response["body"])
    if members.get("event_id") != key:
        return response
    return response | {"body": json.dumps(members | {"event_id": given}, ensure_ascii=False)}
