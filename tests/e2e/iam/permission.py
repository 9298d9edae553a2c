"""A permission as the sweep takes it away: one action of one role on one resource."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from infra.names import STEPS, Names, Step
from infra.resources.permissions import grants
from tools.local.aws import ACCOUNT, REGION

NAMES = Names("local", ACCOUNT, REGION)
KEY = "the environment's key"


@dataclass(frozen=True)
class Permission:
    """`place` is the resource in short: `webhook_events`, `webhook_events/by_day`, `analysis`, `payloads/*`, …"""

    step: Step
    action: str
    place: str
    resource: str

    def __str__(self) -> str:
        return f"{self.step} {self.action} {self.place}"


def permissions() -> list[Permission]:
    """All that the roles allow, one by one."""
    return [
        Permission(step, action, place(resource), resource)
        for step in STEPS
        for grant in grants(step, NAMES, KEY)
        if grant.allow
        for action in grant.actions
        for resource in grant.resources
    ]


def place(resource: str) -> str:
    """A resource without its ARN's head, its kind where that is plain, and our prefix."""
    if not resource.startswith("arn:"):
        return resource
    tail = resource.split(":", 5)[5].removeprefix("table/").removeprefix("secret:postcall/local/")
    tail = tail.removeprefix(f"{NAMES.payload_bucket}/").removesuffix("-??????").replace("/index/", "/")
    return tail.replace("postcall-local-", "")


def without(policy: dict[str, Any], taken: Permission) -> dict[str, Any]:
    """The policy with that one action on that one resource gone, and everything else as it was."""
    left = [
        {**statement, "Action": action, "Resource": resource}
        for statement in policy["Statement"]
        for action in _listed(statement["Action"])
        for resource in _listed(statement["Resource"])
        if statement["Effect"] == "Deny" or (action, resource) != (taken.action, taken.resource)
    ]
    return {**policy, "Statement": left}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
