"""Where a host name may lead: into the public internet, and on a developer's machine to that machine itself.

A name is resolved once and its address used as it is, so that a name cannot lead elsewhere between check and use.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Thread

from postcall.domain.said import said
from postcall.settings import LOOPBACK_HOSTS

Address = tuple[socket.AddressFamily, str, int]
Resolve = Callable[[str, int, float], list[Address]]
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class AddressRefusedError(OSError):
    """The name leads only to addresses that no outside system has."""


def resolve(host: str, port: int, seconds: float) -> list[Address]:
    """The host's addresses, within `seconds`.

    Raises:
        OSError: (also.
        TimeoutError: ).
    """
    with suppress(OSError, UnicodeError):  # an address needs no look-up, and no thread
        return _looked_up(host, port, socket.AI_NUMERICHOST)
    found: list[Address] = []
    errors: list[Exception] = []

    def ask() -> None:
        try:
            found.extend(_looked_up(host, port))
        except (OSError, UnicodeError) as error:
            errors.append(error)

    # The system's resolver knows no time-out; a thread that still waits holds nothing and nobody.
    thread = Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise socket.gaierror(said("http.unresolved", error=type(errors[0]).__name__))
    if thread.is_alive() or not found:
        raise TimeoutError(said("http.resolved_late"))
    return found


def _looked_up(host: str, port: int, flags: int = 0) -> list[Address]:
    """Raises `OSError` and `UnicodeError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    return [(family, str(where[0]), port) for family, _, _, _, where in found]


def permitted(host: str, addresses: list[Address]) -> list[Address]:
    """Those that may be connected to.

    Raises:
        AddressRefusedError: There is none.
    """
    local = host in LOOPBACK_HOSTS
    allowed = [each for each in addresses if (is_loopback(each[1]) if local else is_public(each[1]))]
    if not allowed:
        raise AddressRefusedError(said("http.not_public", host=host))
    return allowed


def is_public(address: str) -> bool:
    """Whether the address is of the public internet: not private, link-local, loopback, shared or reserved."""
    found = _plain(address)
    return found.is_global and not found.is_multicast


def is_loopback(address: str) -> bool:
    """Whether the address is this machine's own."""
    return _plain(address).is_loopback


def _plain(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The address itself, or the IPv4 address that an IPv6 one stands for."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found in _NAT64:
            return ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        return found.ipv4_mapped or found.sixtofour or found
    return found
