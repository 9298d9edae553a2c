"""The answers to what the outside tools find, and to AWS's questions: `answers.toml`, the one place."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tools.verify.answers.record import FOLDER, Record

ANSWERS: Final = FOLDER / "answers.toml"


@dataclass(frozen=True)
class Question:
    """One of the Serverless Lens; `shown` are documents and commands."""

    question_id: str
    question: str
    answer: str
    shown: str


@dataclass(frozen=True)
class Answers:
    """`findings` are reasons by tool and rule."""

    findings: Mapping[str, Mapping[str, str]]
    questions: tuple[Question, ...]


def read_answers() -> Answers:
    """As they are written."""
    written = tomllib.loads(ANSWERS.read_text(encoding="utf-8"))
    return Answers(written["findings"], tuple(Question(**each) for each in written["questions"]))


def gaps(record: Record, answers: Answers) -> list[str]:
    """A sentence for each finding without an answer, and for each answer without a finding."""
    found = {(tool, rule) for tool, each in record.tools.items() for rule, said in each.rules.items() if said.to_answer}
    answered = {(tool, rule) for tool, reasons in answers.findings.items() for rule in reasons}
    return [
        *(f"{tool} {rule} has no answer" for tool, rule in sorted(found - answered)),
        *(f"{tool} {rule} is answered and not found" for tool, rule in sorted(answered - found)),
    ]
