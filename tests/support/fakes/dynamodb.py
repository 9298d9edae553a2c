"""As much of DynamoDB's client as writes items in batches: a batch is no transaction, some of it may be left out."""

from __future__ import annotations

from typing import Any


class MemoryDynamoDb:
    """Holds a table's items by their key, as the wire has them. A busy one `takes` so many items of a batch."""

    def __init__(self, *, key: str = "event_id", takes: int | None = None) -> None:
        self.items: dict[str, dict[str, Any]] = {}
        self.asked = 0
        self._key, self._takes = key, takes

    def batch_write_item(self, *, RequestItems: Any) -> Any:  # noqa: N803 — boto's own name
        """Put or delete the items, one after another; those that are left out are answered."""
        self.asked += 1
        ((table, requests),) = RequestItems.items()
        left = [request for place, request in enumerate(requests) if not self.write(place, request)]
        return {"UnprocessedItems": {table: left} if left else {}}

    def write(self, place: int, request: dict[str, Any]) -> bool:
        """Put or delete one item of a batch, by its place in it; False when it is left out."""
        if self._takes is not None and place >= self._takes:
            return False
        if "PutRequest" in request:
            item = request["PutRequest"]["Item"]
            self.items[item[self._key]["S"]] = item
        else:
            self.items.pop(request["DeleteRequest"]["Key"][self._key]["S"], None)
        return True
