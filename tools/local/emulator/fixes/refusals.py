"""Restores what CloudFormation and the services behind it refuse: see `tools.local.emulator.refusals` for the rules.

A refused resource fails as on AWS, in the middle of its stack's operation, which is then rolled back.
"""
# ruff: noqa: SLF001 — the gaps are closed from outside, in ministack's private functions

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ministack.services import cloudformation as deployed
from ministack.services import (
    cloudwatch,
    cloudwatch_logs,
    dynamodb,
    ec2,
    iam,
    kms,
    lambda_svc,
    s3,
    scheduler,
    secretsmanager,
    sns,
    sqs,
)
from ministack.services.cloudformation import handlers, stacks

from tools.local.emulator.refusals import addresses, deletions, exports, indexes, names, properties

Properties = dict[str, Any]
GATEWAY, SUBNET, BUCKET = "AWS::EC2::NatGateway", "AWS::EC2::Subnet", "AWS::S3::Bucket"
HOLDERS: dict[str, Any] = {
    "AWS::CloudWatch::Alarm": cloudwatch._alarms,
    "AWS::CloudWatch::Dashboard": cloudwatch._dashboards,
    "AWS::DynamoDB::GlobalTable": dynamodb._tables,
    "AWS::DynamoDB::Table": dynamodb._tables,
    "AWS::IAM::Role": iam._roles,
    "AWS::KMS::Alias": kms._aliases,
    "AWS::Lambda::Function": lambda_svc._functions,
    "AWS::Logs::LogGroup": cloudwatch_logs._log_groups,
    "AWS::S3::Bucket": s3._buckets,
    "AWS::SNS::Topic": sns._topics,
    "AWS::SQS::Queue": sqs._queue_name_to_url,
    "AWS::Scheduler::Schedule": scheduler._schedules,
    "AWS::SecretsManager::Secret": secretsmanager._secrets,
}


def install() -> None:
    """Ask the rules before each resource is made, changed or deleted, and before a stack's outputs are published."""
    schemas = properties.Schemas(Path(os.environ["POSTCALL_EMULATOR_SCHEMAS"]), os.environ["MINISTACK_REGION"])
    create, update, delete = stacks._provision_resource, stacks._update_resource, stacks._delete_resource
    resolve_outputs = stacks._resolve_stack_outputs

    def create_if_allowed(kind: str, logical_id: str, new: Properties, stack: str) -> Any:  # noqa: ANN401 — ministack's
        _raise_first(_against_creation(kind, logical_id, new, schemas))
        made = create(kind, logical_id, new, stack)
        _protect(kind, made[0], new)
        return made

    def update_if_allowed(  # noqa: PLR0917 — ministack's own signature
        kind: str,
        physical_id: str,
        old: Properties,
        new: Properties,
        stack: str,
        logical_id: str | None = None,
        attributes: Properties | None = None,
    ) -> Any:  # noqa: ANN401 — the same
        if old != new:
            _raise_first(_against_update(kind, logical_id or physical_id, old, new, schemas))
        changed = update(kind, physical_id, old, new, stack, logical_id, attributes)
        _protect(kind, changed[0], new)
        return changed

    def delete_if_allowed(kind: str, physical_id: str, *more: Any, **named: Any) -> None:  # noqa: ANN401 — passed through
        _raise_first(_against_deletion(kind, physical_id))
        delete(kind, physical_id, *more, **named)

    def publish_if_allowed(*described: Any) -> Any:  # noqa: ANN401 — passed through
        outputs, new_exports = resolve_outputs(*described)
        _replace_exports(described[-2], described[-1], {name: each["Value"] for name, each in new_exports.items()})
        return outputs, new_exports

    stacks._provision_resource = create_if_allowed
    stacks._update_resource = update_if_allowed
    stacks._delete_resource = delete_if_allowed
    stacks._resolve_stack_outputs = publish_if_allowed


def _raise_first(refusals: Iterator[str | None]) -> None:
    for sentence in refusals:
        if sentence:
            raise ValueError(sentence)


def _against_creation(kind: str, logical_id: str, new: Properties, schemas: properties.Schemas) -> Iterator[str | None]:
    yield properties.refused(logical_id, schemas.of(kind), new)
    if kind in indexes.TABLES:
        yield indexes.refused_keys(new)
    name = names.given_name(kind, new)
    if name is not None and _is_held(kind, name):
        yield names.refused_creation(kind, name)
    yield from _against_placement(kind, new)


def _against_update(
    kind: str, logical_id: str, old: Properties, new: Properties, schemas: properties.Schemas
) -> Iterator[str | None]:
    schema = schemas.of(kind)
    yield properties.refused(logical_id, schema, new)
    yield names.refused_replacement(kind, schema, old, new)
    if kind in indexes.TABLES:
        yield indexes.refused_keys(new)
        yield indexes.refused_update(old, new)
    if names.is_replaced(schema, old, new):
        yield from _against_placement(kind, new)


def _against_placement(kind: str, new: Properties) -> Iterator[str | None]:
    """Where a new resource, or one that replaces another, must find room beside those that there are."""
    if kind == GATEWAY:
        held = [each.get("AllocationId") for each in _deployed(GATEWAY)]
        yield addresses.refused_gateway(new.get("AllocationId"), held=filter(None, held))
    if kind == SUBNET:
        neighbours = [each for each in ec2._subnets.values() if each["VpcId"] == new.get("VpcId")]
        yield addresses.refused_subnet(new.get("CidrBlock"), neighbours=[each["CidrBlock"] for each in neighbours])


def _against_deletion(kind: str, physical_id: str) -> Iterator[str | None]:
    if kind == BUCKET and physical_id in s3._buckets:
        held = len(s3._buckets[physical_id]["objects"]) + s3._bucket_has_versions(physical_id)
        yield deletions.refused_bucket(objects=held)
    if kind in indexes.TABLES and physical_id in dynamodb._tables:
        yield deletions.refused_table(protected=bool(dynamodb._tables[physical_id]["DeletionProtectionEnabled"]))


def _protect(kind: str, physical_id: str, new: Properties) -> None:
    """Ministack does not look into a global table's replicas."""
    if kind in indexes.TABLES:
        dynamodb._tables[physical_id]["DeletionProtectionEnabled"] = deletions.is_protected(new)


def _is_held(kind: str, name: str) -> bool:
    """Whether a resource of the type has the name; some are kept by their ARN, or below their group."""
    return any(key == name or str(key).endswith((f":{name}", f"/{name}")) for key in HOLDERS[kind])


def _deployed(kind: str) -> Iterator[Properties]:
    """The properties of all stacks' resources of a type."""
    for stack in deployed._stacks.values():
        for resource in stack.get("_resources", {}).values():
            if resource.get("ResourceType") == kind:
                yield resource["Properties"]


def _replace_exports(stack: str, stack_id: str, new: dict[str, str]) -> None:
    """Refuse what other stacks still import; ministack would also keep what nobody exports any more."""
    before = {name: each["Value"] for name, each in deployed._exports.items() if each["StackId"] == stack_id}
    _raise_first(iter([exports.refused_update(before, new, lambda name: _importers(name, but=stack))]))
    for name in before.keys() - new.keys():
        deployed._exports.pop(name, None)


def _importers(export: str, *, but: str) -> list[str]:
    others = [(name, stack) for name, stack in deployed._stacks.items() if name != but]
    standing = [(name, stack) for name, stack in others if stack.get("StackStatus") != "DELETE_COMPLETE"]
    return sorted(name for name, stack in standing if export in handlers._imported_export_names(stack, name))
