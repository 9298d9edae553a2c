"""ElevenLabs' words into ours: the stored payload of an event becomes a `Call`.

Only `conversation_id` is sure in a payload (docs/contracts/elevenlabs.md): everything else may be missing, null, of
another type or new, and then counts as not said. What an agent's tools sent and received is never read.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from functions.analysis import caller
from functions.analysis.bounds import bounded_fields
from functions.analysis.collected import FieldNames, field_names
from postcall.domain.analyze_request import read_analyze_request
from postcall.domain.call import Call, Speaker, Turn, VendorView
from postcall.domain.errors import Rejected
from postcall.domain.event import CallEvent, Source
from postcall.domain.json_object import JsonObject, as_list, as_object, as_text
from postcall.domain.otel_transcript import TYPE as SPANS
from postcall.domain.otel_transcript import first_form
from postcall.domain.said import said
from postcall.domain.turn import words_of

CALLERS_TIME = timezone(timedelta(hours=3))  # Minsk and Moscow alike
_LAST_MOMENT = 10**11  # seconds: beyond any call, within any calendar
Fetch = Callable[[str], bytes | None]  # the whole conversation as a webhook of the first form, or None


def _nothing(_conversation_id: str) -> None:
    """Nobody to ask."""


def translate(event: CallEvent, payload: bytes, *, fetch: Fetch = _nothing) -> Call:
    """The call behind an event, whoever brought it.

    Spans hold less than the conversation they tell of; so that is asked for first, and they are read where it is not to
    be had.

    Raises:
        Rejected: For bytes that are no call at all.
    """
    if event.source is Source.API:
        return replace(read_analyze_request(payload).call(), started_at=event.received_at.astimezone(CALLERS_TIME))
    if event.type == SPANS and event.conversation_id is not None:
        payload = fetch(event.conversation_id) or payload
    call = read_call(event.event_id, payload, field_names())
    return call if call.started_at else replace(call, started_at=event.received_at.astimezone(CALLERS_TIME))


def read_call(event_id: str, payload: bytes, names: FieldNames) -> Call:
    """Read a post-call envelope, `{"type", "event_timestamp", "data"}`.

    Raises:
        Rejected: The payload is no JSON.
    """
    try:
        envelope = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise Rejected(said("event.payload_not_json")) from error
    data = _bounded_variables(first_form(as_object(as_object(envelope).get("data"))))
    metadata = as_object(data.get("metadata"))
    vendor = _vendor_view(as_object(data.get("analysis")))
    caller_id = caller.network_number(data)
    return Call(
        event_id=event_id,
        turns=_turns(data.get("transcript")),
        contact=caller.contact(data, vendor.collected, caller_id, names),
        vendor=vendor,
        agent_id=as_text(data.get("agent_id")),
        conversation_id=as_text(data.get("conversation_id")),
        duration_seconds=_whole(metadata.get("call_duration_secs")),
        caller_id=caller_id,
        language=as_text(metadata.get("main_language")),
        started_at=_moment(metadata.get("start_time_unix_secs")),
        call_result=caller.call_result(data),
    )


def _bounded_variables(data: JsonObject) -> JsonObject:
    initiation = as_object(data.get("conversation_initiation_client_data"))
    variables = bounded_fields(as_object(initiation.get("dynamic_variables")))
    return data | {"conversation_initiation_client_data": initiation | {"dynamic_variables": variables}}


def _whole(value: Any) -> int | None:  # noqa: ANN401 — unchecked JSON
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 10:  # noqa: PLR2004 — no call lasts that long
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 <= value < 10**9 else None


def _moment(value: Any) -> datetime | None:  # noqa: ANN401 — unchecked JSON
    """A moment in seconds since 1970, as those who called count their days."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < _LAST_MOMENT:
        return None
    return datetime.fromtimestamp(int(value), CALLERS_TIME)


def _turns(transcript: Any) -> tuple[Turn, ...]:  # noqa: ANN401 — unchecked JSON
    """Turns with words in them."""
    turns = []
    for raw in map(as_object, as_list(transcript)):
        words = words_of(raw)
        if words is not None:
            speaker = Speaker.AGENT if raw.get("role") == "agent" else Speaker.CALLER
            turns.append(Turn(speaker, words, _whole(raw.get("time_in_call_secs"))))
    return tuple(turns)


def _vendor_view(analysis: JsonObject) -> VendorView:
    criteria = {
        name: verdict
        for name, result in _named(analysis, "evaluation_criteria_results", "criteria_id").items()
        if (verdict := as_text(result.get("result") if isinstance(result, dict) else result))
    }
    collected = {
        name: result.get("value") if isinstance(result, dict) else result
        for name, result in _named(analysis, "data_collection_results", "data_collection_id").items()
    }
    return VendorView(
        summary=as_text(analysis.get("transcript_summary")) or as_text(analysis.get("call_summary_title")),
        successful=as_text(analysis.get("call_successful")),
        collected=bounded_fields(collected),
        criteria=bounded_fields(criteria),
    )


def _named(analysis: JsonObject, name: str, id_member: str) -> JsonObject:
    """Results by id: a map, or the list that newer payloads carry beside it."""
    found = as_object(analysis.get(name))
    listed = (as_object(row) for row in as_list(analysis.get(f"{name}_list")))
    return found or {identity: row for row in listed if (identity := as_text(row.get(id_member)))}
