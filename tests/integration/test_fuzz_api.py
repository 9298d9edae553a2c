"""The HTTP API under a fuzzer that reads our OpenAPI document: no server error, and no answer beside the document."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from infra.openapi import document
from tests.integration.conftest import TOKEN, PipelineHarness, prepared_way
from tests.integration.local_server import serving
from tests.support.builders import any_webhook, encoded, signature
from tests.support.examples import are_all_tried, examples

ASKED_FOR = os.environ.get("FUZZ_CASES")  # `make fuzz` asks for more
CASES_AN_OPERATION = int(ASKED_FOR or examples(60))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
WEBHOOK = "/webhooks/elevenlabs"
HANGING_SECONDS = 600  # no claim about speed: on a busy machine an export over many days takes more than the usual 10
schema = schemathesis.openapi.from_dict(document())
schema.config.phases.coverage.enabled = bool(ASKED_FOR) or are_all_tried()  # each bound of each parameter, by name


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The API, with a few calls of every kind in it."""
    with pytest.MonkeyPatch.context() as monkeypatch, prepared_way(monkeypatch) as pipeline:
        _fill(pipeline)
        with serving() as url:
            yield url


def _fill(pipeline: PipelineHarness) -> None:
    pipeline.elevenlabs.call()
    pipeline.analyse()
    pipeline.dispatch()
    pipeline.crm.fail_next("close_before_commit")
    pipeline.elevenlabs.call()
    pipeline.analyse()
    pipeline.dispatch()
    pipeline.elevenlabs.call("forged")
    pipeline.elevenlabs.call("drop", ago=3_600)
    body = encoded({"type": 5})
    pipeline.post(WEBHOOK, body, {"ElevenLabs-Signature": signature(body, at=time.time())})


@schema.parametrize()
@settings(
    max_examples=CASES_AN_OPERATION,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_api_answers_as_it_says_whatever_is_asked(case: Any, address: str) -> None:
    token = {"Authorization": f"Bearer {TOKEN}"}
    case.call_and_validate(base_url=address, checks=CHECKS, headers=token, timeout=HANGING_SECONDS)


@schema.include(path=WEBHOOK).parametrize()
@settings(max_examples=examples(300), phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_the_webhook_answers_as_it_says_whatever_is_rightly_signed(case: Any, address: str) -> None:
    body = json.dumps(_jsonable(case.body)).encode()
    headers = {"ElevenLabs-Signature": signature(body, at=time.time()), "Content-Type": "application/json"}
    response = requests.post(address + WEBHOOK, data=body, headers=headers, timeout=HANGING_SECONDS)
    assert response.status_code in {200, 400}
    case.validate_response(response, checks=CHECKS)


def _jsonable(body: Any) -> Any:
    return any_webhook() if isinstance(body, bytes) or repr(body) == "NOT_SET" else body
