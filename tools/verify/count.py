"""Adds up what the test runs reported: a line a kind, and one last line `N passed, N failed, N skipped`.

A test that two runs report, such as a property in `make test` and in `make test-long`, is one test, and ended
as the worse of both did.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from xml.etree import ElementTree as ET


class Ended(IntEnum):
    """How a test ended, the worst last."""

    SKIPPED = 0
    PASSED = 1
    FAILED = 2


@dataclass(frozen=True)
class Case:
    """A test of one kind (`unit`, `verify`, …) in one report; `seconds` is what it took, its fixtures included."""

    kind: str
    name: str
    ended: Ended
    seconds: float


def cases(report: Path) -> Iterator[Case]:
    """Read one JUnit report."""
    for case in ET.parse(report).getroot().iter("testcase"):  # noqa: S314 — our own test run wrote it a moment ago
        name = ".".join(filter(None, (case.get("classname"), case.get("name"))))
        within = name.removeprefix("tools.verify.").split(".")
        kind = within[1] if name.startswith("tests.") else "verify"
        yield Case(kind, name, _ended(case), float(case.get("time", 0)))


def _ended(case: ET.Element) -> Ended:
    if any(case.find(word) is not None for word in ("failure", "error")):
        return Ended.FAILED
    return Ended.SKIPPED if case.find("skipped") is not None else Ended.PASSED


def table(found: Iterable[Case]) -> tuple[list[str], Counter[Ended]]:
    """A line a kind, and how many tests ended how in all."""
    worst: dict[tuple[str, str], Ended] = {}
    seconds: defaultdict[str, float] = defaultdict(float)
    for case in found:
        key = (case.kind, case.name)
        worst[key] = max(case.ended, worst.get(key, Ended.SKIPPED))
        seconds[case.kind] += case.seconds
    lines = []
    for kind in sorted(seconds):
        of_kind = Counter(ended for (one, _), ended in worst.items() if one == kind)
        lines.append(f"{kind:<12} {_numbers(of_kind, width=6)} {seconds[kind]:>8.1f} s")
    return lines, Counter(worst.values())


def _numbers(ended: Counter[Ended], width: int = 0) -> str:
    return ", ".join(
        f"{ended[each]:>{width}} {each.name.lower()}" for each in (Ended.PASSED, Ended.FAILED, Ended.SKIPPED)
    )


def main(folder: str, *names: str) -> int:
    """Print the table of a folder's reports, or of those with these names; 1 when anything failed or nothing ran."""
    reports = sorted(path for path in Path(folder).glob("*.xml") if not names or path.stem in names)
    lines, total = table(case for report in reports for case in cases(report))
    print("\n".join(lines))
    print(_numbers(total))
    return 0 if total[Ended.PASSED] and not total[Ended.FAILED] else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
