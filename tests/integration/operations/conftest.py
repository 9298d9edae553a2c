"""The desk, with SQS's move tasks in place."""

from __future__ import annotations

import pytest

from postcall.aws import clients
from tests.integration.conftest import Way
from tests.integration.operations.desk import Desk, MoveTasks


@pytest.fixture
def desk(way: Way) -> Desk:
    return Desk(way)


@pytest.fixture
def move_tasks(desk: Desk) -> MoveTasks:
    tasks = MoveTasks()
    desk.way.monkeypatch.setattr(clients.sqs(), "start_message_move_task", tasks.start, raising=False)
    return tasks
