"""What this project once had could not be deployed a second time, and one of its commits not at all.

The template is the data stack of 0.1.0 (commit 81b922b), the indexes are those before and after commit 2413d3d.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.local_stack.account import Account
from tests.e2e.local_stack.emulated import Emulated
from tools.local.aws import EmulatedAws
from tools.local.emulator.refusals import indexes

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("emulator")]
SNAPSHOTS = Path(__file__).parents[2] / "infra" / "snapshots"
WRONG = {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": 901}}


@pytest.fixture
def account(emulated: Emulated) -> Account:
    """An account of its own: the templates name their resources."""
    return Account(EmulatedAws(emulated.aws.endpoint_url, account="010000000001"))


def first_release() -> dict[str, Any]:
    template: dict[str, Any] = yaml.safe_load((SNAPSHOTS / "release_0.1.0_data.yaml").read_text(encoding="utf-8"))
    bucket = {"AWS::S3::Bucket", "AWS::S3::BucketPolicy"}  # its name alone would be refused before anything is made
    return {name: each for name, each in template["Resources"].items() if each["Type"] not in bucket}


def indexed(word: str) -> dict[str, Any]:
    """The events' table before or after the commit, with the attributes' types that CloudFormation asks for."""
    history: dict[str, Any] = json.loads((SNAPSHOTS / "events_table_2413d3d.json").read_text(encoding="utf-8"))
    properties = history[word]["Properties"]
    keys = [properties["KeySchema"], *(each["KeySchema"] for each in properties["GlobalSecondaryIndexes"])]
    attributes = sorted({key["AttributeName"] for schema in keys for key in schema})
    more = {
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in attributes],
        "Replicas": [{"Region": "eu-central-1"}],
        "BillingMode": "PAY_PER_REQUEST",
    }
    return {"Events": {"Type": history[word]["Type"], "Properties": properties | more}}


def test_a_first_deployment_of_0_1_0_that_failed_could_not_be_repeated(account: Account) -> None:
    resources = first_release()
    wrong = {"Wrong": WRONG | {"DependsOn": sorted(resources)}}

    assert account.deploy("one", resources | wrong) == "ROLLBACK_COMPLETE"
    assert account.delete("one") == "DELETE_COMPLETE"
    assert len(account.aws.dynamodb().list_tables()["TableNames"]) == 6  # retained, with their names

    assert account.deploy("one", resources) == "ROLLBACK_COMPLETE"
    assert "already exists" in account.reasons("one")


def test_commit_2413d3d_is_refused(account: Account) -> None:
    """It widened two projections and added two indexes in one update."""
    before, after = indexed("before"), indexed("after")
    for each in (before, after):
        each["Events"]["Properties"]["TableName"] = account.name("events")
    account.deploy("two", before)

    assert account.deploy("two", after) == "UPDATE_ROLLBACK_COMPLETE"
    assert indexes.FIXED in account.reasons("two")
