"""The records of the runs, read back: what `write_record` wrote, by name."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

# Every run that the document tells of, and what makes its record: arguments of the interpreter, before `--out FILE`.
RUNS: dict[str, str] = {
    "crashes": "-m tools.verify.simulation --crashes 450",
    "seeded_bugs": "-m tools.verify.simulation --planted 1000",
    "simulation": "-m tools.verify.simulation --schedules 100000 --workers all",
    "mutation": "-m tools.verify.mutation",
    "cold_import": "-m tools.verify.bench.cold_import",
    "warm_intake": "-m tools.verify.bench.warm_intake",
    "requests": "-m tools.verify.bench.requests",
    "lists": "-m tools.verify.bench.lists",
    "console": "-m tools.verify.bench.console",
    "bench": "-m tools.verify.bench",
    "drain": "-m tools.verify.bench.drain",
    "dispatch": "-m tools.verify.bench.dispatch",
    "chaos": "-m tools.verify.chaos",
    "load": "-m tools.verify.load both --rate 15 --seconds 120 --crm-rate 30",
    "flood": "-m tools.verify.flood",
    "peers": "-m tools.verify.peers",
    "restore": "-m tools.verify.rehearsal",
}


class RecordError(ValueError):
    """A record that is not there, or is none."""


@dataclass(frozen=True)
class Record:
    """One run. `figures` is what it found, in the names of the module that ran; `commit` ends in + if code differed."""

    name: str
    command: str
    made_at: datetime
    seconds: float
    commit: str
    machine: dict[str, Any]
    figures: dict[str, Any]
    not_covered: list[str]


def read_records(folder: Path, names: Iterable[str] = RUNS) -> dict[str, Record]:
    """Every named record.

    Raises:
        RecordError: For one that is missing or unreadable.
    """
    return {name: read_record(folder / f"{name}.json") for name in names}


def read_record(path: Path) -> Record:
    """One record.

    Raises:
        RecordError: A record that is not there, or is none.
    """
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        made_at = datetime.fromisoformat(report.pop("made_at"))
        return Record(name=path.stem, made_at=made_at, **report)
    except FileNotFoundError:
        raise RecordError(f"The run `{path.stem}` has left no record ({path.name}).") from None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RecordError(f"{path.name} is no record of a run: {error}") from error
