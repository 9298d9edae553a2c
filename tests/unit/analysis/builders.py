"""Calls and answers for the tests of the analysis: a test writes the lines that matter."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from functions.analysis.collected import field_names
from functions.analysis.model.output import ModelOutput, read_answer
from functions.analysis.model.prompt import Prompt, references
from functions.analysis.offline_analyst import OfflineAnalyst
from functions.analysis.preprocessing import PreparedCall, prepare
from functions.analysis.taxonomy import taxonomy
from postcall.domain.analysis import Analysis
from postcall.domain.call import Call, Contact, ContactValue, Speaker, Turn, VendorView
from tests.support.builders import SAMPLES
from tests.support.fakes.clock import START
from tools.verify.evaluation.analysts import recorded_answers
from tools.verify.evaluation.dataset import Row, read_rows

ROWS = read_rows(SAMPLES / "evaluation" / "llm-eval.jsonl")
SCRIPTED = recorded_answers(SAMPLES / "evaluation" / "scripted-answers.jsonl")
PROMPT = Prompt(taxonomy())


def call_of(*lines: str, **members: Any) -> Call:
    """A call from lines such as `a: Слушаю.` and `u: Хочу квартиру.`."""
    speakers = {"a": Speaker.AGENT, "u": Speaker.CALLER}
    turns = tuple(Turn(speakers[line[0]], line[2:].strip()) for line in lines)
    return replace(Call("conv_test", turns=turns, duration_seconds=60), **members)


def prepared_call(*lines: str, **members: Any) -> PreparedCall:
    """The same call, read."""
    return prepare(call_of(*lines, **members))


def row(identity: str) -> Row:
    """One of the labelled calls."""
    return next(one for one in ROWS if one.id == identity)


def answer_members(identity: str = "E01", **members: Any) -> dict[str, Any]:
    """The scripted answer to a labelled call, with members replaced."""
    found: dict[str, Any] = json.loads(SCRIPTED[f"conv_{identity.lower()}"])
    return found | members


def answer_of(members: dict[str, Any], prepared: PreparedCall) -> ModelOutput:
    """An answer as read from a model's text."""
    return read_answer(
        json.dumps(members, ensure_ascii=False), PROMPT.schema, references(prepared), len(prepared.shown)
    )


def offline(call: Call) -> Analysis:
    """What the rules alone make of a call."""
    return OfflineAnalyst(taxonomy(), field_names()).analyse(call, received_at=START)


def vendor(**members: Any) -> VendorView:
    """ElevenLabs' own conclusions."""
    return replace(VendorView(), **members)


def given(**values: str) -> Contact:
    """A contact that the system which sent the call brought along."""
    return Contact(**{name: ContactValue(value, "given") for name, value in values.items()})
