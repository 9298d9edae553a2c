"""Each alarm has a runbook and each runbook an alarm; what rings can be heard."""

import json
import re

import pytest

from infra.names import QUEUES, STEPS, Step
from infra.resources.api import CONSOLE_PATH
from infra.resources.dependency_layer import ROOT
from tests.infra.templates import EVERYWHERE, GUARDED, ON_AWS, Templates, environment

RUNBOOKS = ROOT / "docs" / "runbooks"
LONGEST_DESCRIPTION = 1024  # of a CloudWatch alarm
CHAPTERS = ["## Symptom", "## Look here", "## Do this", "## How to know it worked"]


def runbook_of(description: str) -> str:
    (found,) = re.findall(r"docs/runbooks/([a-z0-9-]+)\.md$", description)
    return str(found)


@pytest.mark.parametrize("env", [*EVERYWHERE, GUARDED])
def test_every_alarm_names_a_runbook_of_its_own_word(synthesised: Templates, env: str) -> None:
    for name, alarm in synthesised.alarms(env).items():
        word = runbook_of(alarm["AlarmDescription"])
        assert name.removeprefix(f"postcall-{env}-").startswith(word)
        assert (RUNBOOKS / f"{word}.md").is_file(), word


@pytest.mark.parametrize("env", [*EVERYWHERE, GUARDED])
def test_an_alarm_leads_to_its_runbook_in_the_console_by_one_click(synthesised: Templates, env: str) -> None:
    for alarm in synthesised.alarms(env).values():
        description = alarm["AlarmDescription"]
        (link,) = re.findall(r"https://\S+", description)
        assert link.endswith(f"{CONSOLE_PATH}#/runbook/{runbook_of(description)}")
        assert len(description) <= LONGEST_DESCRIPTION


def test_every_runbook_belongs_to_an_alarm_and_fits_a_screen(synthesised: Templates) -> None:
    environments = (*EVERYWHERE, GUARDED)
    words = {runbook_of(each["AlarmDescription"]) for env in environments for each in synthesised.alarms(env).values()}
    books = {path.stem: path.read_text(encoding="utf-8") for path in RUNBOOKS.glob("*.md") if path.stem != "README"}

    assert set(books) == words
    for word, text in books.items():
        assert [line for line in text.splitlines() if line.startswith("## ")] == CHAPTERS, word
        assert len(text.splitlines()) <= 25, word


@pytest.mark.parametrize("env", ON_AWS)
def test_what_must_be_heard_rings(synthesised: Templates, env: str) -> None:
    words = {name.removeprefix(f"postcall-{env}-") for name in synthesised.alarms(env)}

    assert words >= {
        *(f"{step}-errors" for step in STEPS),
        *(f"{word}-{what}" for word in QUEUES for what in ("dead-letters", "oldest-message")),
        *("quarantine-entries", "quarantine-entries-strangers", "quarantine-entries-overflow"),
        *("calls-missed", "calls-missed-not-fetched", "ledger-difference", "elevenlabs-api"),
        *("webhook-disabled", "webhook-retries-off"),
        *("throttles", "api-5xx", "signature-rejected", "analyses-offline", "reconciliation-silent"),
        "reconciliation-silent-reconcile",
        *("crm-unavailable", "crm-breaker-open", "leads-rejected", "outcomes-unknown", "events-stalled"),
    }
    assert sum(word.startswith("nat-ports-") for word in words) == environment(env).network.nat_gateways


def test_in_production_silence_rings_too(synthesised: Templates) -> None:
    alarm = synthesised.alarms("prod")["postcall-prod-no-calls"]

    assert alarm["TreatMissingData"] == "breaching"
    assert alarm["ComparisonOperator"] == "LessThanThreshold"
    assert alarm["Period"] * alarm["EvaluationPeriods"] == environment("prod").monitoring.no_calls_hours * 3600  # type: ignore[operator]  # set in prod


@pytest.mark.parametrize("env", EVERYWHERE)
def test_every_alarm_speaks_to_the_topic_when_it_rings_and_when_it_is_over(synthesised: Templates, env: str) -> None:
    (topic,) = synthesised.resources(env, "monitoring", "AWS::SNS::Topic")

    for alarm in synthesised.alarms(env).values():
        assert alarm["AlarmActions"] == [{"Ref": topic}]
        assert alarm["OKActions"] == [{"Ref": topic}]


@pytest.mark.parametrize("env", EVERYWHERE)
def test_the_topic_is_encrypted_and_cloudwatch_may_publish_to_it(synthesised: Templates, env: str) -> None:
    (topic,) = synthesised.resources(env, "monitoring", "AWS::SNS::Topic").values()
    (policy,) = synthesised.resources(env, "monitoring", "AWS::SNS::TopicPolicy").values()
    allowing = [each for each in policy["Properties"]["PolicyDocument"]["Statement"] if each["Effect"] == "Allow"]

    assert f"postcall-{env}-data" in str(topic["Properties"]["KmsMasterKeyId"])
    assert [each["Action"] for each in allowing] == ["sns:Publish"]
    assert "cloudwatch.amazonaws.com" in allowing[0]["Principal"]["Service"]


@pytest.mark.parametrize("env", EVERYWHERE)
def test_our_own_metrics_are_counted_by_the_step_that_the_alarm_listens_to(synthesised: Templates, env: str) -> None:
    for name, alarm in synthesised.alarms(env).items():
        if alarm["Namespace"].startswith("Postcall"):
            (dimension,) = alarm["Dimensions"]
            assert dimension["Name"] == "service"
            assert alarm["Namespace"] == f"Postcall/{env}"
            assert is_counted(alarm["MetricName"], by=dimension["Value"]), name
    assert all(namespace_of(synthesised, env, step) == f"Postcall/{env}" for step in STEPS)


@pytest.mark.parametrize("env", ON_AWS)
def test_the_dashboard_tells_what_is_counted_from_left_to_right(synthesised: Templates, env: str) -> None:
    (board,) = synthesised.resources(env, "monitoring", "AWS::CloudWatch::Dashboard").values()
    body = json.dumps(board["Properties"]["DashboardBody"]).replace("\\", "")
    shown = re.findall(rf'"Postcall/{env}","(\w+)","service","(\w+)"', body)
    widgets = re.findall(r'"title":"(\d) ', body)

    assert len(set(shown)) > 20
    assert all(is_counted(metric, by=step) for metric, step in shown)
    assert sorted(set(widgets)) == ["1", "2", "3", "4", "5", "6"]
    assert widgets == [*sorted(set(widgets)), *sorted(set(widgets))]  # numbers, then graphs, each from left to right
    assert all(name in body for name in ("Alarms", "Calls that need a person"))


def is_counted(metric: str, *, by: str) -> bool:
    """Whether the step's own code, or what all steps share, counts it under this name."""
    sources = [*(ROOT / "functions" / by).rglob("*.py"), *(ROOT / "layers" / "postcall").rglob("*.py")]
    return any(f'"{metric}"' in path.read_text(encoding="utf-8") for path in sources)


def namespace_of(synthesised: Templates, env: str, step: Step) -> str:
    """Where the function of this step puts what it counts."""
    return str(synthesised.function(env, step)["Environment"]["Variables"]["POWERTOOLS_METRICS_NAMESPACE"])


@pytest.mark.parametrize("env", EVERYWHERE)
def test_queues_and_functions_that_are_watched_exist(synthesised: Templates, env: str) -> None:
    queues = set(synthesised.properties(env, "pipeline", "AWS::SQS::Queue", "QueueName"))
    functions = set(synthesised.properties(env, "pipeline", "AWS::Lambda::Function", "FunctionName"))
    watched = {
        (each["Name"], each["Value"])
        for alarm in synthesised.alarms(env).values()
        for each in alarm.get("Dimensions", [])
        if each["Name"] in ("QueueName", "FunctionName")
    }

    assert {value for name, value in watched if name == "QueueName"} == queues
    assert {value for name, value in watched if name == "FunctionName"} == functions


@pytest.mark.parametrize("env", ON_AWS)
def test_the_months_money_is_watched(synthesised: Templates, env: str) -> None:
    (budget,) = synthesised.resources(env, "monitoring", "AWS::Budgets::Budget").values()

    assert budget["Properties"]["Budget"]["BudgetLimit"]["Amount"] == environment(env).monitoring.budget_usd


def test_what_rings_for_missing_data_stands_among_the_alarms_of_the_first_day(synthesised: Templates) -> None:
    """A new environment has no data: nobody shall take its first mails for a fault."""
    text = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    listed = set(
        re.findall(r"^\| `([a-z-]+)`", text.split("<!-- first day -->")[1].split("<!-- /first")[0], re.MULTILINE)
    )
    words = {name.removeprefix("postcall-prod-") for name in synthesised.alarms("prod")}
    silent = {
        name.removeprefix("postcall-prod-")
        for name, each in synthesised.alarms("prod").items()
        if each["TreatMissingData"] == "breaching"
    }

    assert silent <= listed <= words
