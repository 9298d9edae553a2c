"""The ledger's tables, the payloads and the secrets: keys, encryption, lifetime."""

from typing import Any

import pytest

from infra.names import SECRETS, TABLES
from postcall.aws.quarantine import FOLDER
from tests.infra.templates import EVERYWHERE, ON_AWS, Properties, Templates, environment

LISTED = {
    "source",
    "type",
    "agent_id",
    "agent_name",
    "conversation_id",
    "listed_as",
    "status_reason",
    "updated_at",
    "listed_attempts",
    "revision_count",
    "needs_review",
    "delivered_at",
    "erased_at",
    "topic",
    "intent",
    "quality_score",
    "name_keys",
    "contact",
}


def tables(synthesised: Templates, env: str) -> dict[str, Properties]:
    """Properties by the table's last word."""
    found = synthesised.properties(env, "data", "AWS::DynamoDB::GlobalTable", "TableName")
    return {name.removeprefix(f"postcall-{env}-"): each for name, each in found.items()}


def keys(schema: list[dict[str, str]]) -> list[str]:
    return [each["AttributeName"] for each in schema]


@pytest.mark.parametrize("env", EVERYWHERE)
def test_the_tables_have_the_agreed_keys_of_the_agreed_types(synthesised: Templates, env: str) -> None:
    found = tables(synthesised, env)

    assert {name: keys(each["KeySchema"]) for name, each in found.items()} == {
        "webhook_events": ["event_id"],
        "analyses": ["event_id", "revision"],
        "crm_dispatches": ["event_id", "attempt"],
        "circuits": ["id"],
        "quarantine": ["quarantine_id"],
        "ledgers": ["day"],
    }
    assert {
        each["AttributeName"]: each["AttributeType"]
        for table in found.values()
        for each in table["AttributeDefinitions"]
        if each["AttributeName"] in ("event_id", "revision", "attempt", "id")
    } == {"event_id": "S", "revision": "N", "attempt": "N", "id": "S"}


@pytest.mark.parametrize("env", EVERYWHERE)
def test_lists_of_events_are_read_from_indexes_alone(synthesised: Templates, env: str) -> None:
    indexes = {each["IndexName"]: each for each in tables(synthesised, env)["webhook_events"]["GlobalSecondaryIndexes"]}
    projected = {name: set(each["Projection"].get("NonKeyAttributes", [])) for name, each in indexes.items()}

    assert {name: keys(each["KeySchema"]) for name, each in indexes.items()} == {
        "by_day": ["day", "received_at"],
        "by_status": ["listed_as", "received_at"],
        "pending": ["pending", "pending_since"],
        "by_phone": ["phone_key", "received_at"],
        "by_email": ["email_key", "received_at"],
    }
    assert projected == {
        "by_day": LISTED,
        "by_status": LISTED - {"listed_as"},
        "pending": set(),
        "by_phone": set(),
        "by_email": set(),
    }
    assert indexes["pending"]["Projection"]["ProjectionType"] == "KEYS_ONLY"


@pytest.mark.parametrize("env", EVERYWHERE)
def test_what_was_refused_is_listed_by_day_without_its_signature_and_its_bytes(
    synthesised: Templates, env: str
) -> None:
    (index,) = tables(synthesised, env)["quarantine"]["GlobalSecondaryIndexes"]

    assert (index["IndexName"], keys(index["KeySchema"])) == ("by_day", ["day", "received_at"])
    assert set(index["Projection"]["NonKeyAttributes"]) == {"kind", "reason", "bytes", "released_at", "event_id"}


@pytest.mark.parametrize("env", EVERYWHERE)
def test_every_table_forgets_and_can_be_recovered_and_is_encrypted_with_our_key(
    synthesised: Templates, env: str
) -> None:
    found = tables(synthesised, env)

    assert set(found) == set(TABLES)
    for table in found.values():
        (here,) = table["Replicas"]
        assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
        assert table["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS"}
        assert here["PointInTimeRecoverySpecification"] == {
            "PointInTimeRecoveryEnabled": True,
            "RecoveryPeriodInDays": environment(env).data.recovery_days,
        }
        assert "Key" in str(here["SSESpecification"]["KMSMasterKeyId"])


@pytest.mark.parametrize("env", EVERYWHERE)
def test_protected_data_can_be_deleted_by_nobody_in_passing(synthesised: Templates, env: str) -> None:
    protected = environment(env).data.protected
    kept = {
        each["DeletionPolicy"]
        for each in synthesised.template(env, "data")["Resources"].values()
        if "DeletionPolicy" in each
    }

    assert kept == {"RetainExceptOnCreate" if protected else "Delete"}
    for table in tables(synthesised, env).values():
        assert table["Replicas"][0]["DeletionProtectionEnabled"] is protected


def test_production_data_is_protected() -> None:
    assert environment("prod").data.protected


@pytest.mark.parametrize("env", EVERYWHERE)
def test_payloads_are_private_encrypted_reached_by_tls_only_and_forgotten_with_the_event(
    synthesised: Templates, env: str
) -> None:
    (bucket,) = synthesised.properties(env, "data", "AWS::S3::Bucket", "BucketName").values()
    (policy,) = synthesised.resources(env, "data", "AWS::S3::BucketPolicy").values()
    everything, refused = bucket["LifecycleConfiguration"]["Rules"]

    assert bucket["BucketName"] == f"postcall-{env}-payloads-{environment(env).account}"
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert "aws:kms" in str(bucket["BucketEncryption"])
    assert (everything["ExpirationInDays"], "Prefix" in everything) == (environment(env).intake.event_ttl_days, False)
    assert (refused["ExpirationInDays"], refused["Prefix"]) == (
        environment(env).intake.quarantine_ttl_days,
        f"{FOLDER}/",
    )
    assert {"Bool": {"aws:SecureTransport": "false"}} in conditions(policy["Properties"], "Deny")
    assert "VersioningConfiguration" not in bucket  # an erased payload must be gone


@pytest.mark.parametrize("env", EVERYWHERE)
def test_secrets_are_empty_places(synthesised: Templates, env: str) -> None:
    secrets = synthesised.properties(env, "data", "AWS::SecretsManager::Secret", "Name")

    assert set(secrets) == {f"postcall/{env}/{secret}" for secret in SECRETS}
    ours = secrets.pop(f"postcall/{env}/search-key")
    assert ours["GenerateSecretString"] == {"ExcludePunctuation": True, "PasswordLength": 64}  # nobody issues it
    assert {key for each in secrets.values() for key in each} == {"Name", "Description", "KmsKeyId"}


@pytest.mark.parametrize("env", ON_AWS)
def test_the_key_rotates_and_serves_the_alarms_of_this_account_only(synthesised: Templates, env: str) -> None:
    (key,) = synthesised.resources(env, "data", "AWS::KMS::Key").values()
    services = [
        each
        for each in key["Properties"]["KeyPolicy"]["Statement"]
        if "cloudwatch.amazonaws.com" in str(each["Principal"])
    ]

    assert key["Properties"]["EnableKeyRotation"] is True
    assert [each["Action"] for each in services] == [["kms:Decrypt", "kms:GenerateDataKey"]]
    assert services[0]["Condition"] == {"StringEquals": {"aws:SourceAccount": environment(env).account}}


def conditions(policy: Properties, effect: str) -> list[Any]:
    return [each.get("Condition") for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == effect]
