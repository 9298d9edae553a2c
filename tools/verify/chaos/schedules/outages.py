"""Schedules in which something is away, or throttles, for everybody."""

from __future__ import annotations

from tools.verify.chaos.rules import store_throttled
from tools.verify.chaos.schedule import Act, schedule
from tools.verify.chaos.stage import ACKNOWLEDGED, Stage
from tools.verify.chaos.waiting import Unexpected, wait_until

CALLS = 8
KILLS = 3
VENDORS_TRIES = 5
OUTAGE_REQUESTS = 10_000


@schedule(Act.STORM)
def the_store_throttles_forty_percent(stage: Stage) -> None:
    """For a while DynamoDB throttles 40 % of everybody's calls: each call of the day becomes one lead all the same."""
    events = [stage.event() for _ in range(CALLS)]
    with stage.fault("calls of the store throttled", store_throttled(share=0.4, seconds=10)):
        for event in events:
            _deliver_until_taken(stage, event)
        stage.rests(sweeping=True)


@schedule(Act.OUTAGE)
def the_crm_is_down_and_workers_are_killed(stage: Stage) -> None:
    """The CRM is down, the circuit opens, dispatch is killed again and again; the CRM comes back: one lead each."""
    crm, events = stage.stack.crm, [stage.event() for _ in range(CALLS)]
    crm.fail("http_503", count=OUTAGE_REQUESTS)
    try:
        for event in events:
            stage.deliver(event)
        wait_until(lambda: _breaker(stage) == "open", what="the circuit to the CRM is open", poll=0.5)
        for _ in range(KILLS):
            stage.kill("dispatch")
        stage.injected["503 answers"] += sum(1 for request in crm.requests() if request.event_id in events)
    finally:
        crm.mend()
    stage.rests(sweeping=True)


def _breaker(stage: Stage) -> str:
    return str(stage.stack.call_api("GET", "/api/health").json()["breaker"]["state"])


def _deliver_until_taken(stage: Stage, event: str) -> None:
    for _ in range(VENDORS_TRIES):
        if stage.deliver(event)[-1] == ACKNOWLEDGED:
            return
    raise Unexpected(f"{event} was never taken in")
