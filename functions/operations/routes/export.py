"""A list as a file: the same filters, a row a call, in the operator's language and time zone."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from functions.operations import wiring
from functions.operations.bodies import language, query_param, status_word, zone_of
from functions.operations.routes.events import MAXIMUM_PAGE, filters_of
from functions.operations.sheet import Cell, as_csv, as_xlsx
from functions.operations.views import shown_id
from postcall.aws.http import SAFE, Request, Response
from postcall.domain.said import in_language, said, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postcall.aws.event_lists import Page
    from postcall.domain.event import CallEvent

MOST_ROWS = 5_000  # fits an answer and its time; more is exported by narrower filters
FORMATS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
HEADS = ("time", "name", "phone", "email", "topic", "intent", "quality", "status", "reason", "agent", "id")


def show(request: Request, _who: str) -> Response:
    """At most 5,000 rows, newest first; `x-truncated: true` says that there are more."""
    kind = query_param(request, "format", _format) or "csv"
    chosen = query_param(request, "lang", language) or "ru"
    zone = zone_of(request)
    events = list(islice(_events(request), MOST_ROWS + 1))
    rows = [_row(event, chosen, zone) for event in events[:MOST_ROWS]]
    make, content_type = FORMATS[kind]
    body = make([words()[f"export.{name}"][chosen] for name in HEADS], rows)
    name = f"postcall-{datetime.now(zone):%Y-%m-%d-%H%M}.{kind}"
    headers = SAFE | {
        "content-type": content_type,
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": "no-store",
        "x-truncated": "true" if len(events) > MOST_ROWS else "false",
    }
    return {
        "statusCode": int(HTTPStatus.OK),
        "headers": headers,
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }


def _events(request: Request) -> Iterator[CallEvent]:
    """The list, page by page."""
    status, filters = query_param(request, "status", status_word), filters_of(request)
    now, cursor, lists = datetime.now(UTC), None, wiring.lists()
    while True:
        page: Page = (
            lists.by_day(now=now, limit=MAXIMUM_PAGE, cursor=cursor, filters=filters)
            if status is None
            else lists.by_status(status, now=now, limit=MAXIMUM_PAGE, cursor=cursor, filters=filters)
        )
        yield from page.events
        cursor = page.cursor
        if cursor is None:
            return


def _row(event: CallEvent, language: str, zone: ZoneInfo) -> list[Cell]:
    def word(group: str, code: str | None) -> str:
        return words().get(f"{group}.{code}", {}).get(language, code or "")

    contact = event.contact
    return [
        f"{event.received_at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
        *(contact.get(name) for name in ("full_name", "phone", "email")),
        word("topic", event.topic),
        word("intent", event.intent),
        event.quality_score,
        word("status", event.status),
        in_language(event.status_reason or "", language),
        event.agent_name or event.agent_id,
        shown_id(event),
    ]


def _format(text: str) -> str:
    if text not in FORMATS:
        raise ValueError(said("request.choice", known=", ".join(FORMATS)))
    return text
