"""The worst schedules for real: those of the mode without guarantees; `python -m tools.verify.chaos` has them all.

Left to that command: the storm of throttles, the CRM's outage with killed workers, and the mode in which the CRM itself
refuses a second lead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from tools.verify.chaos import totals
from tools.verify.chaos.campaign import Played, perform
from tools.verify.chaos.local import running_stack
from tools.verify.chaos.schedule import Act
from tools.verify.chaos.schedules import SCHEDULES
from tools.verify.chaos.seeded_bugs import SEEDED_BUGS, SeededBug, detect

pytestmark = [pytest.mark.e2e, pytest.mark.long]

ACTS = {Act.COLD, Act.KILLS, Act.FAULTS, Act.RACE}
CAST = {name: one for name, one in SCHEDULES.items() if one.act in ACTS}


@dataclass(frozen=True)
class Performance:
    """What one stack has seen."""

    results: dict[str, Played]
    differences: list[str]
    seeded: dict[str, tuple[SeededBug, Played]]


@pytest.fixture(scope="module")
def performance(tmp_path_factory: pytest.TempPathFactory) -> Performance:
    since = datetime.now(UTC)
    with running_stack(tmp_path_factory.mktemp("for-real")) as stack:
        results = perform(stack, CAST.values())
        differences = totals.differences(stack, results, since=since)
        seeded = {plant.schedule.name: (plant, one) for plant, one in detect(stack)}
    return Performance({one.schedule.name: one for one in results}, differences, seeded)


@pytest.mark.parametrize("name", CAST)
def test_a_worst_schedule_goes_as_told_and_every_promise_is_kept(performance: Performance, name: str) -> None:
    results = performance.results[name]
    assert results.holds, f"{results.schedule.sentence} {results.verdict}"


def test_the_crm_the_operators_and_the_audit_count_the_same(performance: Performance) -> None:
    assert performance.differences == []


@pytest.mark.parametrize("name", SEEDED_BUGS)
def test_a_planted_break_is_found_by_its_name(performance: Performance, name: str) -> None:
    plant, results = performance.seeded[name]
    assert plant.is_found(results), f"{plant.schedule.sentence} {results.verdict}"
