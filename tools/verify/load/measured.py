"""One measurement on a stack that is up: phase 1, the drain, phase 2. Scenarios and the short test share it."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager

from tools.local.endpoints import Endpoints
from tools.verify.load import sending
from tools.verify.load.audit import Findings, Lead, Stored, audited
from tools.verify.load.cpu import cpu_seconds
from tools.verify.load.crm import CrmWindow
from tools.verify.load.drain import Drained, GracePeriods, drain
from tools.verify.load.plan import Plan
from tools.verify.load.store import Store
from tools.verify.load.watch import Look, Watcher
from tools.verify.load.webhooks import Webhooks

TOLD_IDS = 5


@dataclasses.dataclass(frozen=True)
class Cost:
    """What was used up to a moment: CPU seconds by part, requests to the emulated AWS by operation, writes by table."""

    at: float
    cpu: dict[str, float]
    requests: dict[str, int]
    writes: dict[str, int] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Run:
    """All that a run leaves to be told. `costs`: before, after phase 1, after the drain.

    `drained_from`: when the drain began, Unix time: the end of phase 1, or of the outage.
    `told`: what the operator API says of the first few failed ids.
    """

    plan: Plan
    sent: sending.Sent
    looks: list[Look]
    drained: Drained
    drained_from: float
    findings: Findings
    leads: list[Lead]
    stored: dict[str, Stored]
    costs: tuple[Cost, Cost, Cost]
    body_bytes: int
    report: dict[str, str]


@dataclasses.dataclass(frozen=True)
class Bench:
    """Where a run takes place. `crm_pid` is asked for each time: the CRM may have been started anew."""

    endpoints: Endpoints
    store: Store
    crm: CrmWindow
    emulator_pid: int
    crm_pid: Callable[[], int | None]
    tell: Callable[[Look], None]


@contextmanager
def bench(
    endpoints: Endpoints, *, emulator_pid: int, crm_pid: Callable[[], int | None], tell: Callable[[Look], None]
) -> Iterator[Bench]:
    """A stack that is up, with connections to all of its sides.

    Raises:
        RuntimeError: Without the CRM simulator.
    """
    if endpoints.crm_admin_url is None:
        raise RuntimeError("The load run needs the CRM simulator.")
    with closing(Store(endpoints)) as store, closing(CrmWindow(endpoints.crm_admin_url)) as crm:
        yield Bench(endpoints, store, crm, emulator_pid, crm_pid, tell)


def measured(
    on: Bench,
    plan: Plan,
    *,
    then: Callable[[], None] = lambda: None,
    grace_period: GracePeriods,
    beside: Sequence[sending.Stream] = (),
) -> Run:
    """Send the plan and what comes `beside` it, do what comes `then` (an outage ends), wait for rest, find every id.

    What has no lead when the patience ends is reported as it stands.
    """
    sent = sending.Sent(len(plan.event_ids))
    webhooks = Webhooks(secret=on.endpoints.webhook_secret, now=int(time.time()))
    with Watcher(on.store, on.crm, sent, on.tell) as watch:
        before = _cost(on)
        sending.run(on.endpoints.webhook_url, sending.Stream(plan, webhooks.signed, sent), *beside)
        acknowledged = _cost(on)
        then()
        drained_from = time.time()
        drained = drain(watch, on.store, expected=len(plan.event_ids), grace_period=grace_period)
        after = _cost(on)
    leads, stored = on.crm.leads(), on.store.events()
    findings = audited(plan.event_ids, sent.acknowledged, leads, stored)
    return Run(
        plan=plan,
        sent=sent,
        looks=watch.looks,
        drained=drained,
        drained_from=drained_from,
        findings=findings,
        leads=leads,
        stored=stored,
        costs=(before, acknowledged, after),
        body_bytes=webhooks.size,
        report={name: on.store.report(name) for name in findings.named[:TOLD_IDS]},
    )


def _cost(on: Bench) -> Cost:
    return Cost(time.monotonic(), cpu_seconds(on.emulator_pid, on.crm_pid()), on.store.requests(), on.store.writes())
