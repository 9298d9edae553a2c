"""What code reads in a call before anybody judges it: masked turns, contact candidates, signs, orders to machines.

This is all a model is shown, and all its answer is checked against.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from functions.analysis.cleaning import printable
from functions.analysis.contacts.candidates import Candidate, Mentions, masked, masked_caller_turn
from functions.analysis.contacts.phones import DEFAULT_REGIONS, normalised
from functions.analysis.contacts.read_back import read_backs
from functions.analysis.instructions import order_begins, without_orders
from functions.analysis.signs import Signs, signs_of
from postcall.domain.call import Call, Speaker, Turn

CALLER_ID = "CALLER_ID"


@dataclass(frozen=True)
class Reading:
    """A call as read. `turns` hold what was said without orders to machines, `shown` the same with contacts masked."""

    call: Call
    turns: tuple[Turn, ...]
    shown: tuple[Turn, ...]
    phones: tuple[Candidate, ...]  # in the order of their last mention
    emails: tuple[Candidate, ...]
    caller_id: str | None  # E.164 where it can be
    signs: Signs
    has_orders: bool
    phone_is_incomplete: bool
    mentions: Mentions

    @property
    def is_conversation(self) -> bool:
        """Whether a person spoke at all, and about something."""
        return not (self.signs.nobody_spoke or self.signs.wrong_number)

    def masked(self, text: str) -> str:
        """Any text about this call, fit to be shown to a model."""
        return masked(without_orders(printable(text)), self.mentions)


_MASK = re.compile(r"\[?\b(PHONE|EMAIL|CALLER_ID|NUMBER)(?:_\d+)?\b\]?")
_MASK_TEXTS = {"PHONE": "[телефон]", "EMAIL": "[почта]", "CALLER_ID": "[телефон]", "NUMBER": "[номер]"}


def unmasked(text: str) -> str:
    """A masked text for people: the references become words, never the values (one may have been taken back)."""
    return _MASK.sub(lambda match: _MASK_TEXTS[match[1]], text)


def read(call: Call, regions: tuple[str, ...] = DEFAULT_REGIONS) -> Reading:
    """Read a call."""
    original = tuple(replace(turn, text=printable(turn.text)) for turn in call.turns)
    turns = tuple(_without_orders(turn) for turn in original)
    mentions = Mentions(regions)
    caller_id = _caller_id(call, regions)
    if caller_id is not None:
        mentions.known[caller_id] = CALLER_ID
    heard = [
        masked_caller_turn(turn.text, index, mentions) if turn.speaker is Speaker.CALLER else turn.text
        for index, turn in enumerate(turns)
    ]
    read_backs(turns, mentions)
    shown = tuple(
        replace(turn, text=masked(text, mentions) if turn.speaker is Speaker.AGENT else text)
        for turn, text in zip(turns, heard, strict=True)
    )
    phones = tuple(mentions.phones.values())
    return Reading(
        call=call,
        turns=turns,
        shown=shown,
        phones=phones,
        emails=tuple(mentions.emails.values()),
        caller_id=caller_id,
        signs=signs_of(replace(call, turns=turns)),
        has_orders=turns != original or _orders_in_fields(call),
        phone_is_incomplete=bool(mentions.incomplete_turns) and not any(not phone.retracted for phone in phones),
        mentions=mentions,
    )


def _without_orders(turn: Turn) -> Turn:
    """The agent's turns are ours; only the caller's are cut."""
    return turn if turn.speaker is Speaker.AGENT else replace(turn, text=without_orders(turn.text))


def _caller_id(call: Call, regions: tuple[str, ...]) -> str | None:
    return None if call.caller_id is None else normalised(call.caller_id, regions) or call.caller_id


def _orders_in_fields(call: Call) -> bool:
    """Orders may come through what ElevenLabs' own model wrote down, or in a "name"."""
    vendor, contact = call.vendor, call.contact
    texts = [vendor.summary, *(value for value in vendor.collected.values() if isinstance(value, str))]
    texts += [value.value for value in (contact.full_name, contact.phone, contact.email) if value is not None]
    return any(text is not None and order_begins(printable(text)) is not None for text in texts)
