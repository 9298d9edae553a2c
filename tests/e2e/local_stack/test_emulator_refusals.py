"""The emulator refuses what CloudFormation refuses, in the middle of an operation, and rolls back as it does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.deployment.__main__ import empty_bucket
from tests.e2e.local_stack.account import Account
from tests.e2e.local_stack.emulated import Emulated
from tools.local.aws import ACCOUNT
from tools.local.emulator.refusals import deletions, indexes

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("emulator")]
Resources = dict[str, Any]
REGION = "eu-central-1"


@pytest.fixture
def account(emulated: Emulated) -> Iterator[Account]:
    yield (found := Account(emulated.aws))
    for word in ("user", "one", "two"):
        with suppress(ClientError):
            found.delete(word)


def events(account: Account, *found: Resources, protected: bool = False, policy: str = "Delete") -> Resources:
    attributes = {"id", *(key["AttributeName"] for each in found for key in each["KeySchema"])}
    properties = {
        "TableName": account.name("events"),
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": each, "AttributeType": "S"} for each in sorted(attributes)],
        "BillingMode": "PAY_PER_REQUEST",
        "GlobalSecondaryIndexes": [*found],
        "Replicas": [{"Region": REGION, "DeletionProtectionEnabled": protected}],
    }
    return {"Events": {"Type": "AWS::DynamoDB::GlobalTable", "Properties": properties, "DeletionPolicy": policy}}


def index(name: str, *attributes: str) -> Resources:
    projection = {"ProjectionType": "INCLUDE", "NonKeyAttributes": [*attributes]}
    return {
        "IndexName": name,
        "KeySchema": [{"AttributeName": name, "KeyType": "HASH"}],
        "Projection": projection if attributes else {"ProjectionType": "KEYS_ONLY"},
    }


@pytest.mark.parametrize(
    ("after", "refusal"),
    [
        ([index("by_day", "status", "colour")], indexes.FIXED),
        ([index("by_day", "status"), index("by_phone"), index("by_email")], indexes.ONE_AT_A_TIME),
    ],
    ids=["projection", "two indexes"],
)
def test_an_update_of_a_table_s_indexes_is_refused_and_rolled_back(
    account: Account, after: list[Resources], refusal: str
) -> None:
    account.deploy("one", events(account, index("by_day", "status")))

    assert account.deploy("one", events(account, *after)) == "UPDATE_ROLLBACK_COMPLETE"
    assert refusal in account.reasons("one")
    assert account.deploy("one", events(account, index("by_day", "status"), index("by_phone"))) == "UPDATE_COMPLETE"


def test_an_export_in_use_cannot_go_and_can_once_nobody_uses_it(account: Account) -> None:
    address: Resources = {"Address": {"Type": "AWS::EC2::EIP", "Properties": {"Domain": "vpc"}}}
    export = {"Id": {"Value": {"Fn::GetAtt": ["Address", "AllocationId"]}, "Export": {"Name": account.name("id")}}}
    used = {"Fn::ImportValue": account.name("id")}
    topic = {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": used}}}
    account.deploy("one", address, export)
    account.deploy("user", topic)

    assert "is imported by stack" in account.delete("one")
    assert account.deploy("one", address) == "UPDATE_ROLLBACK_COMPLETE"
    assert f"cannot be deleted as it is in use by {account.name('user')}" in account.reasons("one")

    account.delete("user")
    assert account.deploy("one", address) == "UPDATE_COMPLETE"
    assert account.deploy("user", topic) == "ROLLBACK_COMPLETE"  # what nobody exports cannot be imported


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        ("AWS::Logs::LogGroup", "LogGroupName"),
        ("AWS::SecretsManager::Secret", "Name"),
        ("AWS::SQS::Queue", "QueueName"),
        ("AWS::SNS::Topic", "TopicName"),
    ],
)
def test_a_retained_resource_keeps_its_name(account: Account, kind: str, named: str) -> None:
    kept = {"Kept": {"Type": kind, "DeletionPolicy": "Retain", "Properties": {named: account.name("kept")}}}
    account.deploy("one", kept)
    assert account.delete("one") == "DELETE_COMPLETE"

    assert account.deploy("two", kept) == "ROLLBACK_COMPLETE"
    assert "already exists" in account.reasons("two")


def test_what_is_kept_except_on_creation_can_be_tried_again(account: Account) -> None:
    kept = events(account, policy="RetainExceptOnCreate")
    wrong = {"Wrong": {"Type": "AWS::SQS::Queue", "DependsOn": "Events", "Properties": {"DelaySeconds": 901}}}

    assert account.deploy("one", kept | wrong) == "ROLLBACK_COMPLETE"
    account.delete("one")
    assert account.deploy("one", kept) == "CREATE_COMPLETE"
    account.aws.dynamodb().delete_table(TableName=account.name("events"))


def test_a_protected_table_bars_the_rollback_of_its_own_creation(account: Account) -> None:
    wrong = {"Wrong": {"Type": "AWS::SQS::Queue", "DependsOn": "Events", "Properties": {"DelaySeconds": 901}}}

    assert account.deploy("one", events(account, protected=True) | wrong) == "ROLLBACK_FAILED"
    assert deletions.PROTECTED in account.reasons("one")


def test_a_bucket_goes_only_empty(account: Account) -> None:
    bucket, s3 = account.name("bucket"), account.aws.s3()
    account.deploy("one", {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": bucket}}})
    s3.put_object(Bucket=bucket, Key="payload", Body=b"{}")

    assert account.delete("one") == "DELETE_FAILED"
    assert deletions.NOT_EMPTY in account.reasons("one")

    s3.delete_object(Bucket=bucket, Key="payload")
    assert account.delete("one") == "DELETE_COMPLETE"


@pytest.mark.parametrize("versioned", [False, True])
def test_a_teardown_empties_a_bucket_of_every_version(account: Account, *, versioned: bool) -> None:
    name, s3 = account.name("bucket"), account.aws.s3()
    account.deploy("one", {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}}})
    if versioned:
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    for body in (b"{}", b"[]"):
        s3.put_object(Bucket=name, Key="payload", Body=body)
        s3.put_object(Bucket=name, Key="other", Body=body)
    s3.delete_object(Bucket=name, Key="payload")

    session = boto3.session.Session(aws_access_key_id=ACCOUNT, aws_secret_access_key="local", region_name=REGION)
    empty_bucket(session.resource("s3", endpoint_url=account.aws.endpoint_url).Bucket(name))

    assert account.delete("one") == "DELETE_COMPLETE"


def test_a_second_gateway_cannot_take_the_first_one_s_address(account: Account) -> None:
    def gateway(subnet: str) -> Resources:
        properties = {"AllocationId": f"eipalloc-{account.own}", "SubnetId": subnet}
        return {"Gateway": {"Type": "AWS::EC2::NatGateway", "Properties": properties}}

    account.deploy("one", gateway("subnet-1"))

    assert account.deploy("one", gateway("subnet-2")) == "UPDATE_ROLLBACK_COMPLETE"
    assert account.deploy("two", gateway("subnet-1")) == "ROLLBACK_COMPLETE"
    assert "already associated" in account.reasons("two")


def test_a_renamed_zone_makes_a_subnet_whose_range_is_taken(account: Account) -> None:
    def network(zone: str) -> Resources:
        subnet = {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.9.0.0/26", "AvailabilityZone": f"{REGION}{zone}"}
        return {
            "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.9.0.0/24"}},
            "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": subnet},
        }

    account.deploy("one", network("a"))

    assert account.deploy("one", network("c")) == "UPDATE_ROLLBACK_COMPLETE"
    assert "conflicts with another subnet" in account.reasons("one")


def test_a_custom_named_resource_is_not_replaced(account: Account) -> None:
    sorted_by_day = events(account, index("day"))
    sorted_by_day["Events"]["Properties"]["KeySchema"].append({"AttributeName": "day", "KeyType": "RANGE"})
    account.deploy("one", events(account, index("day")))

    assert account.deploy("one", sorted_by_day) == "UPDATE_ROLLBACK_COMPLETE"
    assert f"Rename {account.name('events')} and update the stack again" in account.reasons("one")


def test_an_invalid_property_fails_its_resource(account: Account) -> None:
    wrong = {"Wrong": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 42}}}

    assert account.deploy("one", wrong) == "ROLLBACK_COMPLETE"
    assert "Properties validation failed for resource Wrong" in account.reasons("one")
