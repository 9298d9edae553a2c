"""The implementations that each contract is held against."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.stored import Store
from tests.support.aws import LocalAws, local_aws
from tests.support.fakes.store import MemoryAnalyses, MemoryStore


@pytest.fixture(params=["memory", "dynamodb"])
def store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    if request.param == "memory":
        memory = MemoryStore()
        yield Store(memory, MemoryAnalyses(memory), memory, memory)
        return
    with local_aws(monkeypatch) as aws:
        yield Store(aws.events, aws.analyses, aws.dispatches, aws.pending)


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalAws]:
    """The DynamoDB adapters alone."""
    with local_aws(monkeypatch) as aws:
        yield aws
