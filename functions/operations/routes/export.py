"""A list as a file: the same filters, a row a call, in the operator's language and time zone; the other lists too."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING

from functions.operations import wiring
from functions.operations.bodies import language, query_param, status_word, zone_of
from functions.operations.routes.events import MAXIMUM_PAGE, filters_of, found_calls
from functions.operations.routes.export_rows import LISTS, MOST_ROWS, Reader, Table
from functions.operations.sheet import Cell, as_csv, as_xlsx
from functions.operations.views import shown_id
from postcall.aws.http import SAFE, Request, Response
from postcall.domain.said import said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from postcall.aws.event_lists import Page
    from postcall.domain.event import CallEvent

FORMATS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
MOST_LOOKS = 8  # further back, by a name or the beginning of an id: a year of days, and within the answer's time
HEADS = ("time", "name", "phone", "email", "topic", "intent", "quality", "status", "reason", "agent", "id")


def show(request: Request, _who: str) -> Response:
    """The calls, or the `list`; at most 5,000 rows, newest first. `x-truncated: true` says that there are more."""
    make = LISTS.get(query_param(request, "list", _list) or "")
    reader = _reader(request)
    return _file(request, reader, make(request, reader) if make else _calls(_events(request), reader))


def found(request: Request, _who: str) -> Response:
    """What a search finds, back as far as a year; `x-truncated: true` says that older calls were not looked through.

    What is looked for stands in the body, for a URL ends in logs.
    """
    reader = _reader(request)
    events, cursor = found_calls(request, None)
    for _ in range(MOST_LOOKS):
        if cursor is None:
            break
        older, cursor = found_calls(request, cursor)
        events += older
    return _file(request, reader, replace(_calls(events, reader), truncated=cursor is not None))


def _reader(request: Request) -> Reader:
    return Reader(query_param(request, "lang", language) or "ru", zone_of(request))


def _file(request: Request, reader: Reader, table: Table) -> Response:
    kind = query_param(request, "format", _format) or "csv"
    make, content_type = FORMATS[kind]
    body = make([reader.word("export", name) for name in table.heads], table.rows)
    name = f"postcall-{datetime.now(reader.zone):%Y-%m-%d-%H%M}.{kind}"
    headers = SAFE | {
        "content-type": content_type,
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": "no-store",
        "x-truncated": "true" if table.truncated else "false",
    }
    return {
        "statusCode": int(HTTPStatus.OK),
        "headers": headers,
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }


def _calls(events: Iterable[CallEvent], reader: Reader) -> Table:
    listed = list(islice(events, MOST_ROWS + 1))
    return Table(HEADS, [_row(event, reader) for event in listed[:MOST_ROWS]], truncated=len(listed) > MOST_ROWS)


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


def _row(event: CallEvent, reader: Reader) -> list[Cell]:
    contact = event.contact
    return [
        reader.time(event.received_at),
        *(contact.get(name) for name in ("full_name", "phone", "email")),
        reader.word("topic", event.topic),
        reader.word("intent", event.intent),
        event.quality_score,
        reader.word("status", event.status),
        reader.sentence(event.status_reason),
        event.agent_name or event.agent_id,
        shown_id(event),
    ]


def _format(text: str) -> str:
    if text not in FORMATS:
        raise ValueError(said("request.choice", known=", ".join(FORMATS)))
    return text


def _list(text: str) -> str:
    if text not in {"calls", *LISTS}:
        raise ValueError(said("request.choice", known=", ".join(("calls", *LISTS))))
    return text
