"""An emulator that ends takes every function's process with it, however it ends."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.e2e.local_stack.emulated import Emulated, emulator
from tools.local import processes
from tools.local.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("emulator")]


def is_gone(pid: int) -> bool:
    return processes.command_line(pid) == ""


def environments(emulated: Emulated) -> set[int]:
    """The process ids of several environments."""
    with ThreadPoolExecutor(4) as clients:
        answers = list(clients.map(lambda _: emulated.call("/sleep?seconds=1"), range(4)))
    return {answer.json["pid"] for answer in answers}


@pytest.mark.long
def test_after_a_clean_stop_no_process_is_left(tmp_path: Path) -> None:
    with emulator(tmp_path) as emulated:
        pids = environments(emulated)
        assert len(pids) > 1
        processes.stop(emulated.running)
        assert is_gone(emulated.running.pid)
        wait_until(lambda: all(is_gone(pid) for pid in pids), what="the functions' processes are gone")


def test_after_a_kill_in_the_middle_of_a_handler_no_process_is_left(tmp_path: Path) -> None:
    with emulator(tmp_path) as emulated, ThreadPoolExecutor() as client:
        pid = emulated.call("/seen").json["pid"]
        client.submit(emulated.call, "/sleep?seconds=60")  # longer than anybody waits: it ends by force or not at all
        log = emulated.directory.logs / "probe-web.log"
        wait_until(lambda: log.exists() and "sleeping" in log.read_text(encoding="utf-8"), what="the handler runs")
        os.kill(emulated.running.pid, signal.SIGKILL)
        wait_until(lambda: is_gone(pid), what="the function's process is gone")
