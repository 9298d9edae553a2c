"""What a customer's account brings: tags, a boundary for roles, a bootstrap and a topic of its own."""

import json
import tomllib
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from infra.app import add_environment, feature_flags
from infra.environments import FOLDER, parse
from tests.infra.conftest import NO_BUNDLING

TOPIC = "arn:aws:sns:eu-central-1:111111111111:alarms"
BOUNDARY = "arn:aws:iam::111111111111:policy/boundary"


@pytest.fixture(scope="module")
def stacks() -> dict[str, cdk.Stack]:
    values: dict[str, Any] = tomllib.loads((FOLDER / "uat.toml").read_text(encoding="utf-8"))
    values |= {"tags": {"cost-centre": "42"}, "permissions_boundary": BOUNDARY, "bootstrap_qualifier": "ours"}
    values["monitoring"]["topic_arn"] = TOPIC
    return add_environment(cdk.App(context=feature_flags() | NO_BUNDLING), parse(values))


def test_every_role_is_bound(stacks: dict[str, cdk.Stack]) -> None:
    for lifetime in ("network", "pipeline"):
        roles = Template.from_stack(stacks[lifetime]).find_resources("AWS::IAM::Role").values()
        assert {each["Properties"].get("PermissionsBoundary") for each in roles} == {BOUNDARY}


def test_the_tags_stand_beside_ours(stacks: dict[str, cdk.Stack]) -> None:
    """They are the stack's: CloudFormation puts them on every resource."""
    assert stacks["data"].tags.tag_values() == {"cost-centre": "42", "environment": "uat", "project": "postcall"}


def test_the_alarms_go_to_the_topic_that_there_is(stacks: dict[str, cdk.Stack]) -> None:
    template = Template.from_stack(stacks["monitoring"])

    template.resource_count_is("AWS::SNS::Topic", 0)
    template.all_resources_properties("AWS::CloudWatch::Alarm", {"AlarmActions": [TOPIC]})


def test_the_bootstrap_of_ones_own_is_used(stacks: dict[str, cdk.Stack]) -> None:
    template = json.dumps(Template.from_stack(stacks["pipeline"]).to_json())

    assert "cdk-ours-assets-" in template
    assert "/cdk-bootstrap/ours/version" in template
    assert "hnb659fds" not in template
