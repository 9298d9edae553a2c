"""The calls that are sent: their size, and ids that tell the scenario."""

from __future__ import annotations

import json

from tools.verify.peers.calls import BODY_BYTES, envelope, event_id, of_scenario


def test_a_body_has_the_size_it_is_said_to_have() -> None:
    assert abs(len(json.dumps(envelope(event_id("one", 1)))) - BODY_BYTES) < 2_000


def test_an_id_has_the_length_of_elevenlabs_own_and_tells_its_scenario() -> None:
    assert len(event_id("kill", 123)) == len("conv_") + 28
    assert event_id("kill", 123).startswith(of_scenario("kill"))
    assert not event_id("killed", 1).startswith(of_scenario("kill"))
