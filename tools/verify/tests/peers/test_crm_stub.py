"""The stub that counts the leads, over its own sockets."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tools.verify.peers.calls import event_id
from tools.verify.peers.crm import CrmStub
from tools.verify.peers.crm_stub import Behaviour

QUICK = Behaviour(lead_seconds=0)


@pytest.fixture
def crm(tmp_path: Path) -> Iterator[CrmStub]:
    with CrmStub(tmp_path / "log") as stub:
        stub.behave(QUICK)
        yield stub


def post(crm: CrmStub, event: str, *, timeout: float = 5) -> httpx.Response:
    body = {"fields": [{"name": "UsrEventId", "value": event}]}
    return httpx.post(crm.url, json=body, timeout=timeout, trust_env=False)


def test_every_body_is_a_lead_of_its_event(crm: CrmStub) -> None:
    one, other = event_id("a", 1), event_id("a", 2)
    for event in (one, other, one):
        assert post(crm, event).is_success

    assert crm.leads() == [one, other, one]


def test_a_late_answer_has_its_lead_in_time(crm: CrmStub) -> None:
    crm.behave(Behaviour(lead_seconds=0, late_times=1, late_seconds=1))

    with pytest.raises(httpx.ReadTimeout):
        post(crm, event_id("late", 1), timeout=0.3)

    assert crm.leads() == [event_id("late", 1)]


def test_only_so_many_answers_for_an_event_are_late(crm: CrmStub) -> None:
    event = event_id("late", 1)
    crm.behave(Behaviour(lead_seconds=0, late_times=1, late_seconds=1))
    with pytest.raises(httpx.ReadTimeout):
        post(crm, event, timeout=0.3)

    assert post(crm, event, timeout=0.9).is_success
    assert crm.leads() == [event, event]


def test_when_it_is_down_it_refuses_connections_until_it_is_up_again(crm: CrmStub) -> None:
    crm.behave(Behaviour(down=True))
    with pytest.raises(httpx.ConnectError):
        post(crm, event_id("down", 1))
    crm.behave(QUICK)

    assert post(crm, event_id("down", 1)).is_success
    assert crm.leads() == [event_id("down", 1)]


def test_it_makes_no_more_leads_at_a_time_than_it_may(crm: CrmStub) -> None:
    crm.behave(Behaviour(lead_seconds=0.1, at_once=1))
    begun = time.monotonic()
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda number: post(crm, event_id("slow", number)), range(3)))

    assert time.monotonic() - begun >= 0.3
    assert (len(crm.leads()), crm.in_flight()) == (3, 0)
