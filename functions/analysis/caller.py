"""Who called, in the order in which a payload's places deserve trust, each value with where it was found.

The order is that of docs/contracts/elevenlabs.md, "Who called": the network's number, text channels, dynamic variables,
collected data. `agent_name` is never anybody's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from functions.analysis.collected import FieldNames, said
from postcall.domain.call import Contact, ContactValue
from postcall.domain.json_object import as_object

HIDDEN = frozenset({"anonymous", "restricted", "unknown", "private", "unavailable", "withheld", "blocked"})
_ADDRESS = re.compile(r"(?:sips?|tel)[:_]\s*([^@;>\s]+)", re.IGNORECASE)
_NUMBER = re.compile(r"\+?[\d\s()\-./]{2,40}")
_LONGEST = 64  # characters of what a network shows


def network_number(data: Mapping[str, Any]) -> str | None:
    """The other party's number as the network showed it, or None. A hidden one and the agent's own do not count."""
    own = _own_numbers(data)
    for candidate in _network_candidates(data):
        number = _number(candidate)
        if number is not None and number.lstrip("+") not in own:
            return number
    return None


def contact(
    data: Mapping[str, Any],
    collected: Mapping[str, Any],
    caller_id: str | None,
    names: FieldNames,
) -> Contact:
    """The first value found for each way to reach the caller."""
    variables = _variables(data)

    def found(what: str) -> ContactValue | None:
        for source, values in (("collected", collected), ("variable", variables)):
            value = names.contact_value(values, what)
            if value is not None:
                return ContactValue(value, source)
        return None

    telephony = None if caller_id is None else ContactValue(caller_id, "telephony")
    return Contact(full_name=found("full_name"), phone=telephony or found("phone"), email=found("email"))


def call_result(data: Mapping[str, Any]) -> str | None:
    """What became of the call, where the network said so: `answered`, `voicemail`, `busy`, `no_answer`, `failed`."""
    metadata = as_object(data.get("metadata"))
    channels = (as_object(metadata.get(name)) for name in ("phone_call", "whatsapp"))
    return next((result for one in channels if isinstance(result := one.get("call_result"), str)), None)


def _network_candidates(data: Mapping[str, Any]) -> Iterator[Any]:
    metadata = as_object(data.get("metadata"))
    phone_call, sms = as_object(metadata.get("phone_call")), as_object(metadata.get("sms"))
    whatsapp, variables = as_object(metadata.get("whatsapp")), _variables(data)
    yield phone_call.get("external_number")
    yield sms.get("sms_user_phone_number")
    yield as_object(whatsapp.get("recipient")).get("phone")
    if said(whatsapp.get("whatsapp_user_id")):
        yield f"+{str(whatsapp['whatsapp_user_id']).lstrip('+')}"
    directions = {as_object(channel).get("direction") for channel in (phone_call, sms, whatsapp)}
    yield variables.get("system__called_number" if "outbound" in directions else "system__caller_id")


def _own_numbers(data: Mapping[str, Any]) -> frozenset[str]:
    metadata = as_object(data.get("metadata"))
    own = (
        as_object(metadata.get("phone_call")).get("agent_number"),
        as_object(metadata.get("sms")).get("agent_phone_number"),
    )
    return frozenset(number.lstrip("+") for value in own if (number := _number(value)) is not None)


def _number(value: Any) -> str | None:  # noqa: ANN401 — unchecked JSON
    """Digits with the plus that stood before them; None for a hidden or missing number or a user name."""
    text = said(value)
    if text is None or text.casefold() in HIDDEN:
        return None
    address = _ADDRESS.search(text)
    shown = (address[1] if address else text).partition(";")[0].strip()
    if not _NUMBER.fullmatch(shown) or len(shown) > _LONGEST:
        return None
    digits = re.sub(r"\D", "", shown)
    return (f"+{digits}" if shown.startswith("+") else digits) or None


def _variables(data: Mapping[str, Any]) -> Mapping[str, Any]:
    return as_object(as_object(data.get("conversation_initiation_client_data")).get("dynamic_variables"))
