"""reconciliation's commands: what they answer, what they refuse, what is kept and counted; and the ledger of a day."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.reconciliation import telemetry as report
from postcall.aws.ledger_table import LAST_RECONCILIATION, LAST_WEBHOOK_HEALTH
from postcall.domain.zone import operators_zone
from tests.integration.conftest import PipelineHarness

AN_HOUR = 3_600


def work_off(pipeline: PipelineHarness) -> None:
    """What the event source mappings do."""
    pipeline.analyse()
    pipeline.dispatch()


def test_a_dry_run_says_what_it_would_do(pipeline: PipelineHarness) -> None:
    conversation_id = pipeline.elevenlabs.call("drop", ago=AN_HOUR)
    done = pipeline.reconciliation("reconcile", dry_run=True)
    assert (done["missed"], done["taken_in"], done["ids"]["missed"]) == (1, 0, [conversation_id])
    assert pipeline.call_api("GET", f"/api/events/{conversation_id}")["statusCode"] == 404


def test_without_a_key_it_is_off_and_says_so(pipeline: PipelineHarness, capsys: pytest.CaptureFixture[str]) -> None:
    pipeline.set(POWERTOOLS_SERVICE_NAME="off-test", ELEVENLABS_API_SECRET_ID="openai")  # whose key is empty
    for command in ("reconcile", "ledger"):
        done = pipeline.reconciliation(command)
        assert (done["status"], done["reason"].split(":")[0]) == ("off", "There is no key for ElevenLabs' API")
    assert "reconciliation.off" in capsys.readouterr().out
    assert json.loads(pipeline.call_api("GET", "/api/health")["body"])["reconciliation"]["report"]["status"] == "off"
    assert pipeline.reconciliation("sweep")["status"] == "done"
    assert pipeline.elevenlabs.requests() == []


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ({"command": "reconcile", "since": "yesterday"}, "'yesterday' is not a moment"),
        ({"command": "reconcile", "since": "2020-01-01T00:00:00Z"}, "since lies further back than events are kept"),
        ({"command": "reconcile", "since": "2100-01-01T00:00:00Z"}, "since lies in the future"),
        ({"command": "ledger", "day": "x"}, "day is not of the form"),
        ({"command": "ledger", "day": "2020-01-01"}, "day lies in the future, or further back"),
        ({"command": "dance"}, "There is no such command"),
    ],
)
def test_a_wrong_command_is_refused_in_one_sentence(
    pipeline: PipelineHarness, command: dict[str, str], reason: str
) -> None:
    done = pipeline.reconciliation(**command)
    assert done["status"] == "refused"
    assert done["reason"].startswith(reason)


def test_a_key_that_is_refused_and_an_api_that_is_away_are_told_and_raise_nothing(pipeline: PipelineHarness) -> None:
    for fault, reason in (("http_401", "ElevenLabs refuses the API key"), ("http_503", "ElevenLabs is not available")):
        pipeline.elevenlabs.fail_next(fault, 2)
        done = pipeline.reconciliation("reconcile")
        assert (done["status"], done["reason"].startswith(reason)) == ("unavailable", True)
        pipeline.elevenlabs.faults.clear()
    pipeline.elevenlabs.fail_next("http_503")
    assert pipeline.reconciliation("ledger")["status"] == "unavailable"


def test_the_webhooks_own_health_is_kept_for_the_operator(pipeline: PipelineHarness) -> None:
    pipeline.elevenlabs.point_to(is_auto_disabled=True)
    done = pipeline.reconciliation("reconcile")
    assert (done["webhook"]["disabled"], done["webhook"]["retries_off"]) == (True, True)
    kept = pipeline.aws.ledgers.report(LAST_WEBHOOK_HEALTH)
    assert kept is not None
    assert kept["report"]["webhooks"][0]["is_auto_disabled"] is True
    last = pipeline.aws.ledgers.report(LAST_RECONCILIATION)
    assert last is not None
    assert last["report"]["status"] == "done"


def test_a_health_that_cannot_be_read_spoils_nothing(pipeline: PipelineHarness) -> None:
    pipeline.elevenlabs.call("drop", ago=AN_HOUR)
    pipeline.elevenlabs.call("drop", ago=AN_HOUR)
    pipeline.monkeypatch.setattr(report, "reconciled", _after(lambda: pipeline.elevenlabs.fail_next("http_401")))
    done = pipeline.reconciliation("reconcile")
    assert (done["taken_in"], done["webhook"]["status"]) == (2, "unknown")


def _after(act: Callable[[], None]) -> Callable[..., Any]:
    """The report, made after something happened: between the last conversation and the webhooks."""
    reconciled = report.reconciled

    def details(done: Any) -> Any:
        act()
        return reconciled(done)

    return details


def test_the_ledger_of_a_day_with_everything_in_it(pipeline: PipelineHarness) -> None:
    noon = datetime.now(operators_zone()).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)
    ago = time.time() - noon.timestamp()
    arrived = pipeline.elevenlabs.call(ago=ago)
    work_off(pipeline)
    pipeline.crm.fail_next("landing_off")
    rejected = pipeline.elevenlabs.call(ago=ago)
    work_off(pipeline)
    waiting = pipeline.elevenlabs.call(ago=ago)
    missing = pipeline.elevenlabs.call("drop", ago=ago)
    under_way = pipeline.elevenlabs.add(ago=ago, status="in-progress")
    done = pipeline.reconciliation("ledger")
    yesterday, before = done["ledgers"]
    assert (yesterday["conversations"], yesterday["delivered"], yesterday["missing"]) == (5, 1, 1)
    assert yesterday["ids"] == {
        "missing": [missing],
        "waiting: a person: rejected by the CRM": [rejected],
        "waiting: analysis": [waiting],
        "waiting: the end of the call": [under_way],
    }
    assert (before["conversations"], before["adds_up"]) == (0, True)
    assert arrived not in json.dumps(yesterday)

    pipeline.reconciliation("reconcile")
    again = pipeline.reconciliation("ledger", day=yesterday["day"])["ledgers"][0]
    assert (again["missing"], again["adds_up"]) == (0, True)
    shown = pipeline.call_api("GET", f"/api/ledger/{yesterday['day']}")
    assert json.loads(shown["body"]) == again


def test_the_numbers_that_ring_are_counted(pipeline: PipelineHarness, capsys: pytest.CaptureFixture[str]) -> None:
    pipeline.elevenlabs.call("drop", ago=AN_HOUR)
    pipeline.elevenlabs.call("forged", ago=AN_HOUR)
    pipeline.elevenlabs.point_to(is_disabled=True, retry_enabled=False)
    pipeline.reconciliation("reconcile")
    yesterday = (datetime.now(operators_zone()) - timedelta(days=1)).date().isoformat()
    pipeline.elevenlabs.add(ago=86_400)
    pipeline.reconciliation("ledger", day=yesterday)
    lines = [line for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    counted: dict[str, float] = {}
    for line in lines:
        for name, value in json.loads(line).items():
            if isinstance(value, list) and name[0].isupper():
                counted[name] = counted.get(name, 0) + sum(value)
    assert (
        counted.items()
        >= {
            "CallsMissed": 2,
            "QuarantineForgeable": 1,
            "SignatureRejected": 1,
            "WebhookDisabled": 1,
            "WebhookRetriesOff": 1,
            "LedgerDifference": 1,
        }.items()
    )
