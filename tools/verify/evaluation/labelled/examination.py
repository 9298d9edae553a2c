"""So many labelled calls, the same for the same seed, spread evenly over the patterns."""

from __future__ import annotations

import random

from tools.verify.evaluation.analysts import Examined, answered, offline
from tools.verify.evaluation.dataset import Examination
from tools.verify.evaluation.examine import examine
from tools.verify.evaluation.injections import PAYLOADS
from tools.verify.evaluation.labelled.fill import LabelledCall, labelled_call
from tools.verify.evaluation.labelled.patterns import patterns

SEED = 20261128
FULL = 200


def labelled_calls(count: int = FULL, *, seed: int = SEED) -> list[LabelledCall]:
    """`count` calls: each pattern in turn, with other people and sums."""
    known = patterns()
    return [
        labelled_call(
            known[number % len(known)],
            f"labelled_{number:03}",
            random.Random(f"{seed} {number}"),  # noqa: S311 — test data
        )
        for number in range(count)
    ]


def by_rules(calls: list[LabelledCall], *, injections: int) -> Examination:
    """What the rules alone make of them."""
    return _examined(offline(), calls, injections=injections)


def by_a_right_model(calls: list[LabelledCall], *, injections: int) -> Examination:
    """What becomes of right answers on their way through every check; where the model is told to obey, it does."""
    answers = {one.row.id: one.answer for one in calls}
    return _examined(answered(answers, orders=PAYLOADS.values()), calls, injections=injections)


def _examined(analyst: Examined, calls: list[LabelledCall], *, injections: int) -> Examination:
    return examine(analyst, [one.row for one in calls], runs=1, injections=injections, spoken=0)
