"""An Elastic IP serves one NAT gateway, and a subnet's range is its own: what is replaced is made before the old goes.

Sources: VPC's user guide, "Troubleshoot NAT gateways" and "Subnet CIDR blocks" ("The CIDR block cannot overlap with
any existing CIDR block"); CloudFormation's "Update behaviors of stack resources" (a replacement is created first).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable


def refused_gateway(allocation_id: str | None, *, held: Iterable[str]) -> str | None:
    """EC2's sentence about a new NAT gateway's address; `held` are those of the gateways that there are."""
    if allocation_id is not None and allocation_id in held:
        return f"Elastic IP address [{allocation_id}] is already associated (Resource.AlreadyAssociated)"
    return None


def refused_subnet(cidr: str | None, *, neighbours: Iterable[str]) -> str | None:
    """EC2's sentence about a new subnet's range; `neighbours` are those of the network's other subnets."""
    if cidr is not None and any(_network(cidr).overlaps(_network(each)) for each in neighbours):
        return f"The CIDR '{cidr}' conflicts with another subnet (InvalidSubnet.Conflict)"
    return None


def _network(cidr: str) -> ipaddress.IPv4Network:
    return ipaddress.IPv4Network(cidr, strict=False)
