"""A call as the analysis reads it: who said what, who called, and what the telephony vendor thought of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Speaker(StrEnum):
    """Who speaks in a turn."""

    AGENT = "agent"
    CALLER = "user"


@dataclass(frozen=True)
class Turn:
    """One utterance. `at_seconds` counts from the start of the call, where known."""

    speaker: Speaker
    text: str
    at_seconds: int | None = None

    def saying(self, text: str) -> Turn:
        """The turn with this text in place of its own."""
        return self if text == self.text else Turn(self.speaker, text, self.at_seconds)


@dataclass(frozen=True)
class ContactValue:
    """One way to reach the caller, with where it was found, in the order of trust.

    `source` is one of: `given` (by the system that sent the call), `telephony`, `collected` (by the voice agent's data
    collection), `variable` (a dynamic variable), `spoken`.
    """

    value: str
    source: str
    verified: bool = False  # read back by the agent and confirmed by the caller


@dataclass(frozen=True)
class Contact:
    """Who called, as far as known."""

    full_name: ContactValue | None = None
    phone: ContactValue | None = None
    email: ContactValue | None = None

    @property
    def reachable(self) -> bool:
        """Whether there is any way to reach the caller."""
        return self.phone is not None or self.email is not None


@dataclass(frozen=True)
class VendorView:
    """What ElevenLabs itself concluded: a second opinion, as untrusted as the caller's own words."""

    summary: str | None = None
    successful: str | None = None
    collected: dict[str, Any] = field(default_factory=dict)
    criteria: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """A finished call, translated from whoever delivered it."""

    event_id: str
    turns: tuple[Turn, ...] = ()
    contact: Contact = Contact()
    vendor: VendorView = VendorView()
    agent_id: str | None = None
    conversation_id: str | None = None
    duration_seconds: int | None = None
    caller_id: str | None = None  # the number the network showed
    language: str | None = None
    started_at: datetime | None = None
    call_result: str | None = None  # what became of it, where the network said so: `answered`, `voicemail`, …

    @property
    def caller_turns(self) -> tuple[Turn, ...]:
        """What the caller said."""
        return tuple(turn for turn in self.turns if turn.speaker is Speaker.CALLER)
