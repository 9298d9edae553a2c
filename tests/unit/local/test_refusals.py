"""What the emulator refuses as AWS does: each rule by what AWS's page says, and its opposite by what AWS takes."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from tools.local.emulator.refusals import addresses, deletions, exports, indexes, names, properties

TABLE = "AWS::DynamoDB::GlobalTable"
Properties = dict[str, Any]


@pytest.fixture(scope="module")
def schemas() -> properties.Schemas:
    found = importlib.util.find_spec("cfnlint")
    assert found is not None
    assert found.origin is not None
    return properties.Schemas(Path(found.origin).parent / "data" / "schemas", "eu-central-1")


def index(name: str, *attributes: str, key: str = "day") -> Properties:
    projection = {"ProjectionType": "INCLUDE", "NonKeyAttributes": [*attributes]}
    return {
        "IndexName": name,
        "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
        "Projection": projection if attributes else {"ProjectionType": "KEYS_ONLY"},
    }


def table(*found: Properties, **more: Any) -> Properties:
    return {
        "TableName": "events",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": each, "AttributeType": "S"} for each in ("id", "day")],
        "GlobalSecondaryIndexes": [*found],
        "Replicas": [{"Region": "eu-central-1"}],
        **more,
    }


class TestIndexes:
    def test_one_new_index_is_taken(self) -> None:
        assert indexes.refused_update(table(), table(index("by_day"))) is None

    def test_one_index_less_is_taken(self) -> None:
        assert indexes.refused_update(table(index("by_day")), table()) is None

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            (table(), table(index("one"), index("two"))),
            (table(index("one"), index("two")), table()),
            (table(index("one")), table(index("two"))),
        ],
        ids=["two new", "two gone", "one renamed"],
    )
    def test_two_at_once_are_refused(self, before: Properties, after: Properties) -> None:
        assert indexes.refused_update(before, after) == indexes.ONE_AT_A_TIME

    @pytest.mark.parametrize("after", [index("by_day", "status", "colour"), index("by_day", "status", key="id")])
    def test_an_index_s_projection_and_keys_are_fixed(self, after: Properties) -> None:
        assert indexes.refused_update(table(index("by_day", "status")), table(after)) == indexes.FIXED

    def test_an_index_s_throughput_may_change(self) -> None:
        after = index("by_day") | {"ReadOnDemandThroughputSettings": {"MaxReadRequestUnits": 5}}
        assert indexes.refused_update(table(index("by_day")), table(after)) is None

    def test_a_key_without_a_type_is_refused(self) -> None:
        assert indexes.refused_keys(table(index("by_day"))) is None
        assert indexes.UNDEFINED in str(indexes.refused_keys(table(index("by_colour", key="colour"))))


class TestNames:
    def test_what_is_identified_by_its_name_is_named(self) -> None:
        assert names.given_name("AWS::Logs::LogGroup", {"LogGroupName": "/aws/lambda/one"}) == "/aws/lambda/one"

    @pytest.mark.parametrize("kind", ["AWS::Logs::LogGroup", "AWS::EC2::VPC"])
    def test_what_aws_names_itself_is_not(self, kind: str) -> None:
        assert names.given_name(kind, {"CidrBlock": "10.0.0.0/24"}) is None

    def test_a_held_name_is_refused_in_cloudformation_s_words(self) -> None:
        assert names.refused_creation("AWS::Logs::LogGroup", "one") == (
            "Resource of type 'AWS::Logs::LogGroup' with identifier '{\"/properties/LogGroupName\":\"one\"}' "
            "already exists."
        )

    def test_what_is_replaced_needs_another_name(self, schemas: properties.Schemas) -> None:
        before, after = table(), table(KeySchema=[{"AttributeName": "day", "KeyType": "HASH"}])
        renamed = after | {"TableName": "events_2"}

        assert "Rename events" in str(names.refused_replacement(TABLE, schemas.of(TABLE), before, after))
        assert names.refused_replacement(TABLE, schemas.of(TABLE), before, renamed) is None

    def test_what_is_only_updated_keeps_its_name(self, schemas: properties.Schemas) -> None:
        after = table(BillingMode="PROVISIONED")
        assert names.refused_replacement(TABLE, schemas.of(TABLE), table(), after) is None


class TestExports:
    @staticmethod
    def importers(name: str) -> list[str]:
        return ["network"] if name == "used" else []

    def test_one_in_use_cannot_go(self) -> None:
        refused = exports.refused_update({"used": "1"}, {}, self.importers)
        assert refused == "Export used cannot be deleted as it is in use by network"

    def test_one_in_use_cannot_change(self) -> None:
        refused = exports.refused_update({"used": "1"}, {"used": "2"}, self.importers)
        assert refused == "Export used cannot be updated as it is in use by network"

    def test_one_that_nobody_uses_can_do_both(self) -> None:
        assert exports.refused_update({"free": "1", "also": "1"}, {"also": "2"}, self.importers) is None

    def test_one_in_use_that_stays_is_no_hindrance(self) -> None:
        assert exports.refused_update({"used": "1"}, {"used": "1", "new": "2"}, self.importers) is None


class TestDeletions:
    def test_a_bucket_must_be_empty(self) -> None:
        assert deletions.refused_bucket(objects=0) is None
        assert deletions.NOT_EMPTY in str(deletions.refused_bucket(objects=1))

    def test_a_protected_table_stays(self) -> None:
        assert deletions.refused_table(protected=False) is None
        assert deletions.PROTECTED in str(deletions.refused_table(protected=True))

    @pytest.mark.parametrize("protected", [True, False])
    def test_a_global_table_is_protected_in_its_replicas(self, *, protected: bool) -> None:
        replica = {"Region": "eu-central-1", "DeletionProtectionEnabled": protected}
        assert deletions.is_protected(table(Replicas=[replica])) is protected


class TestAddresses:
    def test_an_elastic_ip_serves_one_gateway(self) -> None:
        assert addresses.refused_gateway("eipalloc-1", held=["eipalloc-2"]) is None
        assert "already associated" in str(addresses.refused_gateway("eipalloc-1", held=["eipalloc-1"]))

    def test_a_private_gateway_needs_none(self) -> None:
        assert addresses.refused_gateway(None, held=["eipalloc-1"]) is None

    def test_a_subnet_s_range_is_its_own(self) -> None:
        assert addresses.refused_subnet("10.0.1.0/24", neighbours=["10.0.0.0/24"]) is None
        assert "conflicts" in str(addresses.refused_subnet("10.0.0.128/25", neighbours=["10.0.0.0/24"]))


FUNCTION: Properties = {"Role": "arn:aws:iam::000000000000:role/one", "Code": {"ZipFile": "pass"}}
SCHEDULE: Properties = {
    "FlexibleTimeWindow": {"Mode": "OFF"},
    "ScheduleExpression": "rate(1 minute)",
    "Target": {"Arn": "arn:aws:lambda:eu-central-1:000000000000:function:one", "RoleArn": FUNCTION["Role"]},
}
ALARM: Properties = {"ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1}


@pytest.mark.parametrize(
    ("kind", "given", "where"),
    [
        ("AWS::Lambda::Function", FUNCTION | {"Timout": 3}, "#: extraneous key [Timout] is not permitted"),
        ("AWS::Lambda::Function", {"Code": FUNCTION["Code"]}, "#: 'Role' is a required property"),
        ("AWS::Lambda::Function", FUNCTION | {"MemorySize": 64}, "#/MemorySize"),
        ("AWS::Lambda::Function", FUNCTION | {"Timeout": 0}, "#/Timeout"),
        ("AWS::Lambda::Function", FUNCTION | {"Architectures": ["riscv"]}, "#/Architectures/0"),
        ("AWS::Lambda::EventSourceMapping", {"FunctionName": "f", "BatchSize": 20_000}, "#/BatchSize"),
        (
            "AWS::Lambda::EventSourceMapping",
            {"FunctionName": "f", "ScalingConfig": {"MaximumConcurrency": 1}},
            "#/ScalingConfig/MaximumConcurrency",
        ),
        ("AWS::SQS::Queue", {"VisibilityTimeout": 43_201}, "#/VisibilityTimeout"),
        ("AWS::SQS::Queue", {"MessageRetentionPeriod": 30}, "#/MessageRetentionPeriod"),
        ("AWS::SQS::Queue", {"DelaySeconds": "soon"}, "#/DelaySeconds: expected type: integer, found: str"),
        ("AWS::Logs::LogGroup", {"RetentionInDays": 42}, "#/RetentionInDays"),
        (TABLE, table(BillingMode="PER_REQUEST"), "#/BillingMode"),
        (TABLE, {"KeySchema": table()["KeySchema"]}, "'Replicas' is a required property"),
        (TABLE, table(KeySchema=[{"AttributeName": "id", "KeyType": "PARTITION"}]), "#/KeySchema/0/KeyType"),
        ("AWS::DynamoDB::Table", table(TTL=1), "extraneous key [TTL]"),
        ("AWS::ApiGatewayV2::Stage", {"ApiId": "a", "Stage": "live"}, "extraneous key [Stage]"),
        ("AWS::ApiGatewayV2::Route", {"ApiId": "a"}, "'RouteKey' is a required property"),
        ("AWS::CloudWatch::Alarm", ALARM | {"EvaluationPeriods": "often"}, "#/EvaluationPeriods"),
        ("AWS::CloudWatch::Alarm", ALARM | {"ComparisonOperator": ">"}, "#/ComparisonOperator"),
        ("AWS::EC2::EIP", {"Domain": "vpc", "Zone": "a"}, "extraneous key [Zone]"),
        ("AWS::EC2::NatGateway", {"AllocationID": "eipalloc-1"}, "extraneous key [AllocationID]"),
        ("AWS::IAM::Role", {"RoleName": "one"}, "'AssumeRolePolicyDocument' is a required property"),
        ("AWS::KMS::Alias", {"AliasName": "mine", "TargetKeyId": "k"}, "#/AliasName"),
        ("AWS::S3::Bucket", {"BucketName": "Not_A_Name"}, "#/BucketName"),
        ("AWS::Scheduler::Schedule", SCHEDULE | {"State": "ON"}, "#/State"),
        ("AWS::SecretsManager::Secret", {"SecretText": "s"}, "extraneous key [SecretText]"),
        ("AWS::SNS::Topic", {"FifoTopic": "perhaps"}, "#/FifoTopic: expected type: boolean, found: str"),
    ],
)
def test_an_invalid_property_is_refused_by_its_type_s_own_schema(
    schemas: properties.Schemas, kind: str, given: Properties, where: str
) -> None:
    refused = properties.refused("Wrong", schemas.of(kind), given)

    assert refused is not None
    assert refused.startswith("Properties validation failed for resource Wrong with message: ")
    assert where in refused


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("AWS::Lambda::Function", FUNCTION | {"Timeout": "900", "MemorySize": 512}),
        ("AWS::SQS::Queue", {"VisibilityTimeout": "30", "SqsManagedSseEnabled": "true"}),
        ("AWS::Scheduler::Schedule", SCHEDULE),
        ("AWS::CloudWatch::Alarm", ALARM | {"Threshold": "1.5"}),
        (TABLE, table(index("by_day"))),
        ("AWS::SNS::Topic", {"Tags": [{"Key": "aws:cloudformation:stack-name", "Value": "one"}]}),
        ("Custom::Anything", {"at": "all"}),
    ],
)
def test_what_cloudformation_takes_is_taken(schemas: properties.Schemas, kind: str, given: Properties) -> None:
    assert properties.refused("Right", schemas.of(kind), given) is None
