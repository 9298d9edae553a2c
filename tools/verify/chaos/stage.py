"""A schedule's stage: its events, what was done to them, and how often the faults really struck."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from postcall.domain.status import Status
from tools.verify.chaos.crm import marked
from tools.verify.chaos.local import RealStack
from tools.verify.chaos.rules import Rule
from tools.verify.chaos.waiting import Unexpected, expect, wait_until

ACKNOWLEDGED = 200
POLL_SECONDS = 0.2
AT_REST = frozenset(Status) - {Status.RECEIVED, Status.ANALYZED, Status.SENDING, Status.RETRYING}


class Stage:
    """What a schedule may do. `injected` counts faults by their words, as the one that made them counts."""

    def __init__(self, stack: RealStack, name: str) -> None:
        self.stack = stack
        self.events: dict[str, frozenset[Status]] = {}  # with the final statuses that the schedule allows
        self.acknowledged: set[str] = set()
        self.injected: Counter[str] = Counter()
        self._name = name

    def event(self, *allowed: Status) -> str:
        """A new event's id, by which the auditor will judge it."""
        event_id = f"{self._name[:24]}-{uuid.uuid4().hex[:10]}"
        self.events[event_id] = frozenset(allowed or {Status.DELIVERED})
        return event_id

    @contextmanager
    def fault(self, words: str, rule: Rule) -> Iterator[None]:
        """The proxy does this for as long as the block lasts.

        Raises:
            Unexpected: It never struck.
        """
        with self.stack.proxy.striking(rule) as strike:
            yield
            struck = strike.count
            self.injected[words] += struck
            expect(struck > 0, f"the proxy struck: {words}")

    def deliver(self, event_id: str, *, retries: bool = True, **members: Any) -> list[int]:
        """A webhook with the vendor's retries, if they are switched on; the statuses of its tries."""
        statuses = self.stack.deliver(event_id, retries=retries, **members)
        if statuses[-1] == ACKNOWLEDGED:
            self.acknowledged.add(event_id)
        return statuses

    def deliver_badly(self, event_id: str, fault: str, *, seconds: float | None = None, once: bool = False) -> None:
        """A webhook of a call whose lead meets a fault of the CRM's."""
        expect(self.deliver(event_id, agent_id=marked(fault, seconds=seconds, once=once))[-1] == ACKNOWLEDGED, "a 200")

    def met_in_the_crm(self, words: str, event_id: str) -> None:
        """Count the CRM's own faults from its journal.

        Raises:
            Unexpected: There were none.
        """
        struck = sum(1 for request in self.stack.crm.requests() if request.event_id == event_id and request.faults)
        self.injected[words] += struck
        expect(struck > 0, f"the CRM met it with: {words}")

    def kill(self, function: str) -> None:
        """SIGKILL the function's processes, as soon as one runs."""
        before = self.injected[f"{function} killed"]

        def killed() -> bool:
            self.injected[f"{function} killed"] += self.stack.kill(function)
            return self.injected[f"{function} killed"] > before

        wait_until(killed, what=f"there is a process of {function} to kill")

    def stands(self, event_id: str, status: Status) -> None:
        """Wait until an event stands at a status."""
        wait_until(
            lambda: self.stack.status(event_id) == status,
            what=f"{event_id} is {status}",
            poll=POLL_SECONDS,
            instead=lambda: self.stack.status(event_id),
        )

    def rests(self, events: Iterable[str] | None = None, *, sweeping: bool = False) -> None:
        """Wait until the events stand at one of the final statuses allowed; `sweeping` as the schedule does it."""
        left = set(self.events if events is None else events)

        def all_rest() -> bool:
            if sweeping:
                self.stack.sweep()
            left.difference_update([one for one in left if self.stack.status(one) in self.events[one]])
            return not left

        wait_until(
            all_rest,
            what=f"{', '.join(self.events)} rest as allowed",
            poll=1.0 if sweeping else POLL_SECONDS,
            instead=lambda: {one: self.stack.status(one) for one in left},
        )

    def record(self, event_id: str) -> dict[str, Any]:
        """The event, its analysis and its attempts, as operators see them.

        Raises:
            Unexpected: A schedule did not go as its sentence says; the text tells what was there instead.
        """
        answer = self.stack.call_api("GET", f"/api/events/{event_id}")
        if not answer.is_success:
            raise Unexpected(f"the operators' API answers {answer.status_code} for {event_id}")
        return dict(answer.json())
