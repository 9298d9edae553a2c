"""Reconciliation in the simulation: what was never delivered is fetched, and each day is accounted for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from functions.intake.elevenlabs import Ignored, read_envelope
from functions.reconciliation import usecases as reconciliation
from functions.reconciliation.usecases.conversation import Conversation, Progress
from functions.reconciliation.usecases.reconcile import IngestResult, Reconciled
from postcall.domain.errors import Unavailable
from postcall.domain.event import Source
from postcall.domain.ledger import Ledger
from postcall.domain.zone import operators_zone
from tests.support.fakes.clock import START
from tests.support.fakes.states import MemoryStates
from tools.verify.simulation.elevenlabs import ElevenLabs, VoiceCall
from tools.verify.simulation.faults import Fault
from tools.verify.simulation.parts import Parts
from tools.verify.simulation.steps import Steps
from tools.verify.simulation.store import Port

TALK = timedelta(minutes=3)
PAGE = 2


class ReconciliationDriver:
    """Both commands, each as one invocation of the reconciliation function. `has_key` is the key of ElevenLabs' API."""

    def __init__(self, parts: Parts, steps: Steps, sender: ElevenLabs, *, has_key: bool) -> None:
        self.has_key = has_key
        self.ledgers: dict[date, Ledger] = {}
        self._parts, self._steps, self._sender = parts, steps, sender
        self._states: Any = Port(MemoryStates(parts.store), parts.network, parts.injector)

    @property
    def unknown(self) -> bool:
        """Whether ElevenLabs has a call that we shall find missing."""
        events = self._parts.store.events
        return self.has_key and any(call.event_id not in events for call in self._listed)

    def reconcile(self) -> Reconciled:
        """Search the last days.

        Raises:
            Unavailable: An injected fault keeps it from answering.
        """
        settings = self._parts.environment.reconciliation
        return reconciliation.reconcile(
            since=self._parts.clock.now() - timedelta(hours=settings.reconciliation_lookback_hours),
            dry_run=False,
            conversations=self,
            known=self._states,
            intake=self,
            grace_period=timedelta(seconds=settings.reconciliation_webhook_grace_seconds),
            clock=self._parts.clock,
        )

    def account(self, day: date) -> Ledger:
        """Make a day's ledger and keep it.

        Raises:
            Unavailable: An injected fault keeps it from answering.
        """
        self.ledgers[day] = reconciliation.make_ledger(
            day,
            zone=operators_zone(),
            conversations=self,
            states=self._states,
            received=self,
            grace_period=timedelta(seconds=self._parts.environment.reconciliation.reconciliation_webhook_grace_seconds),
            clock=self._parts.clock,
        )
        return self.ledgers[day]

    @property
    def days(self) -> list[date]:
        """The days on which calls began."""
        return sorted({_row(call).started_at.astimezone(operators_zone()).date() for call in self._listed})

    # the ports

    def started_between(self, since: datetime, until: datetime) -> Iterator[list[Conversation]]:
        """The list, as ElevenLabs gives it: the newest first, page by page."""
        rows = [_row(call) for call in self._listed]
        rows = sorted((row for row in rows if since <= row.started_at < until), key=lambda row: row.started_at)
        rows.reverse()
        for first in range(0, max(1, len(rows)), PAGE):
            yield self._ask("list", rows[first : first + PAGE])

    def envelope(self, conversation_id: str) -> dict[str, Any] | None:
        """The details, as a webhook."""
        call = next((call for call in self._listed if call.event_id == conversation_id), None)
        found: dict[str, Any] | None = self._ask("details", None if call is None else json.loads(call.body))
        return found

    def ingest(self, envelope: dict[str, Any]) -> IngestResult:
        """The call of intake's function."""
        body = json.dumps(envelope).encode()

        def invoked() -> IngestResult:
            call = read_envelope(body, source=Source.RECONCILIATION)
            if isinstance(call, Ignored):
                return IngestResult("ignored")
            return IngestResult(self._steps.intake.ingest(call).status)

        return self._parts.network.call("intake", invoked)

    def conversations_between(self, begin: datetime, end: datetime) -> Iterable[str]:
        """What we received."""
        events = self._parts.store.events.values()
        return [event.event_id for event in events if begin <= event.received_at < end and ":" not in event.event_id]

    @property
    def _listed(self) -> list[VoiceCall]:
        """Calls that were not set up are no conversations."""
        return [call for call in self._sender.calls if call.is_conversation]

    def _ask(self, what: str, answer: Any) -> Any:
        if self._parts.injector.lasts(Fault.ELEVENLABS_AWAY):
            raise Unavailable("ElevenLabs is away.")
        return self._parts.network.call(f"elevenlabs.{what}", lambda: answer)


def _row(call: VoiceCall) -> Conversation:
    ended = START + timedelta(milliseconds=call.ended_at)
    return Conversation(call.event_id, Progress.FINISHED, ended - TALK, ended, "agent_1")
