"""How functions run in the emulated AWS: as Lambda runs them, by AWS's own runtime client."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.local_stack.emulated import Emulated

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("emulator")]


def test_an_exception_is_an_internal_server_error_and_the_environment_survives(emulated: Emulated) -> None:
    before = emulated.call("/seen").json
    failed = emulated.call("/fail")
    after = emulated.call("/seen").json
    assert (failed.status, failed.text) == (500, '{"message":"Internal Server Error"}')
    assert after["pid"] == before["pid"]
    assert after["invocations"] == before["invocations"] + 2


def test_an_error_of_a_function_that_is_invoked_has_lambda_s_shape(emulated: Emulated) -> None:
    invoked = emulated.aws.functions().invoke(FunctionName="probe-web", Payload=b'{"rawPath": "/fail"}')
    assert invoked["FunctionError"] == "Unhandled"
    payload = invoked["Payload"].read().decode()
    assert '"errorType": "RuntimeError"' in payload
    assert '"stackTrace"' in payload


def test_a_function_sees_its_layer_and_the_runtime_s_packages_and_nothing_of_the_repository(emulated: Emulated) -> None:
    found = emulated.call("/imports").json
    assert found["probe_layer"]
    assert found["boto3"]
    assert found["awslambdaric"]
    assert not any(found[name] for name in ("functions", "postcall", "tools", "infra"))


def test_a_function_s_variables_are_its_own_and_lambda_s(emulated: Emulated) -> None:
    seen = emulated.call("/environment").json
    assert seen["AWS_ENDPOINT_URL"] == emulated.aws.endpoint_url
    assert seen["AWS_REGION"] == emulated.aws.region
    assert seen["AWS_LAMBDA_FUNCTION_NAME"] == "probe-web"
    assert seen["PROBE_SETTING"] == "by default"
    assert seen["TZ"] == ":UTC"
    assert not {"HOME", "USER", "PWD"} & {name for name, text in seen.items() if text == os.environ.get(name)}


def test_a_function_that_takes_too_long_is_ended_and_the_next_call_gets_a_fresh_one(emulated: Emulated) -> None:
    assert emulated.call("/sleep?seconds=30").status == 500
    assert emulated.call("/seen").status == 200
    log = (emulated.directory.logs / "probe-web.log").read_text(encoding="utf-8")
    assert "Task timed out after 3.00 seconds" in log


def test_a_function_s_log_is_a_file_for_people(emulated: Emulated) -> None:
    emulated.call("/fail")
    log = (emulated.directory.logs / "probe-web.log").read_text(encoding="utf-8")
    assert "a secret detail of the function" in log


def test_many_calls_at_once_share_a_few_environments(emulated: Emulated) -> None:
    limit = 2 * (os.cpu_count() or 1)
    with ThreadPoolExecutor(4 * limit) as clients:
        answers = list(clients.map(lambda _: emulated.call("/sleep?seconds=0.1"), range(8 * limit)))
    assert {answer.status for answer in answers} == {200}
    assert 1 < len({answer.json["pid"] for answer in answers}) <= limit
