"""Restores a secret's reference: `Ref` is its ARN, and a secret declared without a value has none.

ministack answers its name, and gives it an empty value.
"""
# ruff: noqa: SLF001 — the gaps are closed from outside, in ministack's private functions

from __future__ import annotations

from typing import Any

from ministack.services import secretsmanager
from ministack.services.cloudformation import provisioners

Properties = dict[str, Any]


def install() -> None:
    """Hand out ARNs as physical ids, and names to ministack."""
    handler = provisioners._RESOURCE_HANDLERS["AWS::SecretsManager::Secret"]
    create, update, delete = handler["create"], handler["update"], handler["delete"]

    def create_by_arn(logical_id: str, properties: Properties, stack: str) -> tuple[str, dict[str, Any]]:
        name, attributes = create(logical_id, properties, stack)
        if "SecretString" not in properties and "GenerateSecretString" not in properties:
            secretsmanager._secrets[name]["Versions"].clear()
        return attributes["Arn"], attributes

    def update_by_arn(arn: str, old: Properties, new: Properties, *rest: Any) -> tuple[str, dict[str, Any]]:  # noqa: ANN401
        _, attributes = update(_name(arn), old, new, *rest)
        return attributes["Arn"], attributes

    def delete_by_arn(arn: str, properties: Properties) -> None:
        delete(_name(arn), properties)

    handler.update(create=create_by_arn, update=update_by_arn, delete=delete_by_arn)


def _name(arn: str) -> str:
    """The secret's name: between `:secret:` and the six characters AWS appends."""
    return arn.split(":secret:", 1)[1].rsplit("-", 1)[0]
