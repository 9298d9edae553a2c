"""Each permission is needed: with it the probe works, without it the probe fails, and AWS denied just that."""

from __future__ import annotations

import pytest

from infra.names import STEPS
from tests.e2e.iam.not_shown import why_not_shown
from tests.e2e.iam.permission import NAMES, Permission, permissions
from tests.e2e.iam.probes import OF_STEP, PROBES
from tests.e2e.iam.probes.probe import Probe
from tests.e2e.iam.world import IamHarness

pytestmark = pytest.mark.e2e

ALL_PROBES = [(step, probe) for step in STEPS for probe in OF_STEP[step]]
SHOWN = [each for each in permissions() if why_not_shown(each) is None]


@pytest.mark.parametrize(("step", "probe"), ALL_PROBES, ids=lambda each: getattr(each, "told", each))
def test_with_the_whole_role_it_works(world: IamHarness, step: str, probe: Probe) -> None:
    before = len(world.denials())

    assert works(world, step, probe)
    assert world.denials()[before:] == []


@pytest.mark.parametrize("permission", SHOWN, ids=str)
def test_without_it_the_probe_fails_and_just_that_was_denied(world: IamHarness, permission: Permission) -> None:
    probe = PROBES[permission.step, f"{permission.action} {permission.place}"]
    before = len(world.denials())

    with world.taken_away(permission):
        assert not works(world, permission.step, probe), f"{probe.told}: works without it"
    denied = {(each["principal"].rsplit("/", 1)[1], each["action"]) for each in world.denials()[before:]}
    assert denied == {(NAMES.function(permission.step), permission.action)}


def works(world: IamHarness, step: str, probe: Probe) -> bool:
    if probe.cold:
        world.start_afresh(step)  # type: ignore[arg-type]  # one of STEPS
    return probe.works(world)
