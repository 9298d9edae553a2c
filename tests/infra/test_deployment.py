"""A first deployment can be repeated, and what cannot work is refused before anything is deployed."""

import hashlib
import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast, get_args

import pytest
from botocore.exceptions import ClientError

from infra.deployment.__main__ import deploy, main, sleep, teardown
from infra.deployment.first import protected_stacks, without_protection
from infra.deployment.readiness import missing
from infra.deployment.rest import at_rest, sleeping_stacks
from infra.environments import FOLDER, Environment, parse
from infra.names import Lifetime
from tests.infra.templates import Templates, environment

DATA = "postcall-prod-data"


class FakeCloudFormation:
    """Knows some stacks by their status."""

    def __init__(self, **statuses: str) -> None:
        self.statuses = statuses

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803 — boto3's word
        word = StackName.rsplit("-", 1)[1]
        if word not in self.statuses:
            message = f"Stack with id {StackName} does not exist"
            raise ClientError({"Error": {"Code": "ValidationError", "Message": message}}, "DescribeStacks")
        return {"Stacks": [{"StackName": StackName, "StackStatus": self.statuses[word]}]}


class Cdk:
    """Notes which assembly was deployed, and fails when told so."""

    def __init__(self, *codes: int) -> None:
        self.deployed: list[str] = []
        self._codes = list(codes)

    def __call__(self, command: Sequence[str]) -> int:
        self.deployed.append(Path(command[command.index("--app") + 1]).name)
        return self._codes.pop(0) if self._codes else 0


class Destroyer:
    """Notes what it was told to destroy."""

    def __init__(self) -> None:
        self.commands: list[list[str]] = []

    def __call__(self, command: Sequence[str]) -> int:
        self.commands.append(list(command))
        return 0


@pytest.fixture
def assembly(synthesised: Templates, tmp_path: Path) -> Path:
    folder = tmp_path / "prod"
    folder.mkdir()
    for path in [synthesised.folder / "manifest.json", *synthesised.folder.glob("postcall-prod-*.json")]:
        (folder / path.name).write_bytes(path.read_bytes())
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["artifacts"] = {name: each for name, each in manifest["artifacts"].items() if "-prod-" in name}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def run(assembly: Path, cdk: Cdk, **statuses: str) -> int:
    return deploy(assembly, cast("Any", FakeCloudFormation(**statuses)), cdk)


ALL_COMPLETE = dict.fromkeys(("address", "api", "network", "data"), "UPDATE_COMPLETE")


def test_a_first_deployment_protects_only_when_all_is_complete(assembly: Path) -> None:
    cdk = Cdk()

    assert run(assembly, cdk) == 0
    assert cdk.deployed == ["prod.first", "prod"]


def test_a_first_deployment_that_fails_has_protected_nothing(assembly: Path) -> None:
    cdk = Cdk(1)

    assert run(assembly, cdk) == 1
    assert cdk.deployed == ["prod.first"]


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "CREATE_FAILED", "REVIEW_IN_PROGRESS", "DELETE_FAILED"])
def test_what_a_failed_try_left_counts_as_not_there(assembly: Path, status: str) -> None:
    cdk = Cdk()
    run(assembly, cdk, **(ALL_COMPLETE | {"data": status}))

    assert cdk.deployed == ["prod.first", "prod"]
    first = json.loads((assembly.with_name("prod.first") / "manifest.json").read_text(encoding="utf-8"))
    protection = {
        name: each["properties"]["terminationProtection"]
        for name, each in first["artifacts"].items()
        if "terminationProtection" in each.get("properties", {})
    }
    assert protection[DATA] is False
    assert protection["postcall-prod-address"] is True  # it is complete: it stays protected meanwhile


def test_what_is_complete_is_deployed_once_with_its_protection(assembly: Path) -> None:
    cdk = Cdk()

    assert run(assembly, cdk, **ALL_COMPLETE) == 0
    assert cdk.deployed == ["prod"]


def test_the_copy_holds_no_protection_and_is_uploaded_under_its_own_name(assembly: Path) -> None:
    stacks = protected_stacks(assembly)
    copy = without_protection(assembly, stacks)
    template = (copy / f"{DATA}.template.json").read_bytes()
    own = hashlib.sha256(template).hexdigest()

    assert set(stacks) == {"postcall-prod-address", "postcall-prod-api", "postcall-prod-network", DATA}
    assert b'"DeletionProtectionEnabled": true' not in template
    assert b'"DeletionProtectionEnabled": true' in (assembly / f"{DATA}.template.json").read_bytes()
    assert f"{own}.json" in (copy / f"{DATA}.assets.json").read_text(encoding="utf-8")
    assert f"{own}.json" in (copy / "manifest.json").read_text(encoding="utf-8")


def test_asleep_uat_keeps_url_addresses_and_data_and_costs_at_most_eight_dollars(synthesised: Templates) -> None:
    cdk = Destroyer()
    going = sleeping_stacks(environment("uat"))
    staying = [
        synthesised.template("uat", lifetime)
        for lifetime in get_args(Lifetime)
        if environment("uat").names.stack(lifetime) not in going
    ]
    kinds = {each["Type"] for template in staying for each in template["Resources"].values()}

    assert sleep(environment("uat"), cdk) == 0
    assert cdk.commands[0][-3:] == ["postcall-uat-monitoring", "postcall-uat-pipeline", "postcall-uat-network"]
    assert {"AWS::EC2::EIP", "AWS::ApiGatewayV2::Api", "AWS::DynamoDB::GlobalTable", "AWS::S3::Bucket"} <= kinds
    assert "AWS::EC2::NatGateway" not in kinds
    assert 0 < sum(at_rest(staying).values()) <= sum(at_rest(staying, years=5).values()) <= 8


def test_a_protected_environment_is_not_put_to_sleep(capsys: pytest.CaptureFixture[str]) -> None:
    assert sleep(environment("prod"), lambda _command: pytest.fail("nothing may be destroyed")) == 1
    assert "prod is protected" in capsys.readouterr().err


def test_a_teardown_empties_the_bucket_between_what_writes_and_what_is_written() -> None:
    """A bucket that is not empty cannot be deleted, and while functions run it does not stay empty."""
    done: list[str] = []

    def destroy(command: Sequence[str]) -> int:
        done.extend(each for each in command if each.startswith("postcall-uat-"))
        return 0

    assert teardown(environment("uat"), ["postcall-uat"], lambda: done.append("emptied"), destroy) == 0
    assert done == [
        "postcall-uat-monitoring",
        "postcall-uat-pipeline",
        "postcall-uat-network",
        "emptied",
        "postcall-uat-data",
    ]


@pytest.mark.parametrize(("env", "named"), [("uat", []), ("uat", ["yes"]), ("prod", ["postcall-prod"])])
def test_nobody_takes_an_environment_down_in_passing(env: str, named: list[str]) -> None:
    def never(*_: object) -> int:
        pytest.fail("nothing may be destroyed")

    assert teardown(environment(env), named, never, never) == 1


def test_a_teardown_that_fails_keeps_the_data() -> None:
    assert teardown(environment("uat"), ["postcall-uat"], lambda: pytest.fail("emptied"), lambda _command: 1) == 1


def test_nothing_that_stays_needs_what_goes(synthesised: Templates) -> None:
    """Else it could not be taken down: CloudFormation keeps an export that is in use."""
    going = sleeping_stacks(environment("uat"))
    staying = [name for name in get_args(Lifetime) if environment("uat").names.stack(name) not in going]
    text = "".join(json.dumps(synthesised.template("uat", name)) for name in staying)

    assert set(staying) == {"address", "api", "data"}
    assert not [stack for stack in going if f"{stack}:ExportsOutput" in text]


def ready_uat(**changes: Any) -> Environment:
    values = tomllib.loads((FOLDER / "uat.toml").read_text(encoding="utf-8"))
    values["account"] = "123456789012"
    values["github"] = {"repository": "owner@1/name@2"}
    values["monitoring"] |= {"emails": ["alarms@example.com"]}
    return parse(values | changes)


def test_a_fresh_clones_environments_are_told_what_they_lack() -> None:
    sentences = "\n".join(missing(environment("uat")))

    assert "account is still the placeholder 111111111111" in sentences
    assert "github.repository is still the placeholder" in sentences
    assert "monitoring.emails is empty and there is no monitoring.topic_arn: nobody would hear an alarm" in sentences


def test_nothing_is_missing_where_all_is_filled_in_or_emulated() -> None:
    assert list(missing(ready_uat())) == []
    assert list(missing(environment("local"))) == []


def test_a_placeholder_is_refused_before_anything_is_deployed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deploy", "uat"]) == 1
    assert "uat is not ready to be deployed: account is still the placeholder" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["check", "guard", "preflight", "sleep", "teardown", "deploy"])
def test_an_environment_that_there_is_not_is_one_sentence(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "nope"]) == 1

    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("There is no environment 'nope': choose one of local, prod, uat.")


def test_a_commit_that_there_is_not_is_told_by_git(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["guard", "prod", "no-such-commit"]) == 1
    assert "failed, as it says above." in capfd.readouterr().err
