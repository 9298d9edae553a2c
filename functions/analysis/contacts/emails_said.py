"""E-mails through a call: what is asked for, said, read back, confirmed, corrected and taken back, turn by turn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from functions.analysis.contacts.asking import Asking
from functions.analysis.contacts.context import arounds, judge
from functions.analysis.contacts.email_corrections import corrected_email, takes_back
from functions.analysis.contacts.email_words import transliterated
from functions.analysis.contacts.emails import SpokenEmail, spoken_emails
from functions.analysis.contacts.evidence import Candidate, Owner, State
from functions.analysis.heuristics import confirms, denies
from functions.analysis.words import holds, patterns

MOST_EMAILS = 50  # of one call: more are no contacts
ALIKE = 0.55  # of two addresses that were understood
SOUNDS_ALIKE, COVERED = 0.5, 0.6  # of what was heard as an address and one that the agent spells out
_SAME = 0.85  # of the agent's own address and one that repeats it
_LONGEST_QUOTE = 120
_MEMORY = 4  # turns


@dataclass(frozen=True)
class Attempt:
    """An address that was dictated and not understood."""

    turn: int
    text: str


@dataclass
class EmailsSaid:
    """The evidence on addresses, as it grows with the turns."""

    found: dict[str, Candidate] = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)
    companys: list[str] = field(default_factory=list)
    read_back: str | None = None
    last: str | None = None
    last_turn: int = -1

    def hear_agent(self, text: str, folded: str, turn: int) -> list[SpokenEmail]:
        """A turn of the agent: an address in it is a read-back of the caller's, or the company's own."""
        del folded
        emails = spoken_emails(text)
        self.read_back = None
        for email in emails:
            said = email.address or email.as_latin
            if self._is_read_back(said, turn):
                self.read_back = email.address or self._meant(said)
            else:
                self.companys.append(said)
        return emails

    def _is_read_back(self, said: str, turn: int) -> bool:
        if said in self.companys:
            return False
        known = [one.value for one in self.found.values() if one.owner is not Owner.OTHER]
        if any(alike(one, said) >= ALIKE for one in known):
            return True
        return any(sounds_like(one.text, said) for one in self.attempts if turn - one.turn <= _MEMORY)

    def _meant(self, said: str) -> str | None:
        """Which of the caller's addresses the agent's Russian words stand for."""
        return next((value for value in self.found if _letters(value) == _letters(transliterated(said))), None)

    def hear_caller(self, text: str, folded: str, turn: int, asked: Asking) -> list[SpokenEmail]:
        """A turn of the caller."""
        emails = spoken_emails(text, known=len(self.found))
        said_any = any(email.address for email in emails)
        if not said_any and self._answers(text, folded, turn):
            self.read_back = None
            return emails
        owners = self._owners(folded, emails, asked)
        for index, (email, owner) in enumerate(zip(emails, owners, strict=False)):
            if email.address is None:
                self.attempts.append(Attempt(turn, text.strip()[:_LONGEST_QUOTE]))
                self.last = None
                continue
            end = emails[index + 1].start if index + 1 < len(emails) else len(text)
            self._note(email.address, turn, owner)
            self._correct_in(text[email.end : end], folded[email.end : end], turn, more=index + 1 < len(emails))
        if self.read_back is not None and said_any and self.read_back not in {email.address for email in emails}:
            self._mark(self.read_back, State.TAKEN_BACK)
        if not emails and _is_attempt(folded, asked):
            self.attempts.append(Attempt(turn, text.strip()[:_LONGEST_QUOTE]))
        self.read_back = None
        return emails

    def _owners(self, folded: str, emails: Sequence[SpokenEmail], asked: Asking) -> list[Owner]:
        around = arounds(folded, [(email.start, email.end) for email in emails[:MOST_EMAILS]])
        verdicts = [judge(one) for one in around]
        emails = emails[:MOST_EMAILS]
        owners = []
        for email, verdict in zip(emails, verdicts, strict=True):
            others = verdict.owner is Owner.OTHER and verdict.sign != "thing"
            if others or asked.others or self._is_companys(email.address or ""):
                owners.append(Owner.OTHER)
            else:
                owners.append(Owner.CALLER if asked.email or verdict.sign == "own" else Owner.NEUTRAL)
        return owners

    def _is_companys(self, address: str) -> bool:
        if address in self.found and self.found[address].owner is not Owner.OTHER:
            return False
        return any(alike(one, address) >= _SAME for one in self.companys)

    def _note(self, address: str, turn: int, owner: Owner, state: State = State.SAID) -> None:
        before = self.found.pop(address, None)
        if before is None and len(self.found) >= MOST_EMAILS:
            return
        ref = before.ref if before is not None else f"EMAIL_{len(self.found) + 1}"
        if before is not None and state is State.SAID:
            owner = before.owner if before.owner is Owner.OTHER else owner
            state = State.CONFIRMED if before.verified else state
        self.found[address] = Candidate(ref, address, turn, owner, state)
        self.last, self.last_turn = address, turn

    def _mark(self, address: str | None, state: State) -> None:
        if address is not None and address in self.found:
            self.found[address] = replace(self.found[address], state=state)

    def _answers(self, text: str, folded: str, turn: int) -> bool:
        """Whether a turn without an address answered a read-back, or mended the address before it."""
        subject = self.read_back or (self.last if turn - self.last_turn <= 2 else None)  # noqa: PLR2004 — the next one
        if subject is None:
            return False
        mended = corrected_email(subject, text, folded)
        if mended:
            owner = self.found[subject].owner if subject in self.found else Owner.CALLER
            self._mark(subject, State.TAKEN_BACK)
            self._note(mended, turn, owner, State.CORRECTED)
            return True
        if self.read_back is not None and denies(folded):
            self._mark(subject, State.TAKEN_BACK)
            self.attempts.append(Attempt(turn, subject))
            return True
        if self.read_back is not None and confirms(folded):
            for value, candidate in list(self.found.items()):
                if value != subject and candidate.turn < turn and alike(value, subject) >= ALIKE:
                    self._mark(value, State.TAKEN_BACK)
            self._note(subject, turn, Owner.CALLER, State.CONFIRMED)
            return True
        if mended is not None and (self.read_back is not None or takes_back(folded)):
            self._mark(subject, State.TAKEN_BACK)
            self.attempts.append(Attempt(turn, text.strip()[:_LONGEST_QUOTE]))
            return True
        return False

    def _correct_in(self, text: str, folded: str, turn: int, *, more: bool) -> None:
        """What follows an address in the same turn may mend it; another address after it replaces it."""
        address = self.last
        if address is None:
            return
        if more:
            if takes_back(folded):
                self._mark(address, State.TAKEN_BACK)
            return
        mended = corrected_email(address, text, folded)
        if mended:
            self._mark(address, State.TAKEN_BACK)
            self._note(mended, turn, self.found[address].owner, State.CORRECTED)
        elif mended is not None:
            self._mark(address, State.TAKEN_BACK)
            self.attempts.append(Attempt(turn, address))


def alike(one: str, other: str) -> float:
    """How like each other two addresses sound."""
    first, second = _letters(transliterated(one)), _letters(transliterated(other))
    return SequenceMatcher(None, first, second, autojunk=False).ratio() if first and second else 0.0


def sounds_like(heard: str, address: str) -> bool:
    """Whether an address that the agent spells out is like what was heard as one, without the words for its signs."""
    for expression in patterns("contacts", "sign_sounds"):
        heard = expression.sub(" ", heard.casefold())
    sound, whole, local = (_letters(transliterated(text)) for text in (heard, address, address.partition("@")[0]))
    if not sound or not local:
        return False
    blocks = SequenceMatcher(None, local, sound, autojunk=False).get_matching_blocks()
    covered = sum(block.size for block in blocks if block.size > 1) / len(local)
    return covered >= COVERED or SequenceMatcher(None, sound, whole, autojunk=False).ratio() >= SOUNDS_ALIKE


def _letters(address: str) -> str:
    return re.sub(r"[^a-z0-9]", "", address.lower())


def _is_attempt(folded: str, asked: Asking) -> bool:
    """Whether somebody tried to say an address here and it did not come through."""
    if holds("contacts", "sounds_like_email", folded):
        return True
    if not asked.email or asked.phone:
        return False
    refuses = holds("contacts", "no_email", folded)
    return not refuses and not confirms(folded) and not denies(folded) and len(folded.split()) > 1
