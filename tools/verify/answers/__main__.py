"""Run the outside tools on today's templates, keep what they find, make docs/answers.md: `make answers`.

The exit code is 1 where a finding has no answer, or an answer no finding.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Final

from infra.costs_page import synthesised
from tools.verify.answers import checkov, control_tower
from tools.verify.answers.answers import gaps, read_answers
from tools.verify.answers.page import PAGE, page
from tools.verify.answers.record import FOLDER, Judgement, Record, Templates, shapes

VENV: Final = FOLDER.parents[2] / ".venv-answers"


def main() -> int:
    templates = synthesised()
    record, answers = Record(shapes(templates), _judged(templates)), read_answers()
    record.write()
    PAGE.write_text(page(record, answers, templates), encoding="utf-8")
    found = gaps(record, answers)
    for sentence in found:
        print(sentence, file=sys.stderr)
    count = sum(rule.to_answer for each in record.tools.values() for rule in each.rules.values())
    print(f"{count} findings and rules that did not look, {len(found)} of them without an answer or the reverse")
    return 1 if found else 0


def _judged(templates: Templates) -> dict[str, Judgement]:
    with tempfile.TemporaryDirectory() as folder:
        scratch, written = Path(folder) / "scratch", Path(folder) / "templates"
        scratch.mkdir()
        written.mkdir()
        for stack, template in ((name, each) for found in templates.values() for name, each in found.items()):
            (written / f"{stack}.template.json").write_text(json.dumps(template), encoding="utf-8")
        (site_packages,) = VENV.glob("lib/python*/site-packages")
        return {
            "control_tower": control_tower.judge(site_packages, written, scratch),
            "checkov": checkov.judge(VENV, written, scratch),
        }


if __name__ == "__main__":
    sys.exit(main())
