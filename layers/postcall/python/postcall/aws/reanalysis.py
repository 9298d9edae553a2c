"""An operator's order to analyse a call anew, as it stands on the event in `webhook_events`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from postcall.aws.items import Item
from postcall.aws.transaction import commit, update_if
from postcall.domain.clock import read_time, write_time
from postcall.domain.event import CallEvent, ReanalysisOrder

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

STALE_AFTER = timedelta(minutes=15)  # its message was lost, or nobody can serve it: it may be ordered again


MAY_BE_ORDERED = (
    "attribute_not_exists(erased_at) AND (attribute_not_exists(reanalysis) OR reanalysis.is_open <> :true "
    "OR reanalysis.requested_at < :stale)"
)


class Reanalyses:
    """What operations writes; the analysis closes it with the new revision (`AnalysisTable.record_again`)."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def order(self, event: CallEvent, order: ReanalysisOrder) -> bool:
        """Write the order on the event; False when another is open or the event was erased.

        Raises:
            Unavailable: DynamoDB does not answer now.
        """
        step = update_if(
            self._table,
            {"event_id": event.event_id},
            "SET reanalysis = :order",
            f"attribute_exists(#status) AND {MAY_BE_ORDERED}",
            order_values(order),
        )
        return commit(self._client, [step], what="record.order")


def order_values(order: ReanalysisOrder) -> Item:
    """What an order's write and its condition name."""
    return {
        ":order": _write(order),
        ":true": True,
        ":stale": write_time(order.requested_at - STALE_AFTER),
    }


def read_reanalysis(order: Item) -> ReanalysisOrder:
    """The order from its map."""
    return ReanalysisOrder(
        order_id=order["order_id"],
        requested_by=order["requested_by"],
        requested_at=read_time(order["requested_at"]),
        reason=order["reason"],
        is_open=order["is_open"],
    )


def _write(order: ReanalysisOrder) -> Item:
    return {
        "order_id": order.order_id,
        "requested_by": order.requested_by,
        "requested_at": write_time(order.requested_at),
        "reason": order.reason,
        "is_open": order.is_open,
    }
