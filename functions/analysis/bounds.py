"""How much of a call is kept: what a vendor's fields may hold when they are read, and an analysis when it is recorded.

DynamoDB refuses an item of more than 400 KB, for ever: a chat of thousands of numbers, or a field without end, would be
tried again until it is a dead letter. A call of any form becomes a lead; what did not fit is left out, and flagged.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from postcall.domain.analysis import Analysis
from postcall.domain.call import Contact, ContactValue

LONGEST_TEXT = 2_000  # characters; what people read is cut shorter where it is made
LONGEST_DETAIL = 300
LONGEST_NAME, LONGEST_ADDRESS = 500, 320
MOST = 40  # of each kind
MOST_FIELDS = 200
FLAG = "details_cut"


def bounded_fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by name as they come from outside, cut in number and size. One of no plain kind is kept if it is small."""
    first = list(values.items())[:MOST_FIELDS]
    return {name[:LONGEST_DETAIL]: _bounded_value(value) for name, value in first}


def bounded(analysis: Analysis) -> Analysis:
    """The analysis as it may be recorded, flagged if anything had to be left out."""
    cut = {
        field.name: _kept(getattr(analysis, field.name), LONGEST_TEXT)
        for field in fields(analysis)
        if field.name not in ("contact", "details", "source", "usage")
    }
    kept = replace(analysis, **cut, contact=_contact(analysis.contact), details=_kept(analysis.details, LONGEST_DETAIL))
    return kept if kept == analysis else kept.flagged(FLAG)


def _bounded_value(value: Any) -> Any:  # noqa: ANN401 — unchecked JSON
    if isinstance(value, str):
        return value[:LONGEST_TEXT]
    return value if len(json.dumps(value)) <= LONGEST_TEXT else None


def _contact(contact: Contact) -> Contact:
    """A name is cut; of a phone or an address a piece would be another's."""
    name = contact.full_name
    return Contact(
        full_name=None if name is None else replace(name, value=name.value[:LONGEST_NAME]),
        phone=_whole(contact.phone),
        email=_whole(contact.email),
    )


def _whole(found: ContactValue | None) -> ContactValue | None:
    return None if found is None or len(found.value) > LONGEST_ADDRESS else found


def _kept(value: Any, longest: int) -> Any:  # noqa: ANN401 — a part of an analysis, of any kind
    if isinstance(value, str):
        return value[:longest]
    if isinstance(value, dict):
        first = list(value.items())[:MOST]
        return {name[:longest]: _kept(inner, longest) for name, inner in first}
    if isinstance(value, list | tuple):
        return type(value)(_kept(inner, longest) for inner in value[:MOST])
    return value
