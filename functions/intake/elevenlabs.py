"""ElevenLabs' webhook envelope: which events become leads, which are only recorded, which are none of ours.

Only `type` and `data.conversation_id` are needed; everything else may be missing, null or new
(docs/contracts/elevenlabs.md, "Events").
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic_core import SchemaValidator

from postcall.domain.errors import Rejected
from postcall.domain.event import IncomingCall, Source
from postcall.domain.event_id import INITIATION_FAILURE, RESERVED, failure_id, is_a_contact
from postcall.domain.otel_transcript import TYPE as SPANS
from postcall.domain.said import said

if TYPE_CHECKING:
    from pydantic_core.core_schema import AnySchema, CoreSchema, TypedDictField

TRANSCRIPTION, AUDIO = "post_call_transcription", "post_call_audio"
_TRANSCRIPTS = {TRANSCRIPTION, SPANS}  # two forms of one thing: both are the conversation's own event
_MAXIMUM_ID_BYTES = 256  # an id is part of keys of tables and buckets, where each byte may become three
_MAXIMUM_CHARACTERS = 256


def _members(**schemas: CoreSchema) -> CoreSchema:
    """An object of which these members matter, where they are."""
    fields: dict[str, TypedDictField] = {
        name: {"type": "typed-dict-field", "schema": schema, "required": False} for name, schema in schemas.items()
    }
    return {"type": "typed-dict", "fields": fields, "extra_behavior": "ignore"}


# The whole body is parsed and checked; Python objects are made of this much. pydantic's core without pydantic: a
# quarter to a half of the standard parser's time, for a twentieth of a cold start.
_ANY: AnySchema = {"type": "any"}
_DATA = _members(conversation_id=_ANY, agent_id=_ANY, agent_name=_ANY, failure_reason=_ANY)
_LOOKED_AT = SchemaValidator(_members(type=_ANY, event_timestamp=_ANY, data=_DATA))


@dataclass(frozen=True)
class Ignored:
    """A genuine event that is none of ours: acknowledged, counted, not kept."""

    type: str
    event_id: str | None


class UnknownType(Rejected):
    """An event about a conversation whose type this version does not know: it may be somebody's call in a new form."""

    def __init__(self, kind: str, conversation_id: str) -> None:
        super().__init__(said("webhook.unknown_type"))
        self.type, self.conversation_id = kind[:_MAXIMUM_CHARACTERS], conversation_id


def read_envelope(body: bytes, *, source: Source = Source.ELEVENLABS) -> IncomingCall | Ignored:
    """What a genuine body is.

    Raises:
        Rejected: It is no envelope; the text repeats no value.
        UnknownType: It is one of a type that we do not know (a `Rejected`).
    """
    envelope = _json_object(body)
    kind = envelope.get("type")
    if not isinstance(kind, str) or not kind.strip():
        raise Rejected(said("webhook.no_type") if kind is None else said("webhook.type_text"))
    data = envelope.get("data")
    if kind not in {*_TRANSCRIPTS, INITIATION_FAILURE}:
        conversation = _optional(data, "conversation_id") if isinstance(data, dict) else None
        if conversation and kind.startswith("post_call_") and kind != AUDIO:
            raise UnknownType(kind, conversation)
        named = conversation and not is_a_contact(conversation)
        return Ignored(kind[:_MAXIMUM_CHARACTERS], f"{conversation}:{kind}" if named else None)
    if not isinstance(data, dict):
        raise Rejected(said("webhook.data"))
    conversation_id = _conversation_id(data)
    failed = kind == INITIATION_FAILURE
    return IncomingCall(
        event_id=failure_id(conversation_id) if failed else conversation_id,
        source=source,
        type=kind,
        body=body,
        agent_id=_optional(data, "agent_id"),
        agent_name=_optional(data, "agent_name"),
        conversation_id=conversation_id,
        event_timestamp=_timestamp(envelope.get("event_timestamp")),
        excluded_because=_failure(data) if failed else None,
    )


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = _parsed(body)
    except (ValueError, RecursionError) as error:
        raise Rejected(said("request.not_json")) from error
    if not isinstance(value, dict):
        raise Rejected(said("request.not_object"))
    return value


def _parsed(body: bytes) -> Any:  # noqa: ANN401 — any JSON
    """The value, of a well-formed envelope no more than the members that are looked at.

    What the quick parser refuses the standard one may still read: a lone surrogate, another encoding, great depth; and
    it alone says what is no JSON at all.
    """
    with suppress(ValueError):  # left before the next try: its text quotes the body, and must be no error's context
        return _LOOKED_AT.validate_json(body)
    return json.loads(body)


def _conversation_id(data: dict[str, Any]) -> str:
    value = data.get("conversation_id")
    if value is None or value == "":
        raise Rejected(said("webhook.no_conversation"))
    if not isinstance(value, str):
        raise Rejected(said("webhook.conversation_text"))
    if not value.isprintable() or not value.strip() or len(value.encode()) > _MAXIMUM_ID_BYTES:
        raise Rejected(said("webhook.conversation_long", maximum=_MAXIMUM_ID_BYTES))
    if value.startswith(RESERVED):
        raise Rejected(said("webhook.conversation_namespace", namespaces=", ".join(RESERVED)))
    if is_a_contact(value):
        raise Rejected(said("webhook.conversation_is_a_contact"))
    return value


def _optional(data: dict[str, Any], name: str) -> str | None:
    value = data.get(name)
    return value[:_MAXIMUM_CHARACTERS] if isinstance(value, str) and value and value.isprintable() else None


def _timestamp(value: Any) -> int | None:  # noqa: ANN401 — documented as number and as string
    try:
        seconds = int(float(value))
    except (TypeError, ValueError, OverflowError):
        return None
    return seconds if 0 <= seconds < 10**11 else None


def _failure(data: dict[str, Any]) -> str:
    reason = _optional(data, "failure_reason") or "unknown"
    return said("event.call_failed", why=reason[:40])
