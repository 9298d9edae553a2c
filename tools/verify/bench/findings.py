"""What a bench found: figures, some with a target, printed as a table and written as a record of the proof."""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.verify.report.record import write_record

Value = float | int | str


@dataclass(frozen=True)
class Target:
    """The most a figure may be (`at_least`: the least). An `exact` one is a count, and never noise."""

    figure: str
    limit: float
    exact: bool = False
    at_least: bool = False

    def is_met_by(self, value: float) -> bool:
        return value >= self.limit if self.at_least else value <= self.limit

    @property
    def text(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}"


@dataclass
class Findings:
    """Figures in the order in which they are told, and the targets of some."""

    figures: dict[str, Value] = field(default_factory=dict)
    targets: dict[str, Target] = field(default_factory=dict)
    not_covered: Sequence[str] = ()

    def note(self, **figures: Value) -> None:
        """Add figures; halves of hundredths tell nothing."""
        self.figures |= {
            name: round(value, 3) if isinstance(value, float) else value for name, value in figures.items()
        }

    def hold(self, *targets: Target) -> None:
        """State targets of figures."""
        self.targets |= {target.figure: target for target in targets}

    @property
    def missed(self) -> list[Target]:
        return [target for target in self.targets.values() if not target.is_met_by(float(self.figures[target.figure]))]

    @property
    def judged(self) -> dict[str, Any]:
        """The figures with their targets and those that were missed, as a record has them."""
        return self.figures | {
            "targets": {name: target.text for name, target in self.targets.items()},
            "targets_missed": [target.figure for target in self.missed],
            "counts_missed": [target.figure for target in self.missed if target.exact],
        }

    def print(self) -> None:
        """One line a figure: value, target, whether it is met."""
        width = max(len(name) for name in self.figures)
        for name, value in self.figures.items():
            print(f"  {name:<{width}}  {value!s:>10}{self._judged(name)}")

    def _judged(self, name: str) -> str:
        target = self.targets.get(name)
        if target is None:
            return ""
        missed = "MISSED" if target.exact else "over the target" if not target.at_least else "under the target"
        return f"   {target.text:<7} {'met' if target not in self.missed else missed}"


@dataclass(frozen=True)
class Bench:
    """One bench: `measure` is given its size (rounds, events, …), of which `size` is the usual one."""

    name: str
    about: str
    measure: Callable[[int], Findings]
    size: int
    size_means: str

    def run(self, size: int, out: Path | None) -> Findings:
        """Measure, print, and write the record if there is a file for it."""
        print(f"{self.name}: {self.about}", flush=True)
        begun = time.monotonic()
        found = self.measure(size)
        seconds = time.monotonic() - begun
        found.print()
        print(f"  ({seconds:.0f} s)\n", flush=True)
        if out is not None:
            write_record(
                out,
                command=f"python -m tools.verify.bench.{self.name} --{self.size_means} {size}",
                seconds=seconds,
                figures=found.judged,
                not_covered=found.not_covered,
            )
        return found

    def main(self) -> None:
        """The bench as a command of its own.

        Raises:
            SystemExit: It ends the process.
        """
        parser = argparse.ArgumentParser(prog=f"python -m tools.verify.bench.{self.name}", description=self.about)
        parser.add_argument(f"--{self.size_means}", type=int, default=self.size, dest="size", metavar="N")
        parser.add_argument("--out", type=Path, metavar="FILE", help="write the record of the run")
        chosen = parser.parse_args()
        found = self.run(chosen.size, chosen.out)
        if any(target.exact for target in found.missed):
            raise SystemExit(1)


class _Nowhere(io.TextIOBase):
    """Takes whatever is written. One for the life of the process: a logger keeps the stream that it first saw."""

    def write(self, text: str) -> int:
        return len(text)


_NOWHERE = _Nowhere()


@contextmanager
def silence() -> Iterator[None]:
    """What handlers write to standard output is written, and nobody sees it."""
    with redirect_stdout(_NOWHERE):
        yield


def alternate(sides: dict[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Each side once a round, in turn, so that what the machine does besides meets all; a first round is left out."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds + 1):
        for name, side in sides.items():
            spent = side()
            if number:
                found[name].append(spent)
    return found


def processor_seconds(work: Callable[[], object]) -> float:
    """Processor time of this process while it does the work."""
    begun = time.process_time()
    work()
    return time.process_time() - begun
