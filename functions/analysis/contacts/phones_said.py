"""Phones through a call: what is asked for, said, read back, confirmed, corrected and taken back, turn by turn.

The agent's numbers are nobody's contact, except as a read-back of what the caller dictated before. A read-back counts
by its likeness to what was heard (recognisers mangle digits), not by containing it piece by piece.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from functions.analysis.contacts.asking import Asking, asking
from functions.analysis.contacts.context import Verdict
from functions.analysis.contacts.corrections import Correction, corrected
from functions.analysis.contacts.evidence import Candidate, Owner, State
from functions.analysis.contacts.heard import HeardNumber, heard_numbers
from functions.analysis.contacts.phones import phone_in_digits

ALIKE = 0.7  # of a run of the caller's digits and a number read back: another number is less like it
MOST_PHONES = 50  # of one call: more are no contacts
_RUNS_OF_DICTATION = 8
_FEWEST_DIGITS = 5
_CODES = re.compile(r"^(?:375|7(?=\d{10}$))")  # of our countries
_DIALLED = re.compile(r"^(?:375|80|8|7|0)")
_GARBLED = 0.85  # of a number that the agent said first and the caller repeats


@dataclass(frozen=True)
class Dictation:
    """A number as it was said last: a correction mends its groups. `value` is None while it is not whole."""

    groups: tuple[str, ...]
    plus: bool
    turn: int
    owner: Owner = Owner.NEUTRAL
    value: str | None = None

    def phone(self, groups: Sequence[str], regions: tuple[str, ...]) -> str | None:
        """Other digits in its place, as a phone."""
        return phone_in_digits("".join(groups), regions, plus=self.plus)


@dataclass
class PhonesSaid:
    """The evidence on phones, as it grows with the turns."""

    regions: tuple[str, ...]
    network: str | None = None
    found: dict[str, Candidate] = field(default_factory=dict)
    agreed: bool | None = None  # to the network's number; None when it did not come up
    attempts: list[int] = field(default_factory=list)  # turns with a number that is none
    asked: Asking = field(default_factory=Asking)
    went_on: bool = False  # the agent has asked about something else since the last number
    last: Dictation | None = None
    read_back: Dictation | None = None
    offered: bool = False
    asserted: bool = False  # the agent read a number out that the caller never said
    delegated: bool = False  # «звоните лучше ей»: the caller named somebody else to be called
    companys: list[str] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)  # the caller's digits, to know a read-back by

    def hear_agent(self, text: str, folded: str, turn: int) -> list[HeardNumber]:
        """A turn of the agent."""
        numbers = heard_numbers(text, folded, self.regions)
        wanted = asking(folded)
        self.read_back, self.offered = None, wanted.this_number and self.network is not None
        self.asserted = False
        for heard in numbers:
            self._hear_agents(heard, turn)
        if not wanted.is_nothing:
            self.asked = wanted
        self.went_on = (wanted.something or wanted.thing or wanted.email) and self.read_back is None
        return numbers

    def _hear_agents(self, heard: HeardNumber, turn: int) -> None:
        number, value = heard.number, heard.value
        if value is not None and value == self.network:
            self.offered = True
        if value is not None and value == self.network and value not in self.found:
            return
        if value is not None and value not in self.companys and self._is_read_back(value):
            self.read_back = Dictation(number.groups, number.plus, turn, Owner.CALLER, value)
        elif len(number.digits) >= _FEWEST_DIGITS and not self._was_said(number.digits):
            self.companys.append(value or number.digits)
            self.asserted = True

    def _is_read_back(self, value: str) -> bool:
        if value in self.found:
            return self.found[value].owner is not Owner.OTHER
        recent = self.runs[-_RUNS_OF_DICTATION:]
        return any(alike(run, value) >= ALIKE for run in recent)

    def _was_said(self, digits: str) -> bool:
        return any(digits in run or run in digits for run in self.runs)

    def owner_of(self, heard: HeardNumber, verdict: Verdict) -> Owner:
        """Whose a number of the caller's turn is, by its words, the question before it and what the agent said."""
        if heard.is_of_a_thing or verdict.owner is Owner.OTHER or self.is_companys(heard.value or ""):
            return Owner.OTHER
        if verdict.owner is not Owner.NEUTRAL:
            return verdict.owner
        if self.asked.thing or (self.asked.others and not self.delegated):
            return Owner.OTHER
        if self.asked.phone or self.asked.place or self.asked.others or self.asked.this_number:
            return Owner.CALLER
        if self.asked.something or not heard.is_unmistakable:
            return Owner.NEUTRAL if heard.is_unmistakable or not self.asked.something else Owner.UNKNOWN
        return Owner.CALLER  # a whole phone and nothing else: said to be called at

    def is_companys(self, value: str) -> bool:
        """Whether the agent said it first, or a number very like it: the caller repeats it, perhaps garbled."""
        if value in self.found and self.found[value].owner is not Owner.OTHER:
            return False
        return any(value.endswith(one.lstrip("+")) or alike(one, value) >= _GARBLED for one in self.companys)

    def note(self, candidate: Candidate) -> None:
        """Note a mention; the last one stands last, and what is known for sure of an earlier one is kept."""
        before = self.found.pop(candidate.value, None)
        if before is None:
            if len(self.found) < MOST_PHONES:
                self.found[candidate.value] = replace(candidate, ref=f"PHONE_{len(self.found) + 1}")
            return
        owner = candidate.owner
        if candidate.state is not State.CONFIRMED and before.owner in {Owner.CALLER, Owner.OTHER}:
            owner = before.owner if owner is not Owner.OTHER else owner
        preference = max(before.preference, candidate.preference)
        state = before.state if before.verified and candidate.state is State.SAID else candidate.state
        doubtful = before.doubtful and candidate.doubtful
        self.found[candidate.value] = replace(
            candidate, ref=before.ref, owner=owner, preference=preference, state=state, doubtful=doubtful
        )

    def mark(self, value: str | None, state: State) -> None:
        """Another state for a number that is known."""
        if value is not None and value in self.found:
            self.found[value] = replace(self.found[value], state=state)

    def correct(self, dictation: Dictation, correction: Correction, *, turn: int) -> None:
        """Put right what was said last, where only one phone comes of it; else it is taken back."""
        options = corrected(dictation.groups, correction)
        values = {value for digits in options if (value := dictation.phone([digits], self.regions))}
        self.mark(dictation.value, State.TAKEN_BACK)
        if len(values) != 1 or dictation.value in values:  # nothing changed: something else was meant
            self.attempts.append(turn)
            self.last = None if correction.right else dictation
            return
        (value,) = values
        self.note(Candidate("", value, turn, dictation.owner, State.CORRECTED))
        self.last = replace(dictation, groups=tuple(options[0:1]), value=value, turn=turn)

    def likest(self, value: str, before: int) -> list[str]:
        """The caller's earlier numbers that one read back stands for."""
        earlier = (one for one in self.found.values() if one.turn < before and one.value != value)
        return [one.value for one in earlier if alike(one.value, value) >= ALIKE]


def alike(run: str, value: str) -> float:
    """How like a phone some digits are, with or without what people dial before it; 0 for less than half of one."""
    national = _CODES.sub("", value.lstrip("+"))
    said = run.lstrip("+")
    forms = {said, _DIALLED.sub("", said)}
    if min(map(len, (*forms, national))) < _FEWEST_DIGITS - 1:
        return 0.0
    return max(SequenceMatcher(None, form, national, autojunk=False).ratio() for form in forms)
