"""A name that a template gives can be held once: by what was retained, and by what a replacement would follow.

Sources: CloudFormation's "Name type" ("you cannot perform updates that require replacement of this resource") and
"DeletionPolicy attribute" (what is retained stays, with its name). Which properties replace a resource stands in the
schema of its type.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

NAMES: Final = {
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CloudWatch::Dashboard": "DashboardName",
    "AWS::DynamoDB::GlobalTable": "TableName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::IAM::Role": "RoleName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::Scheduler::Schedule": "Name",
    "AWS::SecretsManager::Secret": "Name",
}

Properties = Mapping[str, Any]
Schema = Mapping[str, Any]


def given_name(kind: str, properties: Properties) -> str | None:
    """The name that the template gives, where the type has one for the whole account."""
    name = properties.get(NAMES.get(kind, ""))
    return name if isinstance(name, str) else None


def refused_creation(kind: str, name: str) -> str:
    """CloudFormation's sentence about a name that somebody holds already."""
    return f"""Resource of type '{kind}' with identifier '{{"/properties/{NAMES[kind]}":"{name}"}}' already exists."""


def refused_replacement(kind: str, schema: Schema, old: Properties, new: Properties) -> str | None:
    """CloudFormation's sentence about a replacement under the same name; nothing for an update, or under another."""
    name = given_name(kind, new)
    if name is None or name != given_name(kind, old):
        return None
    if not is_replaced(schema, old, new):
        return None
    return (
        "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
        f"Rename {name} and update the stack again."
    )


def is_replaced(schema: Schema, old: Properties, new: Properties) -> bool:
    """Whether a changed property makes another resource instead of changing the one that there is."""
    fixed = [*schema.get("createOnlyProperties", []), *schema.get("conditionalCreateOnlyProperties", [])]
    return any(_at(pointer, old) != _at(pointer, new) for pointer in fixed)


def _at(pointer: str, properties: Properties) -> object:
    """What stands at a pointer like `/properties/DnsOptions/PrivateDnsPreference`."""
    found: Any = properties
    for step in pointer.removeprefix("/properties/").split("/"):
        if not isinstance(found, Mapping):
            return None
        found = found.get(step)
    return found
