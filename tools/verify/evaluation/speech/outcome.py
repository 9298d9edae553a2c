"""What was made of an utterance: right, missed, or wrong, and whether a miss was told of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tools.verify.evaluation.contact_case import ContactAnswer
from tools.verify.evaluation.speech.fill import Utterance


class Verdict(StrEnum):
    """In the order in which they count: one wrong value makes the whole answer wrong."""

    WRONG = "wrong"
    MISSED = "missed"
    RIGHT = "right"


@dataclass(frozen=True)
class Outcome:
    """One utterance, its answer and the verdict; `in_silence`: an attempt came to nothing and no doubt was told."""

    utterance: Utterance
    answer: ContactAnswer
    verdict: Verdict
    in_silence: bool


def outcome(utterance: Utterance, answer: ContactAnswer) -> Outcome:
    """Judge an answer by the truth.

    The network's number is the caller's own: taken where another was said, it is a miss; where it was refused, wrong.
    """
    network = utterance.network if utterance.pattern.reachable else None
    ways = {_phone(answer.phone, utterance.phones, network), _text(answer.email, utterance.emails)}
    verdict = next(one for one in Verdict if one in ways | {_text(answer.full_name, utterance.names)})
    must_tell = utterance.pattern.flagged or (Verdict.MISSED in ways and utterance.is_attempted)
    in_silence = must_tell and verdict is not Verdict.WRONG and not answer.flags
    return Outcome(utterance, answer, Verdict.MISSED if in_silence else verdict, in_silence)


def _phone(found: str | None, right: frozenset[str], network: str | None) -> Verdict:
    if right:
        return _text(found if found != network or found in right else None, right)
    return Verdict.RIGHT if found in (None, network) else Verdict.WRONG


def _text(found: str | None, right: frozenset[str]) -> Verdict:
    if found is None:
        return Verdict.MISSED if right else Verdict.RIGHT
    return Verdict.RIGHT if found in right else Verdict.WRONG
