"""What a performance came to: a line a schedule, a total, and the figures of the record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from tools.verify.chaos.campaign import Played
from tools.verify.chaos.seeded_bugs import SeededBug


def line(results: Played) -> str:
    """What was injected and how often, what it led to, and the verdict."""
    return (
        f"{results.schedule.name}: {_listed(results.injected)} → {_counted(results.calls, 'call')}, "
        f"{_counted(results.leads, 'lead')}, {_counted(results.attempts, 'attempt')}, {_listed(results.ends)}; "
        f"{results.seconds:.1f} s: {results.verdict}"
    )


def seeded_line(plant: SeededBug, results: Played) -> str:
    """Whether a planted break was found, and under which name."""
    name = plant.breaks or "nothing was injected"
    found = f"found as {name}" if plant.is_found(results) else f"NOT FOUND as {name}: {results.verdict}"
    return f"planted: {results.schedule.name}: {found}"


def figures(results: list[Played], seeded: list[tuple[SeededBug, Played]], differences: list[str]) -> dict[str, Any]:
    """What a reader would want to know, JSON-serialisable."""
    broken = [finding for one in results for finding in one.broken]
    return {
        "schedules": len(results),
        "schedules_that_went_as_told": sum(one.went_wrong is None for one in results),
        "calls": sum(one.calls for one in results),
        "leads": sum(one.leads for one in results),
        "attempts_on_the_record": sum(one.attempts for one in results),
        "promises_broken": len(broken) + len(differences),
        "planted_breaks": len(seeded),
        "planted_breaks_found": sum(plant.is_found(one) for plant, one in seeded),
        "ends": dict(_summed(one.ends for one in results)),
        "faults_by_kind": dict(_summed(one.injected for one in results)),
        "faults": sum(one.injected.total() for one in results),
        "by_schedule": [
            {
                "name": one.schedule.name,
                "story": one.schedule.sentence,
                "injected": dict(one.injected),
                "calls": one.calls,
                "leads": one.leads,
                "attempts": one.attempts,
                "ends": dict(one.ends),
                "seconds": round(one.seconds, 1),
                "verdict": one.verdict,
            }
            for one in results
        ],
        "by_planted_break": [
            {
                "name": one.schedule.name,
                "story": one.schedule.sentence,
                "found_as": plant.breaks or "nothing was injected",
                "found": plant.is_found(one),
            }
            for plant, one in seeded
        ],
    }


def total(found: dict[str, Any], seconds: float) -> str:
    """The last line."""
    return (
        f"{found['schedules_that_went_as_told']} of {found['schedules']} schedules went as told, "
        f"{found['faults']} faults injected, {found['calls']} calls, {found['leads']} leads, "
        f"{_listed(Counter(found['ends']))}, {found['promises_broken']} promises broken, "
        f"{found['planted_breaks_found']} of {found['planted_breaks']} planted breaks found; {seconds:.0f} s"
    )


def _summed(counters: Iterable[Counter[str]]) -> Counter[str]:
    total_of: Counter[str] = Counter()
    for one in counters:
        total_of.update(one)
    return total_of


def _listed(counter: Counter[str]) -> str:
    return ", ".join(f"{number} {word}" for word, number in sorted(counter.items())) or "nothing"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
