"""The sample call that `run` posts."""

from __future__ import annotations

import json

from tests.support.signatures import signature_fault
from tools.local.sample_call import SAMPLE, fresh_call

NOW = 1_800_000_000


def test_the_signature_holds_for_exactly_these_bytes() -> None:
    call = fresh_call(secret="wsec_test", now=NOW)
    assert signature_fault(call.signature, call.body, secrets=["wsec_test"], now=NOW, tolerance_seconds=60) is None
    assert (
        signature_fault(call.signature, call.body + b" ", secrets=["wsec_test"], now=NOW, tolerance_seconds=60)
        is not None
    )


def test_each_call_has_an_id_of_its_own_in_every_place() -> None:
    first, second = fresh_call(secret="s", now=NOW), fresh_call(secret="s", now=NOW)
    assert first.conversation_id != second.conversation_id
    sample_id = json.loads(SAMPLE.read_text(encoding="utf-8"))["data"]["conversation_id"]
    assert len(first.conversation_id) == len(sample_id)
    assert sample_id not in first.body.decode()
    assert json.loads(first.body)["data"]["conversation_id"] == first.conversation_id


def test_the_call_has_just_ended() -> None:
    sample = json.loads(SAMPLE.read_text(encoding="utf-8"))
    call = json.loads(fresh_call(secret="s", now=NOW).body)
    assert call["event_timestamp"] == NOW
    lasted = sample["event_timestamp"] - sample["data"]["metadata"]["start_time_unix_secs"]
    assert call["data"]["metadata"]["start_time_unix_secs"] == NOW - lasted
    assert call["data"]["transcript"][0]["created_at_unix_ms"] == (NOW - lasted) * 1000
    assert call["data"]["transcript"][3]["message"] == sample["data"]["transcript"][3]["message"]
