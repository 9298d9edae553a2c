"""The implementations that each contract is held against."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.stored import Store, in_memory, in_tables
from tests.support.aws import LocalAws, local_aws


@pytest.fixture(params=["memory", "dynamodb"])
def store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    if request.param == "memory":
        yield in_memory()
        return
    with local_aws(monkeypatch) as aws:
        yield in_tables(aws)


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalAws]:
    """The DynamoDB adapters alone."""
    with local_aws(monkeypatch) as aws:
        yield aws
