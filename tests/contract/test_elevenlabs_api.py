"""The client of ElevenLabs' API against the simulated one: pages, windows, patience, and every way it can fail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.reconciliation.elevenlabs_api import ElevenLabsApi, read_api_key
from functions.reconciliation.elevenlabs_http import Account, ElevenLabsHttp, Time
from functions.reconciliation.usecases import Conversation, Progress
from postcall.domain.errors import Rejected, Unavailable
from tests.support.fakes.clock import START
from tests.support.fakes.raw_server import RawServer, answer, sends
from tools.simulators.elevenlabs import ElevenLabsSimulator

DAY = timedelta(days=1)


@dataclass
class Lapse:
    """Time that passes by hand, or while somebody sleeps."""

    at: float = START.timestamp()
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds


@pytest.fixture
def lapse() -> Lapse:
    return Lapse()


@pytest.fixture
def el() -> Iterator[ElevenLabsSimulator]:
    with ElevenLabsSimulator(webhook_url="https://calls.example.com/webhooks/elevenlabs", now=START.timestamp) as ready:
        yield ready


@contextmanager
def client(
    el: ElevenLabsSimulator, lapse: Lapse, *, key: str = "", seconds: float = 30, **limits: Any
) -> Iterator[Any]:
    time = Time(lambda: lapse.at, lapse.sleep)
    yield ElevenLabsApi(ElevenLabsHttp(Account(el.api_url, key or el.api_key), seconds=seconds, time=time), **limits)


def listed(api: ElevenLabsApi, since: datetime = START - 2 * DAY, until: datetime = START) -> list[Conversation]:
    return [each for page in api.started_between(since, until) for each in page]


def ids(found: list[Conversation]) -> list[str]:
    return [each.conversation_id for each in found]


def test_a_long_list_comes_whole_page_by_page_the_newest_first(el: ElevenLabsSimulator, lapse: Lapse) -> None:
    made = [el.add(f"conv_{number:03d}", ago=100 + number) for number in range(230)]
    with client(el, lapse) as api:
        assert ids(listed(api)) == made
    assert len(el.requests()) == 3
    assert all("page_size=100" in request for request in el.requests())


def test_a_row_is_read_in_our_words(el: ElevenLabsSimulator, lapse: Lapse) -> None:
    el.add("c1", ago=600, seconds=120, agent_id="agent_7")
    with client(el, lapse) as api:
        (found,) = listed(api)
    began = START - timedelta(seconds=600)
    assert found == Conversation("c1", Progress.FINISHED, began, began + timedelta(seconds=120), "agent_7")


@pytest.mark.parametrize(
    ("status", "progress"),
    [
        ("initiated", Progress.UNDER_WAY),
        ("in-progress", Progress.UNDER_WAY),
        ("processing", Progress.PROCESSING),
        ("done", Progress.FINISHED),
        ("failed", Progress.FINISHED),
    ],
)
def test_every_status_of_the_vendor_is_understood(
    el: ElevenLabsSimulator, lapse: Lapse, status: str, progress: Progress
) -> None:
    el.add(status=status)
    with client(el, lapse) as api:
        assert [each.progress for each in listed(api)] == [progress]


def test_a_status_that_is_new_is_waited_for(el: ElevenLabsSimulator, lapse: Lapse) -> None:
    el.change(el.add(), status="dreaming")
    with client(el, lapse) as api:
        assert [each.progress for each in listed(api)] == [Progress.UNDER_WAY]


def test_the_window_holds_its_beginning_and_not_its_end(el: ElevenLabsSimulator, lapse: Lapse) -> None:
    for ago in (3601, 3600, 3599, 1, 0):
        el.add(f"c{ago}", ago=ago)
    with client(el, lapse) as api:
        assert ids(listed(api, START - timedelta(hours=1), START)) == ["c3600", "c3599", "c1"][::-1]


def test_only_agents_that_are_ours_are_listed(el: ElevenLabsSimulator, lapse: Lapse) -> None:
    for agent in ("a1", "a2", "a3"):
        el.add(f"of_{agent}", agent_id=agent)
    with client(el, lapse, agent_ids=["a1", "a3"]) as api:
        assert ids(listed(api)) == ["of_a1", "of_a3"]


def test_calls_from_before_we_began_are_none_of_ours(el: ElevenLabsSimulator, lapse: Lapse) -> None:
    el.add("before", ago=7200)
    el.add("after", ago=60)
    with client(el, lapse, not_before=START - timedelta(hours=1)) as api:
        assert ids(listed(api)) == ["after"]
        assert listed(api, START - DAY, START - timedelta(hours=2)) == []


def test_a_row_without_times_is_not_lost() -> None:
    row = {"conversation_id": "c1", "status": "done"}
    body = json.dumps({"conversations": [row, {}, 5], "has_more": False}).encode()
    with RawServer(sends(answer(body))) as server:
        account, clock = Account(server.url, "sk"), Time(START.timestamp, lambda _: None)
        (found,) = listed(ElevenLabsApi(ElevenLabsHttp(account, seconds=30, time=clock)))
    assert (found.conversation_id, found.started_at, found.ended_at) == ("c1", START - 2 * DAY, START - 2 * DAY)


def test_a_conversation_comes_as_the_webhook_that_was_missed(el: ElevenLabsSimulator, lapse: Lapse) -> None:
    el.add("c1", ago=600, seconds=120)
    with client(el, lapse) as api:
        envelope = api.envelope("c1")
    assert envelope["type"] == "post_call_transcription"
    assert envelope["event_timestamp"] == int(START.timestamp()) - 480
    assert envelope["data"] == el.whole("c1")


def test_a_conversation_that_is_gone_is_none(el: ElevenLabsSimulator, lapse: Lapse) -> None:
    with client(el, lapse) as api:
        assert api.envelope("nobody/../x") is None


@pytest.mark.parametrize(
    ("result", "transcript", "direction", "kind"),
    [
        ("no_answer", [], "outbound", "call_initiation_failure"),
        ("busy", [], "outbound", "call_initiation_failure"),
        ("failed", [], "outbound", "call_initiation_failure"),
        ("no_answer", [], "inbound", "post_call_transcription"),
        ("voicemail", [], "outbound", "post_call_transcription"),
        ("answered", [], "outbound", "post_call_transcription"),
        ("failed", [{"role": "user", "message": "Алло?"}], "outbound", "post_call_transcription"),
        (None, [], "outbound", "post_call_transcription"),
    ],
)
def test_a_call_out_that_nobody_answered_is_a_failure_and_no_lead(  # noqa: PLR0917 — one case a line
    el: ElevenLabsSimulator, lapse: Lapse, result: str | None, transcript: list[Any], direction: str, kind: str
) -> None:
    el.add("c1", transcript=transcript)
    el.whole("c1")["metadata"]["phone_call"] |= {"call_result": result, "direction": direction}
    with client(el, lapse) as api:
        assert api.envelope("c1")["type"] == kind


def test_too_many_requests_are_waited_out_as_long_as_was_asked(el: ElevenLabsSimulator, lapse: Lapse) -> None:
    el.add("c1")
    el.fail_next("http_429", 2, 7)
    with client(el, lapse) as api:
        assert ids(listed(api)) == ["c1"]
    assert lapse.slept == [7, 7]


def test_without_a_time_the_waits_grow(el: ElevenLabsSimulator, lapse: Lapse) -> None:
    el.fail_next("http_429", 3)
    with client(el, lapse) as api:
        listed(api)
    assert lapse.slept == [1, 2, 4]


def test_a_wait_beyond_the_deadline_ends_the_run(el: ElevenLabsSimulator, lapse: Lapse) -> None:
    el.fail_next("http_429", 1, 600)
    with client(el, lapse) as api, pytest.raises(Unavailable) as ended:
        listed(api)
    assert (str(ended.value), ended.value.retry_after) == ("ElevenLabs asks us to come back later.", 600)
    assert lapse.slept == []


def test_all_requests_together_have_one_deadline(el: ElevenLabsSimulator, lapse: Lapse) -> None:
    for number in range(150):
        el.add(ago=number + 60)
    with client(el, lapse) as api:
        pages = api.started_between(START - DAY, START)
        assert len(next(pages)) == 100
        lapse.at += 31
        with pytest.raises(Unavailable, match="too much to answer"):
            next(pages)


@pytest.mark.parametrize(
    ("fault", "error", "sentence"),
    [
        ("http_500", Unavailable, "ElevenLabs is not available (HTTP 500)."),
        ("http_503", Unavailable, "ElevenLabs is not available (HTTP 503)."),
        ("not_json", Unavailable, "ElevenLabs' answer is not JSON."),
        ("cut", Unavailable, "ElevenLabs cannot be reached (closed without an answer)."),
        (
            "http_401",
            Rejected,
            "ElevenLabs refuses the API key, or the key lacks a permission (HTTP 401).",
        ),
    ],
)
def test_every_failure_is_one_sentence_that_says_whether_later_helps(
    el: ElevenLabsSimulator, lapse: Lapse, fault: str, error: type[Exception], sentence: str
) -> None:
    el.fail_next(fault)
    with client(el, lapse) as api, pytest.raises(error) as raised:
        listed(api)
    assert str(raised.value) == sentence


def test_a_wrong_key_is_told_and_not_shown(el: ElevenLabsSimulator, lapse: Lapse) -> None:
    with client(el, lapse, key="sk_wrong") as api, pytest.raises(Rejected) as refused:
        listed(api)
    assert "sk_wrong" not in str(refused.value)


def test_a_list_that_does_not_end_is_no_list(el: ElevenLabsSimulator, lapse: Lapse) -> None:
    el.fail_next("endless_cursor", 5)
    with client(el, lapse) as api, pytest.raises(Unavailable, match="cursor"):
        listed(api)


def test_nobody_listens(el: ElevenLabsSimulator, lapse: Lapse) -> None:
    with ElevenLabsSimulator() as gone:
        pass
    with client(gone, lapse, key=el.api_key) as api, pytest.raises(Unavailable, match="cannot be reached"):
        listed(api)


def test_a_slow_drip_ends_at_the_deadline(el: ElevenLabsSimulator) -> None:
    import time

    for _ in range(50):
        el.add()
    el.fail_next("drip", 1, 0.01)
    begun = time.monotonic()
    clock = Time(time.time, time.sleep)
    api = ElevenLabsApi(ElevenLabsHttp(Account(el.api_url, el.api_key), seconds=0.3, time=clock))
    with pytest.raises(Unavailable):
        listed(api)
    assert time.monotonic() - begun < 5


def test_the_webhooks_come_as_they_are(el: ElevenLabsSimulator, lapse: Lapse) -> None:
    el.point_to(is_auto_disabled=True, retry_enabled=True)
    with client(el, lapse) as api:
        (row,) = api.webhooks()
    assert (row["is_auto_disabled"], row["retry_enabled"], row["usage"]) == (
        True,
        True,
        [{"usage_type": "ConvAI Settings"}],
    )


@pytest.mark.parametrize(
    ("secret", "key"),
    [('{"api_key": "sk_1"}', "sk_1"), ("sk_1\n", "sk_1"), ('{"api_key": ""}', ""), ("", ""), ("{}", ""), ("17", "17")],
)
def test_the_key_stands_in_its_secret_in_either_form(secret: str, key: str) -> None:
    assert read_api_key(secret) == key
