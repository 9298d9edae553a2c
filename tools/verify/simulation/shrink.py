"""From a failing schedule to a readable one: kinds of fault are left out while the same promise still breaks."""

from __future__ import annotations

from dataclasses import replace

from tools.verify.simulation.faults import Fault
from tools.verify.simulation.schedule import Result, run
from tools.verify.simulation.simulation import Chosen


def shrink(failing: Result, template: Chosen | None = None) -> Result:
    """The same seed with as few kinds of fault as break the same promise."""
    base = template or Chosen(failing.seed)
    smallest, without = failing, set(base.without)
    for kind in failing.kinds:
        tried = run(replace(base, seed=failing.seed, without=frozenset(without | {Fault(kind)})))
        if tried.broken == failing.broken:
            smallest, without = tried, without | {Fault(kind)}
    return smallest
