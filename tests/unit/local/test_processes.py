"""Background processes: stopped by id, and only if they are ours."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tools.local import processes
from tools.local.processes import Running, StartError

SLEEPS = (sys.executable, "-c", "import time; time.sleep(60)")
HOLDS_OUT = (
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)",
)


def test_a_process_is_remembered_and_stopped_by_another_command(tmp_path: Path) -> None:
    running = processes.start(SLEEPS, log=tmp_path / "log", environment=os.environ)
    processes.remember(tmp_path / "processes.json", {"sleeper": running})
    recalled = processes.recall(tmp_path / "processes.json")
    assert recalled == {"sleeper": running}
    processes.stop(recalled["sleeper"])
    assert processes.recall(tmp_path / "processes.json") == {}


def test_a_process_that_does_not_end_is_ended_by_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "SECONDS_TO_STOP", 0.2)
    log = tmp_path / "log"
    running = processes.start(HOLDS_OUT, log=log, environment=os.environ)
    processes.wait_until_ready(lambda: b"ready" in log.read_bytes(), running, seconds=10, name="it", log=log)
    processes.stop(running)
    assert not running.is_ours()


def test_somebody_else_s_process_under_the_same_id_is_left_alone(tmp_path: Path) -> None:
    running = processes.start(SLEEPS, log=tmp_path / "log", environment=os.environ)
    try:
        processes.stop(Running(running.pid, ("python", "-m", "tools.local.emulator")))
        assert running.is_ours()
    finally:
        processes.stop(running)


def test_a_process_that_does_not_come_up_shows_the_end_of_its_log(tmp_path: Path) -> None:
    command = (sys.executable, "-c", "raise SystemExit('the port is taken')")
    running = processes.start(command, log=tmp_path / "log", environment=os.environ)
    with pytest.raises(StartError, match="the port is taken"):
        processes.wait_until_ready(lambda: False, running, seconds=10, name="The service", log=tmp_path / "log")
