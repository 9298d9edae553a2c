"""`make contacts IN=… OUT=…` (`python -m tools.verify.evaluation.contacts CASES ANSWERS`): whose contacts are these?

For whoever has recordings of their own. CASES holds a call a line:

    {"id": "1", "turns": [{"role": "agent", "message": "Ваш номер?"}, {"role": "user", "message": "8 029 123 45 67"}]}

beside `id` all is optional: `turns` (`role` is `agent` or `user`; further members of ElevenLabs' transcript items, such
as `source_medium`, count too), `caller_id` and `agent_number` (as the network shows them), `collected` (values of the
data collection by name), `given` (`phone`, `email`, `full_name`, as in `POST /api/analyze`) and `metadata` (more of the
webhook's `data.metadata`, such as `{"phone_call": {"call_result": "voicemail"}}`). Other members are not looked at.
ANSWERS gets a line for each, in the same order, from the analyst without a model:

    {"id": "1", "phone": "+375291234567", "email": null, "full_name": null, "flags": []}

`flags` holds only what is doubtful about the contacts (docs/analysis.md). A line that cannot be read is named on the
standard error with what is wrong with it; the others are answered all the same, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from postcall.domain.errors import Rejected
from tools.verify.evaluation.analysts import offline
from tools.verify.evaluation.contact_case import answer, read_case

Report = Callable[[str], None]


def answers(lines: Iterable[str], report: Report) -> Iterator[str]:
    """A line of JSON for each line that can be read; a sentence to `report` for each that cannot."""
    analyst = offline()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            case = read_case(line)
            found = answer(case, analyst)
        except Rejected as error:
            report(f"line {number}: {error}")
            continue
        yield json.dumps({"id": case.id, **dataclasses.asdict(found)}, ensure_ascii=False)


def main(arguments: list[str]) -> int:
    """Answer a file; 0 when every line was answered."""
    options = _options(arguments)
    bad: list[str] = []
    try:
        lines = options.cases.read_text(encoding="utf-8-sig").split("\n")
        answered = [f"{line}\n" for line in answers(lines, bad.append)]
        options.answers.write_text("".join(answered), encoding="utf-8")
    except UnicodeDecodeError:
        bad.append("the file is not UTF-8.")
        answered = []
    except OSError as error:
        bad.append(f"{error.strerror}: {error.filename}")
        answered = []
    for sentence in bad:
        print(f"contacts: {sentence}", file=sys.stderr)
    print(f"contacts: {len(answered)} answered, {len(bad)} not", file=sys.stderr)
    return 1 if bad else 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tools.verify.evaluation.contacts",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("cases", type=Path, help="a call a line, as JSON")
    parser.add_argument("answers", type=Path, help="where the answers go")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
