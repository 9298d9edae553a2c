"""A real server's status, bodies, finish reasons and overflow are what the simulator plays and the analyst reads."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from functions.analysis.collected import field_names
from functions.analysis.fallback_analyst import JudgementFailedError
from functions.analysis.judgement import Judgement
from functions.analysis.model.breaker import Breaker
from functions.analysis.model.prompt import Prompt
from functions.analysis.model.reply import read_reply
from functions.analysis.openai_analyst import OpenAiAnalyst
from functions.analysis.preprocessing import prepare
from functions.analysis.taxonomy import taxonomy
from tests.unit.analysis.builders import row
from tools.simulators.model import recorded
from tools.verify.evaluation.analysts import settings_for

PYTHON = Path(".venv-model/bin/python")
SCRIPT = "tools/verify/model_server/llama_cpp.py"
ASKED = [{"role": "system", "content": "You answer."}, {"role": "user", "content": "Say hi"}]
REPAIR = [{"role": "assistant", "content": "x"}, {"role": "user", "content": "Again"}]
pytestmark = pytest.mark.skipif(not PYTHON.exists(), reason="make verify-model installs the server")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The server, started once."""
    with subprocess.Popen([PYTHON, SCRIPT], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.terminate()


def asked(address: str, messages: list[dict[str, str]], **members: Any) -> httpx.Response:
    body = {"model": "any", "messages": messages, "max_completion_tokens": 4, **members}
    return httpx.post(f"{address}/v1/chat/completions", json=body, timeout=300)


def test_a_completion_is_read_and_has_the_members_that_the_simulator_gives_it(address: str) -> None:
    found = asked(address, ASKED)
    played = recorded.llama_cpp_completion("x", prompt_tokens=1, completion_tokens=1)
    assert found.status_code == httpx.codes.OK
    assert found.json().keys() == played.keys()
    assert found.json()["usage"].keys() == played["usage"].keys()
    reply = read_reply(found.content)
    assert (reply.finish, reply.usage.output_tokens) == ("length", 4)
    assert reply.content


def test_an_answer_that_the_limit_cuts_is_the_beginning_of_a_form(address: str) -> None:
    form = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}
    asks = {"type": "json_schema", "json_schema": {"name": "a", "strict": True, "schema": form}}
    reply = read_reply(asked(address, ASKED, response_format=asks).content)
    assert reply.finish == "length"
    assert reply.content.lstrip().startswith(("{", "`"))  # its grammar lets a fence stand around the form


def test_a_second_try_in_turns_is_taken(address: str) -> None:
    assert asked(address, ASKED + REPAIR).status_code == httpx.codes.OK


def test_a_call_that_is_too_long_is_refused_with_both_sizes_as_the_simulator_says(address: str) -> None:
    found = asked(address, [ASKED[0], {"role": "user", "content": "word " * 3_000}])
    assert found.status_code == httpx.codes.BAD_REQUEST
    error, played = found.json()["error"], recorded.LLAMA_CPP_OVERFLOW["error"]
    assert error.keys() == played.keys()
    assert error["type"] == played["type"]


def test_a_window_too_small_for_the_rules_costs_a_call_its_judgement_and_no_time(address: str) -> None:
    settings = settings_for(OPENAI_BASE_URL=f"{address}/v1", OPENAI_DEADLINE_SECONDS="60")
    judgement, breaker = Judgement(taxonomy(), field_names()), Breaker(time.monotonic)
    analyst = OpenAiAnalyst("none", settings, Prompt(taxonomy(), bounds_texts=True), judgement, breaker)
    with pytest.raises(JudgementFailedError) as caught:
        analyst.judge(prepare(row("E01").call), seconds_left=lambda: 90.0)
    analyst.close()
    assert caught.value.flag == "model_request_rejected"
    assert breaker.trouble() is None
