"""The examination passes what is right, and one planted regression per metric turns it red."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from postcall.domain.analysis import Analysis, Evidence
from postcall.domain.call import ContactValue
from tests.unit.analysis.builders import ROWS, SCRIPTED
from tools.simulators.model import ModelStub
from tools.verify.evaluation.__main__ import main
from tools.verify.evaluation.analysts import answered, offline
from tools.verify.evaluation.dataset import Examination, Heard, Result
from tools.verify.evaluation.examine import examine
from tools.verify.evaluation.injections import PAYLOADS
from tools.verify.evaluation.metrics import METRICS
from tools.verify.evaluation.report import is_passed, lines, written

SAMPLES = Path("tests/samples/evaluation")
GATED = [metric.name for metric in METRICS if metric.gate != "reported"]


@cache
def good() -> Examination:
    """The scripted answers, examined."""
    return examine(answered(SCRIPTED, orders=PAYLOADS.values()), ROWS, runs=3, injections=120, spoken=60)


@cache
def rules() -> Examination:
    """The rules alone, examined."""
    return examine(offline(), ROWS, runs=1, injections=40, spoken=60)


def failing(examination: Examination) -> list[str]:
    """The gates that are missed."""
    return [line.metric.name for line in lines(examination, judged=True) if line.passed is False]


def spoilt(change: Callable[[Analysis], Analysis], *, calls: int = 20) -> Examination:
    """The good examination with the first calls' analyses changed in every run."""
    runs = [
        [replace(one, analysis=change(one.analysis)) if index < calls else one for index, one in enumerate(run)]
        for run in good().runs
    ]
    return replace(good(), runs=runs)


def contact(**values: str) -> Callable[[Analysis], Analysis]:
    """Put values into the contact."""
    found = {name: ContactValue(value, "spoken") for name, value in values.items()}
    return lambda analysis: replace(analysis, contact=replace(analysis.contact, **found))


def last_run(**members: Any) -> Examination:
    """Another result in the last run only."""
    last = [replace(one, analysis=replace(one.analysis, **members)) for one in good().runs[-1]]
    return replace(good(), runs=[*good().runs[:-1], last])


def slow(one: Result) -> Result:
    return replace(one, seconds=25.0)


def wordless(analysis: Analysis) -> Analysis:
    """Texts that fit every call, and so say nothing of this one."""
    said = "Звонил клиент."
    return replace(analysis, qualification_comment=said, summary=said, summary_ru=said)


PLANTED: dict[str, Callable[[], Examination]] = {
    "valid answers": lambda: spoilt(lambda one: one.flagged("no_ai_analysis"), calls=1),
    "refusals": lambda: spoilt(lambda one: one.flagged("model_refused"), calls=1),
    "topic accuracy": lambda: spoilt(lambda one: replace(one, topic="job"), calls=3),
    "intent accuracy": lambda: spoilt(lambda one: replace(one, intent="job_search"), calls=4),
    "lead status accuracy": lambda: spoilt(lambda one: replace(one, lead_status=None), calls=4),
    "score in range": lambda: spoilt(lambda one: replace(one, quality_score=None), calls=3),
    "score, weighted kappa": lambda: spoilt(lambda one: replace(one, quality_score=3)),
    "critical flips": lambda: spoilt(lambda one: replace(one, quality_score=4), calls=4),
    "wrong phones": lambda: spoilt(contact(phone="+375291112233"), calls=1),
    "phone recall": lambda: spoilt(lambda one: replace(one, contact=replace(one.contact, phone=None)), calls=1),
    "e-mail precision": lambda: spoilt(contact(email="guess@example.com"), calls=1),
    "wrong names": lambda: spoilt(contact(full_name="Анна Голосовая"), calls=1),
    "lost contacts": lambda: spoilt(lambda one: replace(one, contact=replace(one.contact, phone=None)), calls=1),
    "unconsented contacts": lambda: spoilt(contact(email="guess@example.com"), calls=1),
    "refused caller IDs": lambda: spoilt(contact(phone="+375298887766")),
    "name accuracy": lambda: spoilt(contact(full_name="Анна Голосовая"), calls=3),
    "forbidden words": lambda: spoilt(lambda one: replace(one, summary="Генеральный Директор"), calls=8),
    "minor and opt-out missed": lambda: spoilt(lambda one: replace(one, flags=())),
    "quotes found": lambda: spoilt(lambda one: replace(one, evidence=(Evidence("выдумано", 0),)), calls=5),
    "injections that worked": lambda: replace(
        good(),
        injections=[
            replace(
                one,
                attacked=replace(one.attacked, analysis=replace(one.attacked.analysis, quality_score=5, topic="job")),
            )
            for one in good().injections
        ],
    ),
    "injected contacts": lambda: replace(
        good(),
        injections=[
            replace(one, attacked=replace(one.attacked, analysis=contact(phone="+375291112233")(one.attacked.analysis)))
            for one in good().injections[:1]
        ]
        + good().injections[1:],
    ),
    "texts are there": lambda: spoilt(lambda one: replace(one, summary=""), calls=2),
    "texts are true to the call": lambda: spoilt(lambda one: one.flagged("text_not_in_call"), calls=2),
    "recommendations fit": lambda: spoilt(lambda one: replace(one, recommendations=())),
    "needed words in summary": lambda: spoilt(wordless),
    "same status in all runs": lambda: last_run(lead_status="nurture"),
    "same score in all runs": lambda: last_run(quality_score=2),
    "score within 1 in all runs": lambda: last_run(quality_score=5),
    "spoken numbers heard wrong": lambda: replace(good(), spoken=[Heard("…", "+375291234567", "+375291234568")]),
    "spoken numbers, recall": lambda: replace(good(), spoken=[Heard("…", "+375291234567", None)] * 20),
    "latency, 95 %": lambda: replace(good(), runs=[[slow(one) for one in run] for run in good().runs]),
}


def test_right_answers_pass_every_gate_and_beat_the_rules() -> None:
    assert failing(good()) == []
    assert is_passed(lines(good(), judged=True, baseline=rules()))


def test_the_rules_alone_pass_the_gates_that_need_no_judgement() -> None:
    found = lines(rules(), judged=False)
    assert is_passed(found)
    assert {line.metric.name for line in found if line.value is None} >= {"topic accuracy", "score in range"}


def test_every_gate_has_a_planted_regression() -> None:
    assert sorted(PLANTED) == sorted(GATED)


@pytest.mark.parametrize("name", sorted(PLANTED))
def test_a_planted_regression_turns_its_gate_red(name: str) -> None:
    assert name in failing(PLANTED[name]())


def test_a_model_that_is_worse_than_the_rules_is_not_worth_its_money() -> None:
    worse = spoilt(contact(full_name="Анна"), calls=2)
    found = lines(worse, judged=True, baseline=rules())
    assert [line.metric.name for line in found if not line.beats_baseline] == ["wrong names", "name accuracy"]
    assert not is_passed(found)
    assert "worse than the rules" in written(found, title="t")


def test_the_command_prints_every_metric_and_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--recorded", str(SAMPLES / "scripted-answers.jsonl"), "--injections", "30"]) == 0
    printed = capsys.readouterr().out
    assert all(metric.name in printed for metric in METRICS)
    assert printed.endswith("\npassed\n")


def test_the_command_fails_for_bad_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for event_id, answer in SCRIPTED.items():
        spoiled = json.dumps(json.loads(answer) | {"topic": "job", "intent": "job_search"}, ensure_ascii=False)
        (tmp_path / f"{event_id}.json").write_text(spoiled, encoding="utf-8")
    assert main(["--recorded", str(tmp_path), "--injections", "1"]) == 1
    assert "NOT passed" in capsys.readouterr().out


def test_the_command_examines_the_rules_without_a_key(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert main(["--injections", "10"]) == 0
    assert "the rules alone" in capsys.readouterr().out


def test_an_interruption_keeps_what_was_judged() -> None:
    judged = 0

    def step() -> None:
        nonlocal judged
        judged += 1
        if judged == len(ROWS) + 3:
            raise KeyboardInterrupt

    found = examine(answered(SCRIPTED), ROWS, runs=3, injections=5, spoken=5, step=step)
    assert ([len(run) for run in found.runs], found.is_whole) == ([len(ROWS), 3], False)
    assert "topic accuracy" not in failing(found)


def test_a_limited_live_run_keeps_every_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-invented")
    arguments = ["--limit", "2", "--runs", "2", "--injections", "1", "--record", str(tmp_path)]
    with ModelStub() as stub:
        monkeypatch.setenv("OPENAI_BASE_URL", stub.base_url)
        main([*arguments, "--model", "m"])
    kept = (tmp_path / "every-answer.jsonl").read_text("utf-8").splitlines()
    assert "2 calls, m" in capsys.readouterr().out
    assert len(kept) == len(stub.requests) > 4


LIE = "Клиент Пётр Задорожный купил 37 домов в Гродно за 915 000 рублей 31 марта."


def passed(answers: dict[str, str]) -> list[str]:
    """The gates that a model with these answers passes."""
    found = examine(answered(answers), ROWS, runs=2, injections=20, spoken=20)
    return [line.metric.name for line in lines(found, judged=True) if line.passed]


def test_a_silent_model_passes_at_most_eight_gates() -> None:
    silent: dict[str, Any] = {
        "evidence": [],
        "signals": dict.fromkeys(json.loads(SCRIPTED["conv_e01"])["signals"], False),
        "topic": "no_conversation",
        "intent": "none",
        "lead_status": "disqualified",
        "quality_score": 1,
        **dict.fromkeys(("qualification_comment", "summary", "summary_ru"), ""),
        "recommendations": [],
        "contacts": dict.fromkeys(("full_name", "phone_ref", "email_ref")),
    }
    answers = {call: json.dumps(json.loads(answer) | silent) for call, answer in SCRIPTED.items()}
    assert len(passed(answers)) <= 8


@pytest.mark.parametrize("lie", [LIE, "Клиент остался доволен и ничего не хочет."])
def test_a_model_whose_every_text_is_a_lie_passes_at_most_eight_gates(lie: str) -> None:
    texts = dict.fromkeys(("qualification_comment", "summary", "summary_ru"), lie)
    answers = {
        call: json.dumps(json.loads(answer) | texts | {"recommendations": [lie]}) for call, answer in SCRIPTED.items()
    }
    assert len(passed(answers)) <= 8
