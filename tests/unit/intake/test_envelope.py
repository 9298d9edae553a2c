"""The webhook's envelope: tolerant of everything but a missing id."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.intake.elevenlabs import TRANSCRIPTION, Ignored, UnknownType, read_envelope
from postcall.domain.errors import Rejected
from postcall.domain.event import IncomingCall
from tests.support.builders import CONVERSATION, SAMPLES, any_webhook, encoded


def read(webhook: Any) -> IncomingCall | Ignored:
    return read_envelope(json.dumps(webhook).encode())


def test_a_transcription_is_a_call_named_by_its_conversation() -> None:
    body = encoded(any_webhook(agent_name="Анна"))
    call = read_envelope(body)
    assert isinstance(call, IncomingCall)
    assert (call.event_id, call.conversation_id, call.agent_id, call.agent_name, call.event_timestamp) == (
        CONVERSATION,
        CONVERSATION,
        "agent_invented",
        "Анна",
        1_793_000_066,
    )
    assert call.body is body
    assert call.excluded_because is None


def test_spans_are_the_same_calls_event() -> None:
    call = read(any_webhook() | {"type": "post_call_transcription_otel"})
    assert isinstance(call, IncomingCall)
    assert (call.event_id, call.type) == (CONVERSATION, "post_call_transcription_otel")


@pytest.mark.parametrize("kind", ["post_call_transcription_redacted", "post_call_", "post_call_transcription_otel2"])
def test_an_unknown_form_of_a_call_is_told_from_what_is_none_of_ours(kind: str) -> None:
    with pytest.raises(UnknownType, match="unknown to this version") as refused:
        read({"type": kind, "data": {"conversation_id": "c"}})
    assert refused.value.conversation_id == "c"
    assert read({"type": kind, "data": {}}) == Ignored(kind, None)


def test_a_failed_initiation_is_recorded_beside_the_conversation_and_is_no_lead() -> None:
    call = read({"type": "call_initiation_failure", "data": {"conversation_id": "c", "failure_reason": "busy"}})
    assert isinstance(call, IncomingCall)
    assert call.event_id == "c:call_initiation_failure"
    assert call.excluded_because == "The call was not set up (busy)."


@pytest.mark.parametrize(
    ("webhook", "event_id"),
    [
        ({"type": "post_call_audio", "data": {"conversation_id": "c", "full_audio": "AA=="}}, "c:post_call_audio"),
        ({"type": "speech_to_text_transcription", "data": {"request_id": "r"}}, None),
        ({"type": "voice_removed"}, None),
        ({"type": "something_new", "data": []}, None),
        ({"type": "something_new", "data": {"conversation_id": 7}}, None),
    ],
)
def test_events_that_are_none_of_ours_are_ignored(webhook: Any, event_id: str | None) -> None:
    assert read(webhook) == Ignored(webhook["type"], event_id)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "The body is not valid JSON."),
        (b"{", "The body is not valid JSON."),
        (b"\xff\xfe{", "The body is not valid JSON."),
        (b"[" * 100_000, "The body is not valid JSON."),
        (b"[]", "The body must be a JSON object."),
        (b"null", "The body must be a JSON object."),
        (b"{}", "type is missing."),
        (b'{"type": 5}', "type must be a string."),
        (b'{"type": " "}', "type must be a string."),
        (b'{"type": "post_call_transcription"}', "data must be an object."),
        (b'{"type": "post_call_transcription", "data": []}', "data must be an object."),
        (b'{"type": "post_call_transcription", "data": {}}', "data.conversation_id is missing."),
        (b'{"type": "post_call_transcription", "data": {"conversation_id": null}}', "data.conversation_id is missing."),
        (
            b'{"type": "post_call_transcription", "data": {"conversation_id": 5}}',
            "data.conversation_id must be a string.",
        ),
        (
            b'{"type": "call_initiation_failure", "data": {"conversation_id": "\\ud800"}}',
            "data.conversation_id must be 1 to 256 bytes of printable characters.",
        ),
        (
            b'{"type": "post_call_transcription", "data": {"conversation_id": "' + b"x" * 257 + b'"}}',
            "data.conversation_id must be 1 to 256 bytes of printable characters.",
        ),
    ],
)
def test_a_body_without_what_we_need_is_refused_in_one_sentence(body: bytes, sentence: str) -> None:
    with pytest.raises(Rejected) as refused:
        read_envelope(body)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("timestamp", "expected"),
    [(1.9, 1), ("17", 17), ("x", None), (None, None), (-1, None), (1e300, None), ([], None), (10**12, None)],
)
def test_the_timestamp_is_a_number_a_text_or_nothing(timestamp: Any, expected: int | None) -> None:
    call = read(any_webhook() | {"event_timestamp": timestamp})
    assert isinstance(call, IncomingCall)
    assert call.event_timestamp == expected


@pytest.mark.parametrize("member", ["agent_id", "agent_name"])
@pytest.mark.parametrize("value", [None, 5, [], "", "a\nb"])
def test_a_strange_optional_member_is_left_out(member: str, value: Any) -> None:
    call = read(any_webhook(**{member: value}))
    assert isinstance(call, IncomingCall)
    assert getattr(call, member) is None


def test_every_sample_of_the_vendor_is_understood() -> None:
    kinds = {
        path.name: read_envelope(path.read_bytes()) for path in sorted((SAMPLES / "elevenlabs").glob("[01]*.json"))
    }
    ignored = {name for name, call in kinds.items() if isinstance(call, Ignored)}
    assert ignored == {"07-post-call-audio.json", "17-other-product-speech-to-text.json"}
    excluded = {name for name, call in kinds.items() if isinstance(call, IncomingCall) and call.excluded_because}
    assert {name[:2] for name in excluded} == {"05", "06"}
    assert len(kinds) == 13


@pytest.mark.parametrize(
    "written",
    [
        lambda text: text.replace("Отдел", "\\ud83d").encode(),  # half of a character outside the basic plane
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace('"Отдел"', "[" * 400 + "]" * 400).encode(),
        lambda text: text.replace('"Отдел"', "NaN").encode(),
    ],
    ids=["lone surrogate", "byte order mark", "UTF-16", "deep", "NaN"],
)
def test_what_the_quick_parser_may_refuse_is_taken_in_all_the_same(written: Callable[[str], bytes]) -> None:
    envelope = {"type": TRANSCRIPTION, "data": {"conversation_id": "conv_1", "agent_name": "Отдел"}}
    call = read_envelope(written(json.dumps(envelope, ensure_ascii=False)))
    assert isinstance(call, IncomingCall)
    assert call.event_id == "conv_1"


TEXTS = st.sampled_from(
    ['"conv_1"', '"conv_2"', '""', "null", "5", "1e400", "1" * 5_000, "NaN", "[1]", '{"a": 1}', '"\\ud83d"']
)
NAMES = st.sampled_from(["conversation_id", "agent_id", "agent_name", "failure_reason", "type", "data", "other"])


def an_object(members: list[tuple[str, str]]) -> str:
    """JSON whose members may come twice."""
    return "{" + ", ".join(f'"{name}": {text}' for name, text in members) + "}"


@given(
    data=st.lists(st.tuples(NAMES, TEXTS), max_size=6),
    twice=st.lists(st.tuples(NAMES, TEXTS), max_size=3),
    tail=st.sampled_from(["", " ", "\x00", "}", ","]),
)
def test_both_parsers_take_in_the_same_and_refuse_the_same(
    data: list[tuple[str, str]], twice: list[tuple[str, str]], tail: str
) -> None:
    kind = [("type", f'"{TRANSCRIPTION}"'), ("event_timestamp", "1")]
    text = an_object([*kind, ("data", an_object(data)), *([("data", an_object(twice))] if twice else [])])
    body = (text + tail).encode()
    with pytest.MonkeyPatch.context() as standard:
        standard.setattr("functions.intake.elevenlabs._parsed", json.loads)
        expected = taken(body)
    assert taken(body) == expected


def taken(body: bytes) -> object:
    """The call, or why it is refused."""
    try:
        return read_envelope(body)
    except Rejected as error:
        return str(error)
