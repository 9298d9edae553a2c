"""A short load run over the real stack: an outage in the middle, repeats, and every id looked for at the end."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.conftest import Stack, started
from tools.local.endpoints import Endpoints
from tools.local.paths import LocalDirectory
from tools.local.processes import recall
from tools.verify.load.drain import GracePeriods
from tools.verify.load.figures import figures
from tools.verify.load.measured import bench, measured
from tools.verify.load.plan import planned

pytestmark = [pytest.mark.e2e, pytest.mark.long]
EVENTS = 40


@pytest.fixture(scope="module")
def running_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """In place of the stack that the other tests share: they look at what lies in it."""
    with started(Stack(tmp_path_factory.mktemp("load"))) as stack:
        yield stack


def test_a_burst_behind_an_outage_becomes_exactly_one_lead_a_call(stack: Stack) -> None:
    running = recall(LocalDirectory(stack.directory).processes)
    plan = planned(events=EVENTS, rate=15, seed=17)
    with bench(
        Endpoints(**stack.endpoints),
        emulator_pid=running["aws"].pid,
        crm_pid=lambda: running["crm"].pid,
        tell=lambda _look: None,
    ) as on:
        on.crm.fail("http_503")
        with ThreadPoolExecutor(1) as thread:  # with no event loop in it: a browser's tests leave theirs in this one
            run = thread.submit(
                measured, on, plan, then=on.crm.recover, grace_period=GracePeriods(stalled=60, rest=5)
            ).result()

    assert run.findings.clean, run.report
    numbers = figures(run)
    assert numbers["leads"] == numbers["acknowledged"] == EVENTS
    assert numbers["answers_by_status"] == {"200": len(plan.sends)}
    assert numbers["repeats_recorded"] == len(plan.sends) - EVENTS > 0
    assert numbers["aws_requests_per_event"]["dynamodb PutItem"] >= 1
    assert {"emulator", "intake", "analysis", "dispatch"} <= set(numbers["whole_run_cpu_ms_per_event"])
