"""Answers that the schema allows break no promise; a promise that is broken on purpose is found."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from functions.analysis.judgement import Judgement
from functions.analysis.model.output import ModelOutput
from functions.analysis.preprocessing import PreparedCall
from postcall.domain.analysis import Analysis
from postcall.domain.call import Contact, ContactValue
from tests.unit.analysis.builders import ROWS
from tools.simulators.model import ModelStub
from tools.simulators.model.strange import UNREADABLE, UNUSABLE
from tools.verify.evaluation.hostile import main, search

FEW, ANSWERS = 200, 1_000  # `make hostile` asks for 20,000
MOST_MEGABYTES = 200
# The largest and strangest replies, read and judged in a process of its own.
MEMORY = """
from functions.analysis.openai_analyst import OpenAiAnalyst
from functions.analysis.model.failures import UnreadableReplyError
from functions.analysis.model.output import InvalidAnswerError, read_answer
from functions.analysis.model.reply import LARGEST_REPLY, read_reply
from functions.analysis.model.schema import answer_schema
from functions.analysis.taxonomy import taxonomy
import json

schema = answer_schema(taxonomy())
def completion(content):
    return json.dumps({"choices": [{"message": {"content": content}}]}).encode()
contents = ["[" * 900_000, '{"a":' * 150_000, "x" * 1_900_000, '{"a":[' + "1," * 400_000 + "1]}", "9" * 900_000,
            '{"evidence":[' + "{}," * 250_000 + "{}]}"]
bodies = [b"[" * LARGEST_REPLY, b"x" * 4_000_000, *map(completion, contents),
          b'{"choices":[' + b'{"message":{"content":"x"}},' * 60_000 + b'{}]}']
for body in bodies:
    try:
        read_answer(read_reply(body).content, schema, set(), 5)
    except (UnreadableReplyError, InvalidAnswerError):
        pass
# Not `ru_maxrss`: that one begins at the size of the process that started this one.
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(int(status["VmHWM"].split()[0]) // 1024)
"""


@pytest.mark.parametrize("answers", [FEW, pytest.param(ANSWERS, marks=pytest.mark.long)])
def test_no_answer_that_the_schema_allows_breaks_a_promise(answers: int) -> None:
    assert search(ROWS, answers) == []


def _crashes(_self: Judgement, _answer: ModelOutput, _prepared: PreparedCall) -> Analysis:
    raise OverflowError


def _adds(self: Judgement, answer: ModelOutput, prepared: PreparedCall) -> Analysis:
    return replace(judged(self, answer, prepared), contact=Contact(phone=ContactValue("+375291112233", "spoken")))


def _loses(self: Judgement, answer: ModelOutput, prepared: PreparedCall) -> Analysis:
    return replace(judged(self, answer, prepared), contact=Contact())


def _is_clean(self: Judgement, answer: ModelOutput, prepared: PreparedCall) -> Analysis:
    return replace(judged(self, answer, prepared), needs_review=False, quality_score=5)


def _says_nothing(self: Judgement, answer: ModelOutput, prepared: PreparedCall) -> Analysis:
    return replace(judged(self, answer, prepared), needs_review=False, summary="")


judged = Judgement.analysis


@pytest.mark.parametrize(
    ("fault", "promise"),
    [
        (_crashes, "no crash (OverflowError)"),
        (_adds, "no contact that nobody gave"),
        (_loses, "no contact lost without a quote"),
        (_is_clean, "no clean verdict against code's own signs"),
        (_is_clean, "no good lead on one word"),
        (_says_nothing, "no clean verdict without texts"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_broken_promise_is_found(monkeypatch: pytest.MonkeyPatch, fault: object, promise: str) -> None:
    monkeypatch.setattr(Judgement, "analysis", fault)
    assert promise in {one.promise for one in search(ROWS, 200)}


def test_the_command_says_how_many_and_how_they_ended(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--answers", "40"]) == 0
    assert "40 answers over 20 calls" in capsys.readouterr().out


def test_the_largest_replies_keep_the_step_small() -> None:
    done = subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True)
    assert int(done.stdout) < MOST_MEGABYTES


# The whole exchange with a server for ten calls side by side, by the function's own client.
EXCHANGES = """
import sys
import functions.analysis.handler
from functions.analysis.fallback_analyst import JudgementFailedError, ModelUnavailable
from functions.analysis.preprocessing import prepare
from functions.analysis.side_by_side import Exchanges, side_by_side
from postcall.domain.call import Call, Speaker, Turn
from tools.verify.evaluation.analysts import live, settings_for

call = Call("conv_1", turns=(Turn(Speaker.CALLER, "Хочу купить квартиру"),))
for name in sys.argv[2:]:
    settings = settings_for(OPENAI_BASE_URL=sys.argv[1], OPENAI_MODEL="stub-" + name, OPENAI_DEADLINE_SECONDS="60")
    asked = live("key", settings, None)
    def serve(_number):
        yield from asked.judge(prepare(call), 60.0)

    def attempt(_number, work):
        try:
            work()
        except (ModelUnavailable, JudgementFailedError):
            return False
        return True

    side_by_side(range(10), serve, attempt=attempt, exchanges=Exchanges())
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(int(status["VmHWM"].split()[0]) // 1024)
"""


@pytest.mark.long
def test_the_largest_answers_of_a_server_ten_at_a_time_keep_the_step_small() -> None:
    with ModelStub() as stub:
        command = [sys.executable, "-c", EXCHANGES, stub.base_url, *UNREADABLE, *UNUSABLE]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert len(stub.requests) >= len(UNREADABLE) + len(UNUSABLE)
    assert int(done.stdout) < MOST_MEGABYTES
