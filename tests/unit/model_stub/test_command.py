"""The stub as a process: it says where it listens, answers, and leaves on a signal."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request


def test_the_stub_runs_as_a_command_on_loopback() -> None:
    command = [sys.executable, "-m", "tools.simulators.model", "--port", "0", "--scenario", "refusal", "ok"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 — our own interpreter
        assert process.stdout is not None
        base_url = process.stdout.readline().strip().removeprefix("OPENAI_BASE_URL=")
        assert base_url.startswith("http://127.0.0.1:")
        answers = [_ask(f"{base_url}/chat/completions") for _ in range(3)]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    refused, good, again = (answer["choices"][0]["message"] for answer in answers)
    assert refused["refusal"]
    assert json.loads(good["content"])["summary"] == json.loads(again["content"])["summary"]
    assert "заглушка" in json.loads(good["content"])["summary"]


def _ask(url: str) -> dict[str, list[dict[str, dict[str, str]]]]:
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": "{}"}]}).encode()
    request = urllib.request.Request(url, data=body, headers={"content-type": "application/json"})  # noqa: S310 — loopback
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 — loopback
        found: dict[str, list[dict[str, dict[str, str]]]] = json.loads(answer.read())
    return found
