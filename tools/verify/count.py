"""Adds up what the test runs reported: a line a kind, and one last line `N passed, N failed, N skipped`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET


@dataclass(frozen=True)
class Counts:
    """The outcome of one kind of tests; `seconds` is its wall time."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
            self.seconds + other.seconds,
        )


def counts(report: Path) -> Counts:
    """Read one JUnit report."""
    suites = ET.parse(report).getroot().iter("testsuite")  # noqa: S314 — our own test run wrote it a moment ago
    total = Counts()
    for suite in suites:
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped = int(suite.get("skipped", 0))
        tests = int(suite.get("tests", 0))
        total += Counts(tests - failed - skipped, failed, skipped, float(suite.get("time", 0)))
    return total


def main(folder: str) -> int:
    """Print the table; the exit code is 1 when anything failed or nothing ran."""
    total = Counts()
    for report in sorted(Path(folder).glob("*.xml")):
        found = counts(report)
        total += found
        numbers = f"{found.passed:>6} passed {found.failed:>4} failed {found.skipped:>4} skipped"
        print(f"{report.stem:<12} {numbers} {found.seconds:>8.1f} s")
    print(f"{total.passed} passed, {total.failed} failed, {total.skipped} skipped")
    return 0 if total.passed and not total.failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
