"""Any call, any event, any analysis: a test names only what matters to it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from postcall.domain.analysis import Analysis, AnalysisSource, RecordedAnalysis
from postcall.domain.call import Contact, ContactValue
from postcall.domain.deduplication import Deduplication
from postcall.domain.event import CallEvent, IncomingCall, Source
from postcall.domain.status import Status
from postcall.domain.terms import SendingTerms
from tests.support.fakes.clock import START
from tools.simulators.elevenlabs import signing

SAMPLES = Path(__file__).parents[1] / "samples"
SECRET = "wsec_invented_0123456789abcdef"
CONVERSATION = "conv_0000000000000000000000000001"


def any_webhook(conversation_id: str = CONVERSATION, **members: Any) -> dict[str, Any]:
    """A small post-call webhook; members given by name replace those of `data`."""
    data = {
        "agent_id": "agent_invented",
        "conversation_id": conversation_id,
        "status": "done",
        "transcript": [
            {"role": "agent", "message": "Чем могу помочь?", "time_in_call_secs": 0},
            {"role": "user", "message": "Хочу купить квартиру.", "time_in_call_secs": 3},
        ],
        "metadata": {"phone_call": {"type": "twilio", "direction": "inbound", "external_number": "+375291234567"}},
        "analysis": {"call_successful": "success", "transcript_summary": "Клиент хочет купить квартиру."},
    }
    return {"type": "post_call_transcription", "event_timestamp": 1_793_000_066, "data": data | members}


def encoded(webhook: dict[str, Any]) -> bytes:
    """The webhook as the vendor writes it."""
    return json.dumps(webhook, ensure_ascii=False).encode()


def signature(body: bytes, *, secret: str = SECRET, at: float = START.timestamp()) -> str:
    """The header for a body."""
    return signing.signature(body, secret=secret, at=at)


def any_incoming(event_id: str = CONVERSATION, **members: Any) -> IncomingCall:
    """A call at the door."""
    call = IncomingCall(
        event_id=event_id,
        source=Source.ELEVENLABS,
        type="post_call_transcription",
        body=encoded(any_webhook(event_id)),
        agent_id="agent_invented",
        conversation_id=event_id,
        event_timestamp=1_793_000_066,
    )
    return replace(call, **members)


def any_event(event_id: str = CONVERSATION, status: Status = Status.ANALYZED, **members: Any) -> CallEvent:
    """A stored event."""
    event = CallEvent(
        event_id=event_id,
        source=Source.ELEVENLABS,
        type="post_call_transcription",
        status=status,
        received_at=START,
        updated_at=START,
        body_sha256="0" * 64,
        payload_bytes=100,
        agent_id="agent_invented",
        conversation_id=event_id,
    )
    return replace(event, **members)


def any_contact(
    full_name: str | None = "Иван Иванов", phone: str | None = "+375291234567", email: str | None = "user@example.com"
) -> Contact:
    """Who called."""

    def value(text: str | None) -> ContactValue | None:
        return None if text is None else ContactValue(text, source="given")

    return Contact(value(full_name), value(phone), value(email))


def any_analysis(**members: Any) -> Analysis:
    """A model's judgement."""
    analysis = Analysis(
        source=AnalysisSource.OPENAI,
        contact=any_contact(),
        topic="apartment_purchase",
        intent="buy",
        lead_status="qualified",
        quality_score=4,
        qualification_comment="Нужна двухкомнатная квартира, бюджет назван.",
        summary="Клиент ищет квартиру.",
        summary_ru="Клиент ищет квартиру.",
        recommendations=("Перезвонить завтра.",),
        model="gpt-6-luna",
        details={"labels": {"topic": "Покупка квартиры", "intent": "Купить", "lead_status": "Квалифицирован"}},
    )
    return replace(analysis, **members)


def any_recorded(
    event_id: str = CONVERSATION, revision: int = 1, at: datetime = START, **members: Any
) -> RecordedAnalysis:
    """A judgement on the record."""
    return RecordedAnalysis(event_id, revision, at, any_analysis(**members))


def any_terms(deduplication: Deduplication = Deduplication.NONE, **members: Any) -> SendingTerms:
    """Terms whose guarantee, if there is one, holds on to the event's own key."""
    key = None if deduplication is Deduplication.NONE else f"{deduplication}={CONVERSATION}"
    terms = SendingTerms(deduplication, "web_form", "landing-1", "https://crm.example/save", "stock@1", key=key)
    return replace(terms, **members)
