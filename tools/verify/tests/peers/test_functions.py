"""The receivers of one function each, on the emulated AWS: they take a webhook, and the plain one makes its lead."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.simulators.elevenlabs.delivery import post, signed
from tools.verify.peers.calls import SECRET, envelope, event_id
from tools.verify.peers.compare import Found
from tools.verify.peers.crm import CrmStub
from tools.verify.peers.functions import Floor, FunctionPeer, PlainFunction
from tools.verify.peers.measure import Speed
from tools.verify.peers.report import figures


@pytest.mark.parametrize(("peer", "leads"), [(PlainFunction, 1), (Floor, 0)])
def test_a_webhook_is_acknowledged(peer: Callable[[], FunctionPeer], leads: int, tmp_path: Path) -> None:
    system = peer()
    system.home = tmp_path / "home"
    message = signed(envelope(event_id("one", 1)), secret=SECRET, at=time.time())
    with CrmStub(tmp_path / "crm.log") as crm:
        try:
            system.start(crm.url)
            assert [post(system.url, message) for _ in range(2)] == [200, 200]
            assert len(crm.leads()) == leads
        finally:
            system.stop()


def test_the_acknowledgement_is_held_against_the_floor() -> None:
    def of(alone: float) -> Found:
        return Found("", {}, Speed(30.0, 30.0, alone, 1.0, 1.0, 0, {}, {}), None)

    assert figures({"floor": of(10.0), "postcall": of(14.0)})["postcall_ack_times_floor"] == 1.4
