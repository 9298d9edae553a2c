"""The desk, with SQS's move tasks in place."""

from __future__ import annotations

import pytest

from postcall.aws import clients
from tests.integration.conftest import PipelineHarness
from tests.integration.operations.harness import MoveTasks, OperationsHarness


@pytest.fixture
def harness(pipeline: PipelineHarness) -> OperationsHarness:
    return OperationsHarness(pipeline)


@pytest.fixture
def move_tasks(harness: OperationsHarness) -> MoveTasks:
    tasks = MoveTasks()
    harness.pipeline.monkeypatch.setattr(clients.sqs(), "start_message_move_task", tasks.start, raising=False)
    return tasks
