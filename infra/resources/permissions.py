"""What each function may do, as data: exactly the actions its code calls on exactly the resources it calls them on.

A transaction needs the permissions of its items (PutItem, UpdateItem, ConditionCheckItem), not one of its own. The
event source mapping reads its queue with the function's role. Everything encrypted with the environment's key is
reached through the service that holds it, never through KMS directly.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from infra.names import Names, Step, Table
from postcall.domain.event_id import KEY_NAMESPACE

READ_KEY: Final = ("kms:Decrypt",)
# What CDK grants for a table or bucket under a customer's key, its two wildcards spelled out.
WRITE_KEY: Final = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)
CONSUME: Final = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility")
LOOKED_UP_BY: Final = ("by_day", "by_status", "by_phone", "by_email", "pending")
LOOK_AND_SEND: Final = ("sqs:SendMessage", "sqs:GetQueueAttributes")
# SQS moves the messages itself, with the permissions of whoever asks for it; a preview receives without deleting.
REDRIVE: Final = (
    "sqs:StartMessageMoveTask",
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
)
NETWORK_INTERFACES: Final = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)


@dataclass(frozen=True)
class Grant:
    """One policy statement; `reason` is written wherever a resource holds an asterisk."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Mapping[str, Any] = field(default_factory=dict)
    allow: bool = True
    reason: str = ""


def grants(step: Step, names: Names, key_arn: str) -> list[Grant]:
    """All that the function of this step may do."""
    own = {
        "intake": _intake,
        "analysis": _analysis,
        "dispatch": _dispatch,
        "operations": _operations,
        "reconciliation": _reconciliation,
    }
    return [_logs(step, names), *own[step](names, key_arn)]


def _intake(names: Names, key_arn: str) -> list[Grant]:
    return [
        _on_table(names, "webhook_events", "PutItem", "ConditionCheckItem", "GetItem", "UpdateItem"),
        _index_of_persons(names),
        _on_table(names, "quarantine", "PutItem", "GetItem", "UpdateItem"),
        Grant(("s3:PutObject",), (f"{names.payload_bucket_arn}/payloads/*",), reason=_PAYLOADS),
        Grant(
            ("s3:PutObject", "s3:GetObject", "s3:DeleteObject"),
            (f"{names.payload_bucket_arn}/quarantine/*",),
            reason="an object's key is the hash of what was refused",
        ),
        Grant(("sqs:SendMessage",), (names.queue_arn("analysis"),)),
        Grant(
            ("secretsmanager:GetSecretValue",),
            (
                names.secret_arn("elevenlabs-webhook"),
                names.secret_arn("operator-tokens"),
                names.secret_arn("search-key"),
            ),
        ),
        _key(WRITE_KEY, names, key_arn, "dynamodb", "s3"),
        _key(READ_KEY, names, key_arn, "secretsmanager"),
    ]


def _analysis(names: Names, key_arn: str) -> list[Grant]:
    return [
        _on_table(names, "webhook_events", "BatchGetItem", "UpdateItem"),
        _index_of_persons(names),
        _on_table(names, "analyses", "PutItem", "Query"),
        Grant(("s3:GetObject",), (f"{names.payload_bucket_arn}/payloads/*",), reason=_PAYLOADS),
        Grant(CONSUME, (names.queue_arn("analysis"),)),
        Grant(("sqs:SendMessage",), (names.queue_arn("dispatch"), names.dead_letters_arn("analysis"))),
        Grant(("lambda:InvokeFunction",), (names.function_arn("reconciliation"),)),
        Grant(("secretsmanager:GetSecretValue",), (names.secret_arn("openai"), names.secret_arn("search-key"))),
        _key(WRITE_KEY, names, key_arn, "dynamodb"),
        _key(READ_KEY, names, key_arn, "s3", "secretsmanager"),
    ]


def _dispatch(names: Names, key_arn: str) -> list[Grant]:
    return [
        _on_table(names, "webhook_events", "BatchGetItem", "UpdateItem"),
        _on_table(names, "analyses", "BatchGetItem", "Query"),
        _on_table(names, "crm_dispatches", "PutItem", "Query", "UpdateItem"),
        _on_table(names, "circuits", "BatchGetItem", "UpdateItem"),
        Grant(CONSUME, (names.queue_arn("dispatch"),)),
        Grant(("sqs:SendMessage",), (names.dead_letters_arn("dispatch"),)),
        _key(WRITE_KEY, names, key_arn, "dynamodb"),
        *_inside_the_vpc("dispatch", names),
    ]


def _operations(names: Names, key_arn: str) -> list[Grant]:
    return [
        _on_table(names, "webhook_events", "GetItem", "BatchGetItem", "UpdateItem", "DeleteItem"),
        _index_of_persons(names),
        Grant(
            ("dynamodb:Query",),
            (
                *(names.index_arn("webhook_events", index) for index in LOOKED_UP_BY),
                names.index_arn("quarantine", "by_day"),
            ),
        ),
        _on_table(names, "analyses", "Query", "DeleteItem"),
        _on_table(names, "crm_dispatches", "Query", "UpdateItem"),
        _on_table(names, "circuits", "GetItem"),
        _on_table(names, "quarantine", "GetItem", "BatchGetItem", "DeleteItem", "UpdateItem"),
        _on_table(names, "ledgers", "GetItem"),
        Grant(("s3:GetObject", "s3:DeleteObject"), (f"{names.payload_bucket_arn}/payloads/*",), reason=_PAYLOADS),
        Grant(
            ("s3:DeleteObject",),
            (f"{names.payload_bucket_arn}/quarantine/*",),
            reason="an object's key is the hash of what was refused",
        ),
        Grant(
            ("s3:ListBucket",), (names.payload_bucket_arn,), {"StringLike": {"s3:prefix": ["payloads/*", "erasures/*"]}}
        ),
        Grant(("s3:PutObject",), (f"{names.payload_bucket_arn}/erasures/*",), reason=_ERASURES),
        Grant(LOOK_AND_SEND, (names.queue_arn("analysis"), names.queue_arn("dispatch"))),
        Grant(REDRIVE, (names.dead_letters_arn("analysis"), names.dead_letters_arn("dispatch"))),
        Grant(("lambda:InvokeFunction",), (names.function_arn("intake"), names.function_arn("reconciliation"))),
        Grant(
            ("secretsmanager:GetSecretValue",), (names.secret_arn("operator-tokens"), names.secret_arn("search-key"))
        ),
        _key(WRITE_KEY, names, key_arn, "dynamodb", "s3"),
        _key(READ_KEY, names, key_arn, "secretsmanager"),
    ]


def _reconciliation(names: Names, key_arn: str) -> list[Grant]:
    return [
        Grant(
            ("dynamodb:Query",),
            tuple(names.index_arn("webhook_events", index) for index in ("pending", "by_day", "by_phone", "by_email")),
        ),
        _on_table(names, "analyses", "Query"),
        _on_table(names, "crm_dispatches", "Query"),
        _list_bodies_and_erasures(names),
        _on_table(names, "webhook_events", "GetItem", "BatchGetItem", "UpdateItem"),
        _on_table(names, "ledgers", "PutItem"),
        Grant(("sqs:SendMessage",), (names.queue_arn("analysis"), names.queue_arn("dispatch"))),
        Grant(("lambda:InvokeFunction",), (names.function_arn("intake"),)),
        Grant(("secretsmanager:GetSecretValue",), (names.secret_arn("elevenlabs-api"),)),
        _key(WRITE_KEY, names, key_arn, "dynamodb"),
        _key(READ_KEY, names, key_arn, "secretsmanager"),
    ]


_ERASURES: Final = "an object's key names what was erased"
_PAYLOADS: Final = "an object's key is the event's id, which is not known before the call"


def _list_bodies_and_erasures(names: Names) -> Grant:
    prefixes = {"StringLike": {"s3:prefix": ["payloads/*", "erasures/*"]}}
    return Grant(("s3:ListBucket",), (names.payload_bucket_arn,), prefixes)


def _on_table(names: Names, table: Table, *operations: str) -> Grant:
    return Grant(tuple(f"dynamodb:{operation}" for operation in operations), (names.table_arn(table),))


def _index_of_persons(names: Names) -> Grant:
    """A batch may delete as well as put: so it reaches the index's own items, and no event (`KEY_NAMESPACE`)."""
    own = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [f"{KEY_NAMESPACE}*"]}}
    return Grant(("dynamodb:BatchWriteItem",), (names.table_arn("webhook_events"),), own)


def _key(actions: tuple[str, ...], names: Names, key_arn: str, *services: str) -> Grant:
    through = [f"{service}.{names.region}.amazonaws.com" for service in services]
    return Grant(actions, (key_arn,), {"StringEquals": {"kms:ViaService": through}})


def _logs(step: Step, names: Names) -> Grant:
    return Grant(
        ("logs:CreateLogStream", "logs:PutLogEvents"),
        (f"{names.log_group_arn(step)}:log-stream:*",),
        reason="Lambda names the streams of the function's own log group",
    )


def _inside_the_vpc(step: Step, names: Names) -> list[Grant]:
    """Lambda attaches the function to its subnets with the function's role; the function's own code must not."""
    return [
        Grant(
            NETWORK_INTERFACES,
            ("*",),
            reason="EC2 offers no resource to name: an interface's id is not known before it is made",
        ),
        Grant(
            NETWORK_INTERFACES,
            ("*",),
            {"ArnEquals": {"lambda:SourceFunctionArn": [names.function_arn(step)]}},
            allow=False,
            reason="a denial: the wider the better",
        ),
    ]
