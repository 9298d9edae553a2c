"""What a customer's account brings: tags, a bootstrap, a topic, a network, addresses, a key, a vault, a root, …"""

import json
import re
import tomllib
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, Self

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from infra.app import add_environment, feature_flags
from infra.deployment.rest import sleeping_stacks
from infra.environments import FOLDER, parse
from infra.names import STEPS, TABLES, Lifetime
from infra.resources.function_environment import PACKED_CA_BUNDLE, variables
from infra.resources.own_code import step_build
from tests.infra.conftest import NO_BUNDLING
from tests.infra.templates import GUARDED, Templates
from tests.infra.test_functions import URLS
from tools.simulators.crm.certificates import prepare

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


VPC = {"vpc_id": "vpc-0a1b2c3d4e5f60718", "subnet_ids": ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"]}
KEY = "arn:aws:kms:eu-central-1:111111111111:key/0a1b2c3d-0000-0000-0000-000000000000"
VAULT = "arn:aws:backup:eu-west-1:333333333333:backup-vault:calls"


def made(**changes: dict[str, Any]) -> dict[str, Template]:
    """UAT's templates with other members of these sections."""
    values = uat(**changes)
    stacks = add_environment(cdk.App(context=feature_flags() | NO_BUNDLING), parse(values))
    return {lifetime: Template.from_stack(stack) for lifetime, stack in stacks.items()}


def uat(**changes: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = tomllib.loads((FOLDER / "uat.toml").read_text(encoding="utf-8"))
    for section, members in changes.items():
        values[section] = values.get(section, {}) | members
    return values


def in_own_network() -> dict[str, Any]:
    values = uat()
    del values["network"]["cidr"]
    values["network"] |= VPC
    return values


def test_dispatch_leaves_from_the_subnets_that_there_are() -> None:
    stacks = add_environment(cdk.App(context=feature_flags() | NO_BUNDLING), parse(in_own_network()))
    pipeline = Template.from_stack(stacks["pipeline"])

    assert set(stacks) == {"api", "data", "pipeline", "monitoring"}
    pipeline.has_resource_properties("AWS::Lambda::Function", {"VpcConfig": {"SubnetIds": VPC["subnet_ids"]}})
    pipeline.has_resource_properties("AWS::EC2::SecurityGroup", {"VpcId": VPC["vpc_id"]})
    assert "nat-ports" not in json.dumps(Template.from_stack(stacks["monitoring"]).to_json())


def test_a_network_that_is_not_ours_is_not_put_to_sleep() -> None:
    assert sleeping_stacks(parse(in_own_network())) == ["postcall-uat-monitoring", "postcall-uat-pipeline"]


def test_leads_leave_from_an_address_that_the_crm_knows_already() -> None:
    stacks = made(network={"allocation_ids": ["eipalloc-0a1b2c3d4e5f60718"]})

    assert "address" not in stacks
    stacks["network"].has_resource_properties("AWS::EC2::NatGateway", {"AllocationId": "eipalloc-0a1b2c3d4e5f60718"})


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (VPC, "network needs either cidr, for a network of its own, or vpc_id"),
        ({"vpc_id": VPC["vpc_id"], "cidr": None}, "network.vpc_id and network.subnet_ids go together"),
        (VPC | {"cidr": None, "allocation_ids": ["eipalloc-0a1b2c3d4e5f60718"]}, "network.allocation_ids are for gate"),
        ({"nat_gateways": 2, "allocation_ids": ["eipalloc-0a1b2c3d4e5f60718"]}, "must be as many as"),
    ],
)
def test_a_network_that_does_not_hold_together_is_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        parse(uat(network=changes))


def test_everything_lies_under_the_key_that_there_is() -> None:
    data = made(data={"kms_key_arn": KEY})["data"]

    data.resource_count_is("AWS::KMS::Key", 0)
    data.all_resources_properties("AWS::SecretsManager::Secret", {"KmsKeyId": KEY})
    tables = json.dumps(data.find_resources("AWS::DynamoDB::GlobalTable"))
    assert tables.count(KEY) == len(TABLES)


def test_a_key_of_another_region_is_refused() -> None:
    with pytest.raises(ValueError, match="kms_key_arn must be a key of eu-central-1"):
        parse(uat(data={"kms_key_arn": KEY.replace("eu-central-1", "eu-west-1")}))


def test_a_daily_copy_of_every_table_goes_to_a_vault_elsewhere_too() -> None:
    data = made(backup={"keep_days": 90, "copy_to": VAULT})["data"]
    (plan,) = data.find_resources("AWS::Backup::BackupPlan").values()
    (rule,) = plan["Properties"]["BackupPlan"]["BackupPlanRule"]
    (selection,) = data.find_resources("AWS::Backup::BackupSelection").values()

    assert rule["Lifecycle"] == {"DeleteAfterDays": 90}
    assert rule["CopyActions"] == [{"DestinationBackupVaultArn": VAULT, "Lifecycle": {"DeleteAfterDays": 90}}]
    assert len(selection["Properties"]["BackupSelection"]["Resources"]) == len(TABLES)


def test_without_the_section_there_is_no_plan(synthesised: Templates) -> None:
    assert not synthesised.resources("prod", "data", "AWS::Backup::BackupPlan")


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A root of the CRM's own, in the folder of the environments' files."""
    monkeypatch.setattr("infra.environments.environment.FOLDER", tmp_path)
    path = tmp_path / "crm-root.pem"
    path.write_text(prepare("private-ca", tmp_path / "made")[1].read_text(encoding="utf-8"), encoding="utf-8")
    return path


def test_the_crms_own_root_lies_beside_the_settings_and_is_packed_with_dispatch_alone(authority: Path) -> None:
    uat_with_root = parse(uat(crm={"ca_bundle": authority.name}))
    packed = {step: step_build(step, uat_with_root).built() / PACKED_CA_BUNDLE for step in STEPS}

    assert [step for step, path in packed.items() if path.exists()] == ["dispatch"]
    assert packed["dispatch"].read_bytes() == authority.read_bytes()
    report = variables("dispatch", uat_with_root, URLS, URLS)  # type: ignore[arg-type]  # literal keys
    assert report["CRM_CA_BUNDLE"] == "/var/task/ca_bundle.pem"


def test_another_root_is_another_asset(authority: Path) -> None:
    with_root = step_build("dispatch", parse(uat(crm={"ca_bundle": authority.name}))).fingerprint

    assert with_root != step_build("dispatch", parse(uat())).fingerprint


def test_a_root_that_has_ended_is_refused(authority: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.environments.rules.datetime", Later)

    with pytest.raises(ValueError, match=r"ca_bundle ended on .*: get the new certificate"):
        parse(uat(crm={"ca_bundle": authority.name}))


class Later(datetime):
    """A clock of the next century."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return cls(2126, 1, 1, tzinfo=tz)


def test_a_root_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match=r"CRM_CA_BUNDLE: there is no file"):
        parse(uat(crm={"ca_bundle": "no-such.pem"}))


def test_a_new_version_gets_a_tenth_of_the_calls_and_goes_when_an_alarm_rings(synthesised: Templates) -> None:
    (group,) = synthesised.resources(GUARDED, "pipeline", "AWS::CodeDeploy::DeploymentGroup").values()
    (live,) = synthesised.resources(GUARDED, "pipeline", "AWS::Lambda::Alias").values()
    watched = [each["Name"] for each in group["Properties"]["AlarmConfiguration"]["Alarms"]]

    assert group["Properties"]["DeploymentConfigName"] == "CodeDeployDefault.LambdaCanary10Percent10Minutes"
    assert "DEPLOYMENT_STOP_ON_ALARM" in group["Properties"]["AutoRollbackConfiguration"]["Events"]
    assert "CodeDeployLambdaAliasUpdate" in live["UpdatePolicy"]
    assert set(watched) <= set(synthesised.alarms(GUARDED))  # a word that no alarm bears would watch nothing
    assert watched == ["postcall-guarded-api-5xx", "postcall-guarded-intake-errors"]


@pytest.mark.parametrize("lifetime", ["pipeline", "monitoring"])
def test_what_may_be_destroyed_any_day_leaves_nothing_behind(synthesised: Templates, lifetime: Lifetime) -> None:
    """Else it could not come back under its names."""
    resources = synthesised.template("prod", lifetime)["Resources"]

    assert {each.get("DeletionPolicy", "Delete") for each in resources.values()} == {"Delete"}
