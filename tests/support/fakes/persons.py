"""The index of persons over a table in memory: the adapter itself, whose client alone is a stand-in."""

from __future__ import annotations

from typing import Any

from postcall.aws.party_index import PartyIndex
from tests.support.fakes.dynamodb import MemoryDynamoDb

KEY = b"invented-search-key"


class MemoryPersons(PartyIndex):
    """What it holds is in `items`, by the index's own keys."""

    def __init__(self) -> None:
        client = MemoryDynamoDb()
        self.items = client.items
        untyped: Any = client  # as much of a client as is asked
        super().__init__(untyped, "webhook_events", key=lambda: KEY, ttl_days=90)
