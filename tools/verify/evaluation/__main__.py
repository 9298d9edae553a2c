"""`python -m tools.verify.evaluation`: examine rules, recorded answers or a live model; exit 1 when a gate is missed.

A live model takes key, address and name from OPENAI_API_KEY, OPENAI_BASE_URL and OPENAI_MODEL, as the local stack does.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from functions.analysis.model.prompt import Prompt
from functions.analysis.settings import Effort, Settings
from functions.analysis.taxonomy import taxonomy
from tools.postcall.errors import INTERRUPTED
from tools.postcall.screen import Screen
from tools.verify.evaluation.analysts import answered, live, offline, recorded_answers, settings_for
from tools.verify.evaluation.dataset import Examination, Row, read_rows
from tools.verify.evaluation.examine import INJECTIONS, examine
from tools.verify.evaluation.injections import PAYLOADS
from tools.verify.evaluation.labelled.examination import FULL, labelled_calls
from tools.verify.evaluation.report import is_passed, lines, written

RECORDS = Path(".local/evaluation")
SAMPLES = Path(__file__).parents[3] / "tests" / "samples" / "evaluation"


def main(arguments: list[str]) -> int:
    """Run one examination and print it; 0 when every gate is passed."""
    options = _options(arguments)
    rows = _rows(options)
    title = f"{len(rows)} calls"
    found = baseline = examine(offline(), rows, runs=1, injections=options.injections)
    if options.recorded:
        analyst = answered(recorded_answers(options.recorded), orders=PAYLOADS.values())
        found = examine(analyst, rows, injections=options.injections)
        report = lines(found, judged=True, baseline=baseline)
        title += f", answers recorded in {options.recorded.name}, prompt {Prompt(taxonomy()).version}"
    elif _is_live(options):
        settings = _settings(options)
        found = _live(options, settings, rows)
        report = lines(found, judged=True, baseline=baseline)
        if not found.is_whole:
            title += f", INTERRUPTED after {sum(map(len, found.runs))} judgements"
        effort, version = settings.openai_reasoning_effort, Prompt(taxonomy(), settings.openai_schema_mode).version
        title += f", {settings.openai_model}, effort {effort}, prompt {version}"
    else:
        report = lines(baseline, judged=False)
        title += ", the rules alone (no model)"
    print(written(report, title=title))
    if not found.is_whole:
        return INTERRUPTED
    return 0 if is_passed(report) else 1


def _is_live(options: argparse.Namespace) -> bool:
    is_asked_for = options.model or (os.environ.get("OPENAI_API_KEY") and not options.offline)
    return bool(is_asked_for) and not options.recorded


def _rows(options: argparse.Namespace) -> list[Row]:
    """The file's calls; for a live model the generated ones too (for the rules `labelled` asks them by themselves)."""
    generated = [one.row for one in labelled_calls(options.generated)] if _is_live(options) else []
    return [*read_rows(options.set), *generated][: options.limit]


def _settings(options: argparse.Namespace) -> Settings:
    """The step's own variables, with what the command line says on top."""
    variables = {name: value for name, value in os.environ.items() if name.startswith("OPENAI_")}
    given = {"OPENAI_MODEL": options.model, "OPENAI_REASONING_EFFORT": options.effort}
    return settings_for(**variables | {name: value for name, value in given.items() if value})


def _live(options: argparse.Namespace, settings: Settings, rows: list[Row]) -> Examination:
    key = os.environ.get("OPENAI_API_KEY", "")
    if not key:
        raise SystemExit("OPENAI_API_KEY is not set: a live model cannot be examined.")
    analyst, expected = live(key, settings, options.record), len(rows) * options.runs + options.injections
    with Screen().progress("Judging", total=expected) as step:
        return examine(analyst, rows, runs=options.runs, injections=options.injections, step=step)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.verify.evaluation", description=__doc__)
    who = parser.add_mutually_exclusive_group()
    who.add_argument("--offline", action="store_true", help="the rules alone, even if a key is set")
    who.add_argument("--model", help="a live model by this name")
    who.add_argument("--recorded", type=Path, help="answers in a folder of EVENT_ID.json, or in one .jsonl")
    parser.add_argument(
        "--record", type=Path, default=RECORDS, help="where every answer of a live model is kept (default: %(default)s)"
    )
    parser.add_argument("--effort", choices=[effort.value for effort in Effort])
    parser.add_argument("--runs", type=int, default=3, help="how often each call is judged, for stability")
    parser.add_argument("--injections", type=int, default=INJECTIONS, help="how many attacked calls")
    parser.add_argument("--limit", type=int, help="only the first so many calls")
    parser.add_argument("--generated", type=int, default=FULL, help="generated calls for a live model beside the set's")
    parser.add_argument("--set", type=Path, default=SAMPLES / "llm-eval.jsonl", help="labelled calls")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
