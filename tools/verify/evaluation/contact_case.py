"""One recorded or invented call as a line of JSON, and the contact that the analyst without a model takes from it.

A line becomes what the product would have received: turns, `caller_id`, `agent_number`, `collected` and `metadata` a
webhook of ElevenLabs, `given` the contacts of `POST /api/analyze`. Both are read by the code that reads a real call.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from functions.analysis.bounds import analyse_within_bounds
from functions.analysis.collected import field_names
from functions.analysis.elevenlabs import read_call
from functions.analysis.question import in_turn
from postcall.domain.analysis import Analysis
from postcall.domain.analyze_request import read_analyze_request
from postcall.domain.call import Call, Contact, ContactValue
from postcall.domain.errors import Rejected
from tools.verify.evaluation.analysts import Examined, now, offline

JsonObject = dict[str, Any]
# What an analysis may be flagged with though its contact is beyond doubt.
NOT_ABOUT_CONTACTS = frozenset(
    {"no_ai_analysis", "instruction_attempt", "no_transcript", "no_caller_turn", "silence", "very_short"}
    | {"voicemail", "wrong_number"},
)
_EVENT_ID = "case"


@dataclass(frozen=True)
class ContactCase:
    """A call as a line of the file says it; `id` is given back with the answer."""

    id: str | int
    turns: list[JsonObject] = field(default_factory=list)
    caller_id: str | None = None
    agent_number: str | None = None
    collected: JsonObject = field(default_factory=dict)
    given: JsonObject | None = None
    metadata: JsonObject = field(default_factory=dict)

    def call(self) -> Call:
        """The call that the analysis reads.

        Raises:
            Rejected: For given contacts that the API refuses.
        """
        call = read_call(_EVENT_ID, json.dumps(self._webhook()).encode(), field_names())
        return call if self.given is None else replace(call, contact=_with_given(call.contact, self.given))

    def _webhook(self) -> JsonObject:
        phone_call = {"external_number": self.caller_id, "agent_number": self.agent_number}
        known = {name: value for name, value in phone_call.items() if value is not None}
        metadata = self.metadata | {"phone_call": known | _object(self.metadata, "phone_call")}
        results = {name: {"data_collection_id": name, "value": value} for name, value in self.collected.items()}
        data = {
            "conversation_id": _EVENT_ID,
            "transcript": self.turns,
            "metadata": metadata,
            "analysis": {"data_collection_results": results},
        }
        return {"type": "post_call_transcription", "data": data}


@dataclass(frozen=True)
class ContactAnswer:
    """Who is called back, as far as the rules know, and what they doubt about it."""

    phone: str | None
    email: str | None
    full_name: str | None
    flags: tuple[str, ...]


def read_case(line: str) -> ContactCase:
    """A case from its line.

    Raises:
        Rejected: With a sentence about what is wrong with it.
    """
    try:
        members = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Rejected("it is not JSON.") from error
    if not isinstance(members, dict):
        raise Rejected("it is no JSON object.")
    identity = members.get("id")
    if isinstance(identity, bool) or not isinstance(identity, str | int):
        raise Rejected("id is missing: give a text or a whole number.")
    return ContactCase(
        id=identity,
        turns=_turns(members.get("turns")),
        caller_id=_text(members, "caller_id"),
        agent_number=_text(members, "agent_number"),
        collected=_object(members, "collected"),
        given=None if members.get("given") is None else _object(members, "given"),
        metadata=_object(members, "metadata"),
    )


def answer(case: ContactCase, analyst: Examined | None = None) -> ContactAnswer:
    """What the analyst takes from the case.

    Raises:
        Rejected: For given contacts that the API refuses.
    """
    analyst = analyst or offline()
    return contact_answer(in_turn(analyse_within_bounds(case.call(), analyst=analyst, received_at=now())))


def contact_answer(analysis: Analysis) -> ContactAnswer:
    """The part of an analysis that is about contacts."""
    contact = analysis.contact
    return ContactAnswer(
        phone=_value(contact.phone),
        email=_value(contact.email),
        full_name=_value(contact.full_name),
        flags=tuple(flag for flag in analysis.flags if flag not in NOT_ABOUT_CONTACTS),
    )


def _value(found: ContactValue | None) -> str | None:
    return None if found is None else found.value


def _with_given(found: Contact, given: Mapping[str, Any]) -> Contact:
    """The contact with what our own system said about it in the first place."""
    body = {"event_id": _EVENT_ID, "transcript": [{"role": "agent", "message": ""}], "contacts": given}
    said = read_analyze_request(json.dumps(body).encode()).contact
    return Contact(
        full_name=said.full_name or found.full_name,
        phone=said.phone or found.phone,
        email=said.email or found.email,
    )


def _turns(value: Any) -> list[JsonObject]:  # noqa: ANN401 — unchecked JSON
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(turn, dict) for turn in value):
        raise Rejected("turns must be a list of objects with role and message.")
    for number, turn in enumerate(value):
        if turn.get("role") not in ("agent", "user"):
            raise Rejected(f"turns[{number}].role must be agent or user.")
        if not isinstance(turn.get("message"), str | None):
            raise Rejected(f"turns[{number}].message must be a text.")
    return value


def _text(members: JsonObject, name: str) -> str | None:
    value = members.get(name)
    if isinstance(value, str | None):
        return value
    raise Rejected(f"{name} must be a text.")


def _object(members: JsonObject, name: str) -> JsonObject:
    value = members.get(name)
    if value is None:
        return {}
    if isinstance(value, dict):
        return value
    raise Rejected(f"{name} must be an object.")
