"""What a use case refuses, as an answer: 404 for what is not there, 409 for what its state forbids."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from functions.operations.usecase import Conflict, UnknownEvent
from postcall.aws.http import HttpError


@contextmanager
def refused(event_id: str | None = None) -> Iterator[None]:
    """Raises `HttpError` in place of the use case's own error."""
    members: dict[str, Any] = {} if event_id is None else {"event_id": event_id}
    try:
        yield
    except UnknownEvent as error:
        raise HttpError(HTTPStatus.NOT_FOUND, str(error), **members) from error
    except Conflict as error:
        raise HttpError(HTTPStatus.CONFLICT, str(error), **members, **_offers(error)) from error


def _offers(error: Conflict) -> dict[str, Any]:
    """What a program may act on: the refusal's code, and the commands that are possible instead."""
    found = error.refusal
    return {} if found is None else {"code": found.code, "offers": list(found.offers)}
