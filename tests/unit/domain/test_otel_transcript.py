"""Spans become the first form of the transcript, whatever they lack; and the other form stays as it is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postcall.domain.otel_transcript import first_form
from tests.support.builders import SAMPLES, any_webhook

SECOND = 10**9
NAMES = {"u": "elevenlabs.recv.user_transcript", "a": "elevenlabs.recv.agent_response", "c": "elevenlabs.conversation"}


def attribute(key: str, value: Any) -> dict[str, Any]:
    kinds = {str: "stringValue", bool: "boolValue", int: "intValue", float: "doubleValue"}
    return {"key": f"elevenlabs.{key}", "value": {kinds[type(value)]: value}}


def span(who: str, at: Any = None, **attributes: Any) -> dict[str, Any]:
    """A span of `u`, `a` or `c`, so many seconds after the call's begin; `__` in a key is a full stop."""
    rows = [attribute(key.replace("__", "."), value) for key, value in attributes.items()]
    start = {} if at is None else {"startTimeUnixNano": (1_000 + at) * SECOND}
    return {"name": NAMES[who], "attributes": rows, **start}


def data(*spans: Any) -> dict[str, Any]:
    """The payload's data around these spans."""
    return {"conversation_id": "c", "otlp_traces": {"resourceSpans": [{"scopeSpans": [{"spans": list(spans)}]}]}}


def said(*spans: Any) -> list[tuple[str, Any, Any]]:
    """Who said what when."""
    turns = first_form(data(*spans))["transcript"]
    return [(turn["role"], turn["message"], turn["time_in_call_secs"]) for turn in turns]


def test_the_sample_reads_like_the_first_form() -> None:
    sample = json.loads((SAMPLES / "elevenlabs" / "18-otel-transcript.json").read_text("utf-8"))
    found = first_form(sample["data"])
    assert found["conversation_id"] == "conv_5000000000000000000000000018"
    assert found["transcript"] == [
        {"role": "agent", "message": "Здравствуйте, чем помочь?", "time_in_call_secs": 1},
        {"role": "user", "message": "Хочу купить двухкомнатную квартиру", "time_in_call_secs": 3},
    ]
    assert found["metadata"] == {
        "call_duration_secs": 60,
        "termination_reason": "Client disconnected: 1000",
        "phone_call": {"external_number": "+375291234567"},
    }
    assert found["analysis"]["transcript_summary"] == "Клиент хочет купить квартиру."
    variables = found["conversation_initiation_client_data"]["dynamic_variables"]
    assert variables == {"system__caller_id": "+375291234567", "returning": True, "discount": 2.5}


def test_the_first_form_stays_as_it_is() -> None:
    webhook = any_webhook()
    assert first_form(webhook["data"]) is webhook["data"]


def test_the_turns_number_decides_the_order_and_the_time_where_there_is_none() -> None:
    spans = (
        span("u", at=9, user__text="third", turn__index="3"),
        span("a", at=5, agent__text="second", turn__index=2),
        span("a", at=7, agent__text="between, without a number"),
        span("u", at=2, user__text="first", turn__index="1"),
    )
    assert [text for _, text, _ in said(*spans)] == ["first", "second", "between, without a number", "third"]
    swapped = (span("u", at=5, user__text="b", turn__index=2), span("a", at=6, agent__text="a", turn__index=1))
    assert [text for _, text, _ in said(*swapped)] == ["a", "b"]


def test_times_count_from_the_conversations_own_begin() -> None:
    assert said(span("c", at=0), span("u", at=3, user__text="да"), span("u", user__text="нет")) == [
        ("user", "да", 3),
        ("user", "нет", None),
    ]


def test_spans_without_content_are_turns_without_words() -> None:
    assert said(span("a", at=1, turn__index=0), span("u", at=2, turn__index=1)) == [
        ("agent", None, None),
        ("user", None, None),
    ]


@pytest.mark.parametrize("value", [60_000, "60000"])
def test_a_whole_number_comes_as_a_number_or_as_a_text(value: Any) -> None:
    root = span("c") | {"attributes": [{"key": "elevenlabs.session.duration_ms", "value": {"intValue": value}}]}
    assert first_form(data(root))["metadata"]["call_duration_secs"] == 60


@pytest.mark.parametrize("value", ["many", "9" * 5_000, True, None, [], float("nan")])
def test_what_is_no_number_counts_as_not_said(value: Any) -> None:
    root = span("c") | {"attributes": [{"key": "elevenlabs.session.duration_ms", "value": {"intValue": value}}]}
    assert first_form(data(root))["metadata"]["call_duration_secs"] is None


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(_JSON | st.fixed_dictionaries({"name": st.sampled_from(sorted(NAMES.values())), "attributes": _JSON})))
def test_no_span_breaks_the_reading(spans: list[Any]) -> None:
    assert first_form(data(*spans))["conversation_id"] == "c"


@given(_JSON)
def test_no_traces_break_the_reading(traces: Any) -> None:
    assert first_form({"otlp_traces": {"resourceSpans": traces}}) is not None
