"""What a model is shown: the rules from `prompts/`, and the call as one JSON object that nothing spoken can close."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from functions.analysis.contacts.choice import NONE_OF_THESE
from functions.analysis.contacts.hearing import CALLER_ID
from functions.analysis.model.schema import Schema, answer_schema
from functions.analysis.preprocessing import PreparedCall
from functions.analysis.settings import SchemaMode
from functions.analysis.taxonomy import LABELS, Taxonomy
from postcall.domain.call import Turn

CANARY = "PC-7Q4X-2M"  # stands in the prompt; an answer that holds it repeats the prompt
HEAD_SHARE = 0.4  # of a call that is too long: how it began matters less than how it ended
SHOWN_OF_AN_ANSWER = 2_000  # characters: enough to see what was wrong
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NO_ANSWER = "(no answer)"
MOST_PROBLEMS = 10
_FOLDER = Path(__file__).parents[1] / "prompts"

Message = dict[str, str]


@dataclass(frozen=True)
class Prompt:
    """The prompt of one taxonomy and schema mode."""

    taxonomy: Taxonomy
    mode: SchemaMode = SchemaMode.JSON_SCHEMA
    bounds_texts: bool = False  # whether the server knows a text's greatest length

    @cached_property
    def schema(self) -> Schema:
        """The answer's schema."""
        return answer_schema(self.taxonomy, bounds_texts=self.bounds_texts)

    @cached_property
    def rules(self) -> str:
        """The system message: the same for every call, so that servers can cache it."""
        lists = {name: _definitions(self.taxonomy, name) for name in LABELS}
        rules = _filled(_text("judge.md"), **lists)
        return rules if self.mode is SchemaMode.JSON_SCHEMA else f"{rules}\n{self._form}"

    @property
    def _form(self) -> str:
        """The schema in words: for servers that do not enforce it."""
        return _filled(_text("schema.md"), schema=json.dumps(self.schema, separators=(",", ":")))

    @cached_property
    def version(self) -> str:
        """Changes with every word of the prompt and of the schema."""
        everything = self.rules + _text("repair.md") + json.dumps(self.schema, sort_keys=True)
        return hashlib.sha256(everything.encode()).hexdigest()[:12]

    def repair(self, answer: str, problems: Sequence[str]) -> list[Message]:
        """What a second try adds: the first answer, cut, and what was wrong with it, with the schema."""
        request = _filled(_text("repair.md"), problems=", ".join(problems[:MOST_PROBLEMS]))
        if self.mode is SchemaMode.JSON_SCHEMA:  # in the other modes it stands in the rules
            request += self._form
        shown = answer.strip()
        shown = shown if len(shown) <= SHOWN_OF_AN_ANSWER else f"{shown[:SHOWN_OF_AN_ANSWER]}…"
        return [{"role": "assistant", "content": shown or NO_ANSWER}, {"role": "user", "content": request}]

    def messages(self, prepared: PreparedCall, *, max_characters: int) -> tuple[list[Message], bool]:
        """The messages, and whether the call had to be cut to fit."""
        turns, was_cut = _fitting(prepared.shown, max_characters)
        record = {
            "call": _facts(prepared),
            "turns": turns,
            "elevenlabs": _opinion(prepared),
            "candidates": _refs(prepared),
        }
        content = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
        return [{"role": "system", "content": self.rules}, {"role": "user", "content": content}], was_cut


def references(prepared: PreparedCall) -> frozenset[str]:
    """The references a model may answer with."""
    return frozenset({*_refs(prepared), NONE_OF_THESE})


def _refs(prepared: PreparedCall) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for candidate in (*prepared.phones, *prepared.emails):
        marks = {"confirmed": candidate.verified, "taken_back": candidate.retracted}
        found[candidate.ref] = {"turn": candidate.turn} | {name: True for name, is_set in marks.items() if is_set}
    if prepared.caller_id is not None:
        found[CALLER_ID] = {"shown_by": "network"}
    return found


def _facts(prepared: PreparedCall) -> dict[str, Any]:
    at = prepared.call.started_at
    facts = {
        "date": None if at is None else f"{at:%Y-%m-%d}",
        "weekday": None if at is None else WEEKDAYS[at.weekday()],
        "seconds": prepared.call.duration_seconds,
        "language": prepared.call.language,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _opinion(prepared: PreparedCall) -> dict[str, Any]:
    """ElevenLabs' conclusions, masked like everything else."""
    vendor = prepared.call.vendor
    collected = {
        prepared.masked(name): prepared.masked(str(value)) if isinstance(value, str) else value
        for name, value in vendor.collected.items()
        if value is None or isinstance(value, str | bool | int | float)
    }
    return {
        "summary": None if vendor.summary is None else prepared.masked(vendor.summary),
        "successful": None if vendor.successful is None else prepared.masked(vendor.successful),
        "collected": collected,
        "criteria": {prepared.masked(name): prepared.masked(verdict) for name, verdict in vendor.criteria.items()},
    }


def _fitting(turns: Sequence[Turn], max_characters: int) -> tuple[list[dict[str, Any]], bool]:
    """All turns, or the first and the last ones that fit."""
    rows = [{"n": index, "role": turn.speaker.value, "text": turn.text} for index, turn in enumerate(turns)]
    if sum(len(turn.text) for turn in turns) <= max_characters:
        return rows, False
    head = _first_fitting(rows, round(max_characters * HEAD_SHARE))
    tail = _first_fitting(rows[len(head) :][::-1], round(max_characters * (1 - HEAD_SHARE)))[::-1]
    return [*head, {"omitted_turns": len(rows) - len(head) - len(tail)}, *tail], True


def _first_fitting(rows: list[dict[str, Any]], room: int) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = []
    for row in rows:
        room -= len(row["text"])
        if room < 0:
            break
        kept.append(row)
    return kept


def _definitions(taxonomy: Taxonomy, name: str) -> str:
    return "\n".join(f"- {label.code}: {label.definition}" for label in taxonomy.labels[name].values())


def _filled(template: str, **values: str) -> str:
    """Put values into a template; other braces in it stay."""
    for name, value in values.items():
        template = template.replace(f"{{{name}}}", value)
    return template


@cache
def _text(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
