"""Every crash point of a reference call, one after another, and pairs of them: none of it may lose the call."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from rich.console import Console

from functions.dispatch.settings import Deduplication
from tests.simulation.faults import Fault
from tests.simulation.schedule import Result, run
from tests.simulation.world import Chosen
from tools.proof.record import write_record

BEYOND = 30  # points that a run may have after the last one of its reference: what the crash itself brings


def references() -> list[Chosen]:
    """The reference calls: each road that a call may take, under each guarantee of the CRM."""
    roads = {
        "straight": Chosen("", calm=True),
        "the CRM is away first": Chosen("", calm=True, script=(Fault.CRM_DOWN, Fault.CRM_BUSY)),
        "refused, then resent": Chosen(
            "", calm=True, script=(Fault.CRM_LANDING_OFF,), acts=((200, Fault.OPERATOR_RESENDS),)
        ),
        "forced once more": Chosen("", calm=True, acts=((200, Fault.OPERATOR_FORCES),)),
        "the answer is lost": Chosen(
            "", calm=True, script=(Fault.CRM_ANSWER_LOST,), acts=((200, Fault.OPERATOR_RESOLVES),)
        ),
        "the request is lost": Chosen(
            "", calm=True, script=(Fault.CRM_REQUEST_LOST,), acts=((200, Fault.OPERATOR_RESOLVES),)
        ),
        "saved without a value": Chosen("", calm=True, script=(Fault.CRM_PARTIAL,)),
    }
    return [
        replace(road, seed=f"reference: {name}", environment="prod", deduplication=guarantee, calls=1)
        for name, road in roads.items()
        for guarantee in Deduplication
    ]


def points(reference: Chosen) -> list[str]:
    """The crash points of the reference, by name, in order."""
    result = run(reference)
    if result.broken:
        raise AssertionError(f"{reference.seed}: {result.broken}: {result.how}")
    return [str(number) for number in range(result.points)]


def singles(reference: Chosen) -> Iterator[Result]:
    """A run for each point at which the worker dies."""
    for point in range(len(points(reference))):
        yield run(replace(reference, crash_at=frozenset({point})))


def pairs(reference: Chosen, *, sample: int) -> Iterator[Result]:
    """Runs with two deaths, as many as are asked for, drawn without bias and the same every time."""
    last = len(points(reference)) + BEYOND
    every = [(first, second) for first in range(last) for second in range(first + 1, last)]
    dice = Random(f"pairs/{reference.seed}")  # noqa: S311 — reproducible on purpose
    for pair in dice.sample(every, min(sample, len(every))):
        yield run(replace(reference, crash_at=frozenset(pair)))


def report(console: Console, *, pairs_each: int, out: Path | None) -> int:
    """Run all of them, road by road; write the record; 1 when a promise was broken."""
    begun, rows = time.monotonic(), []
    for reference in references():
        done = {"singles": list(singles(reference)), "pairs": list(pairs(reference, sample=pairs_each))}
        broken = [result for results in done.values() for result in results if result.broken]
        row: dict[str, Any] = {
            "road": reference.seed.removeprefix("reference: "),
            "deduplication": str(reference.deduplication),
            **{kind: len(results) for kind, results in done.items()},
            "broken": len(broken),
        }
        rows.append(row)
        console.print(
            f"  {row['road']:<24} {row['deduplication']:<9} {row['singles']:>4} single {row['pairs']:>5} pairs, "
            f"{row['broken']} broken",
            markup=False,
        )
        for result in broken[:1]:
            console.print(f"    {result.broken}: {result.how}", markup=False)
    total = {kind: sum(row[kind] for row in rows) for kind in ("singles", "pairs", "broken")}
    console.print(
        f"{total['singles']} single crash points and {total['pairs']} pairs: {total['broken']} broken", markup=False
    )
    if out is not None:
        command = f"python -m tests.simulation --crashes {pairs_each}"
        write_record(out, command=command, seconds=time.monotonic() - begun, figures=total | {"roads": rows})
    return 1 if total["broken"] else 0
