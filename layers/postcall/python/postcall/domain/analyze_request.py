"""The body of `POST /api/analyze`: intake checks it at the door, the analysis reads it again from the store."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from postcall.domain.call import Call, Contact, ContactValue, Speaker, Turn
from postcall.domain.errors import Rejected
from postcall.domain.event_id import is_a_contact
from postcall.domain.json_object import read_object
from postcall.domain.said import said

# What a person copies into a URL, a log search and the CRM's column; `|` would break the comment's `IDs:` part, and
# of dots alone a browser makes another path.
EVENT_ID = re.compile(r"(?!\.+$)[A-Za-z0-9._:@#+=~-]{1,128}")
MAXIMUM_TURNS = 5_000
_SPEAKERS = {
    **dict.fromkeys(("agent", "assistant", "bot", "ai", "operator", "агент", "оператор", "бот"), Speaker.AGENT),
    **dict.fromkeys(("user", "caller", "client", "customer", "human", "клиент", "абонент"), Speaker.CALLER),
}
_LINE = re.compile(r"\s*(?P<speaker>[A-Za-zА-Яа-яЁё]{2,12})\s*:\s*(?P<text>.*)")


@dataclass(frozen=True)
class AnalyzeRequest:
    """A call brought by one of our own systems."""

    event_id: str
    turns: tuple[Turn, ...]
    contact: Contact
    agent_id: str | None = None
    conversation_id: str | None = None

    def call(self) -> Call:
        """The call that the analysis reads."""
        return Call(
            event_id=self.event_id,
            turns=self.turns,
            contact=self.contact,
            agent_id=self.agent_id,
            conversation_id=self.conversation_id,
        )


def read_analyze_request(body: bytes) -> AnalyzeRequest:
    """Read and check the body.

    Raises:
        Rejected: With one sentence that names the member and repeats no value.
    """
    members = read_object(body)
    event_id = _text(members, "event_id", required=True) or ""
    if not EVENT_ID.fullmatch(event_id):
        raise Rejected(said("call.event_id"))
    return AnalyzeRequest(
        event_id=event_id,
        turns=_transcript(members.get("transcript")),
        contact=_contacts(members.get("contacts")),
        agent_id=_id(members, "agent_id"),
        conversation_id=_id(members, "conversation_id"),
    )


def require_no_contact(asked: AnalyzeRequest) -> None:
    """At the door alone: what is stored stays readable.

    Raises:
        Rejected: An id is itself a phone or an e-mail: ids are shown and logged, and outlive an erasure.
    """
    for name in ("event_id", "agent_id", "conversation_id"):
        if is_a_contact(getattr(asked, name) or ""):
            raise Rejected(said("call.id_is_a_contact", name=name))


def _text(members: dict[str, Any], name: str, *, required: bool = False, where: str = "") -> str | None:
    value = members.get(name)
    if value is None or (isinstance(value, str) and not value.strip()):
        if required:
            raise Rejected(said("call.missing", where=where, name=name))
        return None
    if not isinstance(value, str):
        raise Rejected(said("call.text", where=where, name=name))
    if len(value) > 1_000:  # noqa: PLR2004 — far beyond any id, name or address
        raise Rejected(said("call.long", where=where, name=name))
    return value.strip()


def _id(members: dict[str, Any], name: str) -> str | None:
    """An id of another system: on one line, and without the characters that part the comment's ids."""
    value = _text(members, name)
    if value is not None and (not value.isprintable() or set(value) & set("|,")):
        raise Rejected(said("call.one_line", name=name))
    return value


def _contacts(value: Any) -> Contact:  # noqa: ANN401 — unchecked JSON
    if value is None:
        return Contact()
    if not isinstance(value, dict):
        raise Rejected(said("call.contacts"))
    found = {name: _text(value, name, where="contacts.") for name in ("full_name", "phone", "email")}
    return Contact(**{name: ContactValue(text, source="given") for name, text in found.items() if text is not None})


def _transcript(value: Any) -> tuple[Turn, ...]:  # noqa: ANN401 — unchecked JSON
    if isinstance(value, str) and value.strip():
        return _turns_of_text(value)
    if isinstance(value, list) and value:
        if len(value) > MAXIMUM_TURNS:
            raise Rejected(said("call.turns", maximum=MAXIMUM_TURNS))
        return tuple(_turn(turn, number) for number, turn in enumerate(value))
    raise Rejected(said("call.no_transcript"))


def _turn(turn: Any, number: int) -> Turn:  # noqa: ANN401 — unchecked JSON
    where = f"transcript[{number}]"
    if not isinstance(turn, dict):
        raise Rejected(said("call.turn", where=where))
    role = turn.get("role", turn.get("speaker"))
    speaker = _SPEAKERS.get(role.lower()) if isinstance(role, str) else None
    if speaker is None:
        raise Rejected(said("call.role", where=where))
    text = next((turn[name] for name in ("message", "text", "content") if turn.get(name) is not None), "")
    if not isinstance(text, str):
        raise Rejected(said("call.message", where=where))
    at = turn.get("time_in_call_secs")
    return Turn(speaker, text, int(at) if isinstance(at, int | float) and 0 <= at < 10**6 else None)


def _turns_of_text(text: str) -> tuple[Turn, ...]:
    """Lines such as `Agent: …` and `Клиент: …`; a line without a known speaker goes on with the one before."""
    turns: list[Turn] = []
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        speaker = _SPEAKERS.get(match["speaker"].lower()) if match else None
        if match and speaker:
            turns.append(Turn(speaker, match["text"].strip()))
        elif line.strip() and turns:
            turns[-1] = Turn(turns[-1].speaker, f"{turns[-1].text} {line.strip()}")
        elif line.strip():
            turns.append(Turn(Speaker.CALLER, line.strip()))
    return tuple(turns)
