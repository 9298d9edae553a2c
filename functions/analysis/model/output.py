"""A model's answer: read from its text, checked, and nothing of it believed yet."""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from functions.analysis.cleaning import is_mostly_cyrillic
from functions.analysis.evidence import checked
from functions.analysis.model.json_text import objects_in
from functions.analysis.model.prompt import CANARY
from functions.analysis.model.schema import LAST_TURN, MOST_QUOTES, MOST_RECOMMENDATIONS, Schema, problems
from functions.analysis.preprocessing import PreparedCall
from postcall.domain.json_object import as_objects

_THOUGHTS = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
LOOP_TAIL, LOOP_RATIO = 1_200, 8  # of an answer's end, in characters; text compresses two to four times


@dataclass(frozen=True)
class Quote:
    """Words that a model gives as the reason for a signal."""

    signal: str
    turn: int
    text: str


@dataclass(frozen=True)
class ModelOutput:
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


def read_answer(content: str, schema: Schema, references: Collection[str], turns: int) -> ModelOutput:
    """Read and check an answer to a call of so many turns.

    Thoughts (`<think>…</think>`), fences and prose around the form are passed over; of several forms the last that fits
    counts.

    Raises:
        InvalidAnswerError: The answer is not the form that was asked for; `fields` names where, and repeats
            nothing.
    """
    text = _without_thoughts(content)
    try:
        found = list(objects_in(text))
    except ValueError:
        found = []
    if not found:
        raise InvalidAnswerError(["the answer is not JSON"])
    checked_forms = [(value, _problems(value, schema, references)) for value in found]
    value, wrong = next((pair for pair in reversed(checked_forms) if not pair[1]), checked_forms[-1])
    if CANARY in text:
        wrong = [*wrong, "the answer repeats the rules"]
    if wrong:
        raise InvalidAnswerError(wrong)
    return _answer(value, max(0, turns - 1))


def weaknesses(answer: ModelOutput, prepared: PreparedCall) -> list[str]:
    """What is worth a second try, but not worth losing the answer for; a quote that failed is named by its place."""
    weak = [] if not answer.summary_ru or is_mostly_cyrillic(answer.summary_ru) else ["summary_ru is not in Russian"]
    return weak + [
        f"evidence[{index}] ({quote.signal}): its quote is not in a caller turn word for word"
        for index, quote in enumerate(answer.quotes)
        if not checked(quote.text, quote.turn, prepared.shown).verified
    ]


def is_looping(content: str) -> bool:
    """Whether an answer that did not end went in circles: more room would be filled with the same."""
    tail = content[-LOOP_TAIL:].encode()
    return len(tail) > LOOP_TAIL // 2 and len(zlib.compress(tail)) < len(tail) / LOOP_RATIO


def _without_thoughts(content: str) -> str:
    """What follows a reasoning model's thoughts; of thoughts that never ended, nothing."""
    return _THOUGHTS.sub(" ", content)


def _problems(value: dict[str, Any], schema: Schema, references: Collection[str]) -> list[str]:
    contacts = value.get("contacts")
    for name in ("phone_ref", "email_ref"):
        if isinstance(contacts, dict) and isinstance(contacts.get(name), str):
            contacts[name] = _reference(contacts[name])
    for members, name in _numbers(value):
        members[name] = _as_whole(members.get(name))
    return problems(value, schema) or _unknown_references(value["contacts"], references)


def _numbers(value: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """The places where a whole number is asked for."""
    yield value, "quality_score"
    yield from ((row, "turn") for row in as_objects(value.get("evidence")))


def _as_whole(value: Any) -> Any:  # noqa: ANN401 — unchecked JSON
    """3 for 3.0 and for "3", as lenient servers write it; anything else as it is."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value.strip()):
        return int(value)
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < LAST_TURN else value


def _unknown_references(contacts: dict[str, Any], references: Collection[str]) -> list[str]:
    """Whatever is no reference of this call is an invention."""
    named = {name: contacts[name] for name in ("phone_ref", "email_ref")}
    return [f"contacts.{name}" for name, ref in named.items() if ref is not None and ref not in references]


def _reference(text: str) -> str | None:
    """A reference is taken with or without its brackets."""
    bare = text.strip().strip("[]").strip()
    return None if bare.lower() in {"", "null", "none"} else bare


def _answer(value: dict[str, Any], last_turn: int) -> ModelOutput:
    contacts = value["contacts"]
    plain = {name: value[name] for name in ModelOutput.__dataclass_fields__ if name in value}
    return ModelOutput(
        **plain
        | {
            "quotes": tuple(
                Quote(row["signal"], min(max(row["turn"], 0), last_turn), row["quote"])
                for row in value["evidence"][:MOST_QUOTES]
            ),
            "recommendations": tuple(value["recommendations"][:MOST_RECOMMENDATIONS]),
            "full_name": contacts["full_name"],
            "phone_ref": contacts["phone_ref"],
            "email_ref": contacts["email_ref"],
        },
    )
