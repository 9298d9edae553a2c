"""What dispatch reads of a message's event: the event, its analysis and the circuit to the CRM, in one request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from postcall.aws.analysis_table import FIRST_REVISION, AnalysisTable, read_recorded
from postcall.aws.batch_read import read_together
from postcall.aws.circuit_table import CRM, read_circuit
from postcall.aws.event_item import is_a_key, read_event
from postcall.aws.items import Item
from postcall.domain.analysis import RecordedAnalysis
from postcall.domain.circuit import Circuit
from postcall.domain.errors import Unavailable
from postcall.domain.event import CallEvent
from postcall.domain.standing import Standing

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class Standings:
    """Reads three tables. What it reads is not of one moment: whoever claims the event by it names what it saw."""

    def __init__(self, client: DynamoDBClient, *, events: str, circuits: str, analyses: AnalysisTable) -> None:
        self._client = client
        self._events = events
        self._circuits = circuits
        self._analyses = analyses

    def standing(self, event_id: str) -> Standing:
        """How it stands now. A circuit that cannot be read holds no lead back: then the others are read without it.

        Raises:
            Unavailable: Event or analysis cannot be read now.
        """
        if not is_a_key(event_id):
            return Standing(None, None, Circuit())  # nothing can be stored under it
        wanted: dict[str, Item] = {
            self._events: {"event_id": event_id},
            self._analyses.table: {"event_id": event_id, "revision": FIRST_REVISION},
        }
        try:
            found = read_together(self._client, wanted | {self._circuits: {"id": CRM}})
        except Unavailable:
            return self._standing(read_together(self._client, wanted), None)
        return self._standing(found, read_circuit(found.get(self._circuits, {})))

    def _standing(self, found: Mapping[str, Item], circuit: Circuit | None) -> Standing:
        item = found.get(self._events, {})
        if "status" not in item:  # other items lie in namespaces of their own
            return Standing(None, None, circuit)
        event = read_event(item)
        return Standing(event, self._newest(event, found.get(self._analyses.table)), circuit)

    def _newest(self, event: CallEvent, first: Item | None) -> RecordedAnalysis | None:
        """Asked for once more where there may be a further one, or the first came after it was looked for."""
        if first is None or event.reanalysis is not None:
            return self._analyses.latest(event.event_id)
        return read_recorded(first)
