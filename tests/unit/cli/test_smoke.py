"""`python -m tools.postcall.smoke`: a deployment answers when it refuses what it must refuse."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.postcall import smoke
from tools.simulators.http.messages import Request, Response
from tools.simulators.http.server import Listener


class Api:
    """Answers each path with the next of its statuses, the last one for good."""

    statuses: dict[str, list[int]] = {}  # noqa: RUF012 — set by each test

    @classmethod
    def answer(cls, request: Request) -> Response:
        left = cls.statuses[request.path]
        return Response(left.pop(0) if len(left) > 1 else left[0])


@pytest.fixture
def outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The outputs of a deployment on this machine."""
    monkeypatch.setattr(smoke, "SECONDS_TO_ANSWER", 0.2)
    monkeypatch.setattr(smoke, "SECONDS_BETWEEN_TRIES", 0.01)
    path = tmp_path / "outputs.json"
    with Listener(Api.answer) as server:
        stacks = {
            "postcall-uat-address": {"StaticIps": "203.0.113.7"},
            "postcall-uat-pipeline": {"ApiUrl": server.url, "WebhookUrl": f"{server.url}/webhooks/elevenlabs"},
        }
        path.write_text(json.dumps(stacks), encoding="utf-8")
        yield str(path)


def test_two_refusals_are_a_healthy_deployment(outputs: str, capsys: pytest.CaptureFixture[str]) -> None:
    Api.statuses = {"/api/events": [401], "/webhooks/elevenlabs": [401]}

    assert smoke.main([outputs]) == 0
    assert capsys.readouterr().out == "operations: answers 401, as it should\nintake: answers 401, as it should\n"


def test_a_permission_that_takes_a_moment_is_waited_for(outputs: str) -> None:
    Api.statuses = {"/api/events": [500, 500, 401], "/webhooks/elevenlabs": [401]}

    assert smoke.main([outputs]) == 0


@pytest.mark.parametrize("status", [200, 403, 500])
def test_any_other_answer_fails_and_is_told(outputs: str, status: int, capsys: pytest.CaptureFixture[str]) -> None:
    Api.statuses = {"/api/events": [401], "/webhooks/elevenlabs": [status]}

    assert smoke.main([outputs]) == 1
    assert f"{status} instead of 401" in capsys.readouterr().out


def test_an_api_that_is_not_there_is_told(tmp_path: Path, outputs: str, capsys: pytest.CaptureFixture[str]) -> None:
    Api.statuses = {"/api/events": [401], "/webhooks/elevenlabs": [401]}
    text = Path(outputs).read_text(encoding="utf-8")
    found = json.loads(text)
    found["postcall-uat-pipeline"]["WebhookUrl"] = "http://127.0.0.1:9/webhooks/elevenlabs"
    (tmp_path / "moved.json").write_text(json.dumps(found), encoding="utf-8")

    assert smoke.main([str(tmp_path / "moved.json")]) == 1
    assert "intake: http://127.0.0.1:9/webhooks/elevenlabs: <urlopen error" in capsys.readouterr().out
