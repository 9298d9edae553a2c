"""The examination: so many utterances of each category, the same for the same seed, and how the rules answer them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import groupby

from tools.verify.evaluation.analysts import offline
from tools.verify.evaluation.contact_case import ContactAnswer, ContactCase, answer
from tools.verify.evaluation.speech.fill import Utterance, utterance
from tools.verify.evaluation.speech.outcome import Outcome, outcome
from tools.verify.evaluation.speech.patterns import Pattern, patterns

SEED = 20261128
FULL, SHORT = 20_000, 3_000
Answer = Callable[[ContactCase], ContactAnswer]
# How many of a thousand utterances each category gets.
SHARES = {
    "plain": 150, "read_back": 80, "whose": 130, "corrections": 130, "other_digits": 100, "incomplete": 30, "split": 40,
    "keypad": 15, "email_usual": 80, "email_number": 50, "email_spelled": 30, "email_corrections": 30,
    "email_unclear": 20, "email_whose": 20, "names": 30, "network": 20, "agreement": 15, "fields": 30,
}  # fmt: skip


def utterances(count: int, *, seed: int = SEED, category: str | None = None) -> Iterator[Utterance]:
    """About `count` utterances in all, spread evenly over the patterns of each category."""
    for name, rows in groupby(patterns(), key=lambda pattern: pattern.category):
        found = list(rows)
        if category in (None, name):
            yield from _of_category(name, found, round(count * SHARES[name] / 1_000), seed)


def examine(count: int, *, seed: int = SEED, category: str | None = None, by: Answer | None = None) -> list[Outcome]:
    """Put the rules (or whoever answers) through the utterances."""
    analyst = offline()
    ask = by or (lambda case: answer(case, analyst))
    return [outcome(one, ask(one.case)) for one in utterances(count, seed=seed, category=category)]


def _of_category(name: str, rows: list[Pattern], count: int, seed: int) -> Iterator[Utterance]:
    for number in range(count):
        dice = random.Random(f"{seed} {name} {number}")  # noqa: S311 — test data
        yield utterance(rows[number % len(rows)], dice)
