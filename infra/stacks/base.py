"""What every stack of Postcall has in common: its name, its account, its zones and its tags."""

from collections.abc import Sequence
from typing import Literal

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.environments import Environment
from infra.names import Lifetime


class PostcallStack(cdk.Stack):
    """A stack named after its lifetime; explicit zones keep the synthesis off the network."""

    def __init__(
        self,
        scope: Construct,
        lifetime: Lifetime | Literal["ci"],
        environment: Environment,
        *,
        description: str,
        protected: bool,
    ) -> None:
        self._zones = list(environment.availability_zones)
        name = environment.names.stack(lifetime)
        super().__init__(
            scope,
            name,
            stack_name=name,
            description=description,
            env=cdk.Environment(account=environment.account, region=environment.region),
            termination_protection=protected,
            tags={**environment.tags, "project": "postcall", "environment": environment.name},
            synthesizer=cdk.DefaultStackSynthesizer(qualifier=environment.bootstrap_qualifier),
        )
        if environment.permissions_boundary is not None:
            boundary = iam.ManagedPolicy.from_managed_policy_arn(self, "Boundary", environment.permissions_boundary)
            iam.PermissionsBoundary.of(self).apply(boundary)

    @property
    @jsii.member(jsii_name="availabilityZones")
    def availability_zones(self) -> list[str]:
        return self._zones

    def output(self, name: str, value: str, description: str) -> None:
        cdk.CfnOutput(self, name, value=value, description=description)


def comma_separated(values: Sequence[str]) -> str:
    return cdk.Fn.join(",", list(values))
