"""The calls that every system is sent: one envelope of about 60 KB, and ids that tell the scenario."""

from __future__ import annotations

import json
from typing import Any

BODY_BYTES = 60_000
ID_CHARACTERS = 28  # after `conv_`, as ElevenLabs' own
SECRET = "wsec_invented_for_the_comparison"  # noqa: S105 — signs invented calls on loopback

_SENTENCES = (
    "Добрый день! Чем могу помочь?",
    "Здравствуйте, хочу купить двухкомнатную квартиру в новостройке.",
    "Какой у вас бюджет и когда вы хотели бы посмотреть?",
    "Около ста двадцати тысяч долларов, удобно в субботу до обеда.",
)


def event_id(scenario: str, number: int) -> str:
    """The id of a scenario's n-th call; also what the CRM's stub finds the lead by."""
    return f"conv_{scenario}{number:0{ID_CHARACTERS - len(scenario)}d}"


def of_scenario(scenario: str) -> str:
    """What the ids of a scenario begin with."""
    return f"conv_{scenario}0"


def envelope(conversation_id: str, *, size: int = BODY_BYTES) -> dict[str, Any]:
    """A post-call webhook of about `size` bytes once it is written as ElevenLabs writes it."""
    round_of_turns = [_turn(number) for number in range(len(_SENTENCES))]
    each = len(json.dumps(round_of_turns)) / len(round_of_turns)
    turns = [_turn(number) for number in range(max(1, int((size - 700) / each)))]
    return {
        "type": "post_call_transcription",
        "event_timestamp": 1_793_000_066,
        "data": {
            "agent_id": "agent_invented",
            "conversation_id": conversation_id,
            "status": "done",
            "transcript": turns,
            "metadata": {
                "start_time_unix_secs": 1_793_000_000,
                "call_duration_secs": 60,
                "phone_call": {"type": "twilio", "direction": "inbound", "external_number": "+375291234567"},
            },
            "analysis": {"call_successful": "success", "transcript_summary": "Клиент хочет купить квартиру."},
        },
    }


def _turn(number: int) -> dict[str, Any]:
    return {
        "role": "user" if number % 2 else "agent",
        "message": _SENTENCES[number % len(_SENTENCES)],
        "time_in_call_secs": 3 * number,
        "tool_calls": [],
        "tool_results": [],
        "feedback": None,
        "llm_override": None,
        "conversation_turn_metrics": {"metrics": {"convai_llm_service_ttfb": {"elapsed_time": 0.42}}},
        "rag_retrieval_info": None,
        "interrupted": False,
        "source_medium": "audio",
    }
