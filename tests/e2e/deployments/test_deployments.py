"""The CDK's own command line deploys the real assembly: after a failure, over the last release, after a destruction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import pytest

from infra.deployment.first import protected_stacks
from tests.e2e.deployments.clone import Clone
from tests.e2e.deployments.conftest import Tell
from tests.e2e.deployments.replaced import with_templates
from tests.e2e.deployments.scenarios import (
    DEPLOY,
    Done,
    Twice,
    Way,
    deploy_twice,
    held_name,
    pipeline_anew,
    take_down_with_data,
    todays,
)
from tests.infra.last_release import last_release

pytestmark = [pytest.mark.e2e, pytest.mark.long, pytest.mark.xdist_group("deployments")]


@pytest.fixture(scope="module")
def prod(clone: Callable[[str], Clone]) -> Way:
    """Production in an account where nothing is yet."""
    return todays(clone("222222222221"), "prod")


@pytest.fixture(scope="module")
def twice(prod: Way) -> Twice:
    """Its first deployment failed in the middle and was repeated."""
    return deploy_twice(prod)


def test_a_first_protected_deployment_that_fails_in_the_middle_leaves_nothing(prod: Way, twice: Twice) -> None:
    held = held_name(prod)

    assert twice.failed.returncode != 0
    assert f"""'{{"/properties/Name":"{held}"}}' already exists""" in " ".join(twice.failed.stdout.split())
    assert twice.left == {
        "data": "ROLLBACK_COMPLETE",
        "protected": [],
        "tables": [],
        "secrets": [held],
        "groups": [],
    }


def test_the_same_command_again_completes_and_protects_it(prod: Way, twice: Twice, tell: Tell) -> None:
    dynamodb = prod.clone.aws.dynamodb()
    tables = [dynamodb.describe_table(TableName=name)["Table"] for name in dynamodb.list_tables()["TableNames"]]

    assert twice.repeated.returncode == 0, twice.repeated.stdout
    assert prod.protected() == {*protected_stacks(prod.assembly)}
    assert len(tables) >= 6
    assert all(each["DeletionProtectionEnabled"] for each in tables)
    tell("repeated", "it is complete and protected")


def test_the_pipeline_comes_back_behind_the_same_url_and_address(prod: Way, twice: Twice, tell: Tell) -> None:
    assert twice.repeated.returncode == 0, twice.repeated.stdout
    staying = [prod.stack("api"), prod.stack("address")]
    before = {name: prod.clone.outputs(name) for name in staying}

    again = pipeline_anew(prod)

    assert again.returncode == 0, again.stdout
    assert {prod.stack("pipeline"), prod.stack("monitoring")} <= prod.clone.statuses().keys()
    assert {name: prod.clone.outputs(name) for name in staying} == before
    tell("anew", "it is deployed again")
    tell("url", "the same URL and addresses")


@pytest.mark.usefixtures("twice")
def test_what_is_protected_is_not_destroyed(prod: Way) -> None:
    refused = prod.destroy("api")

    assert refused.returncode != 0
    assert "TerminationProtection is enabled" in refused.stdout


def test_the_command_line_sends_no_telemetry(prod: Way) -> None:
    """It is its own word for it, of the project's cdk.json."""
    said = prod.clone.must("npx", "--no-install", "cdk", "cli-telemetry", "--status")

    assert "CLI Telemetry is disabled" in said


@dataclass(frozen=True)
class Upgraded:
    """UAT at the last release with an event in it, and what became of it."""

    way: Way
    before: dict[str, dict[str, str]]
    upgrade: Done
    after: dict[str, dict[str, str]]
    events: list[Any]


EVENTS: Final = "postcall-uat-webhook_events"
EVENT: Final[dict[str, Any]] = {"event_id": {"S": "of the last release"}, "status": {"S": "delivered"}}
STAYING: Final = ("postcall-uat-address", "postcall-uat-api")


@pytest.fixture(scope="module")
def upgraded(clone: Callable[[str], Clone]) -> Upgraded:
    """The last release is deployed, receives an event, and this one is deployed over it."""
    way = todays(clone("111111111112"), "uat")
    uat = way.clone
    uat.must(*DEPLOY, "--app", str(with_templates(way.assembly, last_release(), uat.account)))
    before = {name: uat.outputs(name) for name in STAYING}
    uat.aws.dynamodb().put_item(TableName=EVENTS, Item=EVENT)
    upgrade = way.deploy()
    after = {name: uat.outputs(name) for name in STAYING}
    return Upgraded(way, before, upgrade, after, uat.aws.dynamodb().scan(TableName=EVENTS)["Items"])


def test_the_last_release_becomes_this_one_and_keeps_url_address_and_data(upgraded: Upgraded, tell: Tell) -> None:
    assert upgraded.upgrade.returncode == 0, upgraded.upgrade.stdout
    assert upgraded.after == upgraded.before
    assert upgraded.events == [EVENT]
    tell("upgrade", "URL, addresses and data are kept")


def test_uat_is_taken_down_with_data_in_its_bucket_and_keeps_url_and_address(upgraded: Upgraded, tell: Tell) -> None:
    uat = upgraded.way.clone

    down = take_down_with_data(upgraded.way)

    assert down.returncode == 0, down.stdout
    assert set(uat.statuses()) == {*STAYING}
    assert {name: uat.outputs(name) for name in STAYING} == upgraded.before
    tell("teardown", "the data is gone, URL and addresses stay")
