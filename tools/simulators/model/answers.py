"""Answers in the form the analysis asks for, made by plain rules and saying so: the stub judges nothing."""

from __future__ import annotations

import json
from typing import Any

from postcall.domain.json_object import as_object

JsonObject = dict[str, Any]
NOTE = "[заглушка модели]"


def record_in(request: JsonObject) -> JsonObject:
    """The call's record in a request: its first user message."""
    for message in request.get("messages", []):
        if message.get("role") == "user":
            try:
                record = json.loads(message["content"])
            except ValueError:
                return {}
            return as_object(record)
    return {}


def valid_answer(request: JsonObject) -> JsonObject:
    """An answer that fits schema and record: the first caller turn is the need, the last reference the contact."""
    record = record_in(request)
    said = [turn for turn in record.get("turns", []) if turn.get("role") == "user" and len(turn["text"].split()) > 2]  # noqa: PLR2004 — more than a yes
    first = said[0] if said else None
    refs = list(record.get("candidates", {}))
    topic, intent, status = (_codes(request, name) for name in ("topic", "intent", "lead_status"))
    return {
        "evidence": [] if first is None else [_quote("need_stated", first)],
        "signals": dict.fromkeys(("budget_stated", "timeline_stated", "decision_maker", "next_step_agreed"), False)
        | {"real_conversation": first is not None, "need_stated": first is not None, "contact_available": bool(refs)},
        "topic": _one(topic, "other") if said else _one(topic, "no_conversation"),
        "intent": _one(intent, "get_info") if said else _one(intent, "none"),
        "lead_status": _one(status, "callback_required") if said else _one(status, "disqualified"),
        "quality_score": (3 if refs else 2) if said else 1,
        "qualification_comment": f"{NOTE} Потребность названа словами клиента, остальное не оценено.",
        "summary": f"{NOTE} Клиент: «{first['text'][:200]}»" if first else f"{NOTE} Разговора не было.",
        "summary_ru": f"{NOTE} Разговор с клиентом записан, содержание не оценивалось.",
        "recommendations": ["Перезвонить и уточнить потребность."] if said else [],
        "contacts": {"full_name": None, "phone_ref": _last(refs, "PHONE"), "email_ref": _last(refs, "EMAIL")},
        "language": "ru",
        "caller_is_minor": False,
        "do_not_contact": False,
        "instruction_attempt": False,
    }


def _quote(signal: str, turn: JsonObject) -> JsonObject:
    return {"signal": signal, "turn": turn["n"], "quote": " ".join(turn["text"].split()[:12])}


def _codes(request: JsonObject, name: str) -> list[str]:
    schema = request.get("response_format", {}).get("json_schema", {}).get("schema", {})
    codes: list[str] = schema.get("properties", {}).get(name, {}).get("enum", [])
    return codes


def _one(codes: list[str], wanted: str) -> str:
    return wanted if wanted in codes or not codes else codes[-1]


def _last(refs: list[str], kind: str) -> str | None:
    return next((ref for ref in reversed(refs) if ref.startswith(kind)), None)
