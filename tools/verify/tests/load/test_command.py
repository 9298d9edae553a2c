"""The command of the load run hands on what it was asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.local.processes import StartError
from tools.verify.load import __main__ as command
from tools.verify.load.scenarios import Place, Steady


def test_a_scenario_is_given_the_grace_period_that_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    places: list[Place] = []

    def no_stack(_stream: Steady, place: Place) -> None:
        places.append(place)
        raise StartError("There is no stack here.")

    monkeypatch.setattr(command, "steady", no_stack)
    ended = command.main(["steady", "--grace-period", "5", "--directory", str(tmp_path)])
    assert (ended, [place.grace_period.stalled for place in places]) == (command.FAILED, [5.0])
