"""A real server's status, bodies, finish reasons and overflow are what the simulator plays and the analyst reads."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from functions.analysis.collected import field_names
from functions.analysis.fallback_analyst import JudgementFailedError, ModelUnavailable
from functions.analysis.judgement import Judgement
from functions.analysis.model.breaker import Breaker
from functions.analysis.model.context_size import CallTooLongError
from functions.analysis.model.failures import RequestRejectedError
from functions.analysis.model.json_text import objects_in
from functions.analysis.model.prompt import Message, Prompt
from functions.analysis.model.reply import Reply, read_reply
from functions.analysis.model.schema import answer_schema
from functions.analysis.openai_analyst import OpenAiAnalyst
from functions.analysis.preprocessing import prepare
from functions.analysis.settings import SchemaMode
from functions.analysis.taxonomy import taxonomy
from tests.unit.analysis.builders import row
from tools.simulators.model.recorded import LLAMA_CPP, llama_cpp
from tools.verify.evaluation.analysts import settings_for
from tools.verify.model_server.exchanges import ASKED, KEY, QUESTIONS, Question
from tools.verify.model_server.recording import without_this_machine
from tools.verify.model_server.running import PYTHON, RunningServer, running

TINY_WINDOW = 512  # tokens
SECONDS = 300.0
MUCH = 1_900  # tokens: minutes of work for the only slot
pytestmark = pytest.mark.skipif(not PYTHON.exists(), reason="make verify-model installs the server")


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    """The server as most questions want it, started once."""
    with running() as started:
        yield started


@pytest.fixture(scope="module")
def alternating() -> Iterator[RunningServer]:
    """One whose template wants user and assistant to take turns."""
    with running("--alternating") as started:
        yield started


def analyst_at(server: RunningServer, *, key: str = "none", **variables: str) -> OpenAiAnalyst:
    settings = settings_for(OPENAI_BASE_URL=server.base_url, OPENAI_DEADLINE_SECONDS="300", **variables)
    judgement, breaker = Judgement(taxonomy(), field_names()), Breaker(time.monotonic)
    return OpenAiAnalyst(key, settings, Prompt(taxonomy(), bounds_texts=True), judgement, breaker)


def sent(
    server: RunningServer, messages: list[Message], *, limit: int = 4, seconds: float = SECONDS, key: str = "none"
) -> Reply:
    """One question as the product sends it, without a form."""
    analyst = analyst_at(server, key=key, OPENAI_SCHEMA_MODE="prompt")
    return analyst.send(messages, limit, seconds, request_id="contract")


def shape(value: Any) -> Any:
    """The members of a body and the kinds of their values; of lists the first item."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value[:1]]
    return type(value).__name__


def test_every_question_has_its_recorded_answer() -> None:
    assert list(json.loads(LLAMA_CPP.read_text("utf-8"))) == list(QUESTIONS)


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_server_answers_as_it_was_recorded(
    name: str, server: RunningServer, alternating: RunningServer, request: pytest.FixtureRequest
) -> None:
    options = QUESTIONS[name].options
    known = {(): server, ("--alternating",): alternating}
    address = (known.get(options) or request.getfixturevalue("with_key")).address
    answer, recorded = QUESTIONS[name].ask(address), llama_cpp(name)
    body = without_this_machine(answer.json())
    assert answer.status_code == recorded.status
    assert shape(body) == shape(recorded.body)
    assert body.get("error") == recorded.body.get("error")
    for one, other in zip(body.get("choices", ()), recorded.body.get("choices", ()), strict=True):
        assert one["finish_reason"] == other["finish_reason"]


@pytest.fixture
def with_key() -> Iterator[RunningServer]:
    with running("--key", KEY) as started:
        yield started


def test_an_answer_is_read_with_its_end_and_its_tokens(server: RunningServer) -> None:
    reply = sent(server, ASKED)
    assert (reply.finish, reply.usage.output_tokens) == ("length", 4)
    assert reply.content
    assert (reply.model or "").endswith(".gguf")


def test_a_form_comes_whole_or_as_the_beginning_of_one(server: RunningServer) -> None:
    whole = read_reply(QUESTIONS["form"].ask(server.address).content)
    assert (whole.finish, [list(one) for one in objects_in(whole.content)]) == ("stop", [["colour"]])
    cut = read_reply(QUESTIONS["cut_form"].ask(server.address).content)
    assert cut.finish == "length"
    assert list(objects_in(cut.content)) == []
    assert re.match(r"\s*(```|\{|\Z)", cut.content)  # its grammar lets a fence stand around the form


@pytest.mark.parametrize("bounds_texts", [False, True])
def test_the_answers_schema_compiles_in_its_own_engine(server: RunningServer, *, bounds_texts: bool) -> None:
    schema = answer_schema(taxonomy(), bounds_texts=bounds_texts)
    wanted = {"type": "json_schema", "json_schema": {"name": "call_analysis", "strict": True, "schema": schema}}
    answer = Question({"response_format": wanted}).ask(server.address)
    assert answer.status_code == llama_cpp("form").status
    assert re.match(r"\s*(```|\{|\Z)", read_reply(answer.content).content)


def test_a_second_try_in_turns_is_taken_and_two_user_turns_are_refused(alternating: RunningServer) -> None:
    second_try = Prompt(taxonomy(), SchemaMode.PROMPT).repair("{}", ["topic"])
    assert sent(alternating, [*ASKED, *second_try]).usage.output_tokens > 0
    with pytest.raises(RequestRejectedError):
        sent(alternating, [*ASKED, ASKED[1]])


def test_a_wrong_key_is_a_persons_affair(with_key: RunningServer) -> None:
    with pytest.raises(ModelUnavailable) as caught:
        sent(with_key, ASKED)
    assert (caught.value.misconfigured, caught.value.out_of_credit) == (True, False)
    assert sent(with_key, ASKED, key=KEY).content


def test_a_call_that_is_too_long_is_refused_with_both_sizes(server: RunningServer) -> None:
    with pytest.raises(CallTooLongError) as caught:
        sent(server, QUESTIONS["overflow"].members["messages"])
    report = llama_cpp("overflow").body["error"]
    assert (caught.value.tokens, caught.value.window) == (report["n_prompt_tokens"], report["n_ctx"])


def test_a_client_that_leaves_frees_the_only_slot(server: RunningServer) -> None:
    before = server.cancelled
    with pytest.raises(ModelUnavailable) as caught:
        sent(server, [ASKED[0], {"role": "user", "content": "Count to a thousand."}], limit=MUCH, seconds=3.0)
    assert caught.value.timed_out
    assert sent(server, ASKED).content
    assert server.cancelled == before + 1


@pytest.mark.parametrize("window", [TINY_WINDOW, None])
def test_a_window_too_small_for_the_rules_costs_a_call_its_judgement_and_no_time(
    window: int | None, request: pytest.FixtureRequest
) -> None:
    if window is None:
        _has_no_judgement(request.getfixturevalue("server"))
        return
    with running(window=window) as small:
        _has_no_judgement(small)


def _has_no_judgement(server: RunningServer) -> None:
    analyst = analyst_at(server)
    with pytest.raises(JudgementFailedError) as caught:
        analyst.judge(prepare(row("E01").call), seconds_left=lambda: SECONDS)
    assert caught.value.flag == "model_request_rejected"
    assert caught.value.details["reason"] == "context_length_exceeded"
    assert analyst.breaker.trouble() is None


def test_model_check_finds_out_what_the_server_can_and_prints_its_settings(server: RunningServer) -> None:
    options = ["--base-url", server.base_url, "--model", "smollm2", "--deadline-seconds", "300"]
    shell = {"PATH": os.environ["PATH"], "OPENAI_API_KEY": "none", "POSTCALL_LANG": "en"}
    command = [sys.executable, "-m", "tools.postcall", "--json", "model", "check", *options]
    done = subprocess.run(command, env=shell, capture_output=True, text=True, check=False)
    document = json.loads(done.stdout)
    states = {one["name"]: one["state"] for one in document["checks"]}
    well = ("server", "key", "model", "answer's limit", "schema", "second try")
    assert states == dict.fromkeys(well, "well") | {"context": "wrong", "speed": "wrong"}
    assert "2048 tokens" in str(document["checks"])
    assert (document["settings"]["OPENAI_SCHEMA_MODE"], document["settings"]["OPENAI_TOKEN_PARAM"]) == (
        "json_schema",
        "max_completion_tokens",
    )
    assert done.returncode == 1
