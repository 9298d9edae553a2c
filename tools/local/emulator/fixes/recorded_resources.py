"""Restores the deployment of the very template that goes to AWS: resource types ministack cannot make are recorded.

Each answers `Ref` and `Fn::GetAtt` plausibly and is logged by name; nothing else happens. What they would do (egress
through a NAT gateway, a budget's mail) only a deployment to AWS shows. Any other unknown type is refused, as before.
"""
# ruff: noqa: SLF001 — the gaps are closed from outside, in ministack's private functions

from __future__ import annotations

import hashlib
import itertools
import logging
import secrets
from collections.abc import Callable
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services.cloudformation import provisioners

logger = logging.getLogger("recorded-only")

Properties = dict[str, Any]
Made = tuple[str, dict[str, str]]
Describe = Callable[[str, Properties], Made]


def install() -> None:
    """Give each type that has no provisioner a recorder."""
    for kind, describe in RECORDED.items():
        provisioners._RESOURCE_HANDLERS.setdefault(kind, _recorder(kind, describe))
    _record_elastic_ips()
    _record_alarms_over_several_metrics()


def _recorder(kind: str, describe: Describe) -> dict[str, Any]:
    def create(logical_id: str, properties: Properties, stack: str) -> Made:
        logger.warning("%s (%s in %s) is recorded only: nothing is created here", kind, logical_id, stack)
        return describe(f"{stack}/{logical_id}", properties)

    def update(physical_id: str, _old: Properties, new: Properties, stack: str, logical_id: str) -> Made:
        return physical_id, describe(f"{stack}/{logical_id}", new)[1]

    def delete(physical_id: str, _properties: Properties) -> None:
        logger.info("%s %s was recorded only: nothing is deleted", kind, physical_id)

    return {"create": create, "update": update, "update_with_logical_id": True, "delete": delete}


def _digest(name: str) -> str:
    """Seventeen hexadecimal digits, the same for the same resource at each deployment."""
    return hashlib.sha256(name.encode()).hexdigest()[:17]


def _record_elastic_ips() -> None:
    """Addresses of TEST-NET-3 (RFC 5737), which belong to nobody; one that was released never comes back."""
    kind, addresses = "AWS::EC2::EIP", itertools.cycle(secrets.SystemRandom().sample(range(1, 255), 254))

    def attributes(address: str) -> dict[str, str]:
        return {"PublicIp": address, "AllocationId": f"eipalloc-{_digest(address)}"}

    def create(_logical_id: str, _properties: Properties, _stack: str) -> Made:
        address = f"203.0.113.{next(addresses)}"
        return address, attributes(address)

    def update(address: str, *_others: object) -> Made:
        return address, attributes(address)

    provisioners._RESOURCE_HANDLERS[kind] = {**_recorder(kind, _named("Name")), "create": create, "update": update}


def _numbered(prefix: str, attribute: str) -> Describe:
    def describe(name: str, _properties: Properties) -> Made:
        identifier = f"{prefix}-{_digest(name)}"
        return identifier, {attribute: identifier}

    return describe


def _named(name_property: str, arn: str = "") -> Describe:
    """A type whose `Ref` is its name and which may have an `Arn`, given as `service:kind`."""

    def describe(name: str, properties: Properties) -> Made:
        own = str(properties.get(name_property) or name.replace("/", "-"))
        service, _, kind = arn.partition(":")
        return own, {"Arn": f"arn:aws:{service}:{get_region()}:{get_account_id()}:{kind}:{own}"} if arn else {}

    return describe


def _budget(name: str, properties: Properties) -> Made:
    own = (properties.get("Budget") or {}).get("BudgetName") or name.replace("/", "-")
    return str(own), {}


def _identity_provider(_name: str, properties: Properties) -> Made:
    arn = f"arn:aws:iam::{get_account_id()}:oidc-provider/{str(properties['Url']).removeprefix('https://')}"
    return arn, {"Arn": arn}


RECORDED: dict[str, Describe] = {
    "AWS::EC2::EIPAssociation": _numbered("eipassoc", "Id"),
    "AWS::EC2::NatGateway": _numbered("nat", "NatGatewayId"),
    "AWS::EC2::FlowLog": _numbered("fl", "Id"),
    "AWS::EC2::SecurityGroupIngress": _numbered("sgr", "Id"),
    "AWS::EC2::SecurityGroupEgress": _numbered("sgr", "Id"),
    "AWS::EC2::NetworkAcl": _numbered("acl", "Id"),
    "AWS::EC2::NetworkAclEntry": _numbered("aclentry", "Id"),
    "AWS::EC2::SubnetNetworkAclAssociation": _numbered("aclassoc", "AssociationId"),
    "AWS::EC2::VPCCidrBlock": _numbered("vpc-cidr-assoc", "Id"),
    "AWS::Budgets::Budget": _budget,
    "AWS::CloudWatch::CompositeAlarm": _named("AlarmName", "cloudwatch:alarm"),
    "AWS::CloudWatch::AnomalyDetector": _numbered("anomaly", "Id"),
    "AWS::CloudWatch::InsightRule": _named("RuleName", "cloudwatch:insight-rule"),
    "AWS::Logs::QueryDefinition": _numbered("query", "QueryDefinitionId"),
    "AWS::Logs::AccountPolicy": _named("PolicyName"),
    "AWS::SecretsManager::ResourcePolicy": _numbered("policy", "Id"),
    "AWS::SecretsManager::RotationSchedule": _numbered("rotation", "Id"),
    "AWS::WAFv2::WebACLAssociation": _numbered("association", "Id"),
    "AWS::WAFv2::LoggingConfiguration": _numbered("logging", "Id"),
    "AWS::CloudTrail::Trail": _named("TrailName", "cloudtrail:trail"),
    "AWS::Backup::BackupSelection": _numbered("selection", "SelectionId"),
    "AWS::ResourceGroups::Group": _named("Name", "resource-groups:group"),
    "AWS::Synthetics::Canary": _named("Name"),
    "AWS::IAM::OIDCProvider": _identity_provider,
    "AWS::IAM::ServiceLinkedRole": _named("AWSServiceName"),
}


def _record_alarms_over_several_metrics() -> None:
    """An alarm can watch one metric here; one with metric math is recorded."""
    kind = "AWS::CloudWatch::Alarm"
    alarm, recorder = provisioners._RESOURCE_HANDLERS[kind], _recorder(kind, _named("AlarmName", "cloudwatch:alarm"))
    create, update, delete = alarm["create"], alarm["update"], alarm["delete"]

    def create_either(logical_id: str, properties: Properties, stack: str) -> Any:  # noqa: ANN401 — ministack's
        return (recorder["create"] if properties.get("Metrics") else create)(logical_id, properties, stack)

    def update_either(physical_id: str, old: Properties, new: Properties, *rest: Any) -> Any:  # noqa: ANN401 — same
        either = recorder["update"] if old.get("Metrics") or new.get("Metrics") else update
        return either(physical_id, old, new, *rest)

    def delete_either(physical_id: str, properties: Properties) -> Any:  # noqa: ANN401 — the same
        return (recorder["delete"] if properties.get("Metrics") else delete)(physical_id, properties)

    alarm.update(create=create_either, update=update_either, delete=delete_either)
