"""How the integration tests bring a call to the door and look at what became of it."""

from __future__ import annotations

import json
import time
from typing import Any

from tests.integration.conftest import TOKEN, PipelineHarness
from tests.support.builders import any_webhook, encoded, signature

BEARER = {"Authorization": f"Bearer {TOKEN}"}
ANALYZE = {
    "event_id": "123",
    "transcript": [{"role": "agent", "message": "Добрый день."}, {"role": "user", "message": "Хочу купить квартиру."}],
    "contacts": {"full_name": "Иван Иванов", "phone": "+375291234567", "email": "user@example.com"},
    "agent_id": "A1",
    "conversation_id": "C1",
}


def webhook(
    pipeline: PipelineHarness, body: bytes | None = None, *, header: str | None = None, as_base64: bool = False
) -> Any:
    body = encoded(any_webhook()) if body is None else body
    header = signature(body, at=time.time()) if header is None else header
    answer = pipeline.post("/webhooks/elevenlabs", body, {"ElevenLabs-Signature": header}, as_base64=as_base64)
    return answer["statusCode"], json.loads(answer["body"])


def analyze(pipeline: PipelineHarness, headers: dict[str, str] | None = None, **members: Any) -> Any:
    body = json.dumps(ANALYZE | members).encode()
    answer = pipeline.post("/api/analyze", body, BEARER if headers is None else headers)
    return answer["statusCode"], json.loads(answer["body"])


def shown(pipeline: PipelineHarness, event_id: str) -> Any:
    answer = pipeline.call_api("GET", f"/api/events/{event_id}")
    assert answer["statusCode"] == 200
    return json.loads(answer["body"])
