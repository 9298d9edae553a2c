"""`python -m tools.verify.deployments [--out FILE]`: the CDK's command line deploys for real, against a strict AWS.

The deploying tests of `tests/e2e/deployments`: each scenario with today's templates, and with those of before
anybody had tried to deploy them. Writes down how each ended; the exit code is 1 where one did not end as it should.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

from tools.verify.report.record import ROOT, write_record

TESTS: Final = tuple(f"tests/e2e/deployments/{name}.py" for name in ("test_earlier", "test_deployments"))
EARLIER: Final = "test_earlier"
SCENARIOS: Final = {
    "repeated": "a first protected deployment fails in the middle; the same command again",
    "anew": "production's pipeline is destroyed and deployed again",
    "url": "the webhook's URL after a pipeline was destroyed and deployed again",
    "teardown": "UAT is taken down with data in its bucket",
    "upgrade": "an upgrade of the data stack",
}
GUARD: Final = ("prod", "2413d3d~1", "2413d3d")
REFUSED: Final = "refused by CloudFormation: "
NOT_COVERED: Final = (
    "AWS itself: the emulated one refuses what its rules know (`tools/local/emulator/refusals`).",
    "The earlier upgrade is that of commit 2413d3d, which changed the indexes; today's is of the last release.",
)


def ended(report: Path) -> dict[str, dict[str, str]]:
    """How each scenario ended, by its name: `earlier` and `today`."""
    found: dict[str, dict[str, str]] = {}
    for case in ET.parse(report).getroot().iter("testcase"):  # noqa: S314 — our own test run wrote it a moment ago
        which = "earlier" if str(case.get("classname")).endswith(EARLIER) else "today"
        for each in _properties(case):
            found.setdefault(each["scenario"], {})[which] = each["ended"]
    return found


def _properties(case: ET.Element) -> Iterator[dict[str, str]]:
    yield from (json.loads(each.get("value", "")) for each in case.iter("property") if each.get("name") == "deployment")


def figures(found: dict[str, dict[str, str]]) -> dict[str, Any]:
    """The record's figures; a scenario without an ending ended otherwise than it should."""
    rows = [
        {"scenario": words, **{which: found.get(name, {}).get(which) for which in ("earlier", "today")}}
        for name, words in SCENARIOS.items()
    ]
    return {
        "scenarios": rows,
        "refused_or_lost_then": sum(row["earlier"] is not None for row in rows),
        "well_today": sum(row["today"] is not None for row in rows),
    }


def refused_between_commits() -> list[str]:
    """What the change guard finds that CloudFormation would have refused of the project's own history."""
    command = [sys.executable, "-m", "infra.deployment", "guard", *GUARD]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    return [line.removeprefix(REFUSED) for line in said.splitlines() if line.startswith(REFUSED)]


def main(arguments: list[str] | None = None) -> int:
    """Run the tests, tell how each scenario ended."""
    parser = argparse.ArgumentParser(prog="python -m tools.verify.deployments", description=__doc__)
    parser.add_argument("--out", type=Path, help="write the record to this file (JSON)")
    asked = parser.parse_args(arguments)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        apart = ("-n", "2", "--dist", "loadfile")  # each file has an emulated AWS of its own
        command = [sys.executable, "-m", "pytest", "-v", "-m", "long", *apart, f"--junit-xml={report}"]
        code = subprocess.run([*command, *TESTS], cwd=ROOT, check=False).returncode
        found = figures(ended(report)) | {"guard_refuses_2413d3d": refused_between_commits()}
    for row in found["scenarios"]:
        print(f"{row['scenario']}:\n  earlier: {row['earlier'] or '–'}\n  today:   {row['today'] or '–'}")
    if asked.out is not None:
        seconds = time.monotonic() - began
        command_line = "python -m tools.verify.deployments"
        write_record(asked.out, command=command_line, seconds=seconds, figures=found, not_covered=NOT_COVERED)
    whole = found["refused_or_lost_then"] == found["well_today"] == len(SCENARIOS)
    return 0 if whole and found["guard_refuses_2413d3d"] and code == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
