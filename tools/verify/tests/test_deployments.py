"""How the tests' report becomes the record of the deployments."""

from __future__ import annotations

import json
from pathlib import Path
from xml.sax.saxutils import quoteattr

from tools.verify.deployments import SCENARIOS, ended, figures


def case(module: str, **scenarios: str) -> str:
    properties = "".join(
        f'<property name="deployment" value={quoteattr(json.dumps({"scenario": name, "ended": text}))}/>'
        for name, text in scenarios.items()
    )
    return f'<testcase classname="tests.e2e.deployments.{module}"><properties>{properties}</properties></testcase>'


def test_each_scenario_has_its_ending_then_and_today(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    cases = [case("test_earlier", repeated="refused"), case("test_deployments", repeated="well", url="the same")]
    report.write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>", encoding="utf-8")

    found = figures(ended(report))

    rows = {row["scenario"]: row for row in found["scenarios"]}
    assert rows[SCENARIOS["repeated"]] == {
        "scenario": SCENARIOS["repeated"],
        "earlier": "refused",
        "today": "well",
    }
    assert rows[SCENARIOS["url"]]["earlier"] is None
    assert (found["refused_or_lost_then"], found["well_today"]) == (1, 2)
