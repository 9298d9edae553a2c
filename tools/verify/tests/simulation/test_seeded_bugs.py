"""The auditor can fail: each planted bug is caught, by the name of the promise that it breaks."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from tools.verify.report.record import RUNS_FOLDER
from tools.verify.report.records import read_record
from tools.verify.simulation.detection import detect, figures
from tools.verify.simulation.promises import Promise
from tools.verify.simulation.seeded_bugs import SEEDED_BUGS
from tools.verify.simulation.seeding import Edit, SeededBug, seeded

RECORD = RUNS_FOLDER / "seeded_bugs.json"
# A later seed than the recorded one, at which a message goes round for weeks: 95,000 steps there, 67 here.
SOON_OVER = {"claim_without_the_order": 318}


@cache
def recorded_seeds() -> dict[str, int]:
    """The seed at which each bug was caught when the record was made: where a hunt may begin, and go on from."""
    return {row["name"]: row["schedules"] - 1 for row in read_record(RECORD).figures["bugs"]}


def test_there_are_enough_of_them() -> None:
    assert len(SEEDED_BUGS) >= 20
    assert len({bug.name for bug in SEEDED_BUGS}) == len(SEEDED_BUGS)


def test_every_promise_is_the_one_by_which_some_bug_must_be_caught() -> None:
    sure = {promise for bug in SEEDED_BUGS if len(bug.caught_as) == 1 for promise in bug.caught_as}
    assert sure == set(Promise)


def test_what_was_promised_last_was_broken_before() -> None:
    former = [bug for bug in SEEDED_BUGS if bug.former]
    assert {promise for bug in former for promise in bug.caught_as} >= {
        Promise.SAME_TERMS,
        Promise.WAY_OUT,
        Promise.NO_UNTRUE_REFUSAL,
        Promise.OWN_WRITES,
        Promise.NO_WORKER_IS_HELD,
    }
    assert {bug.name for bug in former} <= set(recorded_seeds())


@pytest.mark.parametrize("bug", SEEDED_BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_is_caught_by_name(bug: SeededBug) -> None:
    first = SOON_OVER.get(bug.name, recorded_seeds().get(bug.name, 0))
    caught = detect(bug, first=first, small=False)
    assert caught.result is not None, f"{bug.name} was not caught in {caught.seeds} schedules"
    assert caught.result.broken in bug.caught_as, f"{caught.result.how}\n{caught.result.event_log}"


@pytest.mark.parametrize("bug", [bug for bug in SEEDED_BUGS if bug.edits and bug.chosen], ids=lambda bug: bug.name)
def test_what_drives_a_planted_bug_breaks_nothing_by_itself(bug: SeededBug) -> None:
    first = recorded_seeds().get(bug.name, 0)
    assert detect(replace(bug, edits=()), first=first, seeds=first + 20, small=False).result is None


def test_a_bug_whose_place_is_gone_says_so() -> None:
    bug = SeededBug("gone", "-", frozenset(), (Edit("functions.dispatch.decision", "no such line", ""),))
    with pytest.raises(ValueError, match="The planted bug must follow"), seeded(bug):
        pass


def test_the_record_names_the_bug_what_caught_it_and_the_promises() -> None:
    sentence = figures([detect(SEEDED_BUGS[1])], seeds=10)
    assert (sentence["planted"], sentence["caught_by_name"]) == (1, 1)
    assert sentence["bugs"][0]["name"] == "4xx_to_a_genuine_call"
    assert sentence["bugs"][0]["caught_as"] in SEEDED_BUGS[1].caught_as
    assert set(sentence["promises"]) == set(Promise)
    assert set(sentence["promises_that_caught_nothing"]) == set(Promise) - {sentence["bugs"][0]["caught_as"]}
