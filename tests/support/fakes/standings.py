"""How things stand for a message of the dispatch queue, from the store in memory."""

from __future__ import annotations

from collections.abc import Callable

from postcall.domain.circuit import Circuit
from postcall.domain.errors import Unavailable
from postcall.domain.standing import Standing
from tests.support.fakes.circuits import MemoryCircuits
from tests.support.fakes.store import MemoryStore


class MemoryStandings:
    """A store's, with a circuit beside it."""

    def __init__(self, store: MemoryStore, circuits: MemoryCircuits | None = None) -> None:
        self._store, self._circuits = store, circuits or MemoryCircuits()

    def standing(self, event_id: str, *, between: Callable[[], None] = lambda: None) -> Standing:
        """A batch reads its items one by one: `between` is what happens between the analysis and the event."""
        first = self._store.first(event_id)
        between()
        event = self._store.get(event_id)
        circuit = self._circuit()
        if event is None:
            return Standing(None, None, circuit)
        is_surely_newest = first is not None and event.reanalysis is None
        return Standing(event, first if is_surely_newest else self._store.latest(event_id), circuit)

    def _circuit(self) -> Circuit | None:
        try:
            return self._circuits.get()
        except Unavailable:
            return None
