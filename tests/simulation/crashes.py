"""Every crash point of a reference call, one after another, and pairs of them: none of it may lose the call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from functions.dispatch.settings import Deduplication
from tests.simulation.faults import Fault
from tests.simulation.schedule import Result, run
from tests.simulation.world import Chosen

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
