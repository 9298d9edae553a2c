"""Every crash point of a reference call, one after another, and pairs of them: none of it may lose the call."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from rich.console import Console

from postcall.domain.deduplication import Deduplication
from tools.verify.report.record import write_record
from tools.verify.simulation.faults import Fault
from tools.verify.simulation.schedule import Result, run
from tools.verify.simulation.simulation import Chosen


def references() -> list[Chosen]:
    """The reference calls: each road that a call may take, under each guarantee of the CRM."""
    roads = {
        "straight": Chosen("", calm=True),
        "the CRM is away first": Chosen("", calm=True, script=(Fault.CRM_DOWN, Fault.CRM_BUSY)),
        "refused, then resent": Chosen(
            "", calm=True, script=(Fault.CRM_LANDING_OFF,), acts=((200, Fault.OPERATOR_RESENDS),)
        ),
        "forced once more": Chosen("", calm=True, acts=((200, Fault.OPERATOR_FORCES),)),
        "analysed once more": Chosen("", calm=True, acts=((200, Fault.OPERATOR_REANALYZES),)),
        "another content": Chosen("", calm=True, acts=((200, Fault.OPERATOR_USES_REVISION),)),
        "erased": Chosen("", calm=True, acts=((200, Fault.OPERATOR_ERASES),)),
        "the answer is lost": Chosen(
            "", calm=True, script=(Fault.CRM_ANSWER_LOST,), acts=((200, Fault.OPERATOR_RESOLVES),)
        ),
        "the request is lost": Chosen(
            "", calm=True, script=(Fault.CRM_REQUEST_LOST,), acts=((200, Fault.OPERATOR_RESOLVES),)
        ),
        "ten side by side": Chosen("", calm=True, together=True, calls=10),
        "saved without a value": Chosen("", calm=True, script=(Fault.CRM_PARTIAL,)),
    }
    return [
        replace(road, seed=f"reference: {name}", environment="prod", deduplication=guarantee, calls=road.calls or 1)
        for name, road in roads.items()
        for guarantee in Deduplication
    ]


def deaths(result: Result) -> int:
    """How many of the asked-for deaths struck: the references are calm, so there are no others."""
    return sum(
        result.faults[fault] for fault in (Fault.CRASH_BEFORE_CALL, Fault.CRASH_WITHIN_BATCH, Fault.CRASH_AFTER_CALL)
    )


def singles(reference: Chosen, *, every: int = 1) -> Iterator[Result]:
    """A run for each crash point of the reference, or every so-many-th, in order, at which the worker dies.

    Raises:
        AssertionError: The reference itself breaks a promise.
    """
    whole = run(reference)
    if whole.broken:
        raise AssertionError(f"{reference.seed}: {whole.broken}: {whole.how}")
    for point in range(0, whole.points, every):
        yield run(replace(reference, crash_at=frozenset({point})))


def pairs(reference: Chosen, *, alone: Sequence[Result], sample: int) -> Iterator[Result]:
    """Runs with two deaths, as many as are asked for, drawn without bias and the same every time.

    `alone` are the singles: up to the second death a run is the one with the first death alone, so the points of that
    one are those at which somebody can die once more.
    """
    every = [(first, second) for first, result in enumerate(alone) for second in range(first + 1, result.points)]
    dice = Random(f"pairs/{reference.seed}")  # noqa: S311 — reproducible on purpose
    for pair in dice.sample(every, min(sample, len(every))):
        yield run(replace(reference, crash_at=frozenset(pair)))


def report(console: Console, *, pairs_each: int, out: Path | None) -> int:
    """Run all of them, road by road; write the record; 1 when a promise was broken."""
    begun, rows = time.monotonic(), []
    for reference in references():
        alone = list(singles(reference))
        runs = [*alone, *pairs(reference, alone=alone, sample=pairs_each)]
        broken = [result for result in runs if result.broken]
        struck = Counter(map(deaths, runs))  # not what was asked for, but what happened
        row: dict[str, Any] = {
            "road": reference.seed.removeprefix("reference: "),
            "deduplication": str(reference.deduplication),
            "singles": struck[1],
            "pairs": struck[2],
            "nobody_died": struck[0],
            "broken": len(broken),
        }
        rows.append(row)
        console.print(
            f"  {row['road']:<24} {row['deduplication']:<9} {row['singles']:>4} with one death "
            f"{row['pairs']:>5} with two, {row['broken']} broken",
            markup=False,
        )
        for result in broken[:1]:
            console.print(f"    {result.broken}: {result.how}", markup=False)
    total = {kind: sum(row[kind] for row in rows) for kind in ("singles", "pairs", "nobody_died", "broken")}
    console.print(
        f"{total['singles']} runs with one death and {total['pairs']} with two: {total['broken']} broken", markup=False
    )
    if out is not None:
        command = f"python -m tools.verify.simulation --crashes {pairs_each}"
        write_record(out, command=command, seconds=time.monotonic() - begun, figures=total | {"roads": rows})
    return 1 if total["broken"] else 0
