"""Neither a call to our own store nor all of them outlast their function, and the document says how long they take."""

from __future__ import annotations

from typing import Any

import pytest

from infra.environments import load
from postcall.aws import clients
from postcall.aws.clients import TRIES, WORST_CALL_SECONDS, WORST_COMMAND_SECONDS
from postcall.aws.invocation import SECONDS_TO_END
from tests.support.aws import local_aws
from tools.local.paths import ROOT
from tools.verify.bench.timeouts import rows, table


@pytest.mark.parametrize("environment", ["local", "uat", "prod"])
def test_a_call_at_its_worst_fits_into_its_function(environment: str) -> None:
    for row in rows(environment):
        beside = 0.0 if row.function == "operations" else row.elsewhere  # its commands are calls themselves
        assert beside + WORST_CALL_SECONDS < row.timeout, row.function
    for function in ("analysis", "operations", "reconciliation"):
        assert load(environment).functions[function].timeout_seconds > WORST_COMMAND_SECONDS


@pytest.mark.parametrize("environment", ["local", "uat", "prod"])
def test_all_calls_at_their_worst_fit_into_their_function(environment: str) -> None:
    for row in rows(environment):
        assert row.ends < row.timeout, row.function


@pytest.mark.parametrize("environment", ["local", "uat", "prod"])
def test_a_lead_is_claimed_only_when_it_can_be_sent_and_recorded(environment: str) -> None:
    (dispatch,) = (row for row in rows(environment) if row.function == "dispatch")
    kept = (dispatch.timeout - dispatch.elsewhere) / 2  # postcall.aws.invocation.require_time
    a_try = clients.CONNECT_SECONDS + clients.READ_SECONDS
    assert kept >= WORST_CALL_SECONDS + a_try + SECONDS_TO_END


def test_every_client_is_made_with_these_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    with local_aws(monkeypatch):
        for client in (clients.dynamodb(), clients.sqs(), clients.s3(), clients.secrets_manager()):
            config: Any = client.meta.config
            a_try = config.connect_timeout + config.read_timeout
            assert TRIES * a_try <= WORST_CALL_SECONDS
            assert config.retries == {"total_max_attempts": TRIES, "mode": "standard"}
        commands: Any = clients.functions().meta.config
        assert commands.retries == {"total_max_attempts": 1, "mode": "standard"}


def test_the_document_holds_the_table() -> None:
    assert table() in (ROOT / "docs/capacity.md").read_text(encoding="utf-8")
