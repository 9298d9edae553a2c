"""The transcript's second form: a conversation as OpenTelemetry spans, as the workspace may have it delivered.

Facts: docs/contracts/elevenlabs.md, "Spans".
"""

from __future__ import annotations

import secrets
from typing import Any

JsonObject = dict[str, Any]
TYPE = "post_call_transcription_otel"
LONGEST_VALUE = 4_096
_NANOSECONDS = 10**9
_SPANS = {
    "user": ("elevenlabs.recv.user_transcript", "elevenlabs.user.text"),
    "agent": ("elevenlabs.recv.agent_response", "elevenlabs.agent.text"),
}


def otel_envelope(whole: JsonObject, *, with_content: bool = True) -> JsonObject:
    """The webhook that tells of a conversation in spans; without content it tells only that somebody spoke."""
    metadata = whole["metadata"]
    trace, root = secrets.token_hex(16), secrets.token_hex(8)
    ids, begin = {"traceId": trace, "parentSpanId": root}, metadata["start_time_unix_secs"]
    spans = [_root(whole, trace, root)]
    for number, turn in enumerate(whole.get("transcript") or []):
        spans.append(_turn(turn, number, begin, ids, with_content=with_content))
    scope = {"scope": {"name": "elevenlabs.convai", "version": "1.0.0"}, "spans": spans}
    resource = {"attributes": [_attribute("service.name", "elevenlabs-convai")]}
    data = {
        "conversation_id": whole["conversation_id"],
        "agent_id": whole["agent_id"],
        "otlp_traces": {"resourceSpans": [{"resource": resource, "scopeSpans": [scope]}]},
    }
    end = metadata["start_time_unix_secs"] + metadata["call_duration_secs"]
    return {"type": TYPE, "event_timestamp": end, "data": data}


def _root(whole: JsonObject, trace: str, span_id: str) -> JsonObject:
    metadata, analysis = whole["metadata"], whole.get("analysis") or {}
    variables = (whole.get("conversation_initiation_client_data") or {}).get("dynamic_variables") or {}
    report = {
        "elevenlabs.telephony.external_number": (metadata.get("phone_call") or {}).get("external_number"),
        "elevenlabs.session.duration_ms": metadata["call_duration_secs"] * 1_000,
        "elevenlabs.analysis.transcript_summary": analysis.get("transcript_summary"),
        "elevenlabs.analysis.call_summary_title": analysis.get("call_summary_title"),
        "elevenlabs.termination_reason": metadata.get("termination_reason"),
        **{f"elevenlabs.dynamic_variable.{name}": value for name, value in variables.items()},
    }
    begin = metadata["start_time_unix_secs"]
    ids = {"traceId": trace, "spanId": span_id}
    return ids | _span("elevenlabs.conversation", begin, metadata["call_duration_secs"], report)


def _turn(turn: JsonObject, number: int, begin: int, ids: JsonObject, *, with_content: bool) -> JsonObject:
    name, text = _SPANS[turn["role"]]
    report = {"elevenlabs.turn.index": number} | ({text: turn.get("message")} if with_content else {})
    at = begin + int(turn.get("time_in_call_secs") or 0)
    return ids | {"spanId": secrets.token_hex(8)} | _span(name, at, 1, report)


def _span(name: str, begin: int, seconds: int, report: JsonObject) -> JsonObject:
    return {
        "name": name,
        "startTimeUnixNano": str(begin * _NANOSECONDS),
        "endTimeUnixNano": str((begin + seconds) * _NANOSECONDS),
        "attributes": [_attribute(key, value) for key, value in report.items() if value is not None],
        "status": {"code": 1},
    }


def _attribute(key: str, value: Any) -> JsonObject:  # noqa: ANN401 — a text, a number or a truth value
    if isinstance(value, bool):
        return {"key": key, "value": {"boolValue": value}}
    if isinstance(value, int):
        return {"key": key, "value": {"intValue": str(value)}}
    if isinstance(value, float):
        return {"key": key, "value": {"doubleValue": value}}
    return {"key": key, "value": {"stringValue": str(value)[:LONGEST_VALUE]}}
