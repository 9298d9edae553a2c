"""What the console asks of AWS for its pages: a bounded number of reads, stated in docs/console.md."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

import functions.operations.handler
from tests.support.in_process import http_event
from tools.simulators.crm.simulator import CrmSimulator
from tools.verify.bench.counting import counted
from tools.verify.bench.fill import event_id, fill
from tools.verify.bench.sandbox import TOKEN, BenchHarness, sandbox

EVENTS = 300
Ask = Callable[[BenchHarness], Any]


def search(query: str) -> Ask:
    body = json.dumps({"query": query}).encode()
    event = http_event("POST", "/api/search", body, {"Authorization": f"Bearer {TOKEN}"})
    return lambda _ours: functions.operations.handler.handler(event, None)


MOST: dict[str, tuple[Ask, int]] = {
    "list": (lambda ours: ours.call_api("/api/events"), 2),
    "a filtered list": (lambda ours: ours.call_api("/api/events", quality="1"), 41),
    "a phone": (search("+375291234567"), 64),
    "a name": (search("Ivan"), 64),
    "the beginning of an id": (search(event_id(7)[:12]), 64),
    "groups": (lambda ours: ours.call_api("/api/attention"), 100),
    "numbers of a month": (lambda ours: ours.call_api("/api/numbers", days="31"), 72),
}


@pytest.mark.parametrize("name", MOST)
def test_a_page_of_the_console_asks_for_a_bounded_number_of_reads(name: str) -> None:
    ask, most = MOST[name]
    with CrmSimulator() as crm, counted() as requests, sandbox(crm.service_url) as ours:
        fill(ours, EVENTS)
        ours.call_api("/api/events")
        requests.begin()
        assert ask(ours)["statusCode"] == 200
        assert 0 < requests.operations.total() <= most, requests.text
