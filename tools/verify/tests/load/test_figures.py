"""The figures of a run, from looks and answers that are invented."""

from __future__ import annotations

import os
import time

import pytest

from tools.verify.load.audit import Lead, Stored, audited
from tools.verify.load.cpu import SENDER, cpu_seconds
from tools.verify.load.drain import Drained
from tools.verify.load.figures import figures, percentile
from tools.verify.load.measured import Cost, Run
from tools.verify.load.plan import Plan, Send
from tools.verify.load.sending import Sent
from tools.verify.load.watch import MOST_POINTS, Look, thinned


@pytest.mark.parametrize(("share", "value"), [(0.5, 5), (0.95, 10), (0.99, 10), (0.1, 1), (0.0, 1)])
def test_a_percentile_is_a_value_that_was_measured(share: float, value: float) -> None:
    assert percentile([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], share) == value


def test_a_series_is_thinned_to_its_most_points_with_both_ends() -> None:
    looks = [Look(float(second), second, 0, 0, 0) for second in range(1_000)]
    kept = thinned(looks)
    assert len(kept) == MOST_POINTS
    assert (kept[0], kept[-1]) == (looks[0], looks[-1])
    assert thinned(looks[:7]) == looks[:7]


def test_this_process_is_counted_as_the_load_generator() -> None:
    before = cpu_seconds(emulator=0, crm=None)[SENDER]
    began = time.process_time()
    while time.process_time() - began < 0.05:
        sum(range(1_000))
    assert cpu_seconds(emulator=0, crm=None)[SENDER] - before >= 0.03


def test_a_child_of_the_emulator_is_a_function_and_known_by_its_step() -> None:
    """Here the test's own process plays the emulator."""
    pid = os.posix_spawn(
        "/bin/sleep", ["sleep", "5"], {"AWS_LAMBDA_FUNCTION_NAME": "postcall-local-dispatch", "PATH": "/bin"}
    )
    try:
        deadline = time.monotonic() + 5
        while "dispatch" not in cpu_seconds(emulator=os.getpid(), crm=None) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert "dispatch" in cpu_seconds(emulator=os.getpid(), crm=None)
    finally:
        os.kill(pid, 9)
        os.waitpid(pid, 0)


def a_run() -> Run:
    """Two calls, one of them sent twice; the CRM was away until the fourth second of Unix time 1000."""
    sends = (Send("conv_a", 0.0), Send("conv_b", 1.0), Send("conv_b", 1.5, 1))
    sent = Sent(2, [0.1, 0.2, 0.3], {"conv_a": 1000.0, "conv_b": 1001.0}, {"conv_a": 1000.1, "conv_b": 1001.2})
    sent.statuses.update({200: 3})
    sent.requests, sent.took = 3, 1.5
    leads = [Lead("1", "conv_a", 1005.0), Lead("2", "conv_b", 1006.0)]
    stored = {"conv_a": Stored("conv_a", "delivered", attempts=2), "conv_b": Stored("conv_b", "delivered", 1, 1)}
    costs = (
        Cost(0.0, {"emulator": 1.0}, {"dynamodb PutItem": 7, "sqs GetQueueAttributes": 1}),
        Cost(2.0, {"emulator": 1.2, "intake": 0.1}, {}),
        Cost(8.0, {"emulator": 1.3, "intake": 0.1, "crm_simulator": 0.1}, {"dynamodb PutItem": 11}),
    )
    return Run(
        plan=Plan(sends),
        sent=sent,
        looks=[Look(1.0, 2, 0, 2, 0), Look(8.0, 2, 2, 0, 0)],
        drained=Drained(redrives=1, redriven={"analysis": 0, "dispatch": 2}),
        drained_from=1004.0,
        findings=audited(["conv_a", "conv_b"], sent.acknowledged, leads, stored),
        leads=leads,
        stored=stored,
        costs=costs,
        body_bytes=26_000,
        report={},
    )


def test_the_figures_of_a_run() -> None:
    numbers = figures(a_run())
    assert (numbers["events"], numbers["webhooks"], numbers["webhooks_repeated"]) == (2, 3, 1)
    assert (numbers["leads"], numbers["lost"], numbers["doubled"]) == (2, 0, 0)
    assert (numbers["ack_p50_ms"], numbers["ack_max_ms"], numbers["webhooks_per_second"]) == (200.0, 300.0, 2.0)
    assert (numbers["drained_leads"], numbers["drain_s"], numbers["drained_leads_per_second"]) == (2, 2.0, 1.0)
    assert (numbers["to_lead_p50_s"], numbers["to_lead_max_s"]) == (5.0, 5.0)
    assert numbers["events_by_attempts"] == {"1": 1, "2": 1}
    assert numbers["dead_letters_redriven"] == 2
    assert numbers["whole_run_cpu_ms_per_event"] == {"crm_simulator": 50.0, "emulator": 150.0, "intake": 50.0}
    assert numbers["whole_run_cpu_share_emulator"] == 0.6
    assert numbers["aws_requests_per_event"] == {"all": 2.0, "dynamodb PutItem": 2.0}
    assert numbers["series"]["delivered"] == [0, 2]
