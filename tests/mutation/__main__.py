"""`python -m tests.mutation`: mutate the core, run its unit tests against each mutant, print the score.

The score counts the mutants that some test killed; those that nobody can tell from the original are explained
(`explained.py`), and the others are listed by name. Takes some minutes; the project's own files are never changed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from tests.mutation.explained import explanation
from tests.mutation.survivors import Survivor, survivor
from tests.mutation.workspace import ROOT, prepare
from tools.proof.record import write_record

FOLDER = ROOT / ".local" / "mutation"
MUTMUT = Path(sys.executable).with_name("mutmut")


def main(arguments: list[str]) -> int:
    """Run mutmut in a fresh workspace and judge what is left; 1 when a survivor is not explained."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, help="write the result to this file (JSON)")
    asked = parser.parse_args(arguments)
    begun = time.monotonic()
    prepare(FOLDER)
    run = [str(MUTMUT), "run", "--max-children", str(asked.workers)]
    with (FOLDER / "run.txt").open("w", encoding="utf-8") as log:
        subprocess.run(run, cwd=FOLDER, stdout=log, stderr=subprocess.STDOUT, check=False)  # noqa: S603 — ours
    states = _states()
    if not states:
        _say(f"mutmut did not get to its end: see {FOLDER / 'run.txt'}")
        return 1
    left = [survivor(name, FOLDER / "mutants") for name, state in states.items() if state == "survived"]
    return _tell(states, left, out=asked.out, begun=begun)


def _states() -> dict[str, str]:
    """Each mutant that mutmut ran, and what became of it."""
    command = [str(MUTMUT), "results", "--all", "true"]
    shown = subprocess.run(command, cwd=FOLDER, check=False, capture_output=True, text=True)  # noqa: S603 — ours
    pairs = (line.strip().rpartition(": ") for line in shown.stdout.splitlines() if "__mutmut_" in line)
    return {name: state for name, _, state in pairs}


def _tell(states: dict[str, str], left: list[Survivor], *, out: Path | None, begun: float) -> int:
    reasons = {each.name: explanation(each) for each in left}
    unexplained = [each for each in left if reasons[each.name] is None]
    killed, total = len(states) - len(left), len(states)
    explained = Counter(reason for reason in reasons.values() if reason is not None)
    for reason, number in explained.most_common():
        _say(f"  {number:>5} live, explained: {reason}")
    for each in unexplained:
        _say(f"  lives: {each.name}\n      - {each.before}\n      + {each.after}")
    score = 100 * killed / total
    judged = 100 * killed / (total - sum(explained.values()))
    _say(
        f"{total} mutants: {killed} killed ({score:.1f} %), {sum(explained.values())} explained, "
        f"{len(unexplained)} neither; {judged:.1f} % of those that can be told from the original"
    )
    if out is not None:
        told = {
            "mutants": total,
            "killed": killed,
            "score_percent": round(score, 1),
            "explained": dict(explained),
            "score_without_explained_percent": round(judged, 1),
            "unexplained": [each.name for each in unexplained],
        }
        write_record(out, command="make mutants", seconds=time.monotonic() - begun, figures=told)
    return 1 if unexplained else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
