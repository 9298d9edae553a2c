"""Five rules that no template of ours may break, each as a function that names whatever breaks it.

They read templates and the reasons written beside them, nothing of the code that made them; so they can be shown a
template with a fault in it.
"""

import dataclasses
import importlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, get_args

from infra.names import Lifetime
from infra.resources.dependency_layer import ROOT
from infra.resources.function_environment import COMMON
from tests.infra.templates import Templates, joined

RUNBOOK = re.compile(r"docs/runbooks/([a-z0-9-]+)\.md$")
FEWEST_WORDS = 5  # of a reason


@dataclass
class Synthesised:
    """One environment's resources by logical id, and the reasons given for what the rule packs found, by construct."""

    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)  # of constructs, by logical id
    reasons: dict[str, dict[str, str]] = field(default_factory=dict)  # by path, then by finding

    def of_type(self, *kinds: str) -> dict[str, dict[str, Any]]:
        """Properties by logical id."""
        return {name: each["Properties"] for name, each in self.resources.items() if each["Type"] in kinds}

    def reason(self, logical_id: str, finding: str) -> str:
        """The reason that stands at the construct or above it."""
        path = self.paths.get(logical_id, "")
        for known, findings in self.reasons.items():
            if path.startswith(known):
                for name, reason in findings.items():
                    if name.endswith(finding):
                        return reason
        return ""


def read(templates: Templates, env: str) -> Synthesised:
    """All stacks of an environment; logical ids do not clash between them."""
    found = Synthesised()
    for lifetime in get_args(Lifetime):
        found.resources |= templates.template(env, lifetime)["Resources"]
        path = templates.folder / f"postcall-{env}-{lifetime}.metadata.json"
        for construct, entries in json.loads(path.read_text(encoding="utf-8")).items():
            for entry in entries:
                if entry["type"] == "aws:cdk:logicalId":
                    found.paths[entry["data"]] = construct
                if entry["type"] == "aws:cdk:acknowledged-rules":
                    found.reasons.setdefault(construct, {}).update(entry["data"])
    return found


def queues_without_dead_letters(found: Synthesised) -> list[str]:
    queues = found.of_type("AWS::SQS::Queue")
    targets = dead_letter_queues(found)
    return [
        queue["QueueName"] for name, queue in queues.items() if name not in targets and "RedrivePolicy" not in queue
    ]


def dead_letters_without_an_alarm(found: Synthesised) -> list[str]:
    watched = {
        dimension["Value"]
        for alarm in found.of_type("AWS::CloudWatch::Alarm").values()
        for dimension in alarm.get("Dimensions", [])
        if alarm.get("MetricName") == "ApproximateNumberOfMessagesVisible"
        and alarm["Threshold"] == 1
        and dimension["Name"] == "QueueName"
    }
    return sorted(set(dead_letter_queues(found).values()) - watched)


def dead_letter_queues(found: Synthesised) -> dict[str, str]:
    """Names by logical id of the queues that others hand over to."""
    queues = found.of_type("AWS::SQS::Queue")
    policies = [each["RedrivePolicy"] for each in queues.values() if "RedrivePolicy" in each]
    return {
        name: queues[name]["QueueName"] for name in (each["deadLetterTargetArn"]["Fn::GetAtt"][0] for each in policies)
    }


def alarms_without_a_runbook(found: Synthesised) -> list[str]:
    return [
        alarm["AlarmName"]
        for alarm in found.of_type("AWS::CloudWatch::Alarm").values()
        if not _has_runbook(joined(alarm.get("AlarmDescription", "")))
    ]


def _has_runbook(description: str) -> bool:
    named = RUNBOOK.search(description)
    return named is not None and (ROOT / "docs" / "runbooks" / f"{named[1]}.md").is_file()


def wildcards_without_a_reason(found: Synthesised) -> list[str]:
    return [
        f"{name}: {wildcard}"
        for name, wildcard, finding in _wildcards(found)
        if len(found.reason(name, finding).split()) < FEWEST_WORDS
    ]


def _wildcards(found: Synthesised) -> Iterator[tuple[str, str, str]]:
    """Logical id, wildcard and cdk-nag's word for it, of every allowing statement of a role."""
    for name, properties in found.of_type("AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy").items():
        documents = [each["PolicyDocument"] for each in properties.get("Policies", [])]
        documents += [properties["PolicyDocument"]] if "PolicyDocument" in properties else []
        for statement in (each for document in documents for each in document["Statement"]):
            if statement["Effect"] == "Allow":
                for kind in ("Action", "Resource"):
                    for each in _listed(statement[kind]):
                        text = each if isinstance(each, str) else json.dumps(each)
                        if "*" in text:
                            yield name, text, f"AwsSolutions-IAM5[{kind}::{text}]"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def variables_that_differ_from_the_settings(found: Synthesised) -> list[str]:
    """A variable that no setting reads, or a setting that must be set and is not, of each function."""
    differences = []
    for function in found.of_type("AWS::Lambda::Function").values():
        step = function["Handler"].split(".")[1]
        settings = importlib.import_module(f"functions.{step}.settings").Settings
        fields = dataclasses.fields(settings)
        asked = {each.name.upper() for each in fields} | set(COMMON)
        needed = {each.name.upper() for each in fields if each.default is dataclasses.MISSING} | set(COMMON)
        given = set(function["Environment"]["Variables"])
        differences += [f"{step}: {name} is read by no setting" for name in sorted(given - asked)]
        differences += [f"{step}: {name} is given by no template" for name in sorted(needed - given)]
    return differences


RULES = (
    queues_without_dead_letters,
    dead_letters_without_an_alarm,
    alarms_without_a_runbook,
    wildcards_without_a_reason,
    variables_that_differ_from_the_settings,
)
