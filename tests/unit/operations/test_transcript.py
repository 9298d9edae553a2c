"""The conversation as the console shows it: counted as the analysis counts it, and patient with every payload."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.analysis.elevenlabs import translate
from functions.operations.usecases.read_transcript import read_transcript
from postcall.domain.errors import Rejected
from postcall.domain.event import Source
from tests.support.builders import SAMPLES, any_event, any_webhook, encoded

FILES = sorted((SAMPLES / "elevenlabs").glob("*.json"))
CALLS = [path for path in FILES if "type" in json.loads(path.read_bytes())]


@pytest.mark.parametrize("path", CALLS, ids=lambda path: path.stem)
def test_turns_are_counted_as_the_analysis_counts_them(path: Any) -> None:
    body, event = path.read_bytes(), any_event()
    shown = read_transcript(event, body)["turns"]
    turns = translate(event, body).turns
    assert [(each["n"], each["speaker"], each["text"], each["at_seconds"]) for each in shown] == [
        (n, turn.speaker.value, turn.text, turn.at_seconds) for n, turn in enumerate(turns)
    ]


def test_a_call_of_our_own_systems_is_shown_alike() -> None:
    body = json.dumps({"event_id": "1", "transcript": "Агент: Добрый день.\nКлиент: Хочу купить."}).encode()
    assert read_transcript(any_event(source=Source.API), body) == {
        "turns": [
            {"n": 0, "speaker": "agent", "text": "Добрый день.", "at_seconds": None},
            {"n": 1, "speaker": "user", "text": "Хочу купить.", "at_seconds": None},
        ],
        "vendor": {},
    }


def test_the_vendors_own_view_stands_beside_it() -> None:
    webhook = any_webhook(metadata={"call_duration_secs": 66, "termination_reason": "client hung up"})
    vendor = read_transcript(any_event(), encoded(webhook))["vendor"]
    assert vendor == {
        "summary": "Клиент хочет купить квартиру.",
        "successful": "success",
        "call_status": "done",
        "duration_seconds": 66,
        "termination_reason": "client hung up",
    }


def test_an_interrupted_turn_says_so() -> None:
    turns = [{"role": "agent", "message": "Мы", "original_message": "Мы рады", "interrupted": True}]
    (turn,) = read_transcript(any_event(), encoded(any_webhook(transcript=turns)))["turns"]
    assert (turn["text"], turn["interrupted"]) == ("Мы", True)


def test_bytes_that_are_no_json_are_refused_in_one_sentence() -> None:
    with pytest.raises(Rejected, match="not JSON"):
        read_transcript(any_event(), b"{")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["role", "message", "x"]), inner),
    max_leaves=8,
)


@given(JSON, JSON, JSON)
def test_whatever_a_payload_holds_something_can_be_shown(transcript: Any, analysis: Any, metadata: Any) -> None:
    webhook = any_webhook(transcript=transcript, analysis=analysis, metadata=metadata)
    assert set(read_transcript(any_event(), encoded(webhook))) == {"turns", "vendor"}
