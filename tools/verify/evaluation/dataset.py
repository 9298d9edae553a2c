"""The labelled calls, and one result a call."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from postcall.domain.analysis import Analysis
from postcall.domain.call import Call, Speaker, Turn, VendorView


@dataclass(frozen=True)
class Row:
    """One labelled call. `expected` holds the labels as the file has them."""

    id: str
    call: Call
    expected: dict[str, Any]
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """What an analyst made of one call."""

    row: Row
    analysis: Analysis
    seconds: float = 0.0


@dataclass(frozen=True)
class Examination:
    """Everything an analyst was put through. `runs` are the labelled calls, several times over."""

    runs: list[list[Result]]
    injections: list[Injected] = field(default_factory=list)
    spoken: list[Heard] = field(default_factory=list)
    is_whole: bool = True  # False: somebody interrupted it

    @property
    def results(self) -> list[Result]:
        """The first run."""
        return self.runs[0]


@dataclass(frozen=True)
class Injected:
    """One call with an order to the machine in it, and the same call without."""

    payload: str
    clean: Result
    attacked: Result


@dataclass(frozen=True)
class Heard:
    """A generated spoken number: what was said, and what was made of it. `number` is None for half a number."""

    text: str
    number: str | None
    heard: str | None


def read_rows(path: Path) -> list[Row]:
    """The rows of a file of labelled calls, one JSON object a line."""
    return [_row(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _row(members: dict[str, Any]) -> Row:
    given = members["input"]
    analysis = given.get("analysis") or {}
    collected = analysis.get("data_collection_results") or {}
    criteria = analysis.get("evaluation_criteria_results") or {}
    call = Call(
        event_id=given["conversation_id"],
        turns=tuple(
            Turn(Speaker(turn["role"]), turn["message"], turn["time_in_call_secs"]) for turn in given["transcript"]
        ),
        vendor=VendorView(
            summary=analysis.get("transcript_summary"),
            successful=analysis.get("call_successful"),
            collected={name: value["value"] for name, value in collected.items()},
            criteria={name: value["result"] for name, value in criteria.items()},
        ),
        agent_id=given["agent_id"],
        conversation_id=given["conversation_id"],
        duration_seconds=given["duration_secs"],
        caller_id=given["caller_id"],
    )
    return Row(members["id"], call, members["expected"], tuple(members.get("tags", ())))
