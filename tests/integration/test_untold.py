"""What waits for a person is told of, also where the worker that found out dies first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from postcall.aws import clients
from tests.integration.calls import analyze, shown
from tests.integration.conftest import Way


def test_a_refusal_whose_worker_dies_before_telling_is_named_by_the_sweep_until_it_is_told(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    way.crm.fail_next("landing_off")
    analyze(way)
    way.analyse()
    with monkeypatch.context() as broken:
        broken.setattr("functions.dispatch.handler.dead_letters", _dies)
        assert len(way.dispatch()["batchItemFailures"]) == 1
    assert shown(way, "123")["event"]["status"] == "rejected"
    clients.sqs().purge_queue(QueueUrl=way.aws.dispatch_queue)  # and so nobody comes again
    way.set(RECONCILIATION_STALLED_AFTER_SECONDS="10")
    way.at(datetime.now(UTC) + timedelta(seconds=30))
    assert way.reconciliation("sweep")["untold"] == ["123"]
    assert way.reconciliation("sweep")["untold"] == ["123"]
    clients.sqs().send_message(QueueUrl=way.aws.dispatch_queue, MessageBody='{"event_id": "123"}')
    way.crm.fail_next("landing_off")
    way.dispatch()
    way.at(datetime.now(UTC) + timedelta(seconds=90))
    assert way.aws.messages(way.aws.dispatch_dead_letters) == [{"event_id": "123"}]
    assert way.reconciliation("sweep")["untold"] == []


def _dies() -> None:
    raise RuntimeError("The function's time is over.")
