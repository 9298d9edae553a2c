"""The CDK's own command line deploys the real assembly: after a failure, over the last release, after a destruction."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from infra.deployment.__main__ import CDK_DESTROY
from infra.deployment.first import protected_stacks
from tests.e2e.deployments.clone import Clone, prepare_account
from tests.infra.last_release import last_release, with_assets

pytestmark = [pytest.mark.e2e, pytest.mark.long, pytest.mark.xdist_group("deployments")]

HELD: Final = "postcall/prod/search-key"  # a name in the middle of the data stack
DATA: Final = "postcall-prod-data"
PLACEHOLDER: Final = "111111111111"  # the account in the last release's templates


@dataclass(frozen=True)
class Production:
    """Production after a first deployment that failed in the middle and was repeated."""

    clone: Clone
    assembly: Path
    failed: subprocess.CompletedProcess[str]
    left: dict[str, Any]
    repeated: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def production(clone: Callable[[str], Clone]) -> Production:
    """Somebody holds one of its names; they let go of it; the very same command again."""
    prod = clone("222222222221")
    assembly = prod.synthesise("prod")
    prepare_account(prod)
    secrets = prod.aws.secrets_manager()
    secrets.create_secret(Name=HELD, SecretString="somebody else's")
    failed = prod.deploy("prod")
    left = _left_behind(prod, assembly)
    secrets.delete_secret(SecretId=HELD, ForceDeleteWithoutRecovery=True)
    return Production(prod, assembly, failed, left, prod.deploy("prod"))


def _left_behind(prod: Clone, assembly: Path) -> dict[str, Any]:
    return {
        "data": prod.statuses().get(DATA),
        "protected": sorted(_protected(prod) & {*protected_stacks(assembly)}),
        "tables": prod.aws.dynamodb().list_tables()["TableNames"],
        "secrets": [each["Name"] for each in prod.aws.secrets_manager().list_secrets()["SecretList"]],
        "groups": prod.aws.client("logs").describe_log_groups(logGroupNamePrefix="/aws/lambda/")["logGroups"],
    }


def _protected(prod: Clone) -> set[str]:
    found = prod.aws.cloudformation().describe_stacks()["Stacks"]
    return {each["StackName"] for each in found if each.get("EnableTerminationProtection")}


def test_a_first_protected_deployment_that_fails_in_the_middle_leaves_nothing(production: Production) -> None:
    assert production.failed.returncode != 0
    assert f"""'{{"/properties/Name":"{HELD}"}}' already exists""" in " ".join(production.failed.stdout.split())
    assert production.left == {
        "data": "ROLLBACK_COMPLETE",
        "protected": [],
        "tables": [],
        "secrets": [HELD],
        "groups": [],
    }


def test_the_same_command_again_completes_and_protects_it(production: Production) -> None:
    prod = production.clone
    dynamodb = prod.aws.dynamodb()
    tables = [dynamodb.describe_table(TableName=name)["Table"] for name in dynamodb.list_tables()["TableNames"]]

    assert production.repeated.returncode == 0, production.repeated.stdout
    assert _protected(prod) == {*protected_stacks(production.assembly)}
    assert len(tables) >= 6
    assert all(each["DeletionProtectionEnabled"] for each in tables)


def test_the_pipeline_comes_back_behind_the_same_url_and_address(production: Production) -> None:
    prod, gone = production.clone, ["postcall-prod-monitoring", "postcall-prod-pipeline"]
    api, address = prod.outputs("postcall-prod-api"), prod.outputs("postcall-prod-address")

    prod.must(*CDK_DESTROY, "--app", str(production.assembly), *gone)
    assert not {*gone} & prod.statuses().keys()

    again = prod.deploy("prod")
    assert again.returncode == 0, again.stdout
    assert {*gone} <= prod.statuses().keys()
    assert prod.outputs("postcall-prod-api") == api
    assert prod.outputs("postcall-prod-address") == address


def test_what_is_protected_is_not_destroyed(production: Production) -> None:
    refused = production.clone.run(*CDK_DESTROY, "--app", str(production.assembly), "postcall-prod-api")

    assert refused.returncode != 0
    assert "TerminationProtection is enabled" in refused.stdout


@dataclass(frozen=True)
class Upgraded:
    """UAT at the last release with an event in it, and what became of it."""

    clone: Clone
    before: dict[str, dict[str, str]]
    upgrade: subprocess.CompletedProcess[str]
    after: dict[str, dict[str, str]]
    events: list[Any]


EVENT: Final[dict[str, Any]] = {"event_id": {"S": "of the last release"}, "status": {"S": "delivered"}}
STAYING: Final = ("postcall-uat-address", "postcall-uat-api")


@pytest.fixture(scope="module")
def upgraded(clone: Callable[[str], Clone]) -> Upgraded:
    """The last release is deployed, receives an event, and this one is deployed over it."""
    uat = clone("111111111112")
    now = uat.synthesise("uat")
    prepare_account(uat)
    old = _assembly_of_the_last_release(now, uat.account)
    uat.must("npx", "--no-install", "cdk", "deploy", "--all", "--require-approval", "never", "--app", str(old))
    before = {name: uat.outputs(name) for name in STAYING}
    uat.aws.dynamodb().put_item(TableName="postcall-uat-webhook_events", Item=EVENT)
    upgrade = uat.deploy("uat")
    after = {name: uat.outputs(name) for name in STAYING}
    return Upgraded(
        uat, before, upgrade, after, uat.aws.dynamodb().scan(TableName="postcall-uat-webhook_events")["Items"]
    )


def test_the_last_release_becomes_this_one_and_keeps_url_address_and_data(upgraded: Upgraded) -> None:
    assert upgraded.upgrade.returncode == 0, upgraded.upgrade.stdout
    assert upgraded.after == upgraded.before
    assert upgraded.events == [EVENT]


def test_uat_is_taken_down_with_data_in_its_bucket_and_keeps_url_and_address(upgraded: Upgraded) -> None:
    uat = upgraded.clone
    (bucket,) = [value for key, value in uat.outputs("postcall-uat-data").items() if key == "PayloadBucket"]
    uat.aws.s3().put_object(Bucket=bucket, Key="payload", Body=b"{}")

    uat.must(sys.executable, "-m", "infra.deployment", "teardown", "uat", "postcall-uat")

    assert set(uat.statuses()) == {*STAYING}
    assert {name: uat.outputs(name) for name in STAYING} == upgraded.before


def _assembly_of_the_last_release(now: Path, account: str) -> Path:
    """Today's assembly with the last release's templates in it, each under its own hash."""
    copy = now.with_name("last_release")
    shutil.copytree(now, copy, symlinks=True)
    old = last_release()
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    manifest["artifacts"] = {
        name: each
        for name, each in manifest["artifacts"].items()
        if not name.startswith("postcall-") or name.removesuffix(".assets") in old
    }
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    for stack, template in old.items():
        _replace_template(copy, stack, template, account)
    return copy


def _replace_template(assembly: Path, stack: str, template: dict[str, Any], account: str) -> None:
    path = assembly / f"{stack}.template.json"
    today = path.read_bytes()
    text = json.dumps(with_assets(template, json.loads(today))).replace(PLACEHOLDER, account)
    path.write_text(text, encoding="utf-8")
    for described in (assembly / "manifest.json", assembly / f"{stack}.assets.json"):
        renamed = described.read_text(encoding="utf-8").replace(
            hashlib.sha256(today).hexdigest(), hashlib.sha256(text.encode()).hexdigest()
        )
        described.write_text(renamed, encoding="utf-8")
