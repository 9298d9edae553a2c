"""The messages between the steps: facts in the past tense, carrying ids and nothing personal."""

from __future__ import annotations

import json
from dataclasses import dataclass

from postcall.domain.errors import Rejected
from postcall.domain.event import CallEvent
from postcall.domain.json_object import JsonObject, read_object
from postcall.domain.said import said
from postcall.domain.status import Status


@dataclass(frozen=True)
class CallReceived:
    """A call is stored and waits for its analysis. `order_id` is set when an operator ordered a new one."""

    event_id: str
    order_id: str | None = None


@dataclass(frozen=True)
class CallAnalyzed:
    """A call has an analysis and waits to be sent. `order_id` is set when an operator ordered a resend."""

    event_id: str
    order_id: str | None = None


def next_message(event: CallEvent) -> CallReceived | CallAnalyzed:
    """The message that brings an event on from where it stands."""
    if (event.resumes_at or event.status) is Status.RECEIVED:
        return CallReceived(event.event_id)
    order = event.open_order
    return CallAnalyzed(event.event_id, order_id=None if order is None else order.order_id)


def write_message(message: CallReceived | CallAnalyzed) -> str:
    """The message as JSON, without the members that are empty."""
    return json.dumps({name: value for name, value in vars(message).items() if value is not None})


def read_call_received(body: str) -> CallReceived:
    """Read a message of the analysis queue.

    Raises:
        Rejected: It is not one.
    """
    members = _members(body)
    return CallReceived(event_id=_event_id(members), order_id=_order_id(members))


def read_call_analyzed(body: str) -> CallAnalyzed:
    """Read a message of the dispatch queue.

    Raises:
        Rejected: It is not one.
    """
    members = _members(body)
    return CallAnalyzed(event_id=_event_id(members), order_id=_order_id(members))


def _members(body: str) -> JsonObject:
    return read_object(body, not_json=said("message.not_json"), not_object=said("message.not_object"))


def _event_id(members: JsonObject) -> str:
    event_id = members.get("event_id")
    if not isinstance(event_id, str) or not event_id:
        raise Rejected(said("message.no_event_id"))
    return event_id


def _order_id(members: JsonObject) -> str | None:
    order_id = members.get("order_id")
    if order_id is not None and not isinstance(order_id, str):
        raise Rejected(said("message.order_id"))
    return order_id
