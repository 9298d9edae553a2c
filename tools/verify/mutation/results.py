"""What mutmut says became of each mutant, and which of it counts: a run that was cut short has no score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

KILLED = frozenset({"killed", "caught by type check"})
TIMED_OUT = "timeout"  # mostly a loop that no longer ends: it cannot live, though no test says what is wrong with it
SURVIVED = "survived"


class NotJudgedError(Exception):
    """The run says nothing of some mutants, or of none at all: there is no score to tell."""


@dataclass(frozen=True)
class Counted:
    """The mutants by what became of them: killed by a failing test, ended by a time-out, and those that live."""

    killed: int
    timed_out: int
    survived: tuple[str, ...]

    @property
    def total(self) -> int:
        """Every mutant."""
        return self.killed + self.timed_out + len(self.survived)


def read_states(shown: str) -> dict[str, str]:
    """Each mutant's name and state, from what `mutmut results --all true` prints."""
    pairs = (line.strip().rpartition(": ") for line in shown.splitlines() if "__mutmut_" in line)
    return {name: state for name, _, state in pairs}


def count(states: Mapping[str, str]) -> Counted:
    """Count them.

    Raises:
        NotJudgedError: For any state that is neither a kill, a time-out nor a survival.
    """
    if not states:
        raise NotJudgedError("mutmut tells of no mutant.")
    others = Counter(state for state in states.values() if state not in KILLED | {TIMED_OUT, SURVIVED})
    if others:
        report = ", ".join(f"{number} {state or 'without a state'}" for state, number in sorted(others.items()))
        raise NotJudgedError(f"mutmut has not judged every mutant: {report}.")
    return Counted(
        killed=sum(state in KILLED for state in states.values()),
        timed_out=sum(state == TIMED_OUT for state in states.values()),
        survived=tuple(name for name, state in states.items() if state == SURVIVED),
    )


def by_file(states: Mapping[str, str], files: tuple[str, ...]) -> dict[str, int]:
    """How many mutants each file had.

    Raises:
        NotJudgedError: For a file that had none: it would be named in vain.
    """
    modules = Counter(name.rpartition(".")[0] for name in states)
    numbers = {file: modules[file.removesuffix(".py").replace("/", ".")] for file in files}
    without = [file for file, number in numbers.items() if not number]
    if without:
        raise NotJudgedError(f"mutmut changed nothing in {', '.join(without)}.")
    return numbers
