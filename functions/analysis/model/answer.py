"""A model's answer: read from its text, checked, and nothing of it believed yet."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from functions.analysis.cleaning import is_mostly_cyrillic
from functions.analysis.evidence import checked
from functions.analysis.model.prompt import CANARY
from functions.analysis.model.schema import Schema, problems
from functions.analysis.reading import Reading
from postcall.domain.said import said

_FENCED = re.compile(r"\s*(?:```(?:json)?\s*)?(\{.*\})\s*(?:```)?\s*", re.DOTALL)


@dataclass(frozen=True)
class Quote:
    """Words that a model gives as the reason for a signal."""

    signal: str
    turn: int
    text: str


@dataclass(frozen=True)
class Answer:
    """The form as a model filled it in."""

    quotes: tuple[Quote, ...]
    signals: dict[str, bool]
    topic: str
    intent: str
    lead_status: str
    quality_score: int
    qualification_comment: str
    summary: str
    summary_ru: str
    recommendations: tuple[str, ...]
    full_name: str | None
    phone_ref: str | None
    email_ref: str | None
    language: str
    caller_is_minor: bool
    do_not_contact: bool
    instruction_attempt: bool


class InvalidAnswerError(Exception):
    """The answer is not the form that was asked for; `fields` names where, and repeats nothing."""

    def __init__(self, fields: list[str]) -> None:
        super().__init__(f"{len(fields)} members do not fit")
        self.fields = fields


def read_answer(content: str, schema: Schema, references: Collection[str]) -> Answer:
    """Read and check an answer. Raises `InvalidAnswerError`."""
    match = _FENCED.fullmatch(content)
    try:
        value = json.loads(match[1] if match else content)
    except (ValueError, RecursionError):
        raise InvalidAnswerError([said("crm.foreign.not_json")]) from None
    wrong = problems(value, schema)
    if not wrong:
        wrong = _unknown_references(value["contacts"], references)
    if CANARY in content:
        wrong.append("the answer repeats the rules")
    if wrong:
        raise InvalidAnswerError(wrong)
    return _answer(value)


def weaknesses(answer: Answer, reading: Reading) -> list[str]:
    """What is worth a second try, but not worth losing the answer for."""
    weak = [] if not answer.summary_ru or is_mostly_cyrillic(answer.summary_ru) else ["summary_ru is not in Russian"]
    unfound = [quote for quote in answer.quotes if not checked(quote.text, quote.turn, reading.shown).verified]
    return weak + (["evidence: a quote is not in that caller turn word for word"] if unfound else [])


def _unknown_references(contacts: dict[str, Any], references: Collection[str]) -> list[str]:
    """A reference is taken with or without its brackets; anything else that is no reference is an invention."""
    wrong = []
    for name in ("phone_ref", "email_ref"):
        contacts[name] = _reference(contacts[name])
        if contacts[name] is not None and contacts[name] not in references:
            wrong.append(f"contacts.{name}")
    return wrong


def _reference(text: str | None) -> str | None:
    bare = "" if text is None else text.strip().strip("[]").strip()
    return None if bare.lower() in {"", "null", "none"} else bare


def _answer(value: dict[str, Any]) -> Answer:
    contacts = value["contacts"]
    plain = {name: value[name] for name in Answer.__dataclass_fields__ if name in value}
    return Answer(
        **plain
        | {
            "quotes": tuple(Quote(row["signal"], row["turn"], row["quote"]) for row in value["evidence"]),
            "recommendations": tuple(value["recommendations"]),
            "full_name": contacts["full_name"],
            "phone_ref": contacts["phone_ref"],
            "email_ref": contacts["email_ref"],
        },
    )
