"""The few lines that the simulation writes once more do what the real handlers do: serve, dead-letter, or retry."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from functions.dispatch import handler as dispatch_handler
from functions.dispatch import telemetry
from functions.dispatch.usecases.dispatch import Dispatched
from postcall.domain.errors import Rejected, Unavailable
from postcall.domain.outcome import Outcome, Verdict
from tests.support.fakes.sqs import MemorySqs, Received
from tools.verify.simulation.handling import WORTH_AN_ALARM, alarm_of
from tools.verify.simulation.kernel import SECOND
from tools.verify.simulation.parts import NOT_ASKED, PLAINLY_DOWN
from tools.verify.simulation.simulation import Chosen, Simulation

BODY = '{"event_id": "conv_1"}'
RECEIVES = 3


@dataclass
class Seen:
    """What became of one message."""

    served: bool = True
    dead_letters: list[str] = field(default_factory=list)
    postponed: list[int] = field(default_factory=list)
    sentence: list[tuple[str, int]] = field(default_factory=list)
    abandoned: list[tuple[str, str]] = field(default_factory=list)

    def note(self, event_id: str, *, attempts: int) -> bool:
        """The notice that a person was told."""
        self.sentence.append((event_id, attempts))
        return True

    def abandon(self, event_id: str, *, reason: str, now: object) -> bool:
        """The notice that only a person brings an event on."""
        assert now is not None
        self.abandoned.append((event_id, reason))
        return True


def answer(outcome: Outcome, **members: Any) -> Dispatched:
    return Dispatched("conv_1", "why", 1, Verdict(outcome, "detail"), **members)


RESULTS: dict[str, Dispatched | Exception] = {
    "delivered": answer(Outcome.DELIVERED),
    "nothing to do": Dispatched("conv_1", "The event is delivered."),
    "waits for another worker": Dispatched("conv_1", "Another worker is sending it.", retry=True, retry_in=40.0),
    "the CRM is away": answer(Outcome.UNAVAILABLE, retry=True),
    "the CRM asks for patience": answer(Outcome.UNAVAILABLE, retry=True, retry_in=600.0),
    "refused": answer(Outcome.REJECTED_DATA, dead_letter="refused"),
    "unknown": answer(Outcome.UNKNOWN, dead_letter="unknown"),
    "nobody knows the event": Rejected("The message names an event that is not stored."),
    "the store is away": Unavailable("The event cannot be read."),
    "the circuit is open": Unavailable("The circuit to the CRM is open.", retry_after=60),
}


def real(result: Dispatched | Exception, monkeypatch: pytest.MonkeyPatch) -> Seen:
    """What the real handler does."""
    seen = Seen()
    chosen = SimpleNamespace(
        dispatch_retry_base_seconds=30, dispatch_retry_cap_seconds=3600, dispatch_queue_url="https://queue"
    )

    def serve(_message: object) -> Dispatched:
        if isinstance(result, Exception):
            raise result
        return result

    letters = SimpleNamespace(dead_letter=lambda _body, *, reason: seen.dead_letters.append(reason))
    monkeypatch.setattr(dispatch_handler, "serve", lambda: serve)
    monkeypatch.setattr(dispatch_handler, "load_settings", lambda: chosen)
    monkeypatch.setattr(dispatch_handler, "dead_letters", lambda: letters)
    monkeypatch.setattr(
        dispatch_handler, "pending", lambda: SimpleNamespace(mark_escalated=seen.note, abandon=seen.abandon)
    )
    monkeypatch.setattr(dispatch_handler, "clients", SimpleNamespace(sqs=lambda: None))
    monkeypatch.setattr(telemetry, "count", lambda *_arguments: None)
    monkeypatch.setattr(dispatch_handler, "flush_metrics", lambda: None)
    monkeypatch.setattr("functions.dispatch.handler.random.random", lambda: 0.5)
    monkeypatch.setattr(
        dispatch_handler, "postpone", lambda _sqs, **sentence: seen.postponed.append(sentence["seconds"])
    )
    record = {
        "messageId": "m1",
        "receiptHandle": "r1",
        "body": BODY,
        "attributes": {"ApproximateReceiveCount": str(RECEIVES)},
        "eventSource": "aws:sqs",
    }
    sentence = dispatch_handler.handler({"Records": [record]}, None)
    seen.served = sentence == {"batchItemFailures": []}
    return seen


def simulated(result: Dispatched | Exception, monkeypatch: pytest.MonkeyPatch) -> Seen:
    """What the simulation's lines do."""
    seen = Seen()
    steps = Simulation(Chosen("glue", environment="prod", calm=True)).steps
    parts = steps.parts

    def serve(_message: object) -> Dispatched:
        if isinstance(result, Exception):
            raise result
        return result

    def postpone(_self: MemorySqs, _receipt: str, *, seconds: int) -> None:
        seen.postponed.append(seconds)

    monkeypatch.setattr(steps, "dispatch_one", serve)
    monkeypatch.setattr(parts.store, "mark_escalated", seen.note)
    monkeypatch.setattr(parts.store, "abandon", seen.abandon)
    monkeypatch.setattr(parts.random, "random", lambda: 0.5)
    monkeypatch.setattr(MemorySqs, "postpone", postpone)
    monkeypatch.setattr(MemorySqs, "dead_letter", lambda _self, _body, *, reason: seen.dead_letters.append(reason))
    seen.served = steps.dispatch(Received(BODY, "r1", RECEIVES, {}))
    return seen


@pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS.keys())
def test_dispatch_handles_a_message_as_its_handler_does(
    result: Dispatched | Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert simulated(result, monkeypatch) == real(result, monkeypatch)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_outcome_rings_the_alarm_whose_metric_the_handler_counts(outcome: Outcome) -> None:
    alarms = {"LeadsPartial": "leads-partial", "LeadsRejected": "leads-rejected", "OutcomesUnknown": "outcomes-unknown"}
    assert WORTH_AN_ALARM.get(outcome) == alarms.get(telemetry.METRICS[outcome])
    assert alarm_of(answer(outcome)) == WORTH_AN_ALARM.get(outcome)


def test_the_circuit_counts_what_the_breaker_counts() -> None:
    from functions.dispatch import breaker

    assert breaker.PLAINLY_DOWN == PLAINLY_DOWN
    assert breaker.SAYS_NOTHING <= NOT_ASKED


def test_the_circuit_opens_probes_and_closes() -> None:
    simulation = Simulation(Chosen("glue", environment="prod", calm=True))
    circuit, failures = simulation.parts.circuit, simulation.parts.environment.dispatch.crm_breaker_failures
    for _ in range(failures):
        circuit.guard(lambda: answer(Outcome.UNAVAILABLE))
    with pytest.raises(Unavailable, match="open"):
        circuit.guard(lambda: answer(Outcome.DELIVERED))
    simulation.kernel.now += simulation.parts.environment.dispatch.crm_breaker_recovery_seconds * SECOND
    circuit.guard(lambda: answer(Outcome.DELIVERED))
    circuit.guard(lambda: answer(Outcome.DELIVERED))
