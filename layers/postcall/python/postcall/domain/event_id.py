"""How ElevenLabs' events are named here: the conversation's own id, so that a person can copy it anywhere."""

from __future__ import annotations

INITIATION_FAILURE = "call_initiation_failure"


def failure_id(conversation_id: str) -> str:
    """The event of a call that was never set up; it lies beside the conversation's own."""
    return f"{conversation_id}:{INITIATION_FAILURE}"
