"""The tables: the ledger of what was received, understood and sent, and the state of the circuit to the CRM."""

from collections.abc import Sequence
from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.environments import Environment
from infra.names import Table
from postcall.aws.event_item import LISTED

TEXT: Final = dynamodb.AttributeType.STRING
NUMBER: Final = dynamodb.AttributeType.NUMBER
TTL_ATTRIBUTE: Final = "expires_at"

QUARANTINED: Final = ("kind", "reason", "bytes", "released_at", "event_id")


class Tables(Construct):
    """Events with their lists, analyses by revision, dispatches by attempt, circuits, what was refused, days."""

    def __init__(self, scope: Construct, environment: Environment, key: kms.IKey) -> None:
        super().__init__(scope, "Tables")
        self._environment = environment
        self._key = key
        self._table(
            "webhook_events",
            "Events",
            indexes=[
                _index("by_day", "day", "received_at", LISTED),
                _index("by_status", "listed_as", "received_at", LISTED),
                _index("pending", "pending", "pending_since", None),
                _index("by_phone", "phone_key", "received_at", None),
                _index("by_email", "email_key", "received_at", None),
            ],
        )
        self._table("analyses", "Analyses", sort_key=dynamodb.Attribute(name="revision", type=NUMBER))
        self._table("crm_dispatches", "Dispatches", sort_key=dynamodb.Attribute(name="attempt", type=NUMBER))
        self._table("circuits", "Circuits", key="id")
        self._table(
            "quarantine",
            "Quarantine",
            key="quarantine_id",
            indexes=[_index("by_day", "day", "received_at", QUARANTINED)],
        )
        self._table("ledgers", "Ledgers", key="day")

    def _table(
        self,
        name: Table,
        construct_id: str,
        *,
        key: str = "event_id",
        sort_key: dynamodb.Attribute | None = None,
        indexes: Sequence[dynamodb.GlobalSecondaryIndexPropsV2] = (),
    ) -> None:
        data = self._environment.data
        dynamodb.TableV2(
            self,
            construct_id,
            table_name=self._environment.names.table(name),
            partition_key=dynamodb.Attribute(name=key, type=TEXT),
            sort_key=sort_key,
            global_secondary_indexes=[*indexes],
            time_to_live_attribute=TTL_ATTRIBUTE,
            billing=dynamodb.Billing.on_demand(
                max_read_request_units=data.max_read_units, max_write_request_units=data.max_write_units
            ),
            encryption=dynamodb.TableEncryptionV2.customer_managed_key(self._key),
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True, recovery_period_in_days=data.recovery_days
            ),
            deletion_protection=data.protected,
            removal_policy=removal(protected=data.protected),
        )


def removal(*, protected: bool) -> cdk.RemovalPolicy:
    """What happens to data when its stack goes: what is protected stays, unless its very creation failed.

    Kept in the rollback of a creation too, it would bar the next try by its name.
    """
    return cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if protected else cdk.RemovalPolicy.DESTROY


def _index(
    name: str, partition: str, sort: str, attributes: tuple[str, ...] | None
) -> dynamodb.GlobalSecondaryIndexPropsV2:
    """An index by text keys; without attributes it holds the keys only."""
    projected = None if attributes is None else [each for each in attributes if each not in (partition, sort)]
    return dynamodb.GlobalSecondaryIndexPropsV2(
        index_name=name,
        partition_key=dynamodb.Attribute(name=partition, type=TEXT),
        sort_key=dynamodb.Attribute(name=sort, type=TEXT),
        projection_type=dynamodb.ProjectionType.KEYS_ONLY if projected is None else dynamodb.ProjectionType.INCLUDE,
        non_key_attributes=projected,
    )
