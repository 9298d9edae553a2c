"""What waits for a person is told of, also where the worker that found out dies first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from postcall.aws import clients
from tests.integration.calls import analyze, shown
from tests.integration.conftest import PipelineHarness


def test_a_refusal_whose_worker_dies_before_telling_is_named_by_the_sweep_until_it_is_told(
    pipeline: PipelineHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.crm.fail_next("landing_off")
    analyze(pipeline)
    pipeline.analyse()
    with monkeypatch.context() as broken:
        broken.setattr("functions.dispatch.handler.dead_letters", _dies)
        assert len(pipeline.dispatch()["batchItemFailures"]) == 1
    assert shown(pipeline, "123")["event"]["status"] == "rejected"
    clients.sqs().purge_queue(QueueUrl=pipeline.aws.dispatch_queue)  # and so nobody comes again
    pipeline.set(RECONCILIATION_STALLED_AFTER_SECONDS="10")
    pipeline.at(datetime.now(UTC) + timedelta(seconds=30))
    assert pipeline.reconciliation("sweep")["unescalated"] == ["api/123"]
    assert pipeline.reconciliation("sweep")["unescalated"] == ["api/123"]
    clients.sqs().send_message(QueueUrl=pipeline.aws.dispatch_queue, MessageBody='{"event_id": "api/123"}')
    pipeline.crm.fail_next("landing_off")
    pipeline.dispatch()
    pipeline.at(datetime.now(UTC) + timedelta(seconds=90))
    assert pipeline.aws.messages(pipeline.aws.dispatch_dead_letters) == [{"event_id": "api/123"}]
    assert pipeline.reconciliation("sweep")["unescalated"] == []


def _dies() -> None:
    raise RuntimeError("The function's time is over.")
