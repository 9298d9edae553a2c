"""The CRM that takes so many requests a second, and no more."""

from __future__ import annotations

import json

from tools.simulators.crm.background import Background
from tools.simulators.crm.limit import RateLimit
from tools.simulators.crm.profiles import LANDING_ID, changed, configuration
from tools.simulators.crm.service import SERVICE, Service
from tools.simulators.http.messages import Request


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_second_s_worth_passes_at_once_and_then_the_rate() -> None:
    clock = Clock()
    limit = RateLimit(clock)
    assert [limit.admits(3) for _ in range(4)] == [True, True, True, False]
    clock.now = 0.4
    assert [limit.admits(3) for _ in range(2)] == [True, False]
    clock.now = 100
    assert [limit.admits(3) for _ in range(4)] == [True, True, True, False]


def test_without_a_rate_everything_passes() -> None:
    limit = RateLimit(Clock())
    assert all(limit.admits(0) for _ in range(1_000))


def test_a_request_too_many_is_answered_429_with_retry_after_and_saves_nothing() -> None:
    service = Service(changed(configuration("as-in-the-letter"), {"max_requests_per_second": 1.0}), Background(print))
    fields = [{"name": "UsrEventId", "value": "conv_invented"}]
    body = json.dumps({"landingId": LANDING_ID, "fields": fields, "contactFields": []}).encode()
    headers = {"content-type": "application/json", "origin": "https://mir.utlik.pro"}
    request = Request("POST", f"{service.config.base_path}{SERVICE}", headers, body)
    answers = [service.answer(request) for _ in range(2)]
    assert [answer.status for answer in answers if answer] == [200, 429]
    assert answers[1] is not None
    assert ("Retry-After", "1") in answers[1].headers
    assert service.records.lead_count == 1
    service.background.close()
