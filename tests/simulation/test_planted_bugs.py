"""The auditor can fail: each planted bug is caught, by the name of the promise that it breaks."""

from __future__ import annotations

import pytest

from tests.simulation.hunt import hunt, markdown
from tests.simulation.planting import Edit, Plant, planted
from tests.simulation.plants import PLANTS
from tests.simulation.promises import Promise


def test_there_are_enough_of_them() -> None:
    assert len(PLANTS) >= 20
    assert len({plant.name for plant in PLANTS}) == len(PLANTS)


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
def test_a_planted_bug_is_caught_by_name(plant: Plant) -> None:
    caught = hunt(plant, small=False)
    assert caught.result is not None, f"{plant.name} was not caught in {caught.seeds} schedules"
    assert caught.result.broken in plant.caught_as, f"{caught.result.how}\n{caught.result.story}"


def test_a_bug_whose_place_is_gone_says_so() -> None:
    plant = Plant("gone", "-", frozenset(), (Edit("functions.dispatch.decision", "no such line", ""),))
    with pytest.raises(ValueError, match="The planted bug must follow"), planted(plant):
        pass


def test_the_table_names_each_bug_and_each_promise() -> None:
    page = markdown([hunt(PLANTS[1])], seeds=10)
    assert "`4xx_to_a_genuine_call`" in page
    assert all(f"`{promise.value}`" in page for promise in Promise)
