"""No environment breaks a rule; and each rule does see the fault it is there for."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.infra import rules
from tests.infra.rules import RULES, Synthesised
from tests.infra.templates import EVERYWHERE, GUARDED, Templates

Rule = Callable[[Synthesised], list[str]]


@pytest.mark.parametrize("env", [*EVERYWHERE, GUARDED])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_nothing_breaks_the_rule(synthesised: Templates, env: str, rule: Rule) -> None:
    assert rule(rules.read(synthesised, env)) == []


@pytest.fixture
def faulty(synthesised: Templates) -> Synthesised:
    """UAT as it is, free to be spoilt."""
    return copy.deepcopy(rules.read(synthesised, "uat"))


def one(found: Synthesised, kind: str, **properties: str) -> dict[str, Any]:
    """The properties of the one resource of this type with these values among them."""
    (each,) = [each for each in found.of_type(kind).values() if properties.items() <= each.items()]
    return each


def test_a_queue_that_loses_its_dead_letters_is_seen(faulty: Synthesised) -> None:
    del one(faulty, "AWS::SQS::Queue", QueueName="postcall-uat-dispatch")["RedrivePolicy"]

    assert "postcall-uat-dispatch" in rules.queues_without_dead_letters(faulty)


def test_a_new_queue_without_dead_letters_is_seen(faulty: Synthesised) -> None:
    faulty.resources["Careless"] = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "careless"}}

    assert rules.queues_without_dead_letters(faulty) == ["careless"]


def test_dead_letters_whose_alarm_is_gone_are_seen(faulty: Synthesised) -> None:
    alarms = faulty.of_type("AWS::CloudWatch::Alarm")
    (name,) = [name for name, each in alarms.items() if each["AlarmName"] == "postcall-uat-analysis-dead-letters"]
    del faulty.resources[name]

    assert rules.dead_letters_without_an_alarm(faulty) == ["postcall-uat-analysis-dead-letters"]


def test_dead_letters_whose_alarm_waits_for_more_than_one_are_seen(faulty: Synthesised) -> None:
    one(faulty, "AWS::CloudWatch::Alarm", AlarmName="postcall-uat-dispatch-dead-letters")["Threshold"] = 10

    assert rules.dead_letters_without_an_alarm(faulty) == ["postcall-uat-dispatch-dead-letters"]


@pytest.mark.parametrize("description", ["Something is wrong", "See docs/runbooks/no-such-page.md", ""])
def test_an_alarm_without_a_runbook_is_seen(faulty: Synthesised, description: str) -> None:
    one(faulty, "AWS::CloudWatch::Alarm", AlarmName="postcall-uat-api-5xx")["AlarmDescription"] = description

    assert rules.alarms_without_a_runbook(faulty) == ["postcall-uat-api-5xx"]


@pytest.mark.parametrize(
    ("statement", "seen"),
    [
        ({"Action": "sqs:SendMessage", "Resource": "*"}, "*"),
        ({"Action": "dynamodb:*", "Resource": "arn:aws:dynamodb:::table/one"}, "dynamodb:*"),
        ({"Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::bucket/*"]}, "arn:aws:s3:::bucket/*"),
        ({"Action": "kms:Decrypt", "Resource": {"Fn::Join": ["", ["arn:", "*"]]}}, '{"Fn::Join": ["", ["arn:", "*"]]}'),
    ],
)
def test_a_wildcard_without_a_reason_is_seen(faulty: Synthesised, statement: dict[str, Any], seen: str) -> None:
    (name,) = [name for name in faulty.of_type("AWS::IAM::Role") if name.startswith("IntakeRole")]
    policy = faulty.resources[name]["Properties"]["Policies"][0]["PolicyDocument"]
    policy["Statement"].append({"Effect": "Allow", **statement})

    assert rules.wildcards_without_a_reason(faulty) == [f"{name}: {seen}"]


def test_a_reason_that_says_nothing_is_none(faulty: Synthesised) -> None:
    for findings in faulty.reasons.values():
        findings.update(dict.fromkeys(findings, "needed"))

    assert rules.wildcards_without_a_reason(faulty)


def test_a_variable_that_no_setting_reads_is_seen(faulty: Synthesised) -> None:
    function = one(faulty, "AWS::Lambda::Function", FunctionName="postcall-uat-analysis")
    function["Environment"]["Variables"]["ANALYSYS_TABLE"] = "a typing error"

    found = rules.variables_that_differ_from_the_settings(faulty)
    assert "analysis: ANALYSYS_TABLE is read by no setting" in found


def test_a_setting_that_no_variable_fills_is_seen(faulty: Synthesised) -> None:
    function = one(faulty, "AWS::Lambda::Function", FunctionName="postcall-uat-dispatch")
    del function["Environment"]["Variables"]["CRM_TRUSTED_ORIGIN"]

    found = rules.variables_that_differ_from_the_settings(faulty)
    assert "dispatch: CRM_TRUSTED_ORIGIN is given by no template" in found
