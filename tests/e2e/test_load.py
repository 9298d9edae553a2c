"""Short load runs over the real stack: a burst behind an outage, every id looked for at the end, and a flood."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import pytest

from tests.e2e.conftest import Stack, started
from tools.local.endpoints import Endpoints
from tools.local.paths import LocalDirectory
from tools.local.processes import recall
from tools.verify.flood.figures import figures as flood_figures
from tools.verify.flood.phases import Flood, measure
from tools.verify.load.drain import GracePeriods
from tools.verify.load.figures import figures
from tools.verify.load.measured import Bench, bench, measured
from tools.verify.load.plan import planned

pytestmark = [pytest.mark.e2e, pytest.mark.long]
EVENTS = 40
FLOOD = Flood(forged=800, genuine=10, rate=40)
# Of so short a flood most is its first minute, in which strangers may leave something. A write a post passes it by far.
WRITES_OF_THE_FLOOD = 160
GRACE = GracePeriods(stalled=60, rest=5)
T = TypeVar("T")


@pytest.fixture(scope="module")
def running_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """In place of the stack that the other tests share: they look at what lies in it."""
    with started(Stack(tmp_path_factory.mktemp("load"))) as stack:
        yield stack


@contextmanager
def bench_on(stack: Stack) -> Iterator[Bench]:
    running = recall(LocalDirectory(stack.directory).processes)
    with bench(
        Endpoints(**stack.endpoints),
        emulator_pid=running["aws"].pid,
        crm_pid=lambda: running["crm"].pid,
        tell=lambda _look: None,
    ) as on:
        yield on


def apart(work: Callable[[], T]) -> T:
    """Do it in a thread with no event loop in it: a browser's tests leave theirs in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def test_a_burst_behind_an_outage_becomes_exactly_one_lead_a_call(stack: Stack) -> None:
    plan = planned(events=EVENTS, rate=15, seed=17)
    with bench_on(stack) as on:
        on.crm.fail("http_503")
        run = apart(lambda: measured(on, plan, then=on.crm.recover, grace_period=GRACE))

    assert run.findings.clean, run.report
    numbers = figures(run)
    assert numbers["leads"] == numbers["acknowledged"] == EVENTS
    assert numbers["answers_by_status"] == {"200": len(plan.sends)}
    assert numbers["repeats_recorded"] == len(plan.sends) - EVENTS > 0
    assert numbers["aws_requests_per_event"]["dynamodb TransactWriteItems"] >= 1
    assert {"emulator", "intake", "analysis", "dispatch"} <= set(numbers["whole_run_cpu_ms_per_event"])


def test_a_flood_leaves_genuine_calls_alone_and_writes_next_to_nothing(stack: Stack) -> None:
    with bench_on(stack) as on:
        on.crm.reset()
        logs = LocalDirectory(stack.directory).logs
        phases = apart(lambda: measure(on, FLOOD, logs=logs, grace_period=GRACE))
    numbers = flood_figures(phases).figures
    assert phases.busy.findings.clean, phases.busy.report
    assert numbers["leads"] == FLOOD.genuine
    assert numbers["forged_answers"] == f"{FLOOD.forged} × 401"
    assert 0 < float(numbers["writes_of_the_flood"]) <= WRITES_OF_THE_FLOOD
