"""`python -m tools.verify.evaluation.labelled`: 200 generated calls with labels; exit 1 when a gate is missed.

The rules alone are asked for what they claim. Then a model's right answers go through all that stands behind a model:
it must leave them right. The patterns for development and those held out are examined apart.
"""

from __future__ import annotations

import argparse
import sys

from tools.verify.evaluation.labelled.examination import FULL, SEED, by_a_right_model, by_rules, labelled_calls
from tools.verify.evaluation.report import is_passed, lines, written

INJECTIONS = 60


def main(arguments: list[str]) -> int:
    """Run the examinations and print them; 0 when every gate is passed."""
    parser = argparse.ArgumentParser(prog="python -m tools.verify.evaluation.labelled", description=__doc__)
    parser.add_argument("--count", type=int, default=FULL, help="how many calls")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--injections", type=int, default=INJECTIONS, help="how many attacked calls each time")
    options = parser.parse_args(arguments)
    calls, passed = labelled_calls(options.count, seed=options.seed), []
    for held_out, kind in ((False, "for development"), (True, "held out")):
        chosen = [one for one in calls if one.held_out is held_out]
        rules = by_rules(chosen, injections=options.injections)
        judged = by_a_right_model(chosen, injections=options.injections)
        reports = {
            "the rules alone": lines(rules, judged=False),
            "right answers through the checks": lines(judged, judged=True, baseline=rules),
        }
        for who, report in reports.items():
            print(written(report, title=f"{len(chosen)} generated calls, patterns {kind}: {who}"), end="\n\n")
            passed.append(is_passed(report))
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
