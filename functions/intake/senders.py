"""Who sends a webhook, by its address: what ElevenLabs refuses us must not be crowded out by what strangers send.

An address proves nothing (other customers of ElevenLabs send from the same), so it opens nothing: it only tells which
share of the quarantine and which alarm a refused webhook has.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, ip_address
from typing import Final

# What ElevenLabs publishes ("Post-call webhooks", static IP addresses); an account without data residency has all six.
PUBLISHED: Final[dict[str, tuple[str, ...]]] = {
    "default": (
        *("34.67.146.145/32", "34.59.11.47/32"),
        *("35.204.38.71/32", "34.147.113.54/32"),
        *("35.185.187.110/32", "35.247.157.189/32"),
    ),
    "eu_residency": ("34.77.234.246/32", "34.140.184.144/32"),
    "in_residency": ("34.93.26.174/32", "34.93.252.69/32"),
    "sg_residency": ("34.87.23.17/32", "34.126.179.103/32"),
}
Networks = tuple[IPv4Network, ...]


def parse_networks(text: str) -> Networks:
    """Addresses such as 34.67.146.145 or 34.67.146.0/24 with commas between them.

    Raises:
        ValueError: A part is no IPv4 address or network.
    """
    return tuple(IPv4Network(part.strip()) for part in text.split(",") if part.strip())


def published() -> Networks:
    """All that ElevenLabs publishes."""
    return parse_networks(",".join(address for kind in PUBLISHED.values() for address in kind))


def is_of(source_ip: str, networks: Iterable[IPv4Network]) -> bool:
    """Whether an address lies in one of the networks; what is no address lies in none."""
    try:
        address = ip_address(source_ip)
    except ValueError:
        return False
    return any(address in network for network in networks)
