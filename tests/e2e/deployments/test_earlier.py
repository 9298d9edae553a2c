"""The same scenarios with the templates of before anybody had tried to deploy them: refused where AWS refuses them.

What passes here would be a fault that the emulator hides.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.deployments.clone import REGION, Clone
from tests.e2e.deployments.conftest import Tell
from tests.e2e.deployments.replaced import with_templates
from tests.e2e.deployments.scenarios import (
    DEPLOY,
    deploy_twice,
    earliers,
    held_name,
    pipeline_anew,
    take_down_with_data,
    todays,
)
from tests.infra.test_guard import INDEX_HISTORY

pytestmark = [pytest.mark.e2e, pytest.mark.long, pytest.mark.xdist_group("deployments")]


def sentence(printed: str, holding: str) -> str:
    """What AWS says, out of a command's output."""
    found = [" ".join(line.split()) for line in printed.splitlines() if holding in line]
    assert found, printed
    return found[0]


def test_a_first_protected_deployment_that_failed_cannot_be_repeated(clone: Callable[[str], Clone], tell: Tell) -> None:
    prod = earliers(clone("222222222231"), "prod")
    twice = deploy_twice(prod)

    assert twice.failed.returncode != 0
    assert prod.stack("data") in twice.left["protected"]  # before it is complete
    assert {*twice.left["secrets"]} > {held_name(prod)}  # retained by the rollback of their own creation
    assert twice.repeated.returncode != 0
    tell("repeated", sentence(twice.repeated.stdout, "TerminationProtection is enabled"))


def test_productions_pipeline_does_not_come_back(clone: Callable[[str], Clone], tell: Tell) -> None:
    prod = earliers(clone("222222222232"), "prod")
    assert prod.deploy().returncode == 0

    again = pipeline_anew(prod)

    assert again.returncode != 0
    tell("anew", sentence(again.stdout, "/aws/lambda/postcall-prod-"))


def test_uats_pipeline_comes_back_behind_another_url_and_uat_is_not_taken_down(
    clone: Callable[[str], Clone], tell: Tell
) -> None:
    uat = earliers(clone("111111111113"), "uat")
    assert uat.deploy().returncode == 0
    before = uat.clone.outputs(uat.stack("pipeline"))["WebhookUrl"]

    assert pipeline_anew(uat).returncode == 0
    assert uat.clone.outputs(uat.stack("pipeline"))["WebhookUrl"] != before
    tell("url", "another URL")

    down = take_down_with_data(uat)
    assert down.returncode != 0
    tell("teardown", sentence(down.stdout, "not empty"))


def whole(table: dict[str, Any]) -> dict[str, Any]:
    """The table with what the kept history leaves out, as it is the same before and after."""
    properties = table["Properties"]
    schemas = [properties["KeySchema"], *(each["KeySchema"] for each in properties["GlobalSecondaryIndexes"])]
    keys = sorted({key["AttributeName"] for schema in schemas for key in schema})
    same = {
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in keys],
        "BillingMode": "PAY_PER_REQUEST",
        "Replicas": [{"Region": REGION}],
    }
    return {**table, "Properties": properties | same}


def test_what_the_project_once_did_to_its_indexes_is_refused_in_the_middle(
    clone: Callable[[str], Clone], tell: Tell
) -> None:
    """Commit 2413d3d: two projections wider, two indexes more."""
    uat = todays(clone("111111111114"), "uat")
    history: dict[str, Any] = json.loads(INDEX_HISTORY.read_text(encoding="utf-8"))

    def assembly(word: str) -> Path:
        template = {"Resources": {"Events": whole(history[word])}}
        made = with_templates(uat.assembly, {uat.stack("data"): template}, uat.clone.account)
        return made.rename(made.with_name(word))

    uat.clone.must(*DEPLOY, "--app", str(assembly("before")))
    refused = uat.clone.run(*DEPLOY, "--app", str(assembly("after")))

    assert refused.returncode != 0
    tell("upgrade", sentence(refused.stdout, "Cannot update GSI's properties"))
