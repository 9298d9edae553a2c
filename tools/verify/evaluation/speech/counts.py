"""Right, missed, wrong and missed in silence, per category and per language, and the gates on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tools.verify.evaluation.speech.outcome import Outcome, Verdict

EMAILS = ("email_usual", "email_number", "email_spelled", "email_corrections", "email_unclear", "email_whose")
NEVER_WRONG = ("whose", "corrections", "other_digits", *EMAILS, "fields")
WRONG_OF = 10_000


@dataclass(frozen=True)
class Counts:
    """How many utterances were answered how. `silent` are misses that nobody was told of."""

    total: int = 0
    right: int = 0
    missed: int = 0
    wrong: int = 0
    silent: int = 0

    def share_right(self) -> float:
        """Of all utterances, those that were answered rightly; nothing said is nothing missed."""
        return self.right / self.total if self.total else 1.0


@dataclass(frozen=True)
class Gate:
    """A demand on the counts, and what it met."""

    name: str
    value: str
    demand: str
    passed: bool


def counted(outcomes: Iterable[Outcome]) -> Counts:
    """The counts of these outcomes."""
    found = list(outcomes)

    def number(verdict: Verdict) -> int:
        return sum(one.verdict is verdict for one in found)

    silent = sum(one.in_silence for one in found)
    return Counts(len(found), number(Verdict.RIGHT), number(Verdict.MISSED), number(Verdict.WRONG), silent)


def by(outcomes: Iterable[Outcome], name: Callable[[Outcome], str]) -> dict[str, Counts]:
    """The counts by whatever names an outcome."""
    groups: dict[str, list[Outcome]] = {}
    for one in outcomes:
        groups.setdefault(name(one), []).append(one)
    return {group: counted(found) for group, found in groups.items()}


def category(one: Outcome) -> str:
    """The category of an utterance."""
    return one.utterance.pattern.category


def gates(outcomes: list[Outcome]) -> list[Gate]:
    """All demands, each with what was met."""
    found, everything = by(outcomes, category), counted(outcomes)
    never = [_at_most(f"wrong, {name}", found.get(name, Counts()).wrong, 0) for name in NEVER_WRONG]
    return [
        *never,
        _at_most("wrong, altogether", everything.wrong, everything.total // WRONG_OF),
        _at_least("right, plain", found, "plain", 0.92),
        _at_least("right, read_back", found, "read_back", 0.98),
        _at_least("right, corrections", found, "corrections", 0.70),
        _at_least("right, email_usual", found, "email_usual", 0.93),
        _at_least("right, email_number", found, "email_number", 0.85),
        _at_most("missed in silence", everything.silent, 0),
    ]


def _at_most(name: str, value: int, limit: int) -> Gate:
    return Gate(name, str(value), f"<= {limit}", value <= limit)


def _at_least(name: str, found: dict[str, Counts], where: str, limit: float) -> Gate:
    value = found.get(where, Counts()).share_right()
    return Gate(name, f"{value:.1%}", f">= {limit:.0%}", value >= limit)
