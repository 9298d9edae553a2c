"""How much of a call is read and kept: vendor's fields and turns when they are read, an analysis when it is recorded.

The rules' time grows with what was said, in one turn with its square; and DynamoDB refuses an item of more than 400 KB,
for ever: a chat of thousands of numbers, or a field without end, would be tried again until it is a dead letter. A call
of any form becomes a lead; what did not fit is left out, and flagged.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from itertools import accumulate, takewhile
from typing import Any, Protocol

from functions.analysis.question import Asking
from postcall.domain.analysis import Analysis
from postcall.domain.call import Call, Contact, ContactValue, Turn

LONGEST_TEXT = 2_000  # characters; what people read is cut shorter where it is made
LONGEST_DETAIL = 300
LONGEST_NAME, LONGEST_ADDRESS = 500, 320
MOST = 40  # of each kind
MOST_FIELDS = 200
LONGEST_TURN, LONGEST_CALL = 6_000, 60_000  # characters: more than an hour of talk
DETAILS_CUT, CALL_CUT = "details_cut", "call_was_cut"
GAP = " … "


class Analyst(Protocol):
    """Who judges a call."""

    def asking(self, call: Call, *, received_at: datetime) -> Asking[Analysis]:
        """The judgement, and the questions on the way to it."""


def analyse_within_bounds(call: Call, *, analyst: Analyst, received_at: datetime) -> Asking[Analysis]:
    """The analysis of as much of a call as is read, as it may be recorded; flagged for whatever was left out."""
    read = bounded_call(call)
    analysis = bounded((yield from analyst.asking(read, received_at=received_at)))
    return analysis if read == call else analysis.flagged(CALL_CUT)


def bounded_call(call: Call) -> Call:
    """The call without the middle of what is too long. No turn goes, only its words: a quote names a turn by number."""
    turns = [turn.saying(_without_middle(turn.text)) for turn in call.turns]
    head = _fitting(turns, LONGEST_CALL * 2 // 5)
    tail = _fitting(turns[head:][::-1], LONGEST_CALL * 3 // 5)
    kept = range(head, len(turns) - tail)
    return replace(call, turns=tuple(turn.saying("") if number in kept else turn for number, turn in enumerate(turns)))


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
    return kept if kept == analysis else kept.flagged(DETAILS_CUT)


def _without_middle(text: str) -> str:
    """Cut between words; a number that is cut all the same is half a number, and none."""
    if len(text) <= LONGEST_TURN:
        return text
    head, tail = text[: LONGEST_TURN // 2], text[-LONGEST_TURN // 2 :]
    return f"{head.rpartition(' ')[0]}{GAP}{tail.partition(' ')[2]}"


def _fitting(turns: Sequence[Turn], room: int) -> int:
    """How many of the first turns fit."""
    sizes = accumulate(len(turn.text) for turn in turns)
    return sum(1 for _ in takewhile(lambda size: size <= room, sizes))


def _bounded_value(value: Any) -> Any:  # noqa: ANN401 — unchecked JSON
    if isinstance(value, str):
        return value[:LONGEST_TEXT]
    if value is None or isinstance(value, bool | float):
        return value
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
