"""Who a call is about: every phone number and e-mail address in what was received of it, each with its role.

For finding a person, not for making a lead: so it looks at all texts of a body, whatever the analysis made of them, and
at a body that is no JSON as at one text. Numbers that are ours (the agent's) are left out. A number that was spoken in
words is found once somebody has written it down: the analysis, the vendor's summary, or the data it collected.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from postcall.domain.contact_key import address_of


class Role(StrEnum):
    """How a person stands to what holds their number or address."""

    OWN = "own"  # the other party of the call, or the contact it gave: their own call
    MENTIONED = "mentioned"  # it was only said in the call
    REFUSED = "refused"  # a refused webhook holds it


@dataclass(frozen=True)
class Party:
    """`value` in its normal form: digits without a plus, or an address without case."""

    kind: str  # phone, email; conversation for a refused webhook, which is no event to find it by
    value: str


# Seven digits and more, however they are grouped; not a part of a longer word or number. In most texts none begins.
_MAY_BEGIN = re.compile(r"\d[\d\s().\-–/]{6}")
_NUMBER = re.compile(r"(?<![\w.])\+?\d(?:[\s().\-–/]{0,3}\d){6,14}(?!\w)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
# Looked for around each at sign, so that a long text without one costs nothing.
_PART = r"[^\s@<>()\[\]{},;:\"'«»]"
_BEFORE, _AFTER = re.compile(rf"{_PART}{{1,64}}"), re.compile(rf"{_PART}{{1,253}}")
_CONVERSATION = re.compile(r'"conversation_id"\s*:\s*"([^"]{1,256})"')
_OURS = ("agent_number", "agent_phone_number", "agent_phone_number_id")
_OWN_PLACES = ("metadata", "conversation_initiation_client_data", "data_collection_results", "contacts", "user_id")
# The role of what lies under a name, whatever is around it; None is for what is ours.
_ROLES: dict[str, Role | None] = {**dict.fromkeys(_OURS), **dict.fromkeys(_OWN_PLACES, Role.OWN)}


def parties_of(body: bytes) -> dict[Party, Role]:
    """Everybody in a body, with the stronger role of those they have."""
    text = body.decode("utf-8", "replace")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = text
    ours: set[Party] = set()
    found: dict[Party, Role] = {}
    for place, value in _texts(document):
        for party in parties_in(value):
            if place is None:
                ours.add(party)
            elif found.get(party) is not Role.OWN:
                found[party] = place
    return {party: role for party, role in found.items() if party not in ours}


def conversations_of(body: bytes) -> frozenset[Party]:
    """The conversations that a body names, readable or not."""
    return frozenset(Party("conversation", name) for name in _CONVERSATION.findall(body.decode("utf-8", "replace")))


def parties_in(text: str) -> Iterator[Party]:
    """The numbers and addresses in a text."""
    for number in _NUMBER.findall(text):
        if not _DATE.match(number):
            yield Party("phone", re.sub(r"\D", "", number))
    for sign in re.finditer("@", text):
        before = _BEFORE.match(text[max(0, sign.start() - 64) : sign.start()][::-1])
        after = _AFTER.match(text, sign.end())
        domain = after[0].rstrip(".!?") if after else ""
        if before and "." in domain and (address := address_of(f"{before[0][::-1]}@{domain}")):
            yield Party("email", address)


def spellings(number: str) -> frozenset[str]:
    """The digits by which one number may have been written: abroad, at home (8 029… and 8 9…), without its country."""
    found = {number}
    international = number.removeprefix("00")
    if len(number) == len("80291234567") and number.startswith("80"):
        found.add(f"375{number[2:]}")
    if len(number) == len("89161234567") and number.startswith("8"):
        found.add(f"7{number[1:]}")
    found.add(international)
    for form in tuple(found):
        found.add(f"00{form}")
        if len(form) == len("375291234567") and form.startswith("375"):
            found |= {f"80{form[3:]}", form[3:], f"0{form[3:]}"}
        if len(form) == len("79161234567") and form.startswith("7"):
            found |= {f"8{form[1:]}", form[1:]}
    return frozenset(found)


def _texts(value: Any) -> Iterator[tuple[Role | None, str]]:  # noqa: ANN401 — unchecked JSON
    """Each text that may hold a party, with the role of its place; None is for what is ours."""
    stack: list[tuple[Any, Role | None]] = [(value, Role.MENTIONED)]
    while stack:
        each, role = stack.pop()
        if isinstance(each, str):
            if "@" in each or _MAY_BEGIN.search(each):
                yield role, each
        elif isinstance(each, list):
            stack += [(member, role) for member in each if member]
        elif isinstance(each, dict):
            stack += [(member, _ROLES.get(name, role)) for name, member in each.items() if member]
