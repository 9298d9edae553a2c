"""How events are named: a signed or fetched call by its conversation's own id, so that a person can copy it anywhere.

What systems of our own bring lies in a namespace of its own, so that no id they choose can stand in the way of the
conversation that bears it. The namespace has a slash, which their ids may not have.
"""

from __future__ import annotations

import re

INITIATION_FAILURE = "call_initiation_failure"
API_NAMESPACE = "api/"
KEY_NAMESPACE = "key/"  # of the index by contact (postcall/aws/party_index.py)
BODY_NAMESPACE = "body/"  # of what an event came with, beside the event (postcall/aws/payloads.py)
RESERVED = (API_NAMESPACE, KEY_NAMESPACE, BODY_NAMESPACE)


_NUMBER = re.compile(r"\d{10,15}|\+\d{5,15}")
_ADDRESS = re.compile(r"[^@]+@[^@]+\.[^@]+")
_SCHEME = re.compile(r"^(?:tel|sms|callto|mailto):", re.IGNORECASE)
_ONE_WORD = re.compile(r"[!-~]{1,256}")


def is_a_contact(text: str) -> bool:
    """A number of ten digits and more, or a shorter one with its plus; letters before it make it an id, save `tel:`."""
    text = _SCHEME.sub("", text)
    digits = re.sub(r"[._:#=~()/-]", "", text)
    return bool(_NUMBER.fullmatch(digits) or _ADDRESS.fullmatch(text))


def loggable(given: str) -> str:
    """What somebody gave for an event's id, as a log may hold it: not a person's number, address or full name."""
    return given if _ONE_WORD.fullmatch(given) and not is_a_contact(given) else "no id"


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
