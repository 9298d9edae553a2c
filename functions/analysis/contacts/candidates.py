"""Contacts said in a call become candidates (`PHONE_1`, `EMAIL_1`), and the text is masked where they stood.

A model sees the reference and never a digit. Only whole, valid values are candidates; other long runs of digits are
masked too (`[NUMBER]`), since half a phone is still somebody's. Numbers the agent says (the company's own, a read-back)
are masked and become candidates only through `read_back`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from functions.analysis.contacts.emails import spoken_emails
from functions.analysis.contacts.phones import normalised, phone_of
from functions.analysis.contacts.spoken_numbers import SpokenNumber, spoken_numbers

MASKED_FROM = 7  # digits: a local phone number is this long
UNSURE_FROM = 5  # digits: somebody tried to say a number
_UNMISTAKABLE = ("80", "89", "375")
_HOUSE_NUMBER = 4  # digits
MASKED_NUMBER, MASKED_EMAIL = "[NUMBER]", "[EMAIL]"


@dataclass(frozen=True)
class Candidate:
    """A phone or an e-mail that a model may refer to. `turn` is the caller's turn of its last mention."""

    ref: str
    value: str
    turn: int
    verified: bool = False  # read back by the agent, confirmed by the caller
    retracted: bool = False  # the caller took it back


@dataclass
class Mentions:
    """What has been found so far, in the order of mention."""

    regions: tuple[str, ...]
    phones: dict[str, Candidate] = field(default_factory=dict)
    emails: dict[str, Candidate] = field(default_factory=dict)
    incomplete_turns: list[int] = field(default_factory=list)  # turns with a number that is none
    unsure_email_turns: list[int] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)  # value to reference, for values that came with the call

    def mention(self, kind: str, value: str, turn: int) -> str:
        """Note a caller's mention; returns the reference."""
        found = self.phones if kind == "PHONE" else self.emails
        ref = found[value].ref if value in found else f"{kind}_{len(found) + 1}"
        found.pop(value, None)  # the last mention stands last
        found[value] = Candidate(ref, value, turn)
        return ref

    def reference(self, value: str) -> str | None:
        """The reference of a value that is known by now."""
        candidate = self.phones.get(value) or self.emails.get(value)
        return candidate.ref if candidate is not None else self.known.get(value)


def phones_in(text: str, regions: tuple[str, ...]) -> list[tuple[SpokenNumber, str | None]]:
    """Numbers long enough to matter with their E.164 form; a run over several sentences is parted where it must be."""
    found: list[tuple[SpokenNumber, str | None]] = []
    for number in spoken_numbers(text):
        whole = phone_of(number, regions)
        pieces = number.parts or (number,)
        if whole is not None:
            found.append((number, whole))
        else:
            found += [_after_something_else(piece, regions) for piece in pieces]
    return found


def _after_something_else(number: SpokenNumber, regions: tuple[str, ...]) -> tuple[SpokenNumber, str | None]:
    """«Квартира 45, 8 029 …»: what follows the comma is a phone if it begins as only a whole one does."""
    whole = phone_of(number, regions)
    if whole is not None or number.plus:
        return number, whole
    for tail in number.tails:
        value = phone_of(tail, regions) if tail.digits.startswith(_UNMISTAKABLE) else None
        if value is not None and len(number.digits) - len(tail.digits) <= _HOUSE_NUMBER:
            return tail, value
    return number, None


def masked_caller_turn(text: str, turn: int, mentions: Mentions) -> str:
    """The text with the caller's contacts noted and masked."""
    marks: list[tuple[int, int, str]] = []
    for email in spoken_emails(text):
        mark = MASKED_EMAIL if email.address is None else f"[{mentions.mention('EMAIL', email.address, turn)}]"
        if email.address is None:
            mentions.unsure_email_turns.append(turn)
        marks.append((email.start, email.end, mark))
    for number, value in phones_in(text, mentions.regions):
        if value is not None:
            marks.append((number.start, number.end, f"[{mentions.mention('PHONE', value, turn)}]"))
        elif not number.is_amount and len(number.digits) >= MASKED_FROM:
            marks.append((number.start, number.end, MASKED_NUMBER))
    if any(_is_attempt(number, mentions.regions) for number in spoken_numbers(text)):
        mentions.incomplete_turns.append(turn)
    return _with_marks(text, marks)


def _is_attempt(number: SpokenNumber, regions: tuple[str, ...]) -> bool:
    """Whether somebody tried to say a phone number here and it did not come through."""
    if number.is_amount or len(number.digits) < UNSURE_FROM:
        return False
    return all(phone_of(piece, regions) is None for piece in (number, *number.parts, *number.tails))


def masked(text: str, mentions: Mentions) -> str:
    """Any other text (an agent's turn, a vendor's summary) with every contact in it masked."""
    marks = [(email.start, email.end, _mark(mentions, email.address, MASKED_EMAIL)) for email in spoken_emails(text)]
    for number, value in phones_in(text, mentions.regions):
        written = value or normalised(text[number.start : number.end], mentions.regions)
        if written is not None or (len(number.digits) >= MASKED_FROM and not number.is_amount):
            marks.append((number.start, number.end, _mark(mentions, written, MASKED_NUMBER)))
    return _with_marks(text, marks)


def _mark(mentions: Mentions, value: str | None, otherwise: str) -> str:
    ref = None if value is None else mentions.reference(value)
    return otherwise if ref is None else f"[{ref}]"


def _with_marks(text: str, marks: list[tuple[int, int, str]]) -> str:
    """Put the marks in; of two that overlap the first counts."""
    parts: list[str] = []
    at = 0
    for start, end, mark in sorted(marks):
        if start >= at:
            parts += [text[at:start], mark]
            at = end
    return "".join((*parts, text[at:]))
