"""The count of a run: each test once, by its kind, as the worse of two runs says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.verify.count import main

SHORT = """<testsuites><testsuite>
<testcase classname="tests.unit.test_a" name="test_one" time="0.5"/>
<testcase classname="tests.unit.test_a" name="test_two" time="0.5"><skipped/></testcase>
<testcase classname="tools.verify.tests.test_b" name="test_three" time="2"/>
</testsuite></testsuites>"""
LONG = """<testsuites><testsuite>
<testcase classname="tests.unit.test_a" name="test_one" time="4"><failure/></testcase>
<testcase classname="tests.e2e.iam.test_c" name="test_four[x]" time="1"/>
</testsuite></testsuites>"""


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    (tmp_path / "in_process.xml").write_text(SHORT)
    (tmp_path / "long_in_process.xml").write_text(LONG)
    return tmp_path


def test_a_test_of_two_runs_counts_once_and_as_its_worse_one(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(str(reports)) == 1
    *kinds, total = capsys.readouterr().out.splitlines()
    assert [line.split() for line in kinds] == [
        ["e2e", "1", "passed,", "0", "failed,", "0", "skipped", "1.0", "s"],
        ["unit", "0", "passed,", "1", "failed,", "1", "skipped", "5.0", "s"],
        ["verify", "1", "passed,", "0", "failed,", "0", "skipped", "2.0", "s"],
    ]
    assert total == "2 passed, 1 failed, 1 skipped"


def test_only_the_reports_that_are_named_are_counted(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(str(reports), "in_process") == 0
    assert capsys.readouterr().out.endswith("\n2 passed, 0 failed, 1 skipped\n")


def test_nothing_that_ran_is_no_success(tmp_path: Path) -> None:
    assert main(str(tmp_path)) == 1
