"""`python -m tools.verify.evaluation.speech`: examine the contact rules with generated speech; exit 1 on a missed gate.

`--show CATEGORY` prints what was not answered rightly in that category, for the patterns that are meant for
development; the others are only ever counted. `--document` writes the counts of the short examination into
docs/analysis.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from tools.verify.evaluation.speech.counts import Counts, Gate, by, category, counted, gates
from tools.verify.evaluation.speech.document import DOCUMENT, written
from tools.verify.evaluation.speech.examination import FULL, SEED, SHARES, SHORT, examine
from tools.verify.evaluation.speech.outcome import Outcome, Verdict


def main(arguments: list[str]) -> int:
    """Run the examination and print it; 0 when every gate is passed."""
    options = _options(arguments)
    if options.document:
        text = written(DOCUMENT.read_text(encoding="utf-8"), examine(SHORT))
        DOCUMENT.write_text(text, encoding="utf-8")
        return 0
    outcomes = examine(options.count, seed=options.seed, category=options.show)
    if options.show:
        print("\n".join(_shown(one) for one in outcomes if one.verdict is not Verdict.RIGHT and _may_be_shown(one)))
    print(table(outcomes))
    if options.show:
        return 0
    found = gates(outcomes)
    print("\n".join(("", *map(_gate, found), "", "passed" if all(gate.passed for gate in found) else "NOT passed")))
    return 0 if all(gate.passed for gate in found) else 1


def table(outcomes: list[Outcome]) -> str:
    """The counts, a line each: categories (what is held out apart), languages, everything."""
    names: tuple[Callable[[Outcome], str], ...] = (_category, lambda one: f"language {one.utterance.pattern.language}")
    rows = [f"{'':30} {'total':>7} {'right':>7} {'':>6} {'missed':>7} {'wrong':>7} {'in silence':>10}"]
    for name in names:
        rows += [_row(group, counts) for group, counts in by(outcomes, name).items()]
    return "\n".join((*rows, _row("altogether", counted(outcomes))))


def _category(one: Outcome) -> str:
    return category(one) + (", held out" if one.utterance.pattern.held_out else "")


def _row(name: str, counts: Counts) -> str:
    shares = f"{counts.total:7} {counts.right:7} {counts.share_right():6.1%}"
    return f"{name:30} {shares} {counts.missed:7} {counts.wrong:7} {counts.silent:10}"


def _gate(gate: Gate) -> str:
    return f"{gate.name:30} {gate.value:>7}  {gate.demand:8} {'ok' if gate.passed else 'FAILED'}"


def _may_be_shown(one: Outcome) -> bool:
    return not one.utterance.pattern.held_out


def _shown(one: Outcome) -> str:
    case, wanted = one.utterance.case, one.utterance
    said = " / ".join(f"{turn['role'][0]}: {turn['message']}" for turn in case.turns)
    more = {"network": case.caller_id, "collected": case.collected, "given": case.given, "metadata": case.metadata}
    rest = ", ".join(f"{name} {value}" for name, value in more.items() if value)
    right = ", ".join(sorted(wanted.phones | wanted.emails | wanted.names)) or "nothing"
    silence = " IN SILENCE" if one.in_silence else ""
    return f"{one.verdict.upper()}{silence} | {said} | {rest} | right: {right} | {one.answer}"


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.verify.evaluation.speech", description=__doc__)
    parser.add_argument("--count", type=int, default=FULL, help="about how many utterances")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--show", choices=tuple(SHARES), metavar="CATEGORY", help=", ".join(SHARES))
    parser.add_argument("--document", action="store_true", help="write the table of the document, and nothing else")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
