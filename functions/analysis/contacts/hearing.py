"""All contacts of a call, heard turn by turn: the evidence that a choice is made from, and the masked turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from functions.analysis.contacts.callers_turn import hear_caller
from functions.analysis.contacts.emails import SpokenEmail, spoken_emails
from functions.analysis.contacts.emails_said import EmailsSaid
from functions.analysis.contacts.evidence import Candidate, Owner
from functions.analysis.contacts.folding import folded
from functions.analysis.contacts.heard import HeardNumber, heard_numbers
from functions.analysis.contacts.masking import masked
from functions.analysis.contacts.phones_said import PhonesSaid
from postcall.domain.call import Speaker, Turn

CALLER_ID = "CALLER_ID"


@dataclass(frozen=True)
class Hearing:
    """What was heard. `shown` are the turns as a model may see them."""

    phones_said: PhonesSaid
    emails_said: EmailsSaid
    shown: tuple[str, ...] = ()

    @property
    def phones(self) -> tuple[Candidate, ...]:
        """The phones, in the order of their last mention."""
        return tuple(self.phones_said.found.values())

    @property
    def emails(self) -> tuple[Candidate, ...]:
        """The addresses, in the order of their last mention."""
        return tuple(self.emails_said.found.values())

    def reference(self, value: str) -> str | None:
        """The reference of a value that was heard."""
        candidate = self.phones_said.found.get(value) or self.emails_said.found.get(value)
        if candidate is not None:
            return candidate.ref
        return CALLER_ID if value == self.phones_said.network else None

    def masked(self, text: str) -> str:
        """Any text about the call, with its contacts masked."""
        numbers = heard_numbers(text, folded(text), self.phones_said.regions)
        return masked(text, numbers, spoken_emails(text), self.reference)


def _hear_turn(hearing: Hearing, turn: Turn, index: int) -> tuple[list[HeardNumber], list[SpokenEmail]]:
    phones, emails, text = hearing.phones_said, hearing.emails_said, folded(turn.text)
    if turn.speaker is Speaker.AGENT:
        return phones.hear_agent(turn.text, text, index), emails.hear_agent(turn.text, text, index)
    heard = emails.hear_caller(turn.text, text, index, phones.asked)
    addresses = [(one.start, one.end) for one in heard]
    return hear_caller(phones, turn.text, text, index, addresses), heard


def hear(
    turns: Sequence[Turn], regions: tuple[str, ...], network: str | None = None, *, is_mailbox: bool = False
) -> Hearing:
    """Listen to a call. What a mailbox's greeting says is nobody's contact."""
    hearing = Hearing(PhonesSaid(regions, network), EmailsSaid())
    heard = [_hear_turn(hearing, turn, index) for index, turn in enumerate(turns)]
    shown = tuple(
        masked(turn.text, numbers, emails, hearing.reference)
        for turn, (numbers, emails) in zip(turns, heard, strict=True)
    )
    if is_mailbox:
        _belong_to_nobody(hearing)
    return Hearing(hearing.phones_said, hearing.emails_said, shown)


def _belong_to_nobody(hearing: Hearing) -> None:
    for found in (hearing.phones_said.found, hearing.emails_said.found):
        found.update({value: replace(one, owner=Owner.OTHER) for value, one in found.items()})
    hearing.phones_said.attempts.clear()
    hearing.emails_said.attempts.clear()
