"""The first call's story tells every stage, however fast the call went."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from tools.local import story
from tools.local.endpoints import Endpoints


class Answers:
    """The operator API, with what it answers at each look."""

    def __init__(self, *looks: tuple[str, bool]) -> None:
        self._looks = list(looks)

    def post_call(self, call: object) -> SimpleNamespace:
        return SimpleNamespace(status=200, body={"event_id": "conv_1"})

    def event(self, event_id: str) -> SimpleNamespace:
        status, analysed = self._looks.pop(0) if len(self._looks) > 1 else self._looks[0]
        detail: dict[str, Any] = {"event": {"status": status}, "dispatches": []}
        return SimpleNamespace(status=200, body=detail | ({"analysis": {"source": "offline"}} if analysed else {}))


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ([("delivered", True)], ["received", "analyzed", "delivered"]),
        ([("received", False), ("delivered", True)], ["received", "analyzed", "delivered"]),
        (
            [("received", False), ("received", False), ("sending", True), ("retrying", True), ("partial", True)],
            ["received", "analyzed", "sending", "retrying", "partial"],
        ),
        ([("excluded", False)], ["received", "excluded"]),
    ],
)
def test_each_stage_is_told_once_and_none_is_left_out(
    looks: list[tuple[str, bool]], expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(story, "Api", lambda _: Answers(*looks))
    monkeypatch.setattr(story, "POLL_SECONDS", 0)
    console = Console(record=True, width=200)
    endpoints = Endpoints(
        api_url="http://api",
        webhook_url="http://api/webhook",
        console_url=None,
        operator_token="token",
        webhook_secret="s" * 32,
        crm_url="http://crm",
        crm_admin_url=None,
        aws_endpoint_url="http://aws",
        aws_ca_bundle=None,
        region="eu-central-1",
        tables={},
        queues={},
        logs="logs",
    )
    story.show_first_call(endpoints, console)
    stages = re.findall(r"\d s  (\w+):", console.export_text())
    assert stages == expected
