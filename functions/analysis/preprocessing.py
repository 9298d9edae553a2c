"""What code reads in a call before anybody judges it: masked turns, contact candidates, signs, orders to machines.

This is all a model is shown, and all its answer is checked against.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from functions.analysis.cleaning import printable
from functions.analysis.contacts.evidence import Candidate
from functions.analysis.contacts.hearing import Hearing, hear
from functions.analysis.contacts.phones import DEFAULT_REGIONS, network_phone
from functions.analysis.heuristics import CallHeuristics, detect
from functions.analysis.instructions import order_begins, without_orders
from postcall.domain.call import Call, Speaker, Turn


@dataclass(frozen=True)
class PreparedCall:
    """A call as read. `turns` hold what was said without orders to machines, `shown` the same with contacts masked."""

    call: Call
    turns: tuple[Turn, ...]
    shown: tuple[Turn, ...]
    caller_id: str | None  # E.164
    heuristics: CallHeuristics
    has_orders: bool
    hearing: Hearing
    regions: tuple[str, ...] = DEFAULT_REGIONS
    network_is_ambiguous: bool = False

    @property
    def phones(self) -> tuple[Candidate, ...]:
        """The phones that were heard, in the order of their last mention."""
        return self.hearing.phones

    @property
    def emails(self) -> tuple[Candidate, ...]:
        """The addresses that were heard, in the order of their last mention."""
        return self.hearing.emails

    @property
    def is_conversation(self) -> bool:
        """Whether a person spoke at all, and about something."""
        return not (self.heuristics.nobody_spoke or self.heuristics.wrong_number)

    def masked(self, text: str) -> str:
        """Any text about this call, fit to be shown to a model."""
        return self.hearing.masked(without_orders(printable(text)))


_MASK = re.compile(r"\[?\b(PHONE|EMAIL|CALLER_ID|NUMBER)(?:_\d+)?\b\]?")
_MASK_TEXTS = {"PHONE": "[телефон]", "EMAIL": "[почта]", "CALLER_ID": "[телефон]", "NUMBER": "[номер]"}


def unmasked(text: str) -> str:
    """A masked text for people: the references become words, never the values (one may have been taken back)."""
    return _MASK.sub(lambda match: _MASK_TEXTS[match[1]], text)


def prepare(call: Call, regions: tuple[str, ...] = DEFAULT_REGIONS) -> PreparedCall:
    """Read a call."""
    original = tuple(turn.saying(printable(turn.text)) for turn in call.turns)
    turns = tuple(_without_orders(turn) for turn in original)
    shown_by_network = None if call.caller_id is None else network_phone(call.caller_id, regions)
    caller_id = None if shown_by_network is None else shown_by_network.value
    heuristics = detect(replace(call, turns=turns))
    hearing = hear(turns, regions, caller_id, is_mailbox=heuristics.voicemail)
    return PreparedCall(
        call=call,
        turns=turns,
        shown=tuple(turn.saying(text) for turn, text in zip(turns, hearing.shown, strict=True)),
        caller_id=caller_id,
        heuristics=heuristics,
        network_is_ambiguous=shown_by_network is not None and shown_by_network.is_ambiguous,
        has_orders=turns != original or _orders_in_fields(call),
        hearing=hearing,
        regions=regions,
    )


def _without_orders(turn: Turn) -> Turn:
    """The agent's turns are ours; only the caller's are cut."""
    return turn if turn.speaker is Speaker.AGENT else turn.saying(without_orders(turn.text))


def _orders_in_fields(call: Call) -> bool:
    """Orders may come through what ElevenLabs' own model wrote down, or in a "name"."""
    vendor, contact = call.vendor, call.contact
    texts = [vendor.summary, *(value for value in vendor.collected.values() if isinstance(value, str))]
    texts += [value.value for value in (contact.full_name, contact.phone, contact.email) if value is not None]
    return any(text is not None and order_begins(printable(text)) is not None for text in texts)
