"""Calls of a size that nobody foresaw become leads like any other."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.calls import shown, webhook
from tests.integration.conftest import PipelineHarness
from tests.support.builders import CONVERSATION, any_webhook, encoded

CROWD: list[dict[str, Any]] = [
    {"role": "user", "message": f"8 029 {number:07d} и user{number}@example.com", "time_in_call_secs": number}
    for number in range(2_000_000, 2_004_000)
]
ENDLESS = {"data_collection_results": {"full_name": {"value": "я" * 450_000}, "notes": {"value": "x " * 225_000}}}


ONE_MESSAGE = [{"role": "user", "message": " ".join(turn["message"] for turn in CROWD)}]


@pytest.mark.parametrize(
    "members",
    [{"transcript": CROWD}, {"transcript": ONE_MESSAGE}, {"analysis": ENDLESS}],
    ids=["chat", "one message", "endless fields"],
)
def test_it_becomes_a_lead(pipeline: PipelineHarness, members: dict[str, Any]) -> None:
    assert webhook(pipeline, encoded(any_webhook(**members)))[0] == 200
    assert pipeline.analyse() == {"batchItemFailures": []}
    pipeline.dispatch()
    assert shown(pipeline, CONVERSATION)["event"]["status"] == "delivered"
    assert len(pipeline.crm.leads()) == 1
