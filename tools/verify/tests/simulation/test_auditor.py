"""The auditor and the count of faults: an excuse is what was stored, and who only looks is struck by nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from random import Random

import pytest

from postcall.domain.deduplication import Deduplication
from postcall.domain.event import CallEvent, ResendOrder
from postcall.domain.outcome import Resolution
from postcall.domain.status import Status
from tests.support.builders import any_event
from tests.support.fakes.clock import START
from tools.verify.simulation.crashes import references
from tools.verify.simulation.fault_injector import FaultInjector
from tools.verify.simulation.faults import Fault
from tools.verify.simulation.kernel import HOUR, Kernel
from tools.verify.simulation.promises import Broken
from tools.verify.simulation.schedule import finish, run
from tools.verify.simulation.simulation import Chosen, Simulation
from tools.verify.simulation.store import ONE_ITEM, AuditedStore

LOST = next(
    chosen
    for chosen in references()
    if chosen.seed.endswith("the request is lost") and chosen.deduplication is Deduplication.NONE
)


class RefusesToResolve(AuditedStore):
    """The event has always moved meanwhile."""

    def resolve(self, event: CallEvent, resolution: Resolution, *, now: datetime) -> bool:
        return False


def excuses_and_words(chosen: Chosen) -> tuple[int, int]:
    """How many leads are excused, and on how many attempts it stands that somebody found no lead."""
    simulation = Simulation(chosen)
    finish(simulation)
    found = [row.resolution for rows in simulation.parts.store.rows.values() for row in rows]
    words = sum(1 for resolution in found if resolution is not None and not resolution.delivered)
    return simulation.auditor.excused.total(), words


def test_a_persons_word_that_is_stored_excuses_one_lead() -> None:
    assert excuses_and_words(LOST) == (1, 1)


def test_a_persons_word_that_is_refused_excuses_none() -> None:
    assert excuses_and_words(replace(LOST, store=RefusesToResolve)) == (0, 0)


def test_wherever_somebody_dies_only_the_words_that_are_stored_excuse() -> None:
    for point in range(run(LOST).points):
        excused, words = excuses_and_words(replace(LOST, crash_at=frozenset({point})))
        assert excused == words, f"a death at point {point}"


def test_a_sweep_counts_by_its_note_and_not_by_a_message_that_an_order_has_overtaken() -> None:
    simulation = Simulation(Chosen("sweeps", calm=True))
    auditor, cap = simulation.auditor, simulation.parts.environment.reconciliation.reconciliation_max_sweeps
    before = any_event(status=Status.ANALYZED, pending_since=START)
    order = ResendOrder("o1", requested_by="anna", requested_at=START, forced=False)
    auditor.noted(before.event_id)
    auditor.moved(before, replace(before, order=order))
    auditor.swept(before.event_id)
    for _ in range(cap):
        auditor.noted(before.event_id)
        auditor.swept(before.event_id)
    with pytest.raises(Broken, match=f"takes it up {cap + 1} times"):
        auditor.noted(before.event_id)


def test_a_message_of_the_sweep_without_a_note_is_found() -> None:
    with pytest.raises(Broken, match="has not noted so"):
        Simulation(Chosen("sweeps", calm=True)).auditor.swept("conv_1")


def test_a_look_at_a_lasting_fault_is_no_occasion_of_it() -> None:
    fault = Fault.WRONG_SECRET
    kernel = Kernel(Random(0))  # noqa: S311 — reproducible on purpose
    kernel.now = HOUR
    found = (FaultInjector(str(seed), kernel, span=HOUR) for seed in range(1_000))
    injector = next(each for each in found if each.is_in_force(fault) and not each.struck[fault])
    assert (injector.lasts(fault), injector.struck[fault]) == (True, 1)
    assert (injector.is_in_force(fault), injector.struck[fault]) == (True, 1)


def test_what_breaks_for_no_one_event_names_none() -> None:
    broken = run(Chosen("0", ttl_hours=1))
    assert broken.broken == "comes_to_rest"
    assert broken.how == "something is still under way after twenty healthy days"


def test_every_write_that_may_be_repeated_is_one_of_the_store() -> None:
    assert {name for name in ONE_ITEM if not hasattr(AuditedStore, name)} == set()


def test_a_stale_index_strikes() -> None:
    struck = (run(Chosen(str(seed))).faults[Fault.STALE_INDEX.value] for seed in range(100))
    assert any(struck)
