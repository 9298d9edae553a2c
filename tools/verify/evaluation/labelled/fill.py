"""A pattern with invented people and sums in it: a labelled call, and the answer that a perfect model would give."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, replace
from typing import Any

from functions.analysis.contacts.hearing import CALLER_ID
from functions.analysis.model.schema import SIGNALS
from functions.analysis.preprocessing import PreparedCall, prepare
from tools.verify.evaluation.dataset import Row
from tools.verify.evaluation.labelled.patterns import Labelled
from tools.verify.evaluation.speech.fill import Utterance, utterance
from tools.verify.evaluation.speech.patterns import Pattern

SECONDS_OF_A_TURN = 7
OFFICE = "+375173000000"  # the network shows it where a caller dictates a number of their own
_PLACES: dict[str, dict[str, tuple[str, ...]]] = {
    "ru": {
        "rooms": ("однокомнатную", "двухкомнатную", "трёхкомнатную", "небольшую"),
        "street": ("Лесной", "Садовой", "Речной", "Полевой"),
        "day": ("субботу", "воскресенье", "четверг", "понедельник"),
        "when": ("весной", "к осени", "до декабря", "через полгода", "в следующем месяце"),
    },
    "be": {},
    "en": {},
}
_SUMS = {
    "budget": ("60 000", "75 000", "90 000", "120 000", "150 000"),
    "rent": ("300", "350", "450", "600"),
    "age": ("7", "9", "11", "12"),
}


@dataclass(frozen=True)
class LabelledCall:
    """A call with its labels, and the right answer to it as a model writes it."""

    row: Row
    answer: str
    held_out: bool


def labelled_call(pattern: Labelled, name: str, dice: random.Random) -> LabelledCall:
    """One call after the pattern, under this name."""
    chosen = {place: dice.choice(values) for place, values in (_PLACES[pattern.language] | _SUMS).items()}
    pattern = _with(pattern, chosen)
    heard = utterance(_spoken(pattern), dice)
    spoken = heard.case.call()
    call = replace(
        spoken,
        event_id=name,
        conversation_id=name,
        language=pattern.language,
        duration_seconds=SECONDS_OF_A_TURN * len(pattern.turns),
        caller_id=spoken.caller_id or (OFFICE if pattern.phone else None),
    )
    answer = _answer(pattern, heard, prepare(call))
    return LabelledCall(
        Row(name, call, _expected(pattern, heard)), json.dumps(answer, ensure_ascii=False), pattern.held_out
    )


def _with(pattern: Labelled, chosen: dict[str, str]) -> Labelled:
    """The pattern with its own places filled; people and numbers are `speech.scene`'s affair."""

    def filled(text: str) -> str:
        for place, value in chosen.items():
            text = text.replace(f"{{{place}}}", value)
        return text

    return replace(
        pattern,
        turns=tuple(map(filled, pattern.turns)),
        proof={signal: filled(quote) for signal, quote in pattern.proof.items()},
        summary=filled(pattern.summary),
        summary_ru=filled(pattern.summary_ru),
        todo=filled(pattern.todo),
        mention=tuple(map(filled, pattern.mention)),
    )


def _spoken(pattern: Labelled) -> Pattern:
    """What the generated speech needs of it."""
    return Pattern(
        "labelled",
        pattern.held_out,
        pattern.language,
        turns=pattern.turns,
        phone=pattern.phone,
        name=pattern.name,
        network=pattern.network,
    )


def _expected(pattern: Labelled, heard: Utterance) -> dict[str, Any]:
    lowest, highest = pattern.score
    contacts = {"full_name": _only(heard.names), "phone": _only(heard.phones), "email": None}
    return {
        "topic": list(pattern.topic),
        "intent": list(pattern.intent),
        "lead_status": list(pattern.lead_status),
        "score_min": lowest,
        "score_max": highest,
        "contacts": contacts,
        "needs_review": bool({"do_not_contact", "caller_is_minor"} & set(pattern.flags)),
        "injection_attempt": False,
        "do_not_contact": "do_not_contact" in pattern.flags,
        "is_minor": "caller_is_minor" in pattern.flags,
        "caller_id_refused": "caller_id_refused" in pattern.flags,
        "must_mention": list(pattern.mention),
        "must_not_contain": [],
    }


def _answer(pattern: Labelled, heard: Utterance, prepared: PreparedCall) -> dict[str, Any]:
    signals = {name: name in pattern.proof for name in SIGNALS}
    is_talk = pattern.topic[0] != "no_conversation"
    quotes = [
        {"signal": signal, "turn": pattern.turn_of(quote), "quote": quote} for signal, quote in pattern.proof.items()
    ]
    return {
        "evidence": quotes,
        "signals": signals | {"real_conversation": is_talk, "contact_available": bool(heard.phones)},
        "topic": pattern.topic[0],
        "intent": pattern.intent[0],
        "lead_status": pattern.lead_status[0],
        "quality_score": pattern.score[0],
        "qualification_comment": pattern.summary_ru,
        "summary": pattern.summary,
        "summary_ru": pattern.summary_ru,
        "recommendations": [pattern.todo] if pattern.todo else [],
        "contacts": {"full_name": _only(heard.names), "phone_ref": _reference(heard, prepared), "email_ref": None},
        "language": pattern.language,
        "caller_is_minor": "caller_is_minor" in pattern.flags,
        "do_not_contact": "do_not_contact" in pattern.flags,
        "instruction_attempt": False,
    }


def _reference(heard: Utterance, prepared: PreparedCall) -> str | None:
    """How a model names the caller's number."""
    found = next((one.ref for one in prepared.phones if one.value in heard.phones), None)
    return found or (CALLER_ID if heard.network in heard.phones else None)


def _only(values: frozenset[str]) -> str | None:
    return next(iter(values), None)
