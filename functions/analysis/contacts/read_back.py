"""Read-backs: the agent repeats a contact and the caller says yes, no, or corrects it.

A read-back counts only against what the caller has said before it: an agent's own number («наш номер …») is not the
caller's because the caller said "yes" to something.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from functions.analysis.contacts.candidates import Candidate, Mentions, phones_in
from functions.analysis.contacts.email_words import transliterated
from functions.analysis.contacts.emails import spoken_emails
from functions.analysis.contacts.spoken_numbers import spoken_numbers
from functions.analysis.signs import confirms, corrects, denies
from postcall.domain.call import Speaker, Turn

_ALIKE = 0.75  # a corrected digit or two leaves this much in place
_TURNS_OF_DICTATION = 4
_FRAGMENT = 4  # digits the caller must have said for an agent's number to be a read-back at all


def read_backs(turns: Sequence[Turn], mentions: Mentions) -> None:
    """Mark candidates as verified or retracted, and add the corrected ones that only the read-back holds whole."""
    for index, turn in enumerate(turns):
        if turn.speaker is Speaker.CALLER:
            _retract_corrected(turn, index, mentions)
            continue
        answer = next((later for later in turns[index + 1 : index + 2] if later.speaker is Speaker.CALLER), None)
        if answer is None:
            continue
        for _number, value in phones_in(turn.text, mentions.regions):
            if value is not None:
                _answered_phone(value, answer, index, turns, mentions)
        _answered_emails(turn, answer, index, mentions)


def _answered_phone(value: str, answer: Turn, index: int, turns: Sequence[Turn], mentions: Mentions) -> None:
    candidate = mentions.phones.get(value)
    if denies(answer.text):
        if candidate is not None and candidate.turn < index:
            mentions.phones[value] = replace(candidate, retracted=True)
    elif confirms(answer.text):
        earlier = _alike(value, mentions, index)
        if candidate is None and earlier is None and not _pieces_said(value, turns[:index]):
            return
        ref = candidate.ref if candidate is not None else f"PHONE_{len(mentions.phones) + 1}"
        mentions.phones.pop(value, None)
        if earlier is not None and earlier.value != value:
            mentions.phones[earlier.value] = replace(earlier, retracted=True)
        mentions.phones[value] = Candidate(ref, value, index + 1, verified=True)


def _alike(value: str, mentions: Mentions, before: int) -> Candidate | None:
    """The caller's earlier number that the confirmed one corrects."""
    earlier = [candidate for candidate in mentions.phones.values() if candidate.turn < before]
    return next((one for one in reversed(earlier) if SequenceMatcher(None, one.value, value).ratio() >= _ALIKE), None)


def _pieces_said(value: str, turns: Sequence[Turn]) -> bool:
    """Whether the caller dictated this number in pieces in their last turns."""
    said = [turn for turn in turns if turn.speaker is Speaker.CALLER][-_TURNS_OF_DICTATION:]
    pieces = [number.digits for turn in said for number in spoken_numbers(turn.text) if len(number.digits) > 1]
    return sum(len(piece) for piece in pieces if piece in value) >= _FRAGMENT


def _answered_emails(turn: Turn, answer: Turn, index: int, mentions: Mentions) -> None:
    for email in spoken_emails(turn.text):
        for value, candidate in list(mentions.emails.items()):
            same = value == email.address or _letters(value) == _letters(transliterated(email.as_latin))
            if not same or candidate.turn >= index:
                continue
            if confirms(answer.text):
                mentions.emails[value] = replace(candidate, verified=True)
            elif denies(answer.text):
                mentions.emails[value] = replace(candidate, retracted=True)


def _letters(address: str) -> str:
    return re.sub(r"[^a-z0-9@]", "", address.lower())


def _retract_corrected(turn: Turn, index: int, mentions: Mentions) -> None:
    """A number that the caller corrects in the same breath is not the number, whatever the correction was."""
    for number, value in phones_in(turn.text, mentions.regions):
        candidate = None if value is None else mentions.phones.get(value)
        if candidate is None or value is None or candidate.turn != index:
            continue
        rest = turn.text[number.end :]
        corrected = corrects(rest)
        if corrected and any(len(again.digits) > 1 for again in spoken_numbers(rest[corrected.start() :])):
            mentions.phones[value] = replace(candidate, retracted=True)
