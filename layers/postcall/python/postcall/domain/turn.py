"""A turn of ElevenLabs' transcript, on which the analysis and operations must agree: what has words counts."""

from __future__ import annotations

from postcall.domain.json_object import JsonObject, as_list, as_object, as_text


def words_of(turn: JsonObject) -> str | None:
    """What was heard; None where a turn only ran a tool, and where the application put it in: nobody said that.

    `message` is what was said before an interruption, `original_message` what was planned.
    """
    if turn.get("contextual_update_info") is not None:
        return None
    voices = as_list(as_object(turn.get("multivoice_message")).get("parts"))
    parts = [as_text(as_object(part).get("text")) for part in voices]
    several_voices = " ".join(part for part in parts if part) or None
    return as_text(turn.get("message")) or several_voices or as_text(turn.get("original_message"))
