"""The two commands a newcomer types: `run` shows the way of one call and leaves nothing behind; `up` and `down`."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tools.local.endpoints import Endpoints, read_endpoints
from tools.local.paths import ROOT
from tools.local.processes import recall
from tools.local.services import answers
from tools.local.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("emulator")]

SECONDS_TO_START = 180  # a fresh clone builds the dependency layer and synthesises first


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    settings = ("EXTERNAL_CRM_", "CRM_", "OPENAI_", "ELEVENLABS_", "POSTCALL_", "AUTH", "USE_SSL")
    shell = {name: text for name, text in os.environ.items() if not name.startswith(settings)}
    environment = shell | {"POSTCALL_LOCAL_DIR": str(tmp_path)}
    yield environment
    local(environment, "down")


def local(environment: dict[str, str], command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 — our own command
        [sys.executable, "-m", "tools.local", command],
        cwd=ROOT,
        env=environment | settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS_TO_START,
    )


@contextmanager
def in_a_terminal(environment: dict[str, str], report: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`run` as a terminal starts it: Ctrl-C reaches it, also where the tests run in a background that ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with report.open("w") as output:
            command = [sys.executable, "-m", "tools.local", "run"]
            running = subprocess.Popen(  # noqa: S603 — our own command
                command, cwd=ROOT, env=environment, stdout=output, stderr=output
            )
    finally:
        signal.signal(signal.SIGINT, before)
    try:
        yield running
    finally:
        running.kill()
        running.wait()


def test_run_tells_the_way_of_a_call_and_stops_everything_on_ctrl_c(
    environment: dict[str, str], tmp_path: Path
) -> None:
    report = tmp_path / "told"
    with in_a_terminal(environment, report) as running:
        wait_until(
            lambda: "Ctrl-C stops everything" in report.read_text(encoding="utf-8") or running.poll() is not None,
            seconds=SECONDS_TO_START,
            what="the first call is shown",
        )
        processes = recall(tmp_path / "processes.json")
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=30) == 0, report.read_text(encoding="utf-8")
    shown = report.read_text(encoding="utf-8")
    assert shown.index("received") < shown.index("analyzed") < shown.index("delivered")
    assert "The lead as the CRM received it" in shown
    assert "Пётр Щёголев" in shown
    assert "recorded judgement: no language model was asked" in shown
    for judged in ("Купить", "4 of 5", "«тысяч до ста двадцати»", "Квалифицирован"):
        assert judged in shown
    assert set(processes) == {"aws", "crm", "elevenlabs"}
    assert not any(process.is_ours() for process in processes.values())
    assert not (tmp_path / "endpoints.json").exists()


@pytest.mark.long
def test_up_writes_the_endpoints_takes_changed_settings_and_down_stops_everything(
    environment: dict[str, str], tmp_path: Path
) -> None:
    first = local(environment, "up")
    assert first.returncode == 0, first.stderr
    endpoints = written(tmp_path)
    assert stat.S_IMODE((tmp_path / "endpoints.json").stat().st_mode) == 0o600
    assert answers(f"{endpoints.api_url}/api/events", token=endpoints.operator_token)
    assert not answers(f"{endpoints.api_url}/api/events")

    again = local(environment, "up", EXTERNAL_CRM_DRY_RUN="true")
    assert "up already" in again.stdout
    assert "postcall-local-data: unchanged" in again.stdout
    assert "postcall-local-pipeline: deployed" in again.stdout
    assert written(tmp_path) == endpoints

    assert local(environment, "down").returncode == 0
    assert not answers(f"{endpoints.api_url}/api/events", token=endpoints.operator_token)
    assert "not running" in local(environment, "down").stdout


def test_a_wrong_setting_is_one_line_before_anything_starts(environment: dict[str, str], tmp_path: Path) -> None:
    refused = local(environment, "up", CRM_SERVICE_URL="ftp://crm.example.com")
    assert refused.returncode == 2
    assert refused.stderr == "CRM_SERVICE_URL: 'ftp://crm.example.com' is not an http or https URL.\n"
    assert list(tmp_path.iterdir()) == []


def written(tmp_path: Path) -> Endpoints:
    endpoints = read_endpoints(tmp_path / "endpoints.json")
    assert endpoints is not None
    return endpoints
