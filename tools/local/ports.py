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
    """Whether nobody listens there, connections that are closing left out. A free port is reserved, as below."""
    try:
        _reserved(port)
    except OSError:
        return False
    return True


def free_port() -> int:
    """A port on loopback that nobody has, and nobody is given by the system for a minute: only a server that asks
    for this one (with SO_REUSEADDR, as servers do) can listen there.
    """
    return _reserved(0)


def _port(before: object, *, taken: set[int]) -> int:
    if isinstance(before, int) and before not in taken and is_free(before):
        return before
    while True:
        port = free_port()
        if port not in taken:
            return port


def _reserved(port: int) -> int:
    """Leave a connection at the port that waits for its last packets: the system chooses another for all who ask it
    for any, as a client's own end of a connection does, which would otherwise take the port before its server starts.
    """
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((HOST, port))
        server.listen()
        with socket.create_connection(server.getsockname()) as client:
            peer = None
            while peer != client.getsockname():  # a page of last time may ask here, too
                accepted, peer = server.accept()
                accepted.close()  # the end that closes first is the one that waits
            client.recv(1)
        reserved: int = server.getsockname()[1]
    return reserved
