"""Where the simulation's index of persons lies: a batch is written item by item, and its worker may die between two."""

from __future__ import annotations

from typing import Any

from tests.support.fakes.dynamodb import MemoryDynamoDb
from tools.verify.simulation.fault_injector import FaultInjector
from tools.verify.simulation.faults import Fault
from tools.verify.simulation.network import WRITE, Network

KEY = b"invented-search-key"
TABLE = "webhook_events"


class SimulatedItems(MemoryDynamoDb):
    """The client that the index's own adapter has here."""

    def __init__(self, network: Network, injector: FaultInjector) -> None:
        super().__init__()
        self._network, self._injector = network, injector

    def batch_write_item(self, *, RequestItems: Any) -> Any:  # noqa: N803 — boto's own name
        """One external call of the running worker."""
        write = super().batch_write_item
        return self._network.call("batch_write", lambda: write(RequestItems=RequestItems), refusals=WRITE)

    def write(self, place: int, request: dict[str, Any]) -> bool:
        """Put or delete one item, unless it is left out. Its worker may be dead before the next."""
        if place:
            self._network.point("within batch_write", Fault.CRASH_WITHIN_BATCH)
        return not self._injector.strikes(Fault.BATCH_UNPROCESSED) and super().write(place, request)
