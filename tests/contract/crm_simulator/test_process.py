"""The simulator as a process: one line when it is ready, a clean end on SIGTERM, one sentence when it cannot start."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.contract.crm_simulator.calls import REFERER, web_form

COMMAND = [sys.executable, "-m", "tools.simulators.crm"]


@contextmanager
def started(*options: str) -> Iterator[subprocess.Popen[str]]:
    """The simulator as a child, killed if the test leaves it running."""
    with subprocess.Popen(  # noqa: S603 — our own command
        [*COMMAND, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def refused(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 — our own command
        [*COMMAND, *options], capture_output=True, text=True, timeout=10, check=False
    )


def test_it_prints_one_line_when_ready_and_ends_on_sigterm() -> None:
    with started("--profile", "stock", "--platform", "net8", "--culture", "en") as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        answer = httpx.post(ready["service_url"], json=web_form({}), headers={"Referer": REFERER}, trust_env=False)
        assert "Data successfully saved" in answer.text
        assert "/0/" not in ready["service_url"]
        assert ready["pid"] == process.pid
        assert httpx.get(f"{ready['admin_url']}/healthz", trust_env=False).json()["leads"] == 1
        process.terminate()
        rest, errors = process.communicate(timeout=5)
        assert (process.returncode, rest, errors) == (0, "", "")


def test_a_port_that_is_taken_is_told_in_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for option in ("--port", "--admin-port"):
            done = refused(option, str(port))
            assert done.returncode == 1
            assert done.stderr == f"cannot listen on 127.0.0.1:{port}: Address already in use\n"


def test_tls_without_a_directory_is_told() -> None:
    done = refused("--tls", "expired")
    assert done.returncode == 2
    assert "--tls-dir" in done.stderr
