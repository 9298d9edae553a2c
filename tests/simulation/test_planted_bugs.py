"""The auditor can fail: each planted bug is caught, by the name of the promise that it breaks."""

from __future__ import annotations

import pytest

from tests.simulation.hunt import figures, hunt
from tests.simulation.planting import Edit, Plant, planted
from tests.simulation.plants import PLANTS
from tests.simulation.promises import Promise


def test_there_are_enough_of_them() -> None:
    assert len(PLANTS) >= 20
    assert len({plant.name for plant in PLANTS}) == len(PLANTS)


def test_every_promise_is_the_one_by_which_some_bug_must_be_caught() -> None:
    sure = {promise for plant in PLANTS if len(plant.caught_as) == 1 for promise in plant.caught_as}
    assert sure == set(Promise)


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
def test_a_planted_bug_is_caught_by_name(plant: Plant) -> None:
    caught = hunt(plant, small=False)
    assert caught.result is not None, f"{plant.name} was not caught in {caught.seeds} schedules"
    assert caught.result.broken in plant.caught_as, f"{caught.result.how}\n{caught.result.story}"


def test_a_bug_whose_place_is_gone_says_so() -> None:
    plant = Plant("gone", "-", frozenset(), (Edit("functions.dispatch.decision", "no such line", ""),))
    with pytest.raises(ValueError, match="The planted bug must follow"), planted(plant):
        pass


def test_the_record_names_the_bug_what_caught_it_and_the_promises() -> None:
    told = figures([hunt(PLANTS[1])], seeds=10)
    assert (told["planted"], told["caught_by_name"]) == (1, 1)
    assert told["bugs"][0]["name"] == "4xx_to_a_genuine_call"
    assert told["bugs"][0]["caught_as"] in PLANTS[1].caught_as
    assert set(told["promises"]) == set(Promise)
    assert set(told["promises_that_caught_nothing"]) == set(Promise) - {told["bugs"][0]["caught_as"]}
