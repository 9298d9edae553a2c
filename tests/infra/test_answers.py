"""docs/answers.md: what outside tools find in the templates, each finding with its answer."""

from copy import deepcopy
from typing import Any, get_args

import pytest

from infra.costs_page import TITLES
from infra.names import Lifetime
from tests.infra.templates import Templates
from tools.verify.answers.answers import Answers, gaps, read_answers
from tools.verify.answers.page import PAGE, page
from tools.verify.answers.record import Judgement, Record, Rule, read_record, shapes


@pytest.fixture(scope="module")
def templates(synthesised: Templates) -> dict[str, dict[str, Any]]:
    return {
        env: {f"postcall-{env}-{each}": synthesised.template(env, each) for each in get_args(Lifetime)}
        for env in TITLES
    }


def test_the_tools_have_seen_the_templates_of_today(templates: dict[str, dict[str, Any]]) -> None:
    assert read_record().shapes == shapes(templates), "make answers"


def test_the_page_is_that_of_record_answers_and_templates(templates: dict[str, dict[str, Any]]) -> None:
    assert PAGE.read_text(encoding="utf-8") == page(read_record(), read_answers(), templates), "make docs"


def test_every_finding_is_answered_and_every_answer_has_its_finding() -> None:
    assert gaps(read_record(), read_answers()) == []


def test_each_answer_says_why() -> None:
    reasons = [reason for each in read_answers().findings.values() for reason in each.values()]

    assert len(reasons) > 15
    assert [reason for reason in reasons if len(reason.split()) < 5 and not reason.startswith("as CT.")] == []


def test_a_gap_on_either_side_is_told() -> None:
    rules = {"FAILED": Rule("", failed=["a B"], met=True), "UNSEEN": Rule(""), "MET": Rule("", met=True)}
    record = Record({}, {"tool": Judgement("1", rules)})

    assert gaps(record, Answers({"tool": {"UNSEEN": "why", "MET": "why"}}, ())) == [
        "tool FAILED has no answer",
        "tool MET is answered and not found",
    ]


def changed_by(templates: dict[str, dict[str, Any]], kind: str, **properties: Any) -> set[str]:
    """The stacks whose digest another value of the first such resource of UAT changes."""
    changed = deepcopy(templates)
    found = [each for stack in changed["uat"].values() for each in stack["Resources"].values() if each["Type"] == kind]
    found[0]["Properties"] |= properties
    return {stack for stack, shape in shapes(changed).items() if shape != shapes(templates)[stack]}


def test_another_value_and_another_property_are_another_shape(templates: dict[str, dict[str, Any]]) -> None:
    assert changed_by(templates, "AWS::KMS::Key", EnableKeyRotation=False) == {"postcall-uat-data"}
    assert changed_by(templates, "AWS::KMS::Key", PendingWindowInDays=7) == {"postcall-uat-data"}
    assert changed_by(templates, "AWS::Lambda::Function", Environment={"Variables": {"MORE": "1"}})


def test_other_code_and_other_words_are_not(templates: dict[str, dict[str, Any]]) -> None:
    function = next(
        each["Properties"]
        for each in templates["uat"]["postcall-uat-pipeline"]["Resources"].values()
        if each["Type"] == "AWS::Lambda::Function"
    )
    environment = {"Variables": dict.fromkeys(function["Environment"]["Variables"], "another")}

    assert changed_by(templates, "AWS::KMS::Key", Description="another text") == set()
    assert changed_by(templates, "AWS::CloudWatch::Alarm", AlarmDescription="another text") == set()
    assert changed_by(templates, "AWS::Lambda::Function", Environment=environment) == set()
    assert changed_by(templates, "AWS::Lambda::Function", Code=function["Code"] | {"S3Key": f"{'0' * 64}.zip"}) == set()


@pytest.mark.parametrize("env", TITLES)
def test_what_no_rule_looks_at_is_met(synthesised: Templates, env: str) -> None:
    """Control Tower's rules for tables know them by their older type."""
    for table in synthesised.resources(env, "data", "AWS::DynamoDB::GlobalTable").values():
        assert table["Properties"]["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS"}
        for replica in table["Properties"]["Replicas"]:
            assert replica["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
