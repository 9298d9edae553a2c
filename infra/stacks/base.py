"""What every stack of Postcall has in common: its name, its account, its zones and its tags."""

from collections.abc import Sequence
from typing import Literal

import aws_cdk as cdk
import jsii
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
            tags={"project": "postcall", "environment": environment.name},
        )

    @property
    @jsii.member(jsii_name="availabilityZones")
    def availability_zones(self) -> list[str]:
        return self._zones

    def output(self, name: str, value: str, description: str) -> None:
        cdk.CfnOutput(self, name, value=value, description=description)


def comma_separated(values: Sequence[str]) -> str:
    return cdk.Fn.join(",", list(values))
