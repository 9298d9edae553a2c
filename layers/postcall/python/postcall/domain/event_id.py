"""How events are named: a signed or fetched call by its conversation's own id, so that a person can copy it anywhere.

What systems of our own bring lies in a namespace of its own, so that no id they choose can stand in the way of the
conversation that bears it. The namespace has a slash, which their ids may not have.
"""

from __future__ import annotations

INITIATION_FAILURE = "call_initiation_failure"
API_NAMESPACE = "api/"
KEY_NAMESPACE = "key/"  # of the index by contact (postcall/aws/party_index.py)
BODY_NAMESPACE = "body/"  # of what an event came with, beside the event (postcall/aws/payloads.py)
RESERVED = (API_NAMESPACE, KEY_NAMESPACE, BODY_NAMESPACE)


def failure_id(conversation_id: str) -> str:
    """The event of a call that was never set up; it lies beside the conversation's own."""
    return f"{conversation_id}:{INITIATION_FAILURE}"


def api_event_id(given: str) -> str:
    """The event of a call that a system of our own named so."""
    return f"{API_NAMESPACE}{given}"


def body_id(event_id: str) -> str:
    """The key of the item that holds the event's body."""
    return f"{BODY_NAMESPACE}{event_id}"


def public_id(event_id: str) -> str:
    """The id that its bringer gave it: what people see and the CRM gets."""
    return event_id.removeprefix(API_NAMESPACE)
