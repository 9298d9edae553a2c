"""The measurement: as many genuine calls over the same time, first alone, then beside the flood.

What the calls themselves, the sweeps and this tool write is in both: the difference is what the forged
posts write.
"""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path
from typing import Final

from tools.verify.flood.forged import forged, kinds, made
from tools.verify.load.drain import GracePeriods
from tools.verify.load.measured import Bench, Run, measured
from tools.verify.load.plan import Plan, Send, event_id
from tools.verify.load.sending import Sent, Stream
from tools.verify.load.webhooks import Webhooks

LOG: Final = "postcall-local-intake.log"


@dataclasses.dataclass(frozen=True)
class Flood:
    """`forged` posts at `rate` a second; `genuine` calls evenly over the same time."""

    forged: int
    genuine: int
    rate: float

    @property
    def seconds(self) -> float:
        return self.forged / self.rate

    def calls(self, seed: int) -> Plan:
        """The genuine calls of a phase."""
        apart = self.seconds / self.genuine
        return Plan(tuple(Send(event_id(seed, number), number * apart) for number in range(self.genuine)))


@dataclasses.dataclass(frozen=True)
class Phases:
    """Both phases. `log_bytes`: what intake wrote to its log in each."""

    quiet: Run
    busy: Run
    flood: Sent
    log_bytes: tuple[int, int]


def measure(on: Bench, flood: Flood, *, logs: Path, grace_period: GracePeriods) -> Phases:
    """The quiet phase, then the flood. `logs` is the folder of the functions' logs."""
    posts = kinds(flood.forged)
    now = int(time.time())
    webhooks = Webhooks(secret=on.endpoints.webhook_secret, now=now)
    sent = Sent(flood.forged)
    beside = Stream(forged(posts, rate=flood.rate), made(posts, webhooks, now=now), sent)
    before = _size(logs)
    quiet = measured(on, flood.calls(seed=1), grace_period=grace_period)
    between = _size(logs)
    on.crm.reset()
    busy = measured(on, flood.calls(seed=2), grace_period=grace_period, beside=[beside])
    return Phases(quiet, busy, sent, (between - before, _size(logs) - between))


def _size(logs: Path) -> int:
    log = logs / LOG
    return log.stat().st_size if log.exists() else 0
