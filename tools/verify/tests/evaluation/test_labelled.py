"""The generated labelled calls are the same for everybody, their truth holds, and silence and lies do not pass."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from functions.analysis.taxonomy import LABELS, taxonomy
from postcall.domain.call import ContactValue, Speaker
from tests.unit.analysis.builders import ROWS
from tools.verify.evaluation.dataset import Examination
from tools.verify.evaluation.labelled.__main__ import main
from tools.verify.evaluation.labelled.examination import FULL, by_a_right_model, by_rules, labelled_calls
from tools.verify.evaluation.labelled.fill import LabelledCall
from tools.verify.evaluation.labelled.patterns import patterns
from tools.verify.evaluation.report import is_passed, lines

SHORT = len(patterns())  # a call of each
JsonObject = dict[str, Any]


@cache
def calls() -> list[LabelledCall]:
    return labelled_calls(SHORT)


@cache
def rules() -> Examination:
    return by_rules(calls(), injections=20)


def answering(change: Callable[[JsonObject], JsonObject]) -> list[LabelledCall]:
    """The calls with their right answers changed."""
    changed = ((one, change(json.loads(one.answer))) for one in calls())
    return [replace(one, answer=json.dumps(answer, ensure_ascii=False)) for one, answer in changed]


def passed(chosen: list[LabelledCall]) -> list[str]:
    """The gates that a model with these answers passes."""
    return [line.metric.name for line in lines(by_a_right_model(chosen, injections=20), judged=True) if line.passed]


def missed(chosen: list[LabelledCall]) -> list[str]:
    found = lines(by_a_right_model(chosen, injections=20), judged=True)
    return [line.metric.name for line in found if line.passed is False]


def test_the_full_set_is_the_same_each_time_and_has_a_name_for_each_call() -> None:
    full = labelled_calls()
    assert full == labelled_calls()
    assert len({one.row.id for one in full}) == FULL == 200


def test_labels_are_those_of_the_taxonomy_and_each_is_given_somewhere() -> None:
    for name in LABELS:
        given = {code for pattern in patterns() for code in getattr(pattern, name)}
        assert given == set(taxonomy().codes(name))


def test_every_quote_stands_in_a_callers_turn() -> None:
    for pattern in patterns():
        for quote in pattern.proof.values():
            assert pattern.turns[pattern.turn_of(quote)].startswith("u:")


def test_what_is_held_out_is_said_nowhere_else() -> None:
    def said(*, held_out: bool) -> set[str]:
        return {line for one in patterns() if one.held_out is held_out for line in one.turns if line.startswith("u:")}

    by_hand = {f"u: {turn.text}" for row in ROWS for turn in row.call.turns if turn.speaker is Speaker.CALLER}
    assert not said(held_out=True) & (said(held_out=False) | by_hand - {"u: ..."})
    assert len(said(held_out=True)) > 20


def test_the_rules_alone_pass_their_gates() -> None:
    assert is_passed(lines(rules(), judged=False))


def test_right_answers_stay_right_through_every_check_and_beat_the_rules() -> None:
    judged = by_a_right_model(calls(), injections=20)
    assert is_passed(lines(judged, judged=True, baseline=rules()))


@pytest.mark.parametrize(
    ("members", "gate"),
    [
        ({"topic": "job"}, "topic accuracy"),
        ({"intent": "job_search"}, "intent accuracy"),
        ({"lead_status": "disqualified"}, "lead status accuracy"),
        ({"evidence": []}, "score in range"),
        ({"summary": "Звонил Пётр Задорожный."}, "texts are true to the call"),
    ],
)
def test_an_answer_that_is_wrong_everywhere_misses_its_gate(members: JsonObject, gate: str) -> None:
    assert gate in missed(answering(lambda answer: answer | members))


def test_a_refused_caller_id_in_a_lead_misses_its_gate() -> None:
    def spoilt(found: Examination) -> Examination:
        results = [
            replace(one, analysis=replace(one.analysis, contact=replace(one.analysis.contact, phone=_network(one.row))))
            for one in found.results
        ]
        return replace(found, runs=[results])

    assert "refused caller IDs" in [
        line.metric.name for line in lines(spoilt(rules()), judged=False) if not line.passed
    ]


def _network(row: Any) -> ContactValue | None:
    return None if row.call.caller_id is None else ContactValue(row.call.caller_id, "telephony")


def test_a_silent_and_a_lying_model_pass_at_most_eight_gates() -> None:
    texts = dict.fromkeys(("qualification_comment", "summary", "summary_ru"), "")
    labels = {"topic": "no_conversation", "intent": "none", "lead_status": "disqualified", "quality_score": 1}
    lie = dict.fromkeys(texts, "Клиент остался доволен и ничего не хочет.")
    assert len(passed(answering(lambda answer: answer | labels | texts | {"evidence": [], "recommendations": []}))) <= 8
    assert len(passed(answering(lambda answer: answer | lie | {"recommendations": ["Ничего не делать."]}))) <= 8


def test_the_command_prints_four_reports(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--count", str(SHORT), "--injections", "4"]) == 0
    assert capsys.readouterr().out.count("\npassed\n") == 4
