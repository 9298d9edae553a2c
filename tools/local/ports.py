"""Ports on loopback: the ones of last time when they are free, so that a bookmarked address goes on working."""

from __future__ import annotations

import dataclasses
import socket
from typing import TYPE_CHECKING

from postcall.settings import SettingError
from tools.local.private_file import read_json, write_json

if TYPE_CHECKING:
    from pathlib import Path

HOST = "127.0.0.1"


@dataclasses.dataclass(frozen=True)
class Ports:
    """Where everything listens."""

    api: int
    aws: int
    crm: int
    crm_admin: int
    elevenlabs: int
    elevenlabs_admin: int


def choose_ports(remembered: Path, *, api: int | None) -> Ports:
    """Free ports, written down; `api` is the one asked for.

    Raises:
        SettingError: That one is taken.
    """
    if api is not None and not is_free(api):
        raise SettingError(f"POSTCALL_PORT: port {api} is taken.")
    before = read_json(remembered)
    chosen: dict[str, int] = {"api": api} if api is not None else {}
    for field in dataclasses.fields(Ports):
        if field.name not in chosen:
            chosen[field.name] = _port(before.get(field.name), taken=set(chosen.values()))
    write_json(remembered, chosen)
    return Ports(**chosen)


def running_ports(remembered: Path) -> Ports:
    """The ports of the stack that is up; one that it does not have yet, being of an earlier version, is a free one."""
    kept = {name: port for name, port in read_json(remembered).items() if name in Ports.__dataclass_fields__}
    missing = {field.name for field in dataclasses.fields(Ports)} - set(kept)
    for name in sorted(missing):
        kept[name] = _port(None, taken=set(kept.values()))
    if missing:
        write_json(remembered, kept)
    return Ports(**kept)


def is_free(port: int) -> bool:
    """Whether nobody listens there, connections that are still closing aside."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def _port(before: object, *, taken: set[int]) -> int:
    if isinstance(before, int) and before not in taken and is_free(before):
        return before
    while True:
        port = free_port()
        if port not in taken:
            return port


def free_port() -> int:
    """A port on loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
