"""The address the CRM's firewall knows: it outlives every other stack, whatever is destroyed or rebuilt.

Termination protection is on in every environment and the addresses are retained: a new address means a letter to the
CRM's owner and days without leads.
"""

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.environments import Environment
from infra.resources.tables import removal
from infra.stacks.base import PostcallStack, comma_separated


class AddressStack(PostcallStack):
    """One Elastic IP per NAT gateway."""

    def __init__(self, scope: Construct, environment: Environment) -> None:
        super().__init__(
            scope,
            "address",
            environment,
            description="Postcall: the static addresses that leads are sent from",
            protected=True,
        )
        addresses = [self._address(number, environment) for number in range(1, environment.network.nat_gateways + 1)]
        self.allocation_ids = [address.attr_allocation_id for address in addresses]
        self.output("StaticIps", comma_separated([each.ref for each in addresses]), "For the CRM's allowlist")

    def _address(self, number: int, environment: Environment) -> ec2.CfnEIP:
        address = ec2.CfnEIP(
            self,
            f"Address{number}",
            domain="vpc",
            tags=[cdk.CfnTag(key="Name", value=f"{environment.names.prefix}-{number}")],
        )
        address.apply_removal_policy(removal(protected=True))
        return address
