"""The second form of ElevenLabs' transcript, OpenTelemetry spans, put into the members of the first form.

Whoever reads a payload (the analysis, and operations for a person) reads the first form only. A span may lack anything:
its text where the sender withholds content, its turn's number, its time (docs/contracts/elevenlabs.md, "Spans").
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from postcall.domain.json_object import JsonObject, as_objects

TYPE = "post_call_transcription_otel"
_ROOT, _CALLER, _AGENT = "elevenlabs.conversation", "elevenlabs.recv.user_transcript", "elevenlabs.recv.agent_response"
_VARIABLE = "elevenlabs.dynamic_variable."
_NANOSECONDS, _MILLISECONDS = 10**9, 1_000
_LONGEST_NUMBER = 40  # digits: an endless one costs without end


def first_form(data: JsonObject) -> JsonObject:
    """The payload's `data` as the first form has it; one that holds no spans comes back as it is."""
    if not isinstance(data.get("otlp_traces"), dict):
        return data
    spans = list(_spans(data["otlp_traces"]))
    root = next((span for span in spans if span.name == _ROOT), _Span("", None, {}))
    attributes = root.attributes
    variables = {name.removeprefix(_VARIABLE): attributes[name] for name in attributes if name.startswith(_VARIABLE)}
    duration = _number(attributes.get("elevenlabs.session.duration_ms"))
    return {
        "conversation_id": data.get("conversation_id"),
        "agent_id": data.get("agent_id"),
        "transcript": _transcript(spans, root.start),
        "metadata": {
            "call_duration_secs": None if duration is None else duration // _MILLISECONDS,
            "termination_reason": attributes.get("elevenlabs.termination_reason"),
            "phone_call": {"external_number": attributes.get("elevenlabs.telephony.external_number")},
        },
        "analysis": {
            "transcript_summary": attributes.get("elevenlabs.analysis.transcript_summary"),
            "call_summary_title": attributes.get("elevenlabs.analysis.call_summary_title"),
        },
        "conversation_initiation_client_data": {"dynamic_variables": variables},
    }


@dataclass(frozen=True)
class _Span:
    """A span: `start` in nanoseconds since 1970."""

    name: str
    start: int | None
    attributes: JsonObject

    @property
    def turn(self) -> int | None:
        return _number(self.attributes.get("elevenlabs.turn.index"))


def _transcript(spans: list[_Span], begin: int | None) -> list[JsonObject]:
    """The turns in the order in which they were spoken."""
    turns = []
    for span in _in_order([span for span in spans if span.name in (_CALLER, _AGENT)]):
        at = None if span.start is None or begin is None else (span.start - begin) // _NANOSECONDS
        role, text = ("user", "elevenlabs.user.text") if span.name == _CALLER else ("agent", "elevenlabs.agent.text")
        turns.append({"role": role, "message": span.attributes.get(text), "time_in_call_secs": at})
    return turns


def _in_order(spans: list[_Span]) -> list[_Span]:
    """By time; and those that bear a turn's number by that number, in the places that they hold among the others."""
    timed = sorted(spans, key=lambda span: (span.start is None, span.start or 0))
    numbered = iter(sorted((span for span in timed if span.turn is not None), key=lambda span: span.turn or 0))
    return [span if span.turn is None else next(numbered) for span in timed]


def _spans(traces: JsonObject) -> Iterator[_Span]:
    for resource in as_objects(traces.get("resourceSpans")):
        for scope in as_objects(resource.get("scopeSpans")):
            for span in as_objects(scope.get("spans")):
                yield _Span(str(span.get("name")), _number(span.get("startTimeUnixNano")), _attributes(span))


def _attributes(span: JsonObject) -> JsonObject:
    rows = as_objects(span.get("attributes"))
    return {row["key"]: _value(row.get("value")) for row in rows if isinstance(row.get("key"), str)}


def _value(value: Any) -> Any:  # noqa: ANN401 — any kind of attribute
    """What an attribute says: of a list or a map nothing here is made."""
    if not isinstance(value, dict):
        return None
    if "intValue" in value:
        return _number(value["intValue"])
    return next((value[kind] for kind in ("stringValue", "doubleValue", "boolValue") if kind in value), None)


def _number(value: Any) -> int | None:  # noqa: ANN401 — unchecked JSON
    """A whole number, which the wire has as a number or as a text."""
    if isinstance(value, str) and len(value) <= _LONGEST_NUMBER and value.strip().lstrip("-").isdecimal():
        return int(value)
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return int(value) if number else None
