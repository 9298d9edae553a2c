"""Look at calls: the list, one call with all that was done, what was said in it, and the search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus

from functions.operations import wiring
from functions.operations.bodies import day, moment, query_param, read_text, status_word, zone_of
from functions.operations.lead_card import lead_card
from functions.operations.usecases.read_transcript import read_transcript
from functions.operations.usecases.search import search as find
from functions.operations.views import analysis_detail, attempt_detail, event_detail, event_summary
from postcall.aws.event_filters import Filters, of_day
from postcall.aws.http import HttpError, Request, Response, json_response
from postcall.domain.event import CallEvent
from postcall.domain.event_id import api_event_id
from postcall.domain.json_object import read_object
from postcall.domain.said import said
from postcall.domain.status import Status
from postcall.settings import flag, parse_int

MAXIMUM_PAGE = 100
DEFAULT_PAGE = 25


def listed(request: Request, _who: str) -> Response:
    """Events, newest first, by status, its cause, time, agent, topic and quality."""
    limit = query_param(request, "limit", parse_int(1, MAXIMUM_PAGE)) or DEFAULT_PAGE
    cursor = request.query.get("cursor") or None
    status, filters = query_param(request, "status", status_word), filters_of(request)
    lists, now = wiring.lists(), datetime.now(UTC)
    if query_param(request, "stalled", flag):
        return _shown(lists.stalled(limit=limit, filters=filters))
    if status is not None:
        page = lists.by_status(status, now=now, limit=limit, cursor=cursor, filters=filters)
    else:
        page = lists.by_day(now=now, limit=limit, cursor=cursor, filters=filters)
    return _shown(page.events, page.cursor)


def filters_of(request: Request) -> Filters:
    only = query_param(request, "day", day)
    given = {
        "since": query_param(request, "since", moment),
        "until": query_param(request, "until", moment),
        "agent_id": request.query.get("agent_id") or None,
        "topic": request.query.get("topic") or None,
        "quality": query_param(request, "quality", parse_int(1, 5)),
        "cause": request.query.get("cause") or None,
    }
    settings = {name: value for name, value in given.items() if value is not None}
    return replace(of_day(only, zone_of(request)) if only else Filters(), **settings)


def _shown(events: Sequence[CallEvent], cursor: str | None = None) -> Response:
    return json_response(HTTPStatus.OK, {"events": [event_summary(event) for event in events], "next_cursor": cursor})


def show(_request: Request, _who: str, event_id: str) -> Response:
    """One event with its analyses and attempts."""
    event = _known(event_id)
    analyses = wiring.analyses().all(event_id)
    attempts = wiring.dispatches().attempts(event_id)
    return json_response(
        HTTPStatus.OK,
        {
            "event": event_detail(
                event,
                now=datetime.now(UTC),
                namesake=_namesake(event),
                lead_url=lead_card(attempts),
                max_receives=_max_receives(event),
            ),
            "analysis": analysis_detail(analyses[0]) if analyses else None,
            "earlier_analyses": [analysis_detail(recorded) for recorded in analyses[1:]],
            "dispatches": [attempt_detail(attempt) for attempt in attempts],
        },
    )


def _max_receives(event: CallEvent) -> int | None:
    """Asked only for what is retrying."""
    return wiring.work_queues()["dispatch"].max_receives() if event.status is Status.RETRYING else None


def call(_request: Request, _who: str, event_id: str) -> Response:
    """What was said.

    Raises:
        HttpError: 404 for an event that nobody has stored, 410 for an erased one.
    """
    event = _known(event_id)
    if event.erased_at is not None:
        raise HttpError(HTTPStatus.GONE, said("event.erased"), event_id=event_id)
    return json_response(HTTPStatus.OK, read_transcript(event, wiring.events().payload(event_id)))


def search(request: Request, _who: str) -> Response:
    """Calls by id, phone, e-mail or name, which stand in the body: a URL ends in logs."""
    cursor = read_object(request.body).get("cursor") or None
    return _shown(*found_calls(request, None if cursor is None else str(cursor)))


def found_calls(request: Request, cursor: str | None) -> tuple[list[CallEvent], str | None]:
    """What is found, with the people whose calls they are, and the cursor to look further back with."""
    return find(
        read_text(read_object(request.body), "query"),
        events=wiring.events(),
        contacts=wiring.contacts(),
        lists=wiring.lists(),
        key=wiring.contact_key,
        now=datetime.now(UTC),
        cursor=cursor,
    )


def _namesake(event: CallEvent) -> str | None:
    """The other event that bears the same id, if there is one."""
    if not event.source.vouches_for_the_conversation:
        return event.superseded_by
    other = wiring.events().get(api_event_id(event.event_id))
    return None if other is None else other.event_id


def _known(event_id: str) -> CallEvent:
    event = wiring.events().get(event_id)
    if event is None:
        raise HttpError(HTTPStatus.NOT_FOUND, said("event.missing"), event_id=event_id)
    return event
