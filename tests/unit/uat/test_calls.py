"""The calls of the acceptance test: each run has ids of its own."""

from __future__ import annotations

from functions.dispatch.probe import RUN
from functions.dispatch.probe_requests import Probe, probe_event_id
from tests.support.fakes.clock import START
from tools.postcall.uat.calls import run_name

COLUMN = 50


def test_runs_within_the_same_minute_do_not_share_an_id() -> None:
    runs = {run_name(START) for _ in range(100)}
    assert len(runs) == 100
    assert all(RUN.fullmatch(run) for run in runs)


def test_a_runs_longest_event_id_fits_its_column() -> None:
    assert max(len(probe_event_id(probe, run_name(START))) for probe in Probe) <= COLUMN
