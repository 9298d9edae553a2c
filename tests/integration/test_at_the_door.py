"""What intake takes in and what it refuses, over the real tables and queues: signatures, bodies, tokens."""

from __future__ import annotations

import json
import time

import pytest

from postcall.aws import clients
from postcall.settings import SettingError
from tests.integration.calls import analyze, webhook
from tests.integration.conftest import PipelineHarness
from tests.support.builders import CONVERSATION, SAMPLES, any_webhook, encoded, signature


@pytest.mark.parametrize("name", ["wire-ru-ascii-escaped.raw", "wire-ru-utf8.raw", "wire-ru-compact-utf8.raw"])
@pytest.mark.parametrize("as_base64", [False, True])
def test_the_signature_is_over_the_bytes_however_they_travel(
    pipeline: PipelineHarness, name: str, *, as_base64: bool
) -> None:
    status, answer = webhook(pipeline, (SAMPLES / "elevenlabs" / name).read_bytes(), as_base64=as_base64)
    assert (status, answer["status"]) == (200, "received")


def test_the_body_of_the_vendors_other_products_is_acknowledged_and_ignored(pipeline: PipelineHarness) -> None:
    body = encoded({"type": "voice_removed", "data": {"voice_id": "v"}})
    assert webhook(pipeline, body) == (200, {"event_id": None, "status": "ignored"})
    assert pipeline.aws.messages(pipeline.aws.analysis_queue) == []


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("", "The ElevenLabs-Signature header is missing."),
        ("t=1,v0=00", "The signature does not match the body."),
        ("nonsense", "The ElevenLabs-Signature header is not of the form t=<unix seconds>,v0=<hex>."),
    ],
)
def test_without_a_right_signature_nothing_is_stored(pipeline: PipelineHarness, header: str, sentence: str) -> None:
    status, answer = webhook(pipeline, header=header)
    assert (status, answer["detail"]) == (401, sentence)
    assert pipeline.call_api("GET", f"/api/events/{CONVERSATION}")["statusCode"] == 404


def test_a_stale_signature_is_refused(pipeline: PipelineHarness) -> None:
    body = encoded(any_webhook())
    assert webhook(pipeline, body, header=signature(body, at=time.time() - 3_700))[0] == 401


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"{", "The body is not valid JSON."),
        (b"{}", "type is missing."),
        (encoded({"type": "post_call_transcription", "data": {}}), "data.conversation_id is missing."),
        (encoded({"type": 5}), "type must be a string."),
    ],
)
def test_a_signed_body_without_what_we_need_is_refused_with_its_reason(
    pipeline: PipelineHarness, body: bytes, sentence: str
) -> None:
    status, answer = webhook(pipeline, body)
    assert (status, answer["detail"], answer["status"]) == (400, sentence, 400)


def test_a_body_over_the_limit_is_refused(pipeline: PipelineHarness) -> None:
    pipeline.set(INTAKE_MAX_BODY_BYTES="2000")
    status, answer = webhook(pipeline, b"x" * 2_001)
    assert (status, answer["detail"]) == (413, "The body has 2001 bytes; at most 2000 are taken.")


def test_a_secret_that_was_just_rotated_is_read_again(pipeline: PipelineHarness) -> None:
    assert webhook(pipeline)[0] == 200
    rotated = json.dumps({"current": "wsec_the_new_secret", "previous": "wsec_the_old_secret"})
    clients.secrets_manager().put_secret_value(SecretId="webhook", SecretString=rotated)
    for number, secret in enumerate(("wsec_the_new_secret", "wsec_the_old_secret")):
        body = encoded(any_webhook(f"conv_{number}"))
        assert webhook(pipeline, body, header=signature(body, secret=secret, at=time.time()))[0] == 200


def test_an_analyze_request_needs_a_token_and_a_right_body(pipeline: PipelineHarness) -> None:
    assert analyze(pipeline, {})[0] == 401
    assert analyze(pipeline, {"Authorization": "Bearer wrong"})[0] == 401
    status, answer = analyze(pipeline, transcript=5)
    assert (status, answer["title"]) == (400, "Bad Request")
    assert answer["detail"].startswith("transcript is missing")


def test_a_wrong_setting_of_ours_is_never_the_senders_fault(pipeline: PipelineHarness) -> None:
    pipeline.set(INTAKE_SIGNATURE_TOLERANCE_SECONDS="soon")
    with pytest.raises(SettingError):  # API Gateway answers 500, and ElevenLabs may try again
        webhook(pipeline)
