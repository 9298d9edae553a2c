"""Conversations as the API tells them: whole, and as the row of a list. Every person and number is invented."""

from __future__ import annotations

import secrets
from typing import Any

from tools.simulators.http.messages import BadRequest

STATUSES = ("initiated", "in-progress", "processing", "done", "failed")
FINISHED = ("done", "failed")
JsonObject = dict[str, Any]

_TURNS = (
    ("agent", "Здравствуйте! Чем могу помочь?"),
    ("user", "Добрый день, хочу купить двухкомнатную квартиру. Меня зовут Вера Проверкина."),
    ("agent", "Записала. По какому номеру перезвонить?"),
    ("user", "По этому же, плюс три семь пять двадцать девять сто двадцать три сорок пять шестьдесят семь."),
)


class WrongConversation(BadRequest):
    """What was asked for is no conversation; one sentence for the caller."""


def new_id() -> str:
    """An id as ElevenLabs makes them: 33 characters."""
    return f"conv_{secrets.token_hex(14)}"


def conversation(
    conversation_id: str | None = None,
    *,
    started_at: float,
    seconds: int = 60,
    status: str = "done",
    agent_id: str = "agent_invented",
    **members: Any,  # noqa: ANN401 — any member of the API's model
) -> JsonObject:
    """A whole conversation. `started_at` in Unix seconds; further members replace those made up here.

    Raises:
        WrongConversation: What was asked for is no conversation; one sentence for the caller.
    """
    if status not in STATUSES:
        raise WrongConversation(f"status is none of {', '.join(STATUSES)}")
    over = status in (*FINISHED, "processing")
    made: JsonObject = {
        "agent_id": agent_id,
        "agent_name": "Отдел продаж",
        "conversation_id": conversation_id or new_id(),
        "status": status,
        "user_id": None,
        "branch_id": None,
        "environment": "production",
        "has_audio": False,
        "has_user_audio": False,
        "has_response_audio": False,
        "transcript": _transcript() if over else [],
        "metadata": _metadata(started_at, seconds if over else 0),
        "analysis": _analysis() if status == "done" else None,
        "conversation_initiation_client_data": {"dynamic_variables": {}},
    }
    return made | members


def row(whole: JsonObject) -> JsonObject:
    """The conversation as the list shows it: no transcript, no phone number."""
    metadata = whole["metadata"]
    analysis = whole.get("analysis") or {}
    return {
        "agent_id": whole["agent_id"],
        "agent_name": whole.get("agent_name"),
        "conversation_id": whole["conversation_id"],
        "start_time_unix_secs": metadata["start_time_unix_secs"],
        "call_duration_secs": metadata["call_duration_secs"],
        "message_count": len(whole.get("transcript") or []),
        "status": whole["status"],
        "call_successful": analysis.get("call_successful", "unknown"),
        "transcript_summary": None,
        "call_summary_title": None,
        "direction": (metadata.get("phone_call") or {}).get("direction"),
        "main_language": metadata.get("main_language"),
        "termination_reason": metadata.get("termination_reason"),
        "tool_names": [],
        "tag_ids": [],
    }


def webhook_envelope(whole: JsonObject) -> JsonObject:
    """The webhook that tells of a conversation: the API's own members, under a type and the time of its end."""
    metadata = whole["metadata"]
    end = metadata["start_time_unix_secs"] + metadata["call_duration_secs"]
    return {"type": "post_call_transcription", "event_timestamp": end, "data": whole}


def _transcript() -> list[JsonObject]:
    return [
        {"role": role, "message": message, "time_in_call_secs": 4 * number, "tool_calls": [], "tool_results": []}
        for number, (role, message) in enumerate(_TURNS)
    ]


def _metadata(started_at: float, seconds: int) -> JsonObject:
    return {
        "start_time_unix_secs": int(started_at),
        "call_duration_secs": seconds,
        "cost": 100,
        "termination_reason": "Client disconnected: 1000",
        "main_language": "ru",
        "phone_call": {
            "type": "twilio",
            "direction": "inbound",
            "phone_number_id": "phnum_invented",
            "agent_number": "+375170000000",
            "external_number": "+375291234567",
            "call_sid": "CA0000000000000000000000000000000",
            "stream_sid": "MZ0000000000000000000000000000000",
        },
    }


def _analysis() -> JsonObject:
    return {
        "call_successful": "success",
        "transcript_summary": "Клиентка хочет купить двухкомнатную квартиру и ждёт звонка.",
        "call_summary_title": "Покупка квартиры",
        "evaluation_criteria_results": {},
        "data_collection_results": {},
    }
