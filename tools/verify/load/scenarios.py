"""The two scenarios, each on a fresh stack under a limited CRM: a steady stream, and a burst behind an outage."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from tools.local.progress import Progress
from tools.local.waiting import wait_until
from tools.verify.load import sending
from tools.verify.load.crm import CrmLimit
from tools.verify.load.drain import GracePeriods
from tools.verify.load.measured import Bench, Run, bench, measured
from tools.verify.load.own_stack import OwnStack, own_stack
from tools.verify.load.plan import planned
from tools.verify.load.watch import Look
from tools.verify.load.webhooks import Webhooks

WARM_UP_EVENTS = 8
WARM_UP_SEED = -1
SECONDS_TO_SETTLE = 900.0
POLL_SECONDS = 0.5
# As on AWS: the local stack's own minute is for demonstrations, and would send a whole backlog again each minute.
SLOW_SWEEPS = {"RECONCILIATION_STALLED_AFTER_SECONDS": "900", "RECONCILIATION_RETRYING_AFTER_SECONDS": "9000"}

Outage = Literal["refused", "http_503"]


@dataclasses.dataclass(frozen=True)
class Steady:
    """`rate` events a second for `seconds`."""

    rate: float
    seconds: float
    crm: CrmLimit


@dataclasses.dataclass(frozen=True)
class Burst:
    """`events` at `rate` a second while the CRM is away; `receives` is the dispatch queue's, None as it is deployed."""

    events: int
    rate: float
    outage: Outage
    receives: int | None
    crm: CrmLimit


@dataclasses.dataclass(frozen=True)
class Place:
    """Where and how a scenario runs."""

    directory: Path
    seed: int
    grace_period: GracePeriods
    progress: Progress
    tell: Callable[[Look], None]


def steady(chosen: Steady, place: Place) -> Run:
    """Events as they come on a busy day, more slowly taken by the CRM than it could be asked."""
    with at_place(place, chosen.crm.settings) as (_, on):
        on.crm.limit(chosen.crm)
        plan = planned(events=round(chosen.rate * chosen.seconds), rate=chosen.rate, seed=place.seed)
        return measured(on, plan, grace_period=place.grace_period)


def burst(chosen: Burst, place: Place) -> Run:
    """Everything piles up behind a CRM that is away; then it comes back, as limited as it was."""
    with at_place(place, chosen.crm.settings) as (stack, on):
        stack.change_variables("reconciliation", SLOW_SWEEPS)
        if chosen.receives is not None:
            stack.set_receives(chosen.receives)
        if chosen.outage == "refused":
            stack.stop_crm()
        else:
            on.crm.fail(chosen.outage)

        def end_of_the_outage() -> None:
            _settle(lambda: on.store.depths().analysis == 0, "every call is analysed")
            if chosen.outage == "refused":
                stack.start_crm()
            else:
                on.crm.recover()
            on.crm.limit(chosen.crm)
            place.progress.say("The CRM is back.")

        plan = planned(events=chosen.events, rate=chosen.rate, seed=place.seed)
        return measured(on, plan, then=end_of_the_outage, grace_period=place.grace_period)


@contextmanager
def at_place(
    place: Place, settings: Mapping[str, str], *, intake: Mapping[str, str] | None = None
) -> Iterator[tuple[OwnStack, Bench]]:
    """A stack of its own, warm and with an empty CRM. `intake` are variables that no shell sets."""
    with (
        own_stack(place.directory, settings, place.progress) as stack,
        bench(stack.endpoints, emulator_pid=stack.emulator, crm_pid=lambda: stack.crm, tell=place.tell) as on,
    ):
        if intake:
            stack.change_variables("intake", intake)
        with place.progress.step(f"Warming up with {WARM_UP_EVENTS} calls"):
            _warm(on)
        yield stack, on


def _warm(on: Bench) -> None:
    """A few calls through the whole way, so that cold starts are not measured as load."""
    plan = planned(events=WARM_UP_EVENTS, rate=WARM_UP_EVENTS, seed=WARM_UP_SEED)
    webhooks = Webhooks(secret=on.endpoints.webhook_secret, now=int(time.time()))
    sending.run(on.endpoints.webhook_url, sending.Stream(plan, webhooks.signed, sending.Sent(WARM_UP_EVENTS)))
    _settle(lambda: on.crm.count() >= WARM_UP_EVENTS, "the warm-up has become leads")
    on.crm.reset()


def _settle(true: Callable[[], bool], what: str) -> None:
    wait_until(true, what=what, seconds=SECONDS_TO_SETTLE, poll=POLL_SECONDS)
