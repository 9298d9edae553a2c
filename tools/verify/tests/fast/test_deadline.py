"""What `make fast` makes of a run of tests: broken off in time is well, failed is not, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.local.paths import ROOT

RUN = """
import sys, time
from tools.verify.fast.__main__ import run
sys.exit(not run([sys.argv[1]], time.monotonic() + {}))
"""
AN_HOUR = 3_600
A_MINUTE = 60
ENVIRONMENT = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # loading them would take most of the time


@pytest.mark.parametrize(
    ("test", "seconds", "is_well"),
    [
        ("def test_it(): pass", AN_HOUR, True),
        ("def test_it(): assert False", AN_HOUR, False),
        ("import nothing_of_that_name", AN_HOUR, False),
        ("def test_it():\n    while True: pass", 0, True),
        (
            "import signal\nsignal.raise_signal(signal.SIGALRM)\ndef test_it():\n    while True: pass",
            AN_HOUR,
            True,
        ),
    ],
    ids=["passes", "fails", "cannot be read", "does not end in time", "the time is up while it is read"],
)
def test_only_what_fails_is_not_well(tmp_path: Path, test: str, seconds: float, *, is_well: bool) -> None:
    path = tmp_path / "test_it.py"
    path.write_text(test, encoding="utf-8")

    command = [sys.executable, "-c", RUN.format(seconds), str(path)]
    done = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, check=False, timeout=A_MINUTE)

    assert (done.returncode == 0) is is_well
