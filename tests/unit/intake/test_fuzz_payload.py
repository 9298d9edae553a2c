"""Thousands of bodies: what is read is kept byte by byte, what is not is refused in a sentence, and that is all."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from functions.intake.elevenlabs import TRANSCRIPTION, Ignored, read_envelope
from functions.intake.usecases import IngestResult, ingest
from postcall.domain.errors import Rejected
from postcall.domain.event import IncomingCall
from postcall.domain.event_id import INITIATION_FAILURE
from tests.support.examples import examples
from tests.support.fakes.clock import HandClock
from tests.support.fakes.persons import MemoryPersons
from tests.support.fakes.queue import MemoryQueue
from tests.support.fakes.store import MemoryStore

CASES = settings(max_examples=examples(800))
texts = st.text(st.characters(), max_size=12)  # lone surrogates too: JSON can smuggle them in
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=5
)
names = ["agent_id", "agent_name", "transcript", "metadata", "analysis", "status", "failure_reason", "brand_new"]
members = st.dictionaries(st.sampled_from(names), anything, max_size=6)
good_ids = st.from_regex(r"conv_[0-9a-z]{28}", fullmatch=True)
types = st.one_of(st.sampled_from([TRANSCRIPTION, INITIATION_FAILURE, "post_call_audio", "voice_removed"]), anything)


@st.composite
def written(draw: st.DrawFn, value: Any) -> bytes:
    """As any server might write it."""
    text = json.dumps(draw(value), ensure_ascii=draw(st.booleans()), indent=draw(st.sampled_from([None, 1])))
    return text.encode("utf-8", "surrogatepass")


genuine = st.fixed_dictionaries(
    {
        "type": st.sampled_from([TRANSCRIPTION, INITIATION_FAILURE]),
        "event_timestamp": anything,
        "data": st.builds(lambda data, conversation: {**data, "conversation_id": conversation}, members, good_ids),
    },
    optional={"brand_new": anything},
)


@CASES
@given(written(genuine))
def test_no_genuine_call_is_lost_whatever_else_it_holds(body: bytes) -> None:
    envelope = json.loads(body)
    call = read_envelope(body)
    assert isinstance(call, IncomingCall)
    assert call.conversation_id == envelope["data"]["conversation_id"]
    store, queue = MemoryStore(), MemoryQueue()
    receipt = ingest(call, events=store, persons=MemoryPersons(), queue=queue, clock=HandClock())
    assert receipt.status is IngestResult.RECEIVED
    assert store.payload(receipt.event_id) == body
    assert len(queue.sent) == (envelope["type"] == TRANSCRIPTION)


@CASES
@given(
    written(st.one_of(anything, st.fixed_dictionaries({"type": types}, optional={"data": anything | members})))
    | st.binary(max_size=300)
)
def test_any_bytes_are_read_or_refused_in_one_sentence(body: bytes) -> None:
    try:
        call = read_envelope(body)
    except Rejected as refused:
        sentence = str(refused)
        assert sentence.endswith(".")
        assert "\n" not in sentence
        assert len(sentence) < 100  # it repeats no value
    else:
        assert isinstance(call, IncomingCall | Ignored)


@CASES
@given(identity=st.one_of(texts, anything))
def test_an_id_is_taken_as_it_is_or_refused(identity: Any) -> None:
    body = json.dumps({"type": TRANSCRIPTION, "data": {"conversation_id": identity}}).encode()
    try:
        call = read_envelope(body)
    except Rejected:
        return
    assert isinstance(call, IncomingCall)
    assert call.event_id == identity
    assert call.event_id.isprintable()
    assert len(call.event_id.encode()) <= 256
