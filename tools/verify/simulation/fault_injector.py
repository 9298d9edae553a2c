"""Which faults a schedule holds, how often they strike and when they last: drawn from the seed, each from its own dice.

A schedule draws a few kinds and leaves the others out ("swarm testing"): faults that always come together hide each
other. Each kind has a generator of its own, so that leaving one out does not change when the others strike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from random import Random
from typing import TypeVar

from tools.verify.simulation.faults import LASTING, Fault
from tools.verify.simulation.kernel import HOUR, MINUTE, Kernel

T = TypeVar("T")
SHARES = (0.0, 0.06, 0.15, 0.4)  # of the kinds that are in a schedule
RATES = (0.01, 0.04, 0.15, 0.5)  # of the occasions at which a kind strikes
RARE = {
    Fault.CRASH_BEFORE_CALL: 0.1,  # its occasions are many
    Fault.CRASH_AFTER_CALL: 0.1,
    Fault.CRASH_WITHIN_BATCH: 0.3,
    Fault.WORKER_FROZEN: 0.1,
    Fault.QUEUE_PURGED: 0.1,
    Fault.MESSAGE_EXPIRED: 0.3,
    Fault.OPERATOR_FORCES: 0.2,
    Fault.OPERATOR_CLOSES: 0.1,
    Fault.OPERATOR_ERASES: 0.1,
    Fault.RECORD_REFUSED: 0.1,
    Fault.POISON_CALL: 0.3,
}
# How often a kind strikes at most: what people and ElevenLabs do must not be an occasion for ever more of it.
MOST = 60
FEW = dict.fromkeys(
    (
        Fault.OPERATOR_RESENDS,
        Fault.OPERATOR_FORCES,
        Fault.OPERATOR_CLICKS_TWICE,
        Fault.OPERATOR_RESOLVES,
        Fault.OPERATOR_REDRIVES,
        Fault.OPERATOR_CONTINUES,
        Fault.OPERATOR_WITHDRAWS,
        Fault.OPERATOR_CLOSES,
        Fault.OPERATOR_REANALYZES,
        Fault.OPERATOR_ERASES,
        Fault.OPERATOR_USES_REVISION,
        Fault.WEBHOOK_REPEATED,
        Fault.WEBHOOK_REVISED,
    ),
    8,
)


class FaultInjector:
    """Strikes while `raging`; afterwards the sky is clear. `without` leaves kinds out, to find the ones that matter."""

    def __init__(self, seed: str, kernel: Kernel, *, span: int, without: Collection[Fault] = ()) -> None:
        self.struck: Counter[Fault] = Counter()
        self.raging = True
        self._kernel = kernel
        dice = Random(f"{seed}/weather")  # noqa: S311 — reproducible on purpose
        share = dice.choice(SHARES)
        drawn = [(fault, dice.random() < share, dice.choice(RATES)) for fault in Fault]
        self._rates = {
            fault: rate * RARE.get(fault, 1.0) for fault, there, rate in drawn if there and fault not in without
        }
        self._dice = {fault: Random(f"{seed}/{fault}") for fault in self._rates}  # noqa: S311 — the same
        self._spells = {fault: self._spell(fault, span) for fault in self._rates if fault in LASTING}

    @property
    def kinds(self) -> tuple[Fault, ...]:
        """The kinds that this schedule holds."""
        return tuple(self._rates)

    def strikes(self, fault: Fault) -> bool:
        """Whether it happens at this occasion."""
        if not self.raging or fault not in self._rates or self._dice[fault].random() >= self._rates[fault]:
            return False
        if self.struck[fault] >= FEW.get(fault, MOST):
            return False
        self.struck[fault] += 1
        return True

    def lasts(self, fault: Fault) -> bool:
        """Whether it is in force now, for somebody whom it then strikes: each such time counts."""
        there = self.is_in_force(fault)
        self.struck[fault] += there
        return there

    def is_in_force(self, fault: Fault) -> bool:
        """The same for an onlooker: it strikes nobody, and nothing is counted."""
        if not self.raging or fault not in self._spells:
            return False
        begin, end = self._spells[fault]
        return begin <= self._kernel.now < end

    def between(self, fault: Fault, least: int, most: int) -> int:
        """A number for a fault that has struck, e.g. for how long."""
        return self._dice[fault].randint(least, most)

    def one_of(self, fault: Fault, choices: Sequence[T]) -> T:
        """A choice for a fault that has struck or lasts."""
        return choices[self._dice[fault].randrange(len(choices))]

    def _spell(self, fault: Fault, span: int) -> tuple[int, int]:
        dice = self._dice[fault]
        begin = dice.randrange(span) if dice.random() < 0.5 else dice.randrange(HOUR)
        least, most = LASTING[fault]
        return begin, begin + dice.randint(least, most) * MINUTE
