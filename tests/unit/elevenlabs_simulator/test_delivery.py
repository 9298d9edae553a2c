"""The simulated ElevenLabs delivers as the real one does: signed, once, retried only where that is switched on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from functions.intake.signature import SignatureFault
from tests.support.builders import SECRET
from tests.support.fakes.clock import START
from tests.support.signatures import signature_fault
from tools.simulators.elevenlabs import ElevenLabsSimulator
from tools.simulators.elevenlabs.conversations import WrongConversation
from tools.simulators.elevenlabs.delivery import How, Signed


class Receiver:
    """Answers as told, and judges each signature as intake does."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.got: list[Signed] = []

    def take(self, _url: str, message: Signed) -> int:
        self.got.append(message)
        return self.statuses.pop(0) if self.statuses else 200

    def faults(self) -> list[SignatureFault | None]:
        now = START.timestamp()
        return [
            signature_fault(each.header, each.body, secrets=[SECRET], now=now, tolerance_seconds=3_600)
            for each in self.got
        ]


Make = Callable[[Receiver], ElevenLabsSimulator]


@pytest.fixture
def simulator() -> Iterator[Make]:
    """Makes simulators that deliver to a receiver, and closes them."""
    with ExitStack() as opened:

        def make(receiver: Receiver) -> ElevenLabsSimulator:
            made = ElevenLabsSimulator(
                post=receiver.take, now=START.timestamp, webhook_url="http://127.0.0.1/w", webhook_secret=SECRET
            )
            return opened.enter_context(made)

        yield make


@pytest.mark.parametrize(
    ("how", "faults"),
    [
        ("normal", [None]),
        ("duplicate", [None, None]),
        ("late", [None]),
        ("stale", [SignatureFault.STALE]),
        ("forged", [SignatureFault.MISMATCH]),
        ("drop", []),
    ],
)
def test_each_way_of_delivery_is_what_its_name_says(
    simulator: Make, how: How, faults: list[SignatureFault | None]
) -> None:
    receiver = Receiver()
    el = simulator(receiver)
    conversation_id = el.call(how)
    assert receiver.faults() == faults
    assert all(json.loads(each.body)["data"]["conversation_id"] == conversation_id for each in receiver.got)
    assert el.deliveries[0].conversation_id == conversation_id


def test_a_failure_is_final_while_retries_are_off(simulator: Make) -> None:
    receiver = Receiver(503)
    el = simulator(receiver)
    el.call()
    assert [each.status for each in el.deliveries] == [503]


@pytest.mark.parametrize(
    ("statuses", "attempts"), [([503, 500, 200], 3), ([429, 408, 0, 503, 503, 503], 5), ([401], 1), ([400], 1)]
)
def test_with_retries_only_what_may_pass_is_tried_again_five_times_at_most(
    simulator: Make, statuses: list[int], attempts: int
) -> None:
    receiver = Receiver(*statuses)
    el = simulator(receiver)
    el.point_to(retry_enabled=True)
    el.call()
    assert len(el.deliveries) == attempts
    assert len({each.body for each in receiver.got}) == 1


def test_ten_failures_running_without_a_success_switch_the_webhook_off(simulator: Make) -> None:
    el = simulator(Receiver(*[401] * 10))
    for _ in range(11):
        el.call()
    assert el.workspace.webhook.is_auto_disabled
    assert [each.status for each in el.deliveries] == [401] * 10 + [None]
    shown = el.workspace.webhook.shown(with_usage=False)
    assert (shown["most_recent_failure_error_code"], shown["most_recent_failure_timestamp"]) == (
        401,
        int(START.timestamp()),
    )


def test_a_success_of_this_week_keeps_it_on(simulator: Make) -> None:
    el = simulator(Receiver(200, *[500] * 20))
    for _ in range(21):
        el.call()
    assert not el.workspace.webhook.is_auto_disabled


def test_what_is_no_conversation_is_one_sentence(simulator: Make) -> None:
    el = simulator(Receiver())
    with pytest.raises(WrongConversation, match="there is no such conversation"):
        el.deliver("nobody")
    with pytest.raises(WrongConversation, match="status is none of"):
        el.add(status="dreaming")
    with pytest.raises(WrongConversation, match="a webhook has no colour"):
        el.point_to(colour="red")
