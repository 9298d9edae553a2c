"""`python -m tools.verify.mutation`: mutate the core, run its unit tests against each mutant, print the score.

The score counts the mutants that a failing test killed or that ran into a time-out; those that nobody can tell from the
original, or only by a sentence's wording, are explained (`explained.py`), and the others are listed by name. A run in
which mutmut failed, or left a mutant unjudged, has no score and writes no record. Takes some minutes; the project's
own files are never changed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tools.verify.mutation.explained import explanation
from tools.verify.mutation.results import Counted, NotJudgedError, by_file, count, read_states
from tools.verify.mutation.survivors import Survivor, survivor
from tools.verify.mutation.workspace import CORE, ROOT, prepare
from tools.verify.report.record import write_record

FOLDER = ROOT / ".local" / "mutation"
MUTMUT = Path(sys.executable).with_name("mutmut")
_ONLY = (
    "Only the files that the record names are mutated, and in them only what stands inside functions: tables at a "
    "module's top level, members of enumerations and decorated functions stay as they are."
)
NOT_COVERED = (_ONLY, "The wording of sentences for people is not tested word by word.")


def main(arguments: list[str]) -> int:
    """Run mutmut in a fresh workspace and judge what is left; 1 when a survivor is not explained, or none is judged."""
    parser = argparse.ArgumentParser(prog="python -m tools.verify.mutation", description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, help="write the result to this file (JSON)")
    asked = parser.parse_args(arguments)
    begun = time.monotonic()
    spared = prepare(FOLDER)
    try:
        states = _run(asked.workers)
        counted, files = count(states), by_file(states, CORE)
    except NotJudgedError as error:
        sys.stderr.write(f"No score: {error} See {FOLDER / 'run.txt'}.\n")
        return 1
    left = {each: explanation(each) for each in (survivor(name, FOLDER / "mutants") for name in counted.survived)}
    figures = figures_of(counted, left) | {"files": files}
    _tell(figures, left)
    if asked.out is not None:
        not_covered = [*NOT_COVERED, *(f"Not mutated, as mutmut makes no Python of it: {line}." for line in spared)]
        seconds = time.monotonic() - begun
        write_record(asked.out, command="make mutants", seconds=seconds, figures=figures, not_covered=not_covered)
    return 1 if figures["unexplained"] else 0


def _run(workers: int) -> dict[str, str]:
    """Each mutant, and what became of it. Raises `NotJudgedError` when mutmut itself failed."""
    with (FOLDER / "run.txt").open("w", encoding="utf-8") as log:
        run = [str(MUTMUT), "run", "--max-children", str(workers)]
        ended = subprocess.run(run, cwd=FOLDER, stdout=log, stderr=subprocess.STDOUT, check=False)
    if ended.returncode:
        raise NotJudgedError(f"mutmut ended with {ended.returncode}.")
    results = [str(MUTMUT), "results", "--all", "true"]
    shown = subprocess.run(results, cwd=FOLDER, check=False, capture_output=True, text=True)
    if shown.returncode:
        raise NotJudgedError(f"mutmut could not show its results (it ended with {shown.returncode}).")
    return read_states(shown.stdout)


def figures_of(counted: Counted, left: dict[Survivor, str | None]) -> dict[str, Any]:
    """The record's figures: `killed` by a failing test, `timed_out` apart; the scores count both."""
    explained = Counter(why for why in left.values() if why is not None)
    ended = counted.killed + counted.timed_out
    judged = counted.total - explained.total()
    return {
        "mutants": counted.total,
        "killed": counted.killed,
        "timed_out": counted.timed_out,
        "score_percent": round(100 * ended / counted.total, 1),
        "explained": dict(explained.most_common()),
        "score_without_explained_percent": round(100 * ended / judged, 1) if judged else 0.0,
        "unexplained": [each.name for each, why in left.items() if why is None],
    }


def _tell(figures: dict[str, Any], left: dict[Survivor, str | None]) -> None:
    for reason, number in figures["explained"].items():
        _say(f"  {number:>5} live, explained: {reason}")
    for each, why in left.items():
        if why is None:
            _say(f"  lives: {each.name}\n      - {each.before}\n      + {each.after}")
    _say(
        f"{figures['mutants']} mutants: {figures['killed']} killed by a failing test, {figures['timed_out']} by a "
        f"time-out ({figures['score_percent']} %), {sum(figures['explained'].values())} explained, "
        f"{len(figures['unexplained'])} neither; {figures['score_without_explained_percent']} % of those not explained"
    )


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
