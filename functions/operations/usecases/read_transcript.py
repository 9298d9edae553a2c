"""A call as it was spoken, read from the stored payload: for a person to read beside the analysis.

Turns are counted as the analysis counts them (a turn without words is none), so that a quote's `turn` finds its place;
a test holds both readings together. Whatever a payload lacks is left out.
"""

from __future__ import annotations

import json
from typing import Any

from postcall.domain.analyze_request import read_analyze_request
from postcall.domain.call import Turn
from postcall.domain.errors import Rejected
from postcall.domain.event import CallEvent, Source
from postcall.domain.json_object import JsonObject, as_list, as_object, as_text
from postcall.domain.otel_transcript import first_form
from postcall.domain.said import said
from postcall.domain.turn import words_of

LONGEST_CALL_SECONDS = 10**9


def read_transcript(event: CallEvent, payload: bytes) -> JsonObject:
    """`{"turns": […], "vendor": {…}}`; no turns for an event that is no conversation."""
    if event.source is Source.API:
        return {"turns": _numbered(read_analyze_request(payload).turns), "vendor": {}}
    data = first_form(as_object(as_object(_json(payload)).get("data")))
    turns = [turn for raw in as_list(data.get("transcript")) if (turn := _turn(as_object(raw))) is not None]
    return {"turns": [{"n": n, **turn} for n, turn in enumerate(turns)], "vendor": _vendor(data)}


def _numbered(turns: tuple[Turn, ...]) -> list[JsonObject]:
    return [
        {"n": n, "speaker": turn.speaker.value, "text": turn.text, "at_seconds": turn.at_seconds}
        for n, turn in enumerate(turns)
    ]


def _json(payload: bytes) -> Any:  # noqa: ANN401 — any JSON
    try:
        return json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise Rejected(said("event.payload_not_json")) from error


def _turn(raw: JsonObject) -> JsonObject | None:
    words = words_of(raw)
    if words is None:
        return None
    speaker = "agent" if raw.get("role") == "agent" else "user"
    turn = {"speaker": speaker, "text": words, "at_seconds": _seconds(raw.get("time_in_call_secs"))}
    return turn | ({"interrupted": True} if raw.get("interrupted") is True else {})


def _vendor(data: JsonObject) -> JsonObject:
    """What ElevenLabs itself concluded, and how long the call was."""
    analysis, metadata = as_object(data.get("analysis")), as_object(data.get("metadata"))
    found = {
        "summary": as_text(analysis.get("transcript_summary")),
        "title": as_text(analysis.get("call_summary_title")),
        "successful": as_text(analysis.get("call_successful")),
        "call_status": as_text(data.get("status")),
        "duration_seconds": _seconds(metadata.get("call_duration_secs")),
        "termination_reason": as_text(metadata.get("termination_reason")),
        "language": as_text(metadata.get("main_language")),
    }
    return {name: value for name, value in found.items() if value is not None}


def _seconds(value: Any) -> int | None:  # noqa: ANN401 — unchecked JSON
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 <= value < LONGEST_CALL_SECONDS else None
