"""ElevenLabs in the simulation: calls end, webhooks are sent, repeated by its schedule, dropped, late or forged."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from postcall.domain.event_id import INITIATION_FAILURE
from postcall.domain.quarantine import Kind, quarantined
from tests.support.fakes.crm import Crash
from tools.simulators.elevenlabs.signing import signature
from tools.verify.simulation.faults import Fault
from tools.verify.simulation.kernel import MINUTE, SECOND, SimulationClock
from tools.verify.simulation.parts import Parts
from tools.verify.simulation.promises import Broken, Promise
from tools.verify.simulation.steps import Steps

TRANSCRIPTION = "post_call_transcription"
RETRIES = (0, 30 * SECOND, 2 * MINUTE, 8 * MINUTE, 30 * MINUTE)  # docs/contracts/elevenlabs.md, "Delivery"
ANSWER_TIMEOUT = 20 * SECOND
RETRIED = frozenset({408, 429, 500, 502, 503, 504})


@dataclass
class VoiceCall:
    """One call as ElevenLabs has it. It is `missed` when no webhook of it was acknowledged and none will come."""

    event_id: str
    kind: str
    body: bytes
    ended_at: int
    acknowledged: bool = False
    missed: bool = False

    @property
    def is_conversation(self) -> bool:
        """Whether somebody spoke: a call that was not set up is no conversation in ElevenLabs' list."""
        return self.kind == TRANSCRIPTION


@dataclass
class Delivery:
    """One try to deliver. `answer` is the status that reached ElevenLabs."""

    call: VoiceCall
    number: int
    answer: int | None = None


class ElevenLabs:
    """The sender. `calls` are the genuine ones."""

    def __init__(self, parts: Parts, steps: Steps, *, seed: str, forged: Callable[[str], None]) -> None:
        self.calls: list[VoiceCall] = []
        self._parts, self._steps, self._forged = parts, steps, forged
        self._random = Random(f"{seed}/elevenlabs")  # noqa: S311 — reproducible on purpose
        self._retries = RETRIES if self._random.random() < 0.7 else ()  # off by default at ElevenLabs
        self._clock = SimulationClock(parts.kernel)

    def call_ends(self) -> None:
        """A call ends, and its webhook is due."""
        name = f"conv_{len(self.calls) + 1}"
        kind = TRANSCRIPTION if self._random.random() < 0.9 else INITIATION_FAILURE
        event_id = name if kind == TRANSCRIPTION else f"{name}:{INITIATION_FAILURE}"
        call = VoiceCall(event_id, kind, _body(kind, name, "first", self._seconds), self._parts.kernel.now)
        self.calls.append(call)
        injector = self._parts.injector
        if injector.strikes(Fault.FORGED_WEBHOOK):
            self._forge()
        if injector.strikes(Fault.WEBHOOK_DROPPED):
            call.missed = True
            self._parts.event_log.tell(event_id, Fault.WEBHOOK_DROPPED.meaning)
            return
        late = injector.between(Fault.WEBHOOK_LATE, 10, 600) * MINUTE if injector.strikes(Fault.WEBHOOK_LATE) else 0
        self._parts.kernel.later(late, lambda: self._deliver(Delivery(call, 0)))

    def _deliver(self, delivery: Delivery) -> None:
        if self._parts.injector.lasts(Fault.DOOR_CLOSED):
            self._hear(delivery, self._parts.injector.one_of(Fault.DOOR_CLOSED, (429, 503, 500)))
            return
        sent, kernel = delivery.call.body, self._parts.kernel
        header = self._signed(sent)
        seconds = self._parts.environment.functions["intake"].timeout_seconds
        kernel.start(lambda: self._at_the_door(delivery, sent, header), seconds=seconds)
        kernel.later(ANSWER_TIMEOUT, lambda: self._hear(delivery, None))

    def _at_the_door(self, delivery: Delivery, sent: bytes, header: str) -> None:
        right = self._parts.secret_is_right
        try:
            status = self._steps.intake.webhook(sent, header, is_vendors=True)
        except Crash:
            status = 502
        self._parts.alarms.flush()
        right = right and self._parts.secret_is_right
        self._check(delivery.call, status, sent, header, right=right)
        lost = self._parts.injector.strikes(Fault.WEBHOOK_ANSWER_LOST)
        self._hear(delivery, None if lost else status)

    def _check(self, call: VoiceCall, status: int, sent: bytes, header: str, *, right: bool) -> None:
        if status == 200 and call.event_id not in self._parts.store.events:
            raise Broken(Promise.ACKNOWLEDGED_IS_STORED, call.event_id, "200, and it is not stored")
        if 400 <= status < 500 and right:
            raise Broken(Promise.GENUINE_IS_TAKEN, call.event_id, f"a genuine webhook got {status}")
        entry = quarantined(Kind.SIGNATURE, "", sent, signature=header, now=self._clock.now())
        if 400 <= status < 500 and entry.quarantine_id not in self._parts.refused.entries:
            raise Broken(Promise.REFUSED_IS_PUT_ASIDE, call.event_id, f"{status}, and it is not in the quarantine")

    def _hear(self, delivery: Delivery, status: int | None) -> None:
        """What ElevenLabs makes of the answer, or of none."""
        if delivery.answer is not None:
            return
        delivery.answer = status or 408
        call, event_log = delivery.call, self._parts.event_log
        if status == 200:
            call.acknowledged, call.missed = True, False
            self._again(call)
            return
        event_log.tell(call.event_id, f"delivery {delivery.number + 1} got {status or 'no answer'}")
        more = call.kind == TRANSCRIPTION and delivery.number < len(self._retries)
        if more and delivery.answer in RETRIED:
            wait = int(self._retries[delivery.number] * self._random.uniform(1.0, 1.1))
            self._parts.kernel.later(wait, lambda: self._deliver(Delivery(call, delivery.number + 1)))
        elif not call.acknowledged:
            call.missed = True

    def _again(self, call: VoiceCall) -> None:
        """ElevenLabs may deliver once more what was acknowledged, the same or analysed anew."""
        injector = self._parts.injector
        for fault in (Fault.WEBHOOK_REPEATED, Fault.WEBHOOK_REVISED):
            if injector.strikes(fault):
                if fault is Fault.WEBHOOK_REVISED:
                    call.body = _body(
                        call.kind, call.event_id.partition(":")[0], f"{self._parts.kernel.now}", self._seconds
                    )
                wait = injector.between(fault, 0, 120) * MINUTE
                self._parts.kernel.later(wait, lambda: self._deliver(Delivery(call, len(RETRIES))))

    def _forge(self) -> None:
        event_id = f"forged_{len(self.calls)}"
        self._forged(event_id)
        sent = _body(TRANSCRIPTION, event_id, "forged", self._seconds)
        header = self._signed(sent, secret="guessed")
        self._parts.kernel.start(lambda: self._swallow(sent, header), seconds=15)

    def _swallow(self, sent: bytes, header: str) -> None:
        try:
            self._steps.intake.webhook(sent, header, is_vendors=False)
        except Crash:
            return
        self._parts.alarms.flush()

    @property
    def _seconds(self) -> int:
        return int(self._clock.now().timestamp())

    def _signed(self, sent: bytes, *, secret: str | None = None) -> str:
        return signature(sent, secret=secret or self._parts.secret, at=self._seconds)


def _body(kind: str, conversation_id: str, edition: str, at: int) -> bytes:
    data = {
        "conversation_id": conversation_id,
        "agent_id": "agent_1",
        "edition": edition,
        "metadata": {"phone_call": {"external_number": "+375290000000"}},
        "transcript": [{"role": "user", "message": f"{conversation_id}@example.com"}],
    }
    return json.dumps({"type": kind, "event_timestamp": at, "data": data}).encode()
